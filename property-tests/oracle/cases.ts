/** Generated questions to the oracle, each with our own answer. */
import type { Rng } from '../../base/rng.js';
import { checkLeader } from '../../impl/check-leader.js';
import { makePeerConfig } from '../../impl/peer-config.js';
import { containsQuorum, weightOf } from '../../impl/quorum-verifier.js';
import { votesEqual } from '../../impl/vote-equality.js';
import { totalOrderPredicate } from '../../impl/vote-order.js';
import { hasAllQuorums, supporters } from '../../impl/vote-tracker.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { SERVER_STATES } from '../../types/server-state.js';
import type { Vote } from '../../types/vote.js';
import { printDynamicConfig } from '../../types/zoo-cfg.js';

export interface OracleCase {
  readonly question: string;
  readonly ours: string;
}

export type CaseKind = 'order' | 'equals' | 'quorum' | 'weight' | 'count';

const NO_ORACLE = { needOracle: true, says: false };

export function pick<T>(rng: Rng, values: readonly T[]): T {
  const value = values[rng.below(values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** Small numbers, so that equality is frequent, and the ends of 64 bits. */
function int64(rng: Rng): bigint {
  if (rng.chance(0.85)) return BigInt(rng.below(4)) - 1n;
  return pick(rng, [LONG_MIN, LONG_MIN + 1n, -2n, 1n << 32n, (1n << 53n) + 1n, LONG_MAX - 1n, LONG_MAX]);
}

function vote(rng: Rng): Vote {
  return {
    version: pick(rng, [-1, 0, 1, 2]),
    leader: asSid(int64(rng)),
    zxid: asZxid(int64(rng)),
    round: asRound(int64(rng)),
    epoch: asPeerEpoch(int64(rng)),
    state: pick(rng, SERVER_STATES),
  };
}

/** A vote that differs from another in as few fields as chance wants. */
function similar(rng: Rng, other: Vote): Vote {
  const fresh = vote(rng);
  const keep = <T>(mine: T, theirs: T): T => (rng.chance(0.8) ? theirs : mine);
  return {
    version: fresh.version,
    leader: keep(fresh.leader, other.leader),
    zxid: keep(fresh.zxid, other.zxid),
    round: keep(fresh.round, other.round),
    epoch: keep(fresh.epoch, other.epoch),
    state: fresh.state,
  };
}

function voteText(v: Vote): string {
  return [v.version, v.leader, v.zxid, v.round, v.epoch, v.state].join(',');
}

function ensemble(rng: Rng): EnsembleConfig {
  const count = 1 + rng.below(9);
  const members = Array.from({ length: count }, (_, index) => ({
    sid: asSid(BigInt(index)),
    type: index > 0 && rng.chance(0.2) ? ('OBSERVER' as const) : ('PARTICIPANT' as const),
    addresses: [{ host: '127.0.0.1', quorumPort: 1000 + index, electionPort: 2000 + index }],
    clientAddress: null,
  }));
  const version = asConfigVersion(BigInt(rng.below(3)));
  if (rng.chance(0.4)) return { version, members, quorumSystem: { kind: 'majority' } };
  const voters = members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  const groupCount = 1 + rng.below(4);
  const groups = new Map(voters.map((sid) => [sid, BigInt(rng.below(groupCount))]));
  const weights = new Map(voters.map((sid) => [sid, BigInt(rng.below(4))]));
  return { version, members, quorumSystem: { kind: 'hierarchical', groups, weights } };
}

function configText(config: EnsembleConfig): string {
  return printDynamicConfig(config).replaceAll('\n', '\u001f');
}

function votersOf(config: EnsembleConfig): readonly Sid[] {
  return config.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
}

const MAKERS: Readonly<Record<CaseKind, (rng: Rng) => OracleCase>> = {
  order(rng) {
    const config = ensemble(rng);
    const peer = makePeerConfig({ sid: asSid(0n), membership: { committed: config, lastSeen: null } });
    const current = vote(rng);
    const candidate = rng.chance(0.7) ? similar(rng, current) : vote(rng);
    const ours = totalOrderPredicate(peer, candidate, current);
    const fields = [candidate, current].flatMap(({ leader, zxid, epoch }) => [leader, zxid, epoch]);
    return {
      question: ['order', configText(config), ...fields].join('\t'),
      ours: ours === 'unknownWeight' ? 'throws' : String(ours),
    };
  },
  equals(rng) {
    const a = vote(rng);
    const b = rng.chance(0.8) ? similar(rng, a) : vote(rng);
    return { question: ['equals', voteText(a), voteText(b)].join('\t'), ours: String(votesEqual(a, b)) };
  },
  quorum(rng) {
    const config = ensemble(rng);
    const [verifier] = makePeerConfig({ sid: asSid(0n), membership: { committed: config, lastSeen: null } }).verifiers;
    if (verifier === undefined) throw new Error('every configuration has a verifier');
    const all = config.quorumSystem.kind === 'majority' ? votersOf(config) : config.members.map(({ sid }) => sid);
    const acks = new Set(all.filter(() => rng.chance(0.6)));
    return {
      question: ['quorum', configText(config), [...acks].join(',')].join('\t'),
      ours: String(containsQuorum(verifier, acks, NO_ORACLE)),
    };
  },
  weight(rng) {
    const config = ensemble(rng);
    const sid = asSid(BigInt(rng.below(11)));
    return {
      question: ['weight', configText(config), sid].join('\t'),
      ours: weightOf(config, sid)?.toString() ?? 'throws',
    };
  },
  count(rng) {
    const committed = ensemble(rng);
    const lastSeen = rng.chance(0.4) ? ensemble(rng) : null;
    const me = asSid(BigInt(rng.below(4)));
    const peer = makePeerConfig({ sid: me, membership: { committed, lastSeen } });
    const reference = { ...vote(rng), leader: asSid(BigInt(rng.below(4))) };
    const votes = new Map<Sid, Vote>();
    for (let sid = 0n; sid < 10n; sid += 1n) {
      if (rng.chance(0.7)) votes.set(asSid(sid), rng.chance(0.9) ? similar(rng, reference) : vote(rng));
    }
    const logicalclock = asRound(rng.chance(0.5) ? reference.round : int64(rng));
    const quorum = hasAllQuorums(peer, supporters(votes, reference), NO_ORACLE);
    const leads = checkLeader(votes, { me, logicalclock, leader: reference.leader, round: reference.round });
    const text = [...votes].map(([sid, v]) => `${sid}=${voteText(v)}`).join(';');
    const last = lastSeen === null ? '-' : configText(lastSeen);
    return {
      question: ['count', configText(committed), last, me, logicalclock, text, voteText(reference)].join('\t'),
      ours: `${quorum} ${leads}`,
    };
  },
};

export function makeCase(kind: CaseKind, rng: Rng): OracleCase {
  return MAKERS[kind](rng);
}
