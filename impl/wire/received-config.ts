/**
 * The configuration that a notification carries, as its receiver reads it (QuorumPeer.configFromString and
 * QuorumPeerConfig.parseDynamicConfig, 3.8.0).
 */
import type { EnsembleConfig, Member, QuorumSystem } from '../../types/ensemble.js';
import { asConfigVersion, asSid, type ConfigVersion, type Sid } from '../../types/ids.js';
import { parseProperties } from '../../types/properties.js';
import { parseJavaLong, trimJava } from './java-text.js';
import { groupFaults, isHierarchical, isWeighedTwice, readGroups } from './received-groups.js';
import { configError, type ConfigFault, isConfigFault, readServerValue, receiverDies } from './server-value.js';

/** What the receiver's own settings decide. */
export interface ConfigReader {
  /** `zookeeper.multiAddress.enabled`, off by default. */
  readonly multiAddress: boolean;
  /** `standaloneEnabled` of zoo.cfg, on by default. */
  readonly standaloneEnabled: boolean;
  /** `oraclePath` of the receiver's committed configuration: with one, groups and weights are not looked at. */
  readonly oraclePath: string | null;
}

export const DEFAULT_CONFIG_READER: ConfigReader = { multiAddress: false, standaloneEnabled: true, oraclePath: null };

export type ReceivedConfig =
  /** A member may have no address, which no other reader gives. */
  | { readonly kind: 'parsed'; readonly config: EnsembleConfig }
  /** Logged; the notification is processed with no configuration. */
  | { readonly kind: 'configError'; readonly message: string }
  /** No handler: the WorkerReceiver ends, and the server hears no election message any more. */
  | { readonly kind: 'receiverDies'; readonly message: string }
  /**
   * Faults of both kinds, or one id in two spellings (`server.1`, `server.01`): Java goes through a hash table, and its
   * order, which changed between versions of Java, decides.
   */
  | { readonly kind: 'orderDecides'; readonly message: string };

/**
 * Reads a configuration text. Left out: the network (a host is not resolved, so equal addresses in two spellings stay two)
 * and the count of groups (a `group.N` without servers counts for Java's quorums and has no place in QuorumSystem).
 */
export function readReceivedConfig(text: string, reader: ConfigReader = DEFAULT_CONFIG_READER): ReceivedConfig {
  const properties = parseProperties(text);
  // Properties.loadConvert throws IllegalArgumentException.
  if (!properties.ok) return receiverDies(properties.error.message);
  const entries = new Map([...properties.value.last].map(([key, { value }]) => [key, value]));
  for (const key of entries.keys()) {
    if (!isKnownKey(trimJava(key))) return configError(`unrecognised parameter "${key}"`);
  }
  const grouped = reader.oraclePath === null && [...entries.keys()].some((key) => isHierarchical(trimJava(key)));
  const members = readMembers(entries, reader);
  const version = readVersion(entries.get('version'));
  const faults = [...members.faults];
  if (typeof version !== 'bigint') faults.push(version);
  if (grouped) faults.push(...groupFaults(entries));
  const twice = members.twice || (grouped && isWeighedTwice(entries));
  const decided = decide(faults) ?? (twice ? orderDecides('one server stands there twice') : null);
  if (decided !== null) return decided;
  const system = grouped ? readGroups(entries, members.members) : plainSystem(reader);
  if (isConfigFault(system)) return system;
  const fault = memberFault(members.members, reader.standaloneEnabled);
  if (fault !== null) return fault;
  const sorted = [...members.members].sort((a, b) => (a.sid < b.sid ? -1 : 1));
  const known = typeof version === 'bigint' ? version : asConfigVersion(0n);
  return { kind: 'parsed', config: { version: known, members: sorted, quorumSystem: system } };
}

const isKnownKey = (key: string): boolean => isHierarchical(key) || key.startsWith('server.') || key === 'version';

function plainSystem({ oraclePath }: ConfigReader): QuorumSystem {
  return oraclePath === null ? { kind: 'majority' } : { kind: 'oracle', oraclePath };
}

/** Keys are trimmed to be recognised and not to be read: `"\ server.1"` is known and ignored. */
function readMembers(
  entries: ReadonlyMap<string, string>,
  { multiAddress }: ConfigReader,
): { readonly members: readonly Member[]; readonly faults: readonly ConfigFault[]; readonly twice: boolean } {
  const members = new Map<Sid, Member>();
  const faults: ConfigFault[] = [];
  let twice = false;
  for (const [key, value] of entries) {
    if (!key.startsWith('server.')) continue;
    const id = parseJavaLong(key.slice('server.'.length), 10);
    if (id === null) {
      faults.push(receiverDies(`"${key}" has no number`));
      continue;
    }
    const read = readServerValue(asSid(id), value, multiAddress);
    if (read.kind !== 'member') faults.push(read);
    else if (members.has(asSid(id))) twice = true;
    else members.set(asSid(id), read.member);
  }
  return { members: [...members.values()], faults, twice };
}

/** Long.parseLong(value, 16), blanks after it included: a version of −1 is printed as ffffffffffffffff and not read back. */
function readVersion(text: string | undefined): ConfigVersion | ConfigFault {
  if (text === undefined) return asConfigVersion(0n);
  const version = parseJavaLong(text, 16);
  return version === null ? receiverDies(`version "${text}" is not hexadecimal`) : asConfigVersion(version);
}

/** The faults of single lines: Java meets one of them first, and ends there. */
function decide(faults: readonly ConfigFault[]): ReceivedConfig | null {
  const [first] = faults;
  if (first === undefined) return null;
  const other = faults.find(({ kind }) => kind !== first.kind);
  return other === undefined ? first : orderDecides(`${first.message}; ${other.message}`);
}

function orderDecides(message: string): ReceivedConfig {
  return { kind: 'orderDecides', message };
}

/** What parseDynamicConfig asks of the whole: IllegalArgumentException each. None at all is fine in a text without servers. */
function memberFault(members: readonly Member[], standaloneEnabled: boolean): ConfigFault | null {
  const voters = members.filter(({ type }) => type === 'PARTICIPANT').length;
  if (voters === 0 && !standaloneEnabled) return receiverDies('no participants');
  if (voters === members.length) return null;
  if (voters === 0) return receiverDies('observers without participants');
  return voters === 1 && standaloneEnabled ? receiverDies('observers without a quorum') : null;
}
