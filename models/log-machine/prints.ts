/** Which lines of an election a release prints at all; wording is the parser's. */
import type { ReleaseProfile } from '../../impl/release-profile.js';
import type { ElectionLine } from '../../types/election-line.js';

/**
 * `Peer state changed: …` of a decision or of its end is printed by 3.6.0 and later only (QuorumPeer.setPeerState, by way of
 * setZabState; 3.5.10 prints lines like it that tell how far a learner has come).
 */
export function printsStateChanges({ name }: ReleaseProfile): boolean {
  return name === 'P360' || name === 'P380';
}

/** Is this line ever printed by such a release? */
export function isPrinted(profile: ReleaseProfile, { what }: ElectionLine): boolean {
  return what !== 'stateChanged' || printsStateChanges(profile);
}
