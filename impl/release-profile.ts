import { type ProfileName, profileOfRelease } from '../types/release.js';

/**
 * The one place where releases differ. A profile names a group of releases whose election function behaves
 * alike; every value that a step takes from a release stands here, so that a new profile is a new record.
 */
/** What a release may still have: how it breaks the election, by the issue that mended it. None in P380. */
export const DEFECTS = [
  /** checkLeader does not ask whether the leader was heard LEADING. */
  'ZOOKEEPER-159',
  /** A higher round starts from the own vote, even if the received one is better. */
  'ZOOKEEPER-275',
  /** Answers of this round are not stored with its votes. */
  'ZOOKEEPER-480',
  /** A non-voter proposes itself. */
  'ZOOKEEPER-764',
  /** One LEADING answer of this round is enough to follow. */
  'ZOOKEEPER-975',
  /** The tie-break by id does not ask whether the epochs are equal. */
  'ZOOKEEPER-1419',
  /** A server leads on answers of another round. */
  'ZOOKEEPER-1514',
  /** Votes of decided servers must agree in zxid and round, too. */
  'ZOOKEEPER-1732',
  /** The published vote has no round. */
  'ZOOKEEPER-1818',
  /** A join in this round looks for the leader among the votes of any round. */
  'ZOOKEEPER-3537',
] as const;

export type Defect = (typeof DEFECTS)[number];

export interface ReleaseProfile {
  readonly name: ProfileName;
  /** The release that it was made for, as the log or the user names it; for P380 of itself, 3.8.0. */
  readonly release: string;
  /** FastLeaderElection.finalizeWait: silence that confirms a decision, in milliseconds. */
  readonly finalizeWaitMs: number;
  /** FastLeaderElection.minNotificationInterval: first wait of a round, in milliseconds. */
  readonly minNotificationIntervalMs: number;
  /** FastLeaderElection.maxNotificationInterval: cap of the back-off, in milliseconds. */
  readonly maxNotificationIntervalMs: number;
  /** Notification.CURRENTVERSION, the format version of what is sent. */
  readonly messageVersion: number;
  /** LEADING answers have a case of their own, with the oracle (receivedLeadingNotification; ZOOKEEPER-3922, 3.8.0). */
  readonly hasOracle: boolean;
  /**
   * Answers of this round are stored with their state, and their leader is looked for among them (ZOOKEEPER-3537, 3.6.0).
   * Before, they are stored as LOOKING, and the leader is looked for in outofelection.
   */
  readonly joinsWithinRound: boolean;
  /**
   * Votes of decided servers keep zxid and round, and a decision its round (ZOOKEEPER-1818, 3.5.5; never lost in 3.4). Without:
   * IGNOREVALUE stands in outofelection, −1 in the published vote, and Vote.equals compares all four fields.
   */
  readonly votesKeepRound: boolean;
  /** A zxid of −1, one's own or the sender's, is refused (ZOOKEEPER-261, 3.6.0). */
  readonly refusesMissingZxid: boolean;
  /** A LOOKING sender of format 0 is told the published vote as it was before its epoch was refreshed (QuorumPeer.bcVote, 3.4). */
  readonly oldVoteForOldFormat: boolean;
  /** The proposed leader must be a voter, not only the sender (ZOOKEEPER-2988; 3.4.13, 3.5.4). */
  readonly leaderMustVote: boolean;
  /** Seeded on purpose, to be found again. */
  readonly defects: readonly Defect[];
}

export function hasDefect({ defects }: ReleaseProfile, defect: Defect): boolean {
  return defects.includes(defect);
}

/** 3.8.0 to 3.8.6, 3.9.0 to 3.9.5 and the 3.10 snapshots: separate LEADING branch, oracle, re-check on time-out. */
export const P380: ReleaseProfile = {
  name: 'P380',
  release: '3.8.0',
  finalizeWaitMs: 200,
  minNotificationIntervalMs: 200,
  maxNotificationIntervalMs: 60_000,
  messageVersion: 2,
  hasOracle: true,
  joinsWithinRound: true,
  votesKeepRound: true,
  refusesMissingZxid: true,
  oldVoteForOldFormat: false,
  leaderMustVote: true,
  defects: [],
};

/** 3.6.0 to 3.7.2: one branch for FOLLOWING and LEADING answers. */
export const P360: ReleaseProfile = { ...P380, name: 'P360', release: '3.6.0', hasOracle: false };

/** 3.5.5 to 3.5.10. */
export const P355: ReleaseProfile = {
  ...P360,
  name: 'P355',
  release: '3.5.5',
  joinsWithinRound: false,
  refusesMissingZxid: false,
};

/** 3.5.0 to 3.5.4: no round outside an election. */
export const P350: ReleaseProfile = {
  ...P355,
  name: 'P350',
  release: '3.5.0',
  votesKeepRound: false,
  leaderMustVote: false,
};

/** 3.4.6 to 3.4.14. */
export const P346: ReleaseProfile = {
  ...P355,
  name: 'P346',
  release: '3.4.6',
  messageVersion: 1,
  oldVoteForOldFormat: true,
  leaderMustVote: false,
};

const BY_NAME = { P346, P350, P355, P360, P380 } as const satisfies Record<ProfileName, ReleaseProfile>;

/** How a release elects; null: it is older than 3.4.6, newer than 3.10, or no release. */
export function profileForRelease(release: string): ReleaseProfile | null {
  const name = profileOfRelease(release);
  if (name === null) return null;
  const patch = Number(/^3\.\d+\.(\d+)/.exec(release)?.[1] ?? 0);
  const mended = (name === 'P346' && patch >= 13) || (name === 'P350' && patch >= 4);
  const profile = BY_NAME[name];
  return { ...profile, release, leaderMustVote: profile.leaderMustVote || mended };
}
