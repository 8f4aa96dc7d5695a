/** The exchanges of the oracle, done by one of us: `impl`, or the specification in the same layout. */
import type { Effect } from '../../impl/effect.js';
import type { Peer, Process } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import type { LoggedEvent, LoggedStep } from '../../models/log-machine/rules.js';
import type { Durable } from '../../impl/peer.js';
import type { Round } from '../../types/ids.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';

/** One step of either of us. */
export type ExchangeStep = (config: PeerConfig, peer: Peer, event: LoggedEvent) => LoggedStep;

/** What ends a wait: nothing came, or some notifications did, together. */
export type WaitEnd =
  | { readonly kind: 'timeOut'; readonly haveDelivered: boolean }
  | { readonly kind: 'arrived'; readonly notifications: readonly Notification[] };

const NO_VOTE: Proposal & Pick<Vote, 'round' | 'state' | 'version'> = {
  leader: -1n,
  zxid: -1n,
  round: -1n,
  epoch: -1n,
  state: 'LOOKING',
  version: 0,
} as unknown as Vote;

function processOf(changes: Partial<Process>): Process {
  return {
    state: 'LOOKING',
    currentVote: NO_VOTE,
    logicalclock: 0n as Round,
    proposal: NO_VOTE,
    recvqueue: [],
    needOracle: true,
    worker: { stage: 'idle' },
    main: { at: 'enter' },
    ...changes,
  };
}

/** A server that takes one step after the other, and what it does outside. */
class Driven {
  readonly #step: ExchangeStep;
  readonly #config: PeerConfig;
  #peer: Peer;
  told = '';

  constructor(step: ExchangeStep, config: PeerConfig, peer: Peer) {
    this.#step = step;
    this.#config = config;
    this.#peer = peer;
  }

  /** An unchecked exception has ended the call: QuorumPeer.run begins anew. */
  get threw(): boolean {
    return this.process.main.at === 'enter';
  }

  get process(): Process {
    const { process } = this.#peer;
    if (process === null) throw new Error('the server is up');
    return process;
  }

  take(event: LoggedEvent): void {
    const { peer, effects } = this.#step(this.#config, this.#peer, event);
    this.#peer = peer;
    for (const effect of effects) this.told += textOf(effect);
  }

  arrive(notifications: readonly Notification[]): void {
    const { process } = this;
    this.#peer = { ...this.#peer, process: { ...process, recvqueue: [...process.recvqueue, ...notifications] } };
  }
}

function textOf(effect: Effect): string {
  if (effect.type === 'connectAll') return 'connectAll;';
  if (effect.type !== 'send') return '';
  const { to, message: m } = effect;
  return `${to},${m.state},${m.leader},${m.zxid},${m.round},${m.epoch},${m.configVersion};`;
}

export interface ElectionExchange {
  readonly config: PeerConfig;
  readonly durable: Durable;
  readonly clock: Round;
  /** The file of the oracle begins with 1. */
  readonly oracleSays: boolean;
  readonly script: readonly WaitEnd[];
}

/** lookForLeader from its beginning to its end, or to the end of the script: in the words of ExchangeOracle. */
export function electionAnswer(step: ExchangeStep, exchange: ElectionExchange): string {
  const { config, durable, clock, oracleSays, script } = exchange;
  const driven = new Driven(step, config, { durable, process: processOf({ logicalclock: clock }) });
  driven.take({ type: 'Begin' });
  const left = [...script];
  while (!driven.threw && driven.process.main.at !== 'decided') {
    if (driven.process.recvqueue.length === 0) {
      const next = left.shift();
      if (next === undefined) break;
      if (next.kind === 'timeOut') {
        nothingCame(driven, next.haveDelivered, oracleSays);
        continue;
      }
      driven.arrive(next.notifications);
    }
    driven.take(driven.process.main.at === 'final' ? { type: 'FinalStep' } : { type: 'Handle', oracleSays });
  }
  return `${driven.told}|${endOf(driven)}`;
}

function nothingCame(driven: Driven, haveDelivered: boolean, oracleSays: boolean): void {
  if (driven.process.main.at !== 'final') return driven.take({ type: 'TimeOut', haveDelivered, oracleSays });
  driven.take({ type: 'Silence' });
  driven.take({ type: 'FinalEnd' });
}

function endOf({ process: { main, state, proposal: p, logicalclock }, threw }: Driven): string {
  const after = `${p.leader},${p.zxid},${p.epoch} ${logicalclock}`;
  if (threw) return `throws ${after}`;
  if (main.at !== 'decided') return `waits ${after}`;
  const { leader, zxid, round, epoch } = main.endVote;
  return `decided ${leader},${zxid},${round},${epoch} ${state} ${after}`;
}

export interface ReceiveExchange {
  readonly config: PeerConfig;
  readonly process: Partial<Process>;
  /** Null: skipped. */
  readonly notification: Notification | null;
}

/** WorkerReceiver.run with one message. */
export function receiveAnswer(step: ExchangeStep, { config, process, notification }: ReceiveExchange): string {
  const durable = { lastZxid: 0n, currentEpoch: 0n, acceptedEpoch: 0n } as unknown as Durable;
  const driven = new Driven(step, config, { durable, process: processOf(process) });
  if (notification === null) return '|lives';
  driven.take({ type: 'Receive', notification });
  for (;;) {
    const { stage } = driven.process.worker;
    if (stage === 'idle') break;
    driven.take({ type: NEXT[stage] });
  }
  const queued = driven.process.recvqueue.map(
    (n) => ` ${n.from},${n.version},${n.state},${n.leader},${n.zxid},${n.round},${n.epoch}`,
  );
  return `${driven.told}|lives${queued.join('')}`;
}

const NEXT = {
  printed: 'TestState',
  tested: 'Enqueue',
  enqueued: 'CompareRound',
  replying: 'SendReply',
} as const;
