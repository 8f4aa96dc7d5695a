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
  readonly name: 'P380';
  /** Releases it stands for, for people. */
  readonly releases: string;
  /** FastLeaderElection.finalizeWait: silence that confirms a decision, in milliseconds. */
  readonly finalizeWaitMs: number;
  /** FastLeaderElection.minNotificationInterval: first wait of a round, in milliseconds. */
  readonly minNotificationIntervalMs: number;
  /** FastLeaderElection.maxNotificationInterval: cap of the back-off, in milliseconds. */
  readonly maxNotificationIntervalMs: number;
  /** Notification.CURRENTVERSION, the format version of what is sent. */
  readonly messageVersion: number;
  /** Seeded on purpose, to be found again. */
  readonly defects: readonly Defect[];
}

export function hasDefect({ defects }: ReleaseProfile, defect: Defect): boolean {
  return defects.includes(defect);
}

/** 3.8.0 to 3.8.6, 3.9.0 to 3.9.5 and the 3.10 snapshots: separate LEADING branch, oracle, re-check on time-out. */
export const P380: ReleaseProfile = {
  name: 'P380',
  releases: '3.8, 3.9, master',
  finalizeWaitMs: 200,
  minNotificationIntervalMs: 200,
  maxNotificationIntervalMs: 60_000,
  messageVersion: 2,
  defects: [],
};
