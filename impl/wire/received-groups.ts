/** Groups and weights of a received configuration (QuorumHierarchical.parse and computeGroupWeight, 3.8.0). */
import type { Member, QuorumSystem } from '../../types/ensemble.js';
import { asSid, type Sid } from '../../types/ids.js';
import { parseJavaLong, splitJava } from './java-text.js';
import { configError, type ConfigFault, receiverDies } from './server-value.js';

type Entries = ReadonlyMap<string, string>;

/** Does this key make a configuration hierarchical? `groups` and `weight` alone do, too. */
export function isHierarchical(key: string): boolean {
  return key.startsWith('group') || key.startsWith('weight');
}

/** Faults of single `group` and `weight` lines, and of two groups that share a server, whichever of them Java reads first. */
export function groupFaults(entries: Entries): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const home = new Map<bigint, string>();
  for (const [key, value] of entries) {
    if (!isHierarchical(key)) continue;
    if (idOf(key) === null) faults.push(receiverDies(`"${key}" has no number`));
    else if (key.startsWith('weight')) {
      if (parseJavaLong(value, 10) === null) faults.push(receiverDies(`${key}: "${value}" is no number`));
    } else {
      const { sids, fault } = readGroup(key, value);
      if (fault !== null) faults.push(fault);
      for (const sid of sids) {
        if (home.has(sid)) faults.push(configError(`server ${sid} is in multiple groups`));
        home.set(sid, key);
      }
    }
  }
  return faults;
}

/** Has one server two weights, by two spellings of its line? */
export function isWeighedTwice(entries: Entries): boolean {
  const ids = [...entries.keys()].filter((key) => key.startsWith('weight')).map(idOf);
  return new Set(ids).size < ids.length;
}

/** The servers of a group up to its first fault. */
function readGroup(
  key: string,
  value: string,
): { readonly sids: ReadonlySet<bigint>; readonly fault: ConfigFault | null } {
  const sids = new Set<bigint>();
  for (const text of splitJava(value, ':')) {
    const sid = parseJavaLong(text, 10);
    if (sid === null) return { sids, fault: receiverDies(`${key}: "${text}" is no number`) };
    if (sids.has(sid)) return { sids, fault: configError(`server ${sid} is in multiple groups`) };
    sids.add(sid);
  }
  return { sids, fault: null };
}

/** Precondition: groupFaults found none. */
export function readGroups(entries: Entries, members: readonly Member[]): QuorumSystem | ConfigFault {
  const groups = new Map<Sid, bigint>();
  const weights = new Map<Sid, bigint>();
  for (const [key, value] of entries) {
    const id = idOf(key);
    if (!isHierarchical(key) || id === null) continue;
    if (key.startsWith('group')) for (const sid of readGroup(key, value).sids) groups.set(asSid(sid), id);
    else weights.set(asSid(id), parseJavaLong(value, 10) ?? 0n);
  }
  for (const { sid, type } of members) {
    if (type !== 'PARTICIPANT') continue;
    if (!groups.has(sid)) return configError(`server ${sid} is not in a group`);
    if (!weights.has(sid)) weights.set(sid, 1n);
  }
  // computeGroupWeight unboxes the weight that is not there: NullPointerException.
  for (const sid of groups.keys()) if (!weights.has(sid)) return receiverDies(`server ${sid} of a group has no weight`);
  return { kind: 'hierarchical', groups, weights };
}

/** What stands after the first dot; without a dot the whole key, which is no number. */
function idOf(key: string): bigint | null {
  return parseJavaLong(key.slice(key.indexOf('.') + 1), 10);
}
