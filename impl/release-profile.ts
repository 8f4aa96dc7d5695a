/**
 * The one place where releases differ. A profile names a group of releases whose election function behaves
 * alike; every value that a step takes from a release stands here, so that a new profile is a new record.
 */
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
}

/** 3.8.0 to 3.8.6, 3.9.0 to 3.9.5 and the 3.10 snapshots: separate LEADING branch, oracle, re-check on time-out. */
export const P380: ReleaseProfile = {
  name: 'P380',
  releases: '3.8, 3.9, master',
  finalizeWaitMs: 200,
  minNotificationIntervalMs: 200,
  maxNotificationIntervalMs: 60_000,
  messageVersion: 2,
};
