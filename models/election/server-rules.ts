/** What servers do by themselves: the main thread, and WorkerReceiver with messages from others and own copies. */
import type { Outcome, Rule } from '../../checker/system.js';
import type { Action } from '../../spec/action.js';
import { enabledLocal } from '../../spec/enabled-actions.js';
import type { Server } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import type { Queue } from './channels.js';
import { isEmpty, isThere, type Model, played, ruleOf } from './model.js';

/** Steps of the main thread that no rule of their own has. */
const MAIN: ReadonlySet<string> = new Set<Action['name']>(['Begin', 'Handle', 'FinalStep', 'Silence', 'Publish']);

export function serverRules<V>(model: Model<V>): readonly Rule[] {
  const { layout, bounds } = model;
  const { sids, servers, pairs, own } = layout;
  return [
    ...sids.map((s, i) => mainRule(model, s, servers[i] ?? -1)),
    ...pairs.map(({ from, to, slot }) => receiveRule(model, { from, to, slot })),
    ...[...own].map(([s, slot]) => receiveRule(model, { from: s, to: s, slot })),
    ...(bounds.resend === 'silence' ? sids.map((s, i) => resendRule(model, s, servers[i] ?? -1)) : []),
  ];
}

/** Begin, Handle, FinalStep, Silence or Publish: at most one is possible. */
function mainRule<V>(model: Model<V>, s: Sid, slot: number): Rule {
  const { machine, courses } = model;
  return ruleOf(`main ${s}`, [slot], (value: V) => {
    const [action] = enabledLocal(machine.look(value));
    if (action === undefined || !MAIN.has(action.name)) return [];
    return courses
      .from([value], { action, arrival: null })
      .map((course) =>
        played(model, { action, actor: s, course, was: value, written: new Map([[slot, course.values[0]]]) }),
      );
  });
}

/** The head of a channel, or an own copy, passes through WorkerReceiver. */
function receiveRule<V>(
  model: Model<V>,
  { from, to, slot }: { readonly from: Sid; readonly to: Sid; readonly slot: number },
): Rule {
  const { machine, courses, layout } = model;
  const receiver = layout.servers[layout.sids.indexOf(to)] ?? -1;
  const action = { name: 'Receive', from, s: to } as const;
  const step = (value: V, queue: Queue): readonly Outcome[] => {
    const [message, ...rest] = queue;
    if (message === undefined || !hasRoom(machine.look(value), model.bounds.nq)) return [];
    return courses.from([value], { action, arrival: { from, to, message } }).map((course) => {
      const written = new Map<number, unknown>([
        [receiver, course.values[0]],
        [slot, rest],
      ]);
      return played(model, { action, actor: to, course, was: value, written });
    });
  };
  const needs = [(value: V): boolean => hasRoom(machine.look(value), model.bounds.nq), isThere] as const;
  return ruleOf(`receive ${from}>${to}`, [receiver, slot], step, needs);
}

function hasRoom({ life }: Server, most: number | null): boolean {
  return life !== null && (most === null || life.nq.length < most);
}

/**
 * Resend where nothing is on its way to the server. In Java a timeout decides; one that comes while a message is on
 * its way only sends the same votes again.
 */
function resendRule<V>(model: Model<V>, s: Sid, slot: number): Rule {
  const { machine, courses, layout } = model;
  const own = layout.own.get(s);
  const incoming = layout.pairs.filter(({ to }) => to === s).map((pair) => pair.slot);
  const queues = own === undefined ? incoming : [own, ...incoming];
  const action = { name: 'Resend', s, delivered: true } as const;
  const waits = (value: V): boolean => {
    const { life } = machine.look(value);
    return life?.pc === 'POLL' && life.nq.length === 0;
  };
  const step = (value: V, ...waiting: readonly Queue[]): readonly Outcome[] => {
    if (!waits(value) || !waiting.every(isEmpty)) return [];
    return courses.from([value], { action, arrival: null }).map((course) => {
      const kept = queues.map((each, i) => [each, waiting[i]] as const);
      const written = new Map<number, unknown>([[slot, course.values[0]], ...kept]);
      return played(model, { action, actor: s, course, was: value, written });
    });
  };
  return ruleOf(`resend ${s}`, [slot, ...queues], step, [waits, ...queues.map(() => isEmpty)]);
}
