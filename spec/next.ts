/**
 * The next-state relation: SYSTEM or RECEIVING or ENVIRONMENT. Everything else here looks a rule up.
 * (TLA+: Next == \E action : Guard(action) /\ Effect(action).)
 */
import type { Notification } from '../types/vote.js';
import type { Action, EnvironmentAction, LocalAction, LocalOutcome, ReceiveAction } from './action.js';
import { activate } from './actions/activate.js';
import { begin } from './actions/begin.js';
import { breakConnection } from './actions/break.js';
import { catchUp } from './actions/catch-up.js';
import { commitConfig } from './actions/commit-config.js';
import { compareRound } from './actions/compare-round.js';
import { configGossip } from './actions/config-gossip.js';
import { countFollowers } from './actions/count-followers.js';
import { crash } from './actions/crash.js';
import { enqueue } from './actions/enqueue.js';
import { finalEnd } from './actions/final-end.js';
import { finalStep } from './actions/final-step.js';
import { handle } from './actions/handle.js';
import { leave } from './actions/leave.js';
import { lose } from './actions/lose.js';
import { oracleFlip } from './actions/oracle-flip.js';
import { overflow } from './actions/overflow.js';
import { proposeConfig } from './actions/propose-config.js';
import { publish } from './actions/publish.js';
import { receive } from './actions/receive.js';
import { replay } from './actions/replay.js';
import { resend } from './actions/resend.js';
import { restart } from './actions/restart.js';
import type { GlobalRule, LocalRule, Step, World } from './actions/rule.js';
import { sendReply } from './actions/send-reply.js';
import { silence } from './actions/silence.js';
import { take } from './actions/take.js';
import { testState } from './actions/test-state.js';
import { write } from './actions/write.js';
import type { Server, State } from './state.js';
import { serverOf, withSends, withServer } from './world.js';

export type { Step, World } from './actions/rule.js';

/** What the servers' programs do: threads QuorumPeer and WorkerReceiver, one server at a time. */
export const SYSTEM: { readonly [Name in LocalAction['name']]: LocalRule<LocalAction> } = {
  // Thread QuorumPeer.
  Begin: begin,
  Handle: handle,
  Resend: resend,
  FinalStep: finalStep,
  Silence: silence,
  FinalEnd: finalEnd,
  Publish: publish,
  Leave: leave,
  // Thread WorkerReceiver; Receive and ConfigGossip come before.
  TestState: testState,
  Enqueue: enqueue,
  CompareRound: compareRound,
  SendReply: sendReply,
};

/** What crosses the border between channel and server. */
export const RECEIVING: { readonly [Name in ReceiveAction['name']]: GlobalRule<Action> } = {
  Receive: receive,
  ConfigGossip: configGossip,
};

/** What the world does: processes, the network, Zab after the election, the oracle, reconfiguration. */
export const ENVIRONMENT: { readonly [Name in EnvironmentAction['name']]: GlobalRule<Action> } = {
  Crash: crash,
  Restart: restart,
  Break: breakConnection,
  Lose: lose,
  Replay: replay,
  Overflow: overflow,
  Activate: activate,
  Write: write,
  CatchUp: catchUp,
  CountFollowers: countFollowers,
  OracleFlip: oracleFlip,
  ProposeConfig: proposeConfig,
  CommitConfig: commitConfig,
};

const GLOBAL = { ...RECEIVING, ...ENVIRONMENT };

/** Is this a step of one server's program? */
export function isLocal(action: Action): action is LocalAction {
  return Object.hasOwn(SYSTEM, action.name);
}

/** The guard: null if the action is enabled, else a short reason. */
export function whyNotEnabled(state: State, action: Action): string | null {
  if (!isLocal(action)) return GLOBAL[action.name].whyNot(state, action);
  const server = state.servers.get(action.s);
  return server === undefined ? `server ${action.s} does not exist` : localWhyNot(server, action);
}

/** Every state the action may lead to; none if it is not enabled. */
export function nextStates(state: State, action: Action): readonly Step[] {
  if (whyNotEnabled(state, action) !== null) return [];
  if (!isLocal(action)) return GLOBAL[action.name].next(state, action);
  const outcomes = SYSTEM[action.name].outcomes(serverOf(state, action.s), action, state);
  return outcomes.map(({ server, sends, cases }) => ({
    state: withSends(withServer(state, server), server.sid, sends),
    cases,
    sends,
  }));
}

/** The guard of a step of one server. */
export function localWhyNot(server: Server, action: LocalAction): string | null {
  return SYSTEM[action.name].whyNot(server, action);
}

/** For users that hold one server only: every allowed result; none if the step is not enabled. */
export function localOutcomes(server: Server, action: LocalAction, world: World): readonly LocalOutcome[] {
  return localWhyNot(server, action) === null ? SYSTEM[action.name].outcomes(server, action, world) : [];
}

/** What Receive does to the server; null: it is down or its WorkerReceiver busy. */
export function takeMessage(server: Server, n: Notification): LocalOutcome | null {
  return server.life?.worker.stage === 'IDLE' ? take(server, n) : null;
}
