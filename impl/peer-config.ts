/** What a peer is told and never changes by itself: its id, its configuration, its release. */
import type { EnsembleConfig, Membership } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import type { LearnerType } from '../types/server-state.js';
import { P380, type ReleaseProfile } from './release-profile.js';

export interface PeerConfig {
  readonly sid: Sid;
  readonly learnerType: LearnerType;
  readonly membership: Membership;
  readonly profile: ReleaseProfile;
  /** Voters of the committed configuration (getVotingMembers). */
  readonly committedVoters: ReadonlySet<Sid>;
  /** Voters of the committed or the last seen configuration (getCurrentAndNextConfigVoters), ascending. */
  readonly voters: readonly Sid[];
  /** The same as a set: validVoter(sid). */
  readonly validVoters: ReadonlySet<Sid>;
  /**
   * The verifiers that must all agree (FastLeaderElection.getVoteTracker): the committed one, and the last
   * seen one if its version is greater.
   */
  readonly verifiers: readonly Verifier[];
}

/** One quorum verifier with what the hot path asks of it. */
export interface Verifier {
  readonly config: EnsembleConfig;
  readonly voters: ReadonlySet<Sid>;
}

export interface PeerConfigInput {
  readonly sid: Sid;
  readonly membership: Membership;
  /** Default: what the committed configuration says of this sid, PARTICIPANT if it does not know it. */
  readonly learnerType?: LearnerType;
  readonly profile?: ReleaseProfile;
}

/** Derives the sets that the election asks for again and again. */
export function makePeerConfig(input: PeerConfigInput): PeerConfig {
  const { sid, membership, profile = P380 } = input;
  const own = membership.committed.members.find((member) => member.sid === sid);
  const committed = verifierOf(membership.committed);
  const lastSeen = membership.lastSeen === null ? null : verifierOf(membership.lastSeen);
  const voters = [...new Set([...committed.voters, ...(lastSeen?.voters ?? [])])].sort(ascending);
  const joint = lastSeen !== null && lastSeen.config.version > committed.config.version;
  return {
    sid,
    learnerType: input.learnerType ?? own?.type ?? 'PARTICIPANT',
    membership,
    profile,
    committedVoters: committed.voters,
    voters,
    validVoters: new Set(voters),
    verifiers: joint ? [committed, lastSeen] : [committed],
  };
}

function verifierOf(config: EnsembleConfig): Verifier {
  const voters = config.members.filter((member) => member.type === 'PARTICIPANT').map((member) => member.sid);
  return { config, voters: new Set(voters) };
}

function ascending(a: bigint, b: bigint): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
