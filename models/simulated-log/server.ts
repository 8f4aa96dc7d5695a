/**
 * One server of a simulated ensemble that keeps a log: `impl` steps, and threads that print what they owe in
 * their own time. Mutable, because a simulation is a walk; every decision is asked of the random generator.
 */
import type { Rng } from '../../base/rng.js';
import type { Effect } from '../../impl/effect.js';
import type { PeerEvent } from '../../impl/event.js';
import { type Durable, type Peer, peerAtRest, type Process } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import { initialProposal } from '../../impl/initial-vote.js';
import { transition } from '../../impl/transition.js';
import type { PeerEpoch, Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Observation, ObservedLine } from '../../traces/observation.js';
import { isPrintedBy } from './print.js';
import { isFrom } from './release-order.js';

export interface Wire {
  send(from: Sid, to: Sid, effect: Extract<Effect, { type: 'send' }>): void;
  /** Takes the oldest message for `to` from some sender; null if there is none. */
  take(to: Sid): Notification | null;
}

export interface SimulatedServerOptions {
  readonly config: PeerConfig;
  readonly durable: Durable;
  readonly debug: boolean;
  /** Does a process tell its release? */
  readonly tellsRelease: boolean;
  readonly rng: Rng;
  readonly wire: Wire;
}

/** How often a wait ends although something may be on its way. */
const IMPATIENCE = 0.06;
const LEAVE_CHANCE = 0.002;

export class SimulatedServer {
  readonly config: PeerConfig;
  readonly log: Observation[] = [];
  peer: Peer;
  /** A quorum acknowledged its epoch since it leads. */
  established = false;
  /** What comparisons printed since 3.8.5 and 3.9.2 beside what a line says: epochs of the vote and of the proposal. */
  readonly comparedEpochs = new Map<Observation, readonly [PeerEpoch, PeerEpoch]>();
  readonly #debug: boolean;
  readonly #tellsRelease: boolean;
  readonly #release: string;
  readonly #rng: Rng;
  readonly #wire: Wire;
  #mainOwed: Effect[] = [];
  #workerOwed: Effect[] = [];
  /** Of the comparisons in what is owed. */
  readonly #epochs = new Map<Effect, readonly [PeerEpoch, PeerEpoch]>();
  /** This process has told its release. */
  #told = false;

  constructor({ config, durable, debug, tellsRelease, rng, wire }: SimulatedServerOptions) {
    this.config = config;
    this.#debug = debug;
    this.#tellsRelease = tellsRelease;
    this.#release = config.profile.release;
    this.#rng = rng;
    this.#wire = wire;
    this.peer = peerAtRest(durable);
  }

  get process(): Process | null {
    return this.peer.process;
  }

