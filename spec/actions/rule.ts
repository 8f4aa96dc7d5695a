/** The two forms of a rule: guard (`whyNot`: null if enabled, else a short reason) and effect, a relation. */
import type { Action, CaseName, LocalAction, LocalOutcome, Send } from '../action.js';
import type { Life, ProgramCounter, Server, State, Worker } from '../state.js';

/** What a step of one server may ask besides the server itself. */
export interface World {
  /** What the oracle file says now. */
  readonly oracle: boolean;
}

/** One allowed result of an action. */
export interface Step {
  readonly state: State;
  readonly cases: readonly CaseName[];
  /** Of a system action: what its server sent; already in the channels of `state`. */
  readonly sends: readonly Send[];
}

/** A step of one server. `outcomes` presumes that `whyNot` is null; it is then not empty. */
export interface LocalRule<A extends LocalAction> {
  readonly name: A['name'];
  whyNot(server: Server, action: A): string | null;
  outcomes(server: Server, action: A, world: World): readonly LocalOutcome[];
}

/** A step that concerns channels or several servers. `next` presumes that `whyNot` is null; it is then not empty. */
export interface GlobalRule<A extends Action> {
  readonly name: A['name'];
  whyNot(state: State, action: A): string | null;
  next(state: State, action: A): readonly Step[];
}

/** The action of that name. */
export type Of<N extends Action['name']> = Extract<Action, { readonly name: N }>;

/** One outcome without messages. */
export function quiet(server: Server, ...cases: readonly CaseName[]): readonly LocalOutcome[] {
  return [{ server, sends: [], cases: cases.length === 0 ? ['plain'] : cases }];
}

/** One step without messages or branches. */
export function plainStep(state: State): readonly Step[] {
  return [{ state, cases: ['plain'], sends: [] }];
}

/** Guard: up, and thread QuorumPeer is at `pc`. */
export function notAt(server: Server, pc: ProgramCounter): string | null {
  if (server.life === null) return 'the server is down';
  return server.life.pc === pc ? null : `thread QuorumPeer is at ${server.life.pc}, not ${pc}`;
}

/** Guard: up, and thread WorkerReceiver is at `stage`. */
export function workerNotAt(server: Server, stage: Worker['stage']): string | null {
  if (server.life === null) return 'the server is down';
  return server.life.worker.stage === stage ? null : `WorkerReceiver is ${server.life.worker.stage}, not ${stage}`;
}

/** The life of server `sid`, or why it has none. */
export function lifeAt(state: State, sid: Server['sid']): { readonly server: Server; readonly life: Life } | string {
  const server = state.servers.get(sid);
  if (server === undefined) return `server ${sid} does not exist`;
  if (server.life === null) return `server ${sid} is down`;
  return { server, life: server.life };
}
