/**
 * Threads and connections of uneven speed. A walk that is fair to all seldom lets messages pile up, or one server decide while others have
 * not begun to count. Here the slowest is about a thousand times slower than the fastest, and which is which changes from run to run.
 */
import type { Rng } from '../../base/rng.js';
import type { Action, LocalAction, ReceiveAction } from '../../spec/action.js';
import { enabledLocal, enabledReceives } from '../../spec/enabled-actions.js';
import type { State } from '../../spec/state.js';

/** The slowest is this power of two slower than the fastest. */
const SPREAD = 10;
/** Of waits that run out for no reason: how much seldomer than their thread would go on. */
const SELDOM = 0.02;

/** What a server does only when it has waited, or for a reason from outside. */
const WAITS: ReadonlySet<Action['name']> = new Set(['Resend', 'Leave']);

/** The speeds of one run, each drawn when it is first asked for. */
export class Paces {
  readonly #rng: Rng;
  readonly #known = new Map<string, number>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  of(action: LocalAction | ReceiveAction): number {
    const pace = this.#paceOf(threadOf(action));
    return WAITS.has(action.name) ? pace * SELDOM : pace;
  }

  #paceOf(thread: string): number {
    const known = this.#known.get(thread);
    if (known !== undefined) return known;
    const pace = 2 ** (-SPREAD * this.#rng.next());
    this.#known.set(thread, pace);
    return pace;
  }
}

/** A connection, a WorkerReceiver, a main loop; its wait for silence has a speed of its own. */
function threadOf(action: LocalAction | ReceiveAction): string {
  switch (action.name) {
    case 'Receive':
    case 'ConfigGossip':
      return `${action.from}->${action.s}`;
    case 'TestState':
    case 'Enqueue':
    case 'CompareRound':
    case 'SendReply':
      return `worker ${action.s}`;
    case 'Silence':
      return `silence ${action.s}`;
    default:
      return `main ${action.s}`;
  }
}

/** A step of a server or a message to take, the faster the likelier; null: there is nothing but waits. */
export function pacedAction(state: State, paces: Paces, rng: Rng): Action | null {
  const all = [...state.servers.values()].flatMap((server) => [
    ...enabledLocal(server),
    ...enabledReceives(state, server.sid),
  ]);
  if (all.every(({ name }) => WAITS.has(name))) return null;
  let left = rng.next() * all.reduce((sum, action) => sum + paces.of(action), 0);
  for (const action of all) {
    left -= paces.of(action);
    if (left < 0) return action.name === 'Resend' ? { ...action, delivered: rng.chance(0.8) } : action;
  }
  return null;
}
