/** Generated exchanges: elections under a script, messages in bytes to a server in any state, and messages sent. */
import type { Rng } from '../../base/rng.js';
import { makePeerConfig, type PeerConfig } from '../../impl/peer-config.js';
import { transition } from '../../impl/transition.js';
import { specStep } from '../../models/spec-machine/step.js';
import {
  asElectionMessage,
  encodeNotification,
  encodeOldNotification,
  type WireNotification,
} from '../../impl/wire/notification.js';
import { decodeNotificationAs, readerOf } from '../../impl/wire/older-readers.js';
import { readReceivedConfig } from '../../impl/wire/received-config.js';
import type { EnsembleConfig, Membership } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { SERVER_STATES, type ServerState } from '../../types/server-state.js';
import type { Notification, Vote } from '../../types/vote.js';
import { printDynamicConfig } from '../../types/zoo-cfg.js';
import { configText, ensemble, pick } from './cases.js';
import { electionAnswer, type ExchangeStep, receiveAnswer, type WaitEnd } from './exchange-drive.js';
import type { OracleCase } from './oracle-process.js';
import type { OracleRelease } from './oracle-release.js';

/** Elections first, then what decided servers say. */
const STATES_OFTEN: readonly ServerState[] = [
  ...Array.from({ length: 4 }, () => 'LOOKING' as const),
  'FOLLOWING',
  'FOLLOWING',
  'LEADING',
  'LEADING',
  'OBSERVING',
];

export interface Situation {
  readonly config: PeerConfig;
  readonly oracleSays: boolean;
  /** CONFIG, LASTSEEN, me and type, as a question has them. */
  readonly asked: readonly unknown[];
}

/** A member of a random ensemble; now and then a configuration is to come. */
export function situation(rng: Rng, on: OracleRelease): Situation {
  const plain = ensemble(rng, on);
  const lastSeen = on.dynamic && rng.chance(0.2) ? ensemble(rng, on) : null;
  const oracleSays = rng.chance(0.5);
  const asksOracle = on.oracles && rng.chance(0.3) && plain.quorumSystem.kind === 'majority';
  const committed: EnsembleConfig = asksOracle
    ? { ...plain, quorumSystem: { kind: 'oracle', oraclePath: oracleSays ? '1' : '0' } }
    : plain;
  const membership: Membership = { committed, lastSeen };
  const { sid } = pick(rng, committed.members);
  const config = makePeerConfig({ sid, membership, profile: on.impl });
  const last = lastSeen === null ? '-' : configText(lastSeen);
  const oracle = asksOracle ? `\u001foraclePath=${oracleSays ? 1 : 0}` : '';
  return { config, oracleSays, asked: [configText(committed) + oracle, last, sid, config.learnerType] };
}

/** Small numbers, so that votes agree often, and now and then an end of 64 bits. */
function small(rng: Rng, least: number, most: number): bigint {
  if (rng.chance(0.01)) return pick(rng, [LONG_MIN, LONG_MAX]);
  return BigInt(least + rng.below(most - least + 1));
}

/** Somebody who may vote, or a stranger. */
function anybody(rng: Rng, { voters }: PeerConfig): Sid {
  return rng.chance(0.9) ? pick(rng, voters) : asSid(BigInt(rng.below(11)));
}

function voteIn(rng: Rng, config: PeerConfig): Vote {
  return {
    leader: anybody(rng, config),
    zxid: asZxid(small(rng, rng.chance(0.1) ? -1 : 0, 2)),
    round: asRound(small(rng, -1, 3)),
    epoch: asPeerEpoch(small(rng, 0, 2)),
    state: pick(rng, STATES_OFTEN),
    version: pick(rng, [0, 1, 2, 2]),
  };
}

/** Notifications of one election are alike: each takes most of what it says from `base`. */
function notificationLike(rng: Rng, config: PeerConfig, base: Vote): Notification {
  const fresh = voteIn(rng, config);
  const keep = <T>(mine: T, theirs: T): T => (rng.chance(0.85) ? theirs : mine);
  const from = anybody(rng, config);
  const leads = rng.chance(0.3) ? base.leader : from;
  return {
    from: leads,
    leader: keep(fresh.leader, base.leader),
    zxid: keep(fresh.zxid, base.zxid),
    round: keep(fresh.round, base.round),
    epoch: keep(fresh.epoch, base.epoch),
    version: fresh.version,
    state: leads === base.leader && base.state !== 'LOOKING' ? 'LEADING' : keep(fresh.state, base.state),
    configVersion: asConfigVersion(0n),
  };
}

function waitEnd(rng: Rng, config: PeerConfig, base: Vote): WaitEnd {
  if (rng.chance(0.2)) return { kind: 'timeOut', haveDelivered: rng.chance(0.7) };
  const count = rng.chance(0.8) ? 1 : 2 + rng.below(3);
  return {
    kind: 'arrived',
    notifications: Array.from({ length: count }, () => notificationLike(rng, config, base)),
  };
}

function textOf(end: WaitEnd): string {
  if (end.kind === 'timeOut') return end.haveDelivered ? 't1' : 't0';
  return end.notifications
    .map(({ from, version, state, leader, zxid, round, epoch }) =>
      [from, version, state, leader, zxid, round, epoch].join(','),
    )
    .join('+');
}

