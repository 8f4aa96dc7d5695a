/** Vote.equals, 3.8.0 (unchanged since 3.7.0). */
import type { Vote } from '../types/vote.js';

/**
 * Do two votes agree? If either is LOOKING all four fields count. Else zxid and round are ignored, because
 * members of one ensemble may report them differently (ZOOKEEPER-1732), and so is the epoch if exactly one
 * of the two has format version 0 (ZOOKEEPER-1805). Symmetric, not transitive; the states are not compared.
 */
export function votesEqual(a: Vote, b: Vote): boolean {
  if (a.leader !== b.leader) return false;
  if (a.state === 'LOOKING' || b.state === 'LOOKING') {
    return a.zxid === b.zxid && a.round === b.round && a.epoch === b.epoch;
  }
  const mixedVersions = a.version > 0 !== b.version > 0;
  return mixedVersions || a.epoch === b.epoch;
}
