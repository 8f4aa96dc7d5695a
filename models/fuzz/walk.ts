/**
 * A random walk that makes interesting things happen: threads run mostly, in any order; waits run out seldom;
 * faults come within the limits that are asked for. It only proposes actions that are enabled.
 */
import type { Rng } from '../../base/rng.js';
import type { Action, LocalAction } from '../../spec/action.js';
import { enabledLocal } from '../../spec/enabled-actions.js';
import { whyNotEnabled } from '../../spec/next.js';
import type { Channel, Server, State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import { type FaultName, proposeFault } from './faults.js';
import { pacedAction, type Paces } from './paces.js';

/** How a walk behaves. Probabilities are per step. */
export interface WalkStyle {
  /** Of a fault, or of a step of the environment. */
  readonly fault: number;
  readonly faults: readonly FaultName[];
  /** That a wait with nothing to do runs out although messages are on their way. */
  readonly impatience: number;
  /** Of a step of thread WorkerReceiver where the main loop could go on as well: slow threads tear more reads. */
  readonly workerShare: number;
  /** A server whose WorkerReceiver stands still while connections to it come and go: its recvQueue fills up. */
  readonly stalled: Sid | null;
  /** That a role ends without a reason. */
  readonly leave: number;
  /** Speeds of threads and connections; null: all go on as likely. Absent, for a fuzzer: drawn for half of the runs. */
  readonly paces?: Paces | null;
  /** A channel longer than this loses an old message first. */
  readonly queueLengthMax: number;
}

/** The next action, or null if nothing at all is enabled (every server down and no restart allowed). */
export function chooseAction(state: State, sids: readonly Sid[], { rng, style }: WalkContext): Action | null {
  if (rng.chance(style.fault)) {
    const fault = proposeFault(state, sids, { rng, faults: style.faults, queueLengthMax: style.queueLengthMax });
    if (fault !== null && whyNotEnabled(state, fault) === null) return fault;
  }
  if (style.stalled !== null && rng.chance(0.6)) {
    const flood = floodAction(sids, style.stalled, rng);
    if (whyNotEnabled(state, flood) === null) return flood;
  }
  const { paces = null } = style;
  const paced = paces === null ? null : pacedAction(state, paces, rng);
  if (paced !== null) return paced;
  const start = rng.below(sids.length);
  for (let turn = 0; turn < sids.length; turn++) {
    const sid = sids[(start + turn) % sids.length];
    const server = sid === undefined ? undefined : state.servers.get(sid);
    if (server === undefined || server.life === null) continue;
    const action = serverAction(state, server, { rng, style });
    if (action !== null) return action;
  }
  return idleAction(state, sids, { rng, style });
}

export interface WalkContext {
  readonly rng: Rng;
  readonly style: WalkStyle;
}

/** One more connection that replays, or a queue that overflows. */
function floodAction(sids: readonly Sid[], to: Sid, rng: Rng): Action {
  const from = sids[rng.below(sids.length)] ?? to;
  return rng.chance(0.2) ? { name: 'Overflow', from, s: to } : { name: 'Replay', from, to };
}

/** A step of one server's threads: the main loop, the worker, or a message to take. */
function serverAction(state: State, server: Server, { rng, style }: WalkContext): Action | null {
  const local = enabledLocal(server);
  const busy = local.filter((action) => !WAITS.has(action.name));
  const wait = local.find((action) => WAITS.has(action.name));
  if (wait !== undefined && rng.chance(wait.name === 'Leave' ? style.leave : style.impatience)) {
    return hurried(wait, rng);
  }
  const main = busy.find(({ name }) => !WORKER.has(name)) ?? null;
  const idle = server.life?.worker.stage === 'IDLE';
  const deaf = server.sid === style.stalled;
  const worker = deaf
    ? null
    : idle
      ? receiveAction(state, server, rng)
      : (busy.find(({ name }) => WORKER.has(name)) ?? null);
  if (main === null || worker === null) return main ?? worker;
  return rng.chance(workerShare(server.life, style)) ? worker : main;
}

/** Two gaps are short in a program and interesting: before a round begins, and between capturing and answering. */
function workerShare(life: Server['life'], style: WalkStyle): number {
  if (life?.pc === 'ENTER') return 0.9;
  return life?.worker.stage === 'REPLY' ? 0.2 : style.workerShare;
}

/** Steps that a server takes only when it has waited, or for a reason from outside. */
const WAITS: ReadonlySet<LocalAction['name']> = new Set(['Resend', 'Silence', 'Leave']);

const WORKER: ReadonlySet<LocalAction['name']> = new Set(['TestState', 'Enqueue', 'CompareRound', 'SendReply']);

function hurried(wait: LocalAction, rng: Rng): Action {
  return wait.name === 'Resend' ? { ...wait, delivered: rng.chance(0.8) } : wait;
}

function receiveAction(state: State, server: Server, rng: Rng): Action | null {
  const senders: { readonly from: Sid; readonly channel: Channel }[] = [];
  for (const [from, outgoing] of state.channels) {
    const channel = outgoing.get(server.sid);
    if (channel !== undefined && channel.queue.length > 0) senders.push({ from, channel });
  }
  const chosen = senders[rng.below(senders.length)];
  const head = chosen?.channel.queue[0];
  if (chosen === undefined || head === undefined) return null;
  const newer = head.configVersion > server.membership.committed.version && server.life?.st === 'LOOKING';
  return { name: newer ? 'ConfigGossip' : 'Receive', from: chosen.from, s: server.sid };
}

/** Nobody has anything to do: a wait runs out, a role ends, or a server comes up. */
function idleAction(state: State, sids: readonly Sid[], { rng, style }: WalkContext): Action | null {
  const waits: Action[] = [];
  for (const sid of sids) {
    const server = state.servers.get(sid);
    if (server === undefined) continue;
    if (server.life === null) waits.push({ name: 'Restart', s: sid });
    else for (const action of enabledLocal(server)) waits.push(hurried(action, rng));
  }
  const fault = proposeFault(state, sids, { rng, faults: style.faults, queueLengthMax: style.queueLengthMax });
  if (fault !== null && rng.chance(0.3) && whyNotEnabled(state, fault) === null) return fault;
  return waits[rng.below(waits.length)] ?? null;
}