  start(): void {
    const first = this.log.length === 0;
    this.say({ what: 'processStarted', myId: this.config.sid });
    this.#told = false;
    if (isFrom(this.#release, '3.6.0')) this.#tellRelease();
    const { lastZxid, currentEpoch, acceptedEpoch } = this.peer.durable;
    this.say({ what: 'snapshotLoaded', zxid: lastZxid });
    // The files of the epochs are made by the first process (QuorumPeer.loadDataBase).
    if (first) this.say({ what: 'epochDefault', which: 'currentEpoch', epoch: currentEpoch });
    if (first) this.say({ what: 'epochDefault', which: 'acceptedEpoch', epoch: acceptedEpoch });
    this.#mainOwed.push(...this.#take({ type: 'Restart' }));
  }

  crash(): void {
    this.#take({ type: 'Crash' });
    this.#mainOwed = [];
    this.#workerOwed = [];
    this.#epochs.clear();
  }

  /** Null, where its release prints nothing. */
  say(said: ObservedLine): Observation | null {
    const { sid } = this.config;
    if (!isPrintedBy(this.#release, said)) return null;
    const observation = { sid, at: { file: `server-${sid}.log`, line: this.log.length + 1 }, said };
    this.log.push(observation);
    return observation;
  }

  /** Up to 3.5 with the first server object, which the first role makes. */
  #tellRelease(): void {
    if (!this.#tellsRelease || this.#told) return;
    this.#told = true;
    this.say({ what: 'version', text: `${this.#release}-simulated, built on 01/01/2026 00:00 GMT` });
  }

  /** Zab steps come from outside; their effects concern no log. */
  zab(event: PeerEvent): void {
    this.#take(event);
  }

  /** Has the main loop printed all and is it in its role? */
  get settled(): boolean {
    return this.process?.main.at === 'role' && this.#mainOwed.length === 0;
  }

  /** One step of one thread, or nothing if that thread has to wait. */
  stepSomething(): void {
    if (this.process === null) return;
    if (this.#rng.chance(0.5)) this.#stepMain(this.process);
    else this.#stepWorker(this.process);
  }

  #stepMain(process: Process): void {
    if (this.#mainOwed.length > 0) {
      this.#carryOut(this.#mainOwed);
      return;
    }
    const event = this.#mainEvent(process);
    if (event === null) return;
    this.#mainOwed.push(...this.#take(event));
    // The line of a state change is printed before anybody can read the state.
    while (this.#mainOwed.some(isStateChange)) this.#carryOut(this.#mainOwed);
  }

  #mainEvent(process: Process): PeerEvent | null {
    const waiting = process.recvqueue.length > 0;
    switch (process.main.at) {
      case 'enter':
        return { type: 'Begin' };
      case 'poll':
        return this.#pollEvent(waiting);
      case 'final':
        if (waiting) return { type: 'FinalStep' };
        return this.#rng.chance(IMPATIENCE) ? { type: 'Silence' } : null;
      case 'silent':
        return { type: 'FinalEnd' };
      case 'decided':
        return { type: 'Publish' };
      case 'role':
        return this.#rng.chance(LEAVE_CHANCE) ? { type: 'Leave' } : null;
    }
  }

  #pollEvent(waiting: boolean): PeerEvent | null {
    const oracleSays = this.config.membership.committed.quorumSystem.kind === 'oracle' && this.#rng.chance(0.5);
    if (waiting) return { type: 'Handle', oracleSays };
    if (!this.#rng.chance(IMPATIENCE)) return null;
    return { type: 'TimeOut', haveDelivered: this.#rng.chance(0.6), oracleSays };
  }

  #stepWorker(process: Process): void {
    if (this.#workerOwed.length > 0) {
      this.#carryOut(this.#workerOwed);
      return;
    }
    const event = this.#workerEvent(process);
    if (event === null) return;
    this.#workerOwed.push(...this.#take(event));
    // The state that the notification tells is read behind this line.
    if (this.#debug && event.type === 'Receive') this.#carryOut(this.#workerOwed);
  }

  #workerEvent(process: Process): PeerEvent | null {
    switch (process.worker.stage) {
      case 'idle': {
        const notification = this.#wire.take(this.config.sid);
        return notification === null ? null : { type: 'Receive', notification };
      }
      case 'printed':
        return { type: 'TestState' };
      case 'tested':
        return { type: 'Enqueue' };
      case 'enqueued':
        return { type: 'CompareRound' };
      case 'replying':
        return { type: 'SendReply' };
    }
  }

  #take(event: PeerEvent): readonly Effect[] {
    const before = this.peer;
    const { peer, effects } = transition(this.config, before, event);
    this.peer = peer;
    for (const effect of effects) {
      if (effect.type === 'log' && effect.line.what === 'compared')
        this.#epochs.set(effect, epochsCompared(this.config, before, event));
    }
    if (event.type === 'Leave' || event.type === 'Crash') this.established = false;
    return effects;
  }

  #carryOut(owed: Effect[]): void {
    const effect = owed.shift();
    if (effect?.type === 'send') this.#wire.send(this.config.sid, effect.to, effect);
    if (effect?.type !== 'log' || (!this.#debug && effect.level === 'debug')) return;
    const said = this.say(effect.line);
    const epochs = this.#epochs.get(effect);
    if (epochs !== undefined && said !== null) this.comparedEpochs.set(said, epochs);
    this.#epochs.delete(effect);
    if (effect.line.what === 'roleEntered') this.#tellRelease();
  }
}

/** totalOrderPredicate: the vote at the head of recvqueue, against the own first vote where it brings a higher round. */
function epochsCompared(
  config: PeerConfig,
  { durable, process }: Peer,
  event: PeerEvent,
): readonly [PeerEpoch, PeerEpoch] {
  const head = process?.recvqueue[0];
  if (process === null || head === undefined) throw new Error('internal error: what is compared was read');
  const anew = event.type === 'Handle' && head.round > process.logicalclock;
  return [head.epoch, (anew ? initialProposal(config, durable) : process.proposal).epoch];
}

function isStateChange(effect: Effect): boolean {
  return effect.type === 'log' && effect.line.what === 'stateChanged';
}
