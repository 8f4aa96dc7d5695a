/**
 * What releases before 3.8 do otherwise. The specification is that of 3.8 and 3.9; a server of an older release carries a
 * profile, and the actions ask it. Read off FastLeaderElection and Vote at the tags that are named.
 */

export interface Profile {
  /** For people. */
  readonly name: string;
  /** The release that it was asked for. */
  readonly release: string;
  /** buildMsg: the format version of messages [Notification.CURRENTVERSION]. */
  readonly format: number;
  /** J3 and the second look of a time-out at the oracle's answer exist (3.8.0, ZOOKEEPER-3922). */
  readonly oracle: boolean;
  /**
   * J1: a report of the own round enters recvset as a report, and its leader must stand there as LEADING (3.6.0, ZOOKEEPER-3537).
   * Before: it enters as if LOOKING, and its leader must stand in outofelection, into which the report has not yet come.
   */
  readonly reportsStayReports: boolean;
  /** K0: a zxid of −1 is refused (3.6.0, ZOOKEEPER-261). */
  readonly zxidNeeded: boolean;
  /**
   * Reports, decisions and published votes have a round, and Vote.equals knows reports (3.5.5, ZOOKEEPER-1818; 3.4.6). In
   * 3.5.0 to 3.5.4 the four fields of two votes must be equal, zxid and round of reports are −1, and so is the round of a decision.
   */
  readonly roundsOutside: boolean;
  /** A report's epoch may be younger than what the old format is told: for its senders the vote is kept as decided (3.4, [bcVote]). */
  readonly keepsOldVote: boolean;
  /** The gate asks for the proposed leader, too (3.4.13, 3.5.4, ZOOKEEPER-2988). */
  readonly gateForLeader: boolean;
}

const CURRENT: Profile = {
  name: '3.8, 3.9',
  release: '3.8.0',
  format: 2,
  oracle: true,
  reportsStayReports: true,
  zxidNeeded: true,
  keepsOldVote: false,
  roundsOutside: true,
  gateForLeader: true,
};

const OF_3_6: Profile = { ...CURRENT, name: '3.6, 3.7', oracle: false };
const OF_3_5: Profile = { ...OF_3_6, name: '3.5.5 to 3.5.10', reportsStayReports: false, zxidNeeded: false };
const OF_3_5_0: Profile = { ...OF_3_5, name: '3.5.0 to 3.5.4', roundsOutside: false, gateForLeader: false };
const OF_3_4: Profile = { ...OF_3_5, name: '3.4.6 to 3.4.14', format: 1, keepsOldVote: true, gateForLeader: false };

// Asked again and again by who follows a log.
const known = new Map<string, Profile | null>();

/** The profile of a release such as `3.4.14` or `3.6.0-SNAPSHOT`; null: the specification says nothing of it. */
export function specProfile(release: string): Profile | null {
  const found = known.get(release);
  if (found !== undefined) return found;
  const group = groupOf(release);
  const profile = group === null ? null : { ...group, release };
  known.set(release, profile);
  return profile;
}

function groupOf(release: string): Profile | null {
  const [, minorText, patchText] = /^3\.(\d+)(?:\.(\d+))?/.exec(release) ?? [];
  if (minorText === undefined) return null;
  const minor = Number(minorText);
  // A release that names no patch is taken as the last of its line.
  const patch = patchText === undefined ? 99 : Number(patchText);
  if (minor === 4) return patch < 6 ? null : { ...OF_3_4, gateForLeader: patch >= 13 };
  if (minor === 5) return patch >= 5 ? OF_3_5 : { ...OF_3_5_0, gateForLeader: patch >= 4 };
  if (minor === 6 || minor === 7) return OF_3_6;
  return minor >= 8 && minor <= 10 ? CURRENT : null;
}

/** What the server is: without a profile, 3.8. */
export function profileOf({ profile }: { readonly profile?: Profile }): Profile {
  return profile ?? CURRENT;
}
