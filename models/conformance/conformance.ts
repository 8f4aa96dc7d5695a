/**
 * A run of real peers under the specification's eyes: the state is the specification's, the peers do what its
 * actions say happened, and every outcome must be one that it allows.
 */
import type { Action } from '../../spec/action.js';
import { initialState, type InitialSituation as Setup } from '../../spec/init.js';
import { nextStates, type Step, whyNotEnabled } from '../../spec/next.js';
import type { Server, State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import { firstDifference, sendDifference } from './compare.js';
import { inputsOf, type PeerCall, settingsOf } from './inputs.js';
import type { Peer, Sent, Subject } from './peer.js';

/** What a subject did that the specification does not allow. */
export interface Violation {
  readonly kind: 'diverged' | 'threw' | 'property';
  /** The server that did it; null for a property of several. */
  readonly server: Sid | null;
  /** One sentence. */
  readonly sentence: string;
}

/** A peer that cannot answer: what is wrong, to be read after "server N ". Thrown by subjects that are reached from afar. */
export class PeerFault extends Error {
  override readonly name = 'PeerFault';
}

/** A run stopped: the violation and the step at which it was seen. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  readonly violation: Violation;

  constructor(violation: Violation) {
    super(violation.sentence);
    this.violation = violation;
  }
}

/** Looks at each step that the subject was allowed to do; returns a sentence if a property is violated. */
export type Watch = (before: State, action: Action, step: Step) => string | null;

export class Conformance {
  readonly subject: Subject;
  readonly #watch: Watch | null;
  readonly #peers = new Map<Sid, Peer>();
  state: State;
  /** The last step taken. */
  last: Step | null = null;

  constructor(subject: Subject, setup: Setup, watch: Watch | null = null) {
    this.subject = subject;
    this.#watch = watch;
    this.state = initialState(setup);
  }

  /** Null if the specification allows the action now, else its reason. */
  whyNot(action: Action): string | null {
    return whyNotEnabled(this.state, action);
  }

  /** Does an enabled action. Throws `ConformanceError` if the subject or a property fails. */
  step(action: Action): Step {
    const allowed = nextStates(this.state, action);
    const calls = inputsOf(this.state, action, allowed[0]?.state ?? this.state);
    const sent = this.#carryOut(action, calls);
    const step = this.#meet(action, allowed, { calls, sent });
    const violated = this.#watch?.(this.state, action, step) ?? null;
    this.state = step.state;
    this.last = step;
    if (violated !== null) throw new ConformanceError({ kind: 'property', server: null, sentence: violated });
    return step;
  }

  #carryOut(action: Action, calls: readonly PeerCall[]): readonly Sent[] {
    const sent: Sent[] = [];
    for (const call of calls) {
      try {
        sent.push(...this.#call(call));
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        const sentence =
          error instanceof PeerFault
            ? `server ${call.sid} ${what} (${action.name})`
            : `server ${call.sid} threw at ${action.name}: ${what}`;
        throw new ConformanceError({ kind: 'threw', server: call.sid, sentence });
      }
    }
    return sent;
  }

  #call(call: PeerCall): readonly Sent[] {
    if (call.kind === 'crash') {
      this.#peers.delete(call.sid);
      return [];
    }
    if (call.kind === 'boot') {
      const server = serverIn(this.state, call.sid);
      const disk = { zxid: server.logged, currentEpoch: server.ce, acceptedEpoch: server.ae };
      this.#peers.set(call.sid, this.subject.boot(settingsOf(server), disk));
      return [];
    }
    const peer = this.#peers.get(call.sid);
    if (peer === undefined) throw new Error('internal error: the server has no peer');
    return checkedSends(peer.take(call.input));
  }

  /** The allowed outcome that the peers show, or a `ConformanceError` that names the nearest one's first difference. */
  #meet(
    action: Action,
    allowed: readonly Step[],
    { calls, sent }: { readonly calls: readonly PeerCall[]; readonly sent: readonly Sent[] },
  ): Step {
    let first: Violation | null = null;
    for (const step of allowed) {
      const found = this.#difference(action, step, { calls, sent });
      if (found === null) return step;
      first ??= found;
    }
    throw new ConformanceError(
      first ?? { kind: 'diverged', server: null, sentence: `the specification does not allow ${action.name} here` },
    );
  }

  #difference(
    action: Action,
    step: Step,
    { calls, sent }: { readonly calls: readonly PeerCall[]; readonly sent: readonly Sent[] },
  ): Violation | null {
    const after = `after ${action.name}`;
    const sends = sendDifference(sent, step.sends);
    if (sends !== null) {
      const server = calls[0]?.sid ?? null;
      return { kind: 'diverged', server, sentence: `server ${server} ${after}: ${sends}` };
    }
    for (const { sid, kind } of calls) {
      if (kind === 'crash') continue;
      const peer = this.#peers.get(sid);
      const server = serverIn(step.state, sid);
      const why = peer === undefined ? 'no peer' : viewDifference(server, peer);
      if (why !== null) return { kind: 'diverged', server: sid, sentence: `server ${sid} ${after}: ${why}` };
    }
    return null;
  }
}

function viewDifference(server: Server, peer: Peer): string | null {
  try {
    return firstDifference(server, peer.view());
  } catch (error) {
    return `its view threw: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checkedSends(sent: unknown): readonly Sent[] {
  if (Array.isArray(sent)) return sent;
  throw new Error(`take() must return an array of messages, not ${sent === null ? 'null' : typeof sent}`);
}

function serverIn(state: State, sid: Sid): Server {
  const server = state.servers.get(sid);
  if (server === undefined) throw new Error(`internal error: no server ${sid}`);
  return server;
}
