/** Builders for tests of the peer: short ways to write votes, configurations and peers. */
import type { EnsembleConfig, QuorumSystem } from '../types/ensemble.js';
import type { ElectionLine } from '../types/election-line.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../types/ids.js';
import type { ServerState } from '../types/server-state.js';
import type { Notification, Vote } from '../types/vote.js';
import type { Effect } from './effect.js';
import type { PeerEvent } from './event.js';
import { type ElectionCall, type Peer, peerAtRest, type Process } from './peer.js';
import { makePeerConfig, type PeerConfig } from './peer-config.js';
import { transition } from './transition.js';

export const sid = (id: number | bigint): Sid => asSid(BigInt(id));

export interface VoteFields {
  readonly leader?: number | bigint;
  readonly zxid?: number | bigint;
  readonly round?: number | bigint;
  readonly epoch?: number | bigint;
  readonly state?: ServerState;
  readonly version?: number;
}

/** A vote: leader 1, zxid 0, round 1, epoch 0, LOOKING, version 0 unless said otherwise. */
export function vote(fields: VoteFields = {}): Vote {
  return {
    leader: sid(fields.leader ?? 1),
    zxid: asZxid(BigInt(fields.zxid ?? 0)),
    round: asRound(BigInt(fields.round ?? 1)),
    epoch: asPeerEpoch(BigInt(fields.epoch ?? 0)),
    state: fields.state ?? 'LOOKING',
    version: fields.version ?? 0,
  };
}

/** A message of a current server (format version 2); its leader is its sender unless said otherwise. */
export function message(from: number, fields: VoteFields = {}): Notification {
  return { ...vote({ leader: from, version: 2, ...fields }), from: sid(from), configVersion: asConfigVersion(0n) };
}

/** Servers 1 to `voters` vote, the next `observers` observe. */
export function ensemble(
  voters: number,
  observers = 0,
  quorumSystem: QuorumSystem = { kind: 'majority' },
): EnsembleConfig {
  const members = Array.from({ length: voters + observers }, (_, index) => ({
    sid: sid(index + 1),
    type: index < voters ? ('PARTICIPANT' as const) : ('OBSERVER' as const),
    addresses: [],
    clientAddress: null,
  }));
  return { version: asConfigVersion(0n), members, quorumSystem };
}

export function configOf(me: number, committed: EnsembleConfig, lastSeen: EnsembleConfig | null = null): PeerConfig {
  return makePeerConfig({ sid: sid(me), membership: { committed, lastSeen } });
}

export interface Disk {
  readonly zxid?: number | bigint;
  readonly currentEpoch?: number;
  readonly acceptedEpoch?: number;
}

export function durable(disk: Disk = {}): Peer['durable'] {
  const currentEpoch = asPeerEpoch(BigInt(disk.currentEpoch ?? 0));
  return {
    lastZxid: asZxid(BigInt(disk.zxid ?? 0)),
    currentEpoch,
    acceptedEpoch: disk.acceptedEpoch === undefined ? currentEpoch : asPeerEpoch(BigInt(disk.acceptedEpoch)),
  };
}

/** A peer and everything it has asked of the world so far. */
export class Run {
  readonly config: PeerConfig;
  peer: Peer;
  /** Effects of the last event. */
  effects: readonly Effect[] = [];

  constructor(config: PeerConfig, disk: Disk = {}) {
    this.config = config;
    this.peer = peerAtRest(durable(disk));
  }

  do(...events: readonly PeerEvent[]): this {
    for (const event of events) {
      const next = transition(this.config, this.peer, event);
      this.peer = next.peer;
      this.effects = next.effects;
    }
    return this;
  }

  /** Started, first round begun. */
  begun(): this {
    return this.do({ type: 'Restart' }, { type: 'Begin' });
  }

  /** Messages arrive and are queued, all parts of WorkerReceiver without anybody between. */
  receive(...notifications: readonly Notification[]): this {
    for (const notification of notifications) {
      this.do({ type: 'Receive', notification });
      while (this.process.worker.stage !== 'idle') {
        const type = (
          { printed: 'TestState', tested: 'Enqueue', enqueued: 'CompareRound', replying: 'SendReply' } as const
        )[this.process.worker.stage];
        this.do({ type });
      }
    }
    return this;
  }

  /** Messages arrive and are used at once in the main wait. */
  handle(...notifications: readonly Notification[]): this {
    for (const notification of notifications) this.receive(notification).do({ type: 'Handle' });
    return this;
  }

  get process(): Process {
    if (this.peer.process === null) throw new Error('the server is down');
    return this.peer.process;
  }

  get call(): ElectionCall {
    const { main } = this.process;
    if (!('call' in main)) throw new Error(`no election call at ${main.at}`);
    return main.call;
  }

  /** Lines of the last event. */
  get lines(): readonly ElectionLine[] {
    return this.effects.flatMap((effect) => (effect.type === 'log' ? [effect.line] : []));
  }

  get whats(): readonly string[] {
    return this.lines.map(({ what }) => what);
  }

  /** Recipients of the last event's messages, in order. */
  get recipients(): readonly Sid[] {
    return this.effects.flatMap((effect) => (effect.type === 'send' ? [effect.to] : []));
  }

  /** The last event's messages. */
  get sent(): readonly Extract<Effect, { type: 'send' }>['message'][] {
    return this.effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
  }
}

/** Groups of voters, from 1, and the weight of each voter. */
export function grouped(groups: readonly (readonly number[])[], weights: readonly number[]): QuorumSystem {
  return {
    kind: 'hierarchical',
    groups: new Map(groups.flatMap((members, group) => members.map((id) => [sid(id), BigInt(group + 1)] as const))),
    weights: new Map(weights.map((weight, index) => [sid(index + 1), BigInt(weight)] as const)),
  };
}
