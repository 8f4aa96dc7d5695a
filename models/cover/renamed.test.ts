/**
 * Goal: a server whose votes have one zxid, one epoch and one round behaves as one with other numbers in their place.
 * Method: every step that servers of a model take is taken again with large numbers, and must lead to the same, renamed.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { decode, encode } from '../../checker/encode.js';
import { Graph } from '../../checker/live/graph.js';
import type { Message, Server } from '../../spec/state.js';
import { Courses } from '../election/courses.js';
import { specSystem } from '../election/spec-system.js';
import type { ServerValue } from '../election/spec-server.js';
import { bounds } from '../election/testing.js';
import { parseAction } from '../fuzz/action-text.js';
import { renamed } from './renamed.js';
import { Space } from './space.js';

const LARGE: Readonly<Record<string, bigint>> = {
  zxid: 0x7_0000_0005n,
  zx: 0x7_0000_0005n,
  logged: 0x7_0000_0005n,
  epoch: 7n,
  ce: 7n,
  ae: 7n,
  round: 41n,
  clk: 41n,
};

/** The same with large numbers; what is forgotten stays. */
function enlarged<T>(value: T): T {
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, enlarged(item)])) as T;
  if (Array.isArray(value)) return value.map(enlarged) as T;
  if (typeof value !== 'object' || value === null) return value;
  const isForgotten = 'leader' in value && 'zxid' in value && value.leader === -1n && value.zxid === -1n;
  if (isForgotten) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'bigint' ? (LARGE[key] ?? item) : enlarged(item)]),
  ) as T;
}

const asText = (server: Server | undefined): string => {
  if (server === undefined) return 'none';
  const { sid, zx, logged, ce, ae, life } = server;
  return encode({ sid, zx, logged, ce, ae, life });
};

describe('numbers with other names', () => {
  let space: Space;
  beforeAll(async () => {
    const within = bounds({ servers: '2', crashes: '1', losses: '1' });
    space = new Space(
      await Graph.of(specSystem(within), { fairness: [], restrictions: [] }, { maxBytes: 2 ** 30 }),
      within,
    );
  });

  it('every step of a server leads to the same', () => {
    const { machine, graph, heads, messages } = space;
    const courses = new Courses(machine, space.bounds, () => null);
    let compared = 0;
    for (const { slot, before, head, message } of space.localSteps) {
      const action = parseAction(heads.texts[head] ?? '');
      // A new process begins its clock anew, whatever the round.
      if (!action.ok || action.value.name === 'Restart' || action.value.name === 'Lose') continue;
      const value = graph.valueOf(slot, before) as ServerValue;
      const received = message < 0 ? null : (decode(messages.texts[message] ?? '') as Message);
      const deed = (sent: Message | null): Parameters<typeof courses.from>[1] => ({
        action: action.value,
        arrival:
          sent === null || action.value.name !== 'Receive'
            ? null
            : { from: action.value.from, to: action.value.s, message: sent },
      });
      const plain = courses
        .from([value], deed(received))
        .map(({ values }) => asText(values[0] && machine.look(values[0])));
      const large = courses.from([enlarged(value)], deed(enlarged(received))).map(({ values }) => {
        const back = values[0] === undefined ? null : renamed(machine.look(values[0]), null);
        return back === null || 'why' in back ? 'why' : asText(back.server);
      });
      expect([heads.texts[head], large]).toEqual([heads.texts[head], plain]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('several values of a kind are told', () => {
    const [value] = [...space.locals.keys()].map((number) =>
      space.machine.look(space.graph.valueOf(0, number) as ServerValue),
    );
    if (value?.life === undefined || value.life === null) throw new Error('the first server is up');
    const { life } = value;
    const why = (server: Server): string | null => {
      const answer = renamed(server, null);
      return 'why' in answer ? answer.why : null;
    };
    expect(why(value)).toBeNull();
    expect(why(enlarged(value))).toBeNull();
    expect(why({ ...value, zx: enlarged(value).zx })).toBe('votes of several zxids meet');
    expect(why({ ...value, ce: enlarged(value).ce })).toBe('votes of several epochs meet');
    expect(
      why({
        ...value,
        life: {
          ...life,
          nq: [
            {
              ...life.cur,
              from: value.sid,
              configVersion: enlarged(life.clk) as never,
              round: enlarged(life).clk,
              leader: value.sid,
            },
          ],
        },
      }),
    ).toBe('votes of several rounds meet');
  });
});
