/** The common shape of a step of a running process. */
import type { Effect } from './effect.js';
import type { Durable, ElectionCall, Peer, Process } from './peer.js';
import type { PeerConfig } from './peer-config.js';
import type { OracleView } from './quorum-verifier.js';

export interface StepContext {
  readonly config: PeerConfig;
  readonly durable: Durable;
  readonly process: Process;
}

/** What a step leaves behind. `durable` is there only if it changed. */
export interface StepResult {
  readonly process: Process;
  readonly effects: readonly Effect[];
  readonly durable?: Durable;
}

/** The outcome of `transition`: the peer afterwards and what the world must do, in order. */
export interface Transition {
  readonly peer: Peer;
  readonly effects: readonly Effect[];
}

/** The oracle as this process sees it at this moment. */
export function oracleView(process: Process, says: boolean | undefined): OracleView {
  return { needOracle: process.needOracle, says: says === true };
}

/** Goes back to the main wait with these locals. */
export function poll(process: Process, call: ElectionCall, effects: readonly Effect[]): StepResult {
  return {
    process: { ...process, main: { at: 'poll', call } },
    effects: [...effects, { type: 'setTimer', timer: 'notification', ms: call.notTimeoutMs }],
  };
}

/** Enters, or stays in, the finalize wait: every message taken restarts it. */
export function awaitSilence(context: StepContext, call: ElectionCall, effects: readonly Effect[]): StepResult {
  return {
    process: { ...context.process, main: { at: 'final', call } },
    effects: [...effects, { type: 'setTimer', timer: 'finalize', ms: context.config.profile.finalizeWaitMs }],
  };
}