export function makeElectionCase(rng: Rng, on: OracleRelease): OracleCase {
  const { config, oracleSays, asked } = situation(rng, on);
  const zxid = asZxid(small(rng, rng.chance(0.05) ? -1 : 0, 2));
  const epoch = asPeerEpoch(small(rng, 0, 2));
  const durable = { lastZxid: zxid, currentEpoch: epoch, acceptedEpoch: epoch };
  const clock = asRound(BigInt(rng.below(2)));
  const base = { ...voteIn(rng, config), ...(rng.chance(0.7) ? { round: asRound(clock + 1n) } : {}) };
  const script = Array.from({ length: rng.below(12) }, () => waitEnd(rng, config, base));
  const exchange = { config, durable, clock, oracleSays, script };
  return {
    question: ['election', ...asked, zxid, epoch, clock, script.map(textOf).join(';')].join('\t'),
    ours: { impl: electionAnswer(transition, exchange), spec: electionAnswer(specStep, exchange) },
  };
}

const CONFIG_TEXTS = ['', 'version=zz', 'garbage', 'server.1=10.0.0.1:2888:3888:participant\nversion=0'] as const;

/** The bytes of a message: mostly whole, of any release, now and then of another length. */
function messageBytes(rng: Rng, config: PeerConfig): Uint8Array {
  const { state, ...vote } = voteIn(rng, config);
  const text = rng.chance(0.7) ? printDynamicConfig(config.membership.committed) : pick(rng, CONFIG_TEXTS);
  const whole = rng.chance(0.6)
    ? encodeNotification({ state, ...vote }, text)
    : encodeOldNotification({ state, ...vote }, rng.chance(0.8) ? 40 : 28);
  if (rng.chance(0.1)) whole.set(Uint8Array.of(0, 0, 0, pick(rng, [0, 1, 3, 4, 255])), 0);
  if (rng.chance(0.1) && whole.length >= 44)
    whole.set(pick(rng, [Uint8Array.of(255, 255), Uint8Array.of(0, 0, 1)]), 40);
  if (rng.chance(0.7)) return whole;
  return whole.subarray(0, pick(rng, [20, 27, 28, 29, 35, 36, 36, 39, 40, 41, 43, 44, whole.length]));
}

export function makeReceiveCase(rng: Rng, on: OracleRelease): OracleCase {
  const { config, asked } = situation(rng, on);
  const bytes = messageBytes(rng, config);
  const from = anybody(rng, config);
  const { leader, zxid, epoch } = voteIn(rng, config);
  const clock = asRound(small(rng, 0, 3));
  const published = voteIn(rng, config);
  const state = pick(rng, SERVER_STATES);
  const newEpoch = rng.chance(0.4) ? asPeerEpoch(small(rng, 0, 3)) : null;
  const vote = [published.leader, published.zxid, published.round, published.epoch].join(',');
  const exchange = {
    config,
    process: {
      state,
      logicalclock: clock,
      proposal: { leader, zxid, epoch },
      currentVote: { ...published, epoch: newEpoch ?? published.epoch },
      // Down here and not in the step that sets it: that needs a leader and a quorum.
      ...(newEpoch !== null && on.impl.oldVoteForOldFormat ? { bcVote: published } : {}),
      main: state === 'LOOKING' ? ({ at: 'enter' } as const) : ({ at: 'role' } as const),
    },
    notification: readAs(on, config, from, bytes),
  };
  const answer = (step: ExchangeStep): string =>
    exchange.notification === 'dies'
      ? '|dies'
      : receiveAnswer(step, { ...exchange, notification: exchange.notification });
  const at = [state, clock, `${leader},${zxid},${epoch}`, vote, newEpoch ?? '-', from];
  return {
    question: ['receive', ...asked, ...at, Buffer.from(bytes).toString('hex')].join('\t'),
    ours: { impl: answer(transition), spec: answer(specStep) },
  };
}

/** What the bytes are to WorkerReceiver of that release; null: nothing. */
function readAs(
  { release, dynamic }: OracleRelease,
  config: PeerConfig,
  from: Sid,
  bytes: Uint8Array,
): Notification | null | 'dies' {
  const stranger = !config.validVoters.has(from);
  // Up to 3.4 a stranger is answered before its message is looked at; later, if it can be read at all.
  if (stranger && !dynamic) return asElectionMessage(ANYTHING, from, null);
  const read = decodeNotificationAs(readerOf(release), bytes);
  if (read.kind === 'receiverDies') return 'dies';
  if (read.kind === 'skipped') return null;
  const { configText } = read.notification;
  const received = configText === null ? null : readReceivedConfig(configText);
  if (received?.kind === 'receiverDies') return 'dies';
  return asElectionMessage(stranger ? ANYTHING : read.notification, from, null);
}

const ANYTHING: WireNotification = {
  stateOrdinal: 0,
  leader: asSid(0n),
  zxid: asZxid(0n),
  round: asRound(0n),
  epoch: asPeerEpoch(0n),
  version: 0,
  configText: null,
};

/** Each of us says which format its release sends; the bytes are the codec's. */
export function makeMessageCase(rng: Rng, on: OracleRelease): OracleCase {
  const { config } = situation(rng, on);
  const message = voteIn(rng, config);
  const { committed } = config.membership;
  const bytes = (format: number): string =>
    Buffer.from(
      format === 1 ? encodeOldNotification(message, 40) : encodeNotification(message, printDynamicConfig(committed)),
    ).toString('hex');
  const { state, leader, zxid, round, epoch } = message;
  return {
    question: ['message', state, leader, zxid, round, epoch, configText(committed)].join('\t'),
    ours: { impl: bytes(on.impl.messageVersion), spec: bytes(on.spec.format) },
  };
}
