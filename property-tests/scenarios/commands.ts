/** Commands of scenarios: every action by its text, and some that stand for several. */
import type { Action, LocalAction } from '../../spec/action.js';
import { enabledLocal } from '../../spec/enabled-actions.js';
import type { State } from '../../spec/state.js';
import { asSid, type Sid } from '../../types/ids.js';
import { parseAction } from '../../models/fuzz/action-text.js';

/** Yields one action after the other; `look` gives the state in which the last one has happened. */
export type Steps = Generator<Action, void, void>;
type Look = () => State;

/**
 * `start 1 2`: Restart, Begin each. `leave 1 2`: Leave, Begin each. `decide 1 2`: Silence, FinalEnd, Publish each.
 * `deliver 1->2`: the oldest message, and whatever server 2 does until its queue is empty.
 * `deliver all`, `… from 1`, `… to 2`, `… among 1 2`: until none is left. `cut 1 2 | 3`: everything between is lost.
 */
export function* expand(command: string, look: Look): Steps {
  const [, word = '', rest = ''] = /^(\w+) ?(.*)$/.exec(command) ?? [];
  const names = SEQUENCES[word];
  if (names !== undefined) {
    for (const s of idsIn(rest)) for (const name of names) yield { name, s };
  } else if (word === 'deliver') {
    yield* delivery(rest, look);
  } else if (word === 'cut') {
    yield* cut(rest);
  } else {
    const action = parseAction(command);
    if (!action.ok) throw new Error(action.error);
    yield action.value;
  }
}

type Simple =
  Extract<LocalAction, { name: 'Begin' | 'Leave' | 'Silence' | 'FinalEnd' | 'Publish' }>['name'] | 'Restart';
const SEQUENCES: Readonly<Record<string, readonly Simple[]>> = {
  start: ['Restart', 'Begin'],
  leave: ['Leave', 'Begin'],
  decide: ['Silence', 'FinalEnd', 'Publish'],
};

const idsIn = (text: string): readonly Sid[] => (text.match(/\d+/g) ?? []).map((id) => asSid(BigInt(id)));

function* delivery(what: string, look: Look): Steps {
  const [, one, other] = /^(\d+)->(\d+)$/.exec(what) ?? [];
  if (one !== undefined && other !== undefined) {
    yield* deliver(look, asSid(BigInt(one)), asSid(BigInt(other)));
    return;
  }
  const wanted = wantedPairs(what);
  for (let passes = 0; passes < 100; passes++) {
    const pairs = waiting(look()).filter(([from, to]) => wanted(from, to));
    if (pairs.length === 0) return;
    for (const [from, to] of pairs) yield* deliver(look, from, to);
  }
  throw new Error('the messages do not come to an end');
}

function wantedPairs(what: string): (from: Sid, to: Sid) => boolean {
  const [, how, rest = ''] = /^all(?: (from|to|among) ([\d ]+))?$/.exec(what) ?? [];
  if (how === undefined && what !== 'all') throw new Error(`deliver what: "${what}"?`);
  const ids = new Set(idsIn(rest));
  switch (how) {
    case 'from':
      return (from) => ids.has(from);
    case 'to':
      return (_, to) => ids.has(to);
    case 'among':
      return (from, to) => ids.has(from) && ids.has(to);
    default:
      return () => true;
  }
}

/** Pairs with a message for a server that is up; by sender, then by receiver. */
export function waiting(state: State): readonly (readonly [Sid, Sid])[] {
  const sids = [...state.servers.keys()];
  const up = sids.filter((sid) => state.servers.get(sid)?.life !== null);
  const pairs = sids.flatMap((from) => up.map((to) => [from, to] as const));
  return pairs.filter(([from, to]) => (state.channels.get(from)?.get(to)?.queue.length ?? 0) > 0);
}

/** Receive; then the steps of WorkerReceiver; then Handle or FinalStep while the main loop waits and has something. */
function* deliver(look: Look, from: Sid, s: Sid): Steps {
  yield { name: 'Receive', from, s };
  for (;;) {
    const server = look().servers.get(s);
    const enabled = server === undefined ? [] : enabledLocal(server);
    const next = enabled.find(({ name }) => WORKER.has(name)) ?? enabled.find(({ name }) => READING.has(name));
    if (next === undefined) return;
    yield next;
  }
}

const WORKER: ReadonlySet<string> = new Set(['TestState', 'Enqueue', 'CompareRound', 'SendReply']);
const READING: ReadonlySet<string> = new Set(['Handle', 'FinalStep']);

function* cut(what: string): Steps {
  const [left = '', right = ''] = what.split('|');
  for (const a of idsIn(left)) for (const b of idsIn(right)) yield { name: 'Break', a, b, keepAB: 0, keepBA: 0 };
}
