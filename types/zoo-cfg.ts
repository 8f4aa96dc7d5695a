/** Ensemble configuration as ZooKeeper 3.8.0 reads it from `zoo.cfg` and from a dynamic configuration file. */
import { err, ok, type Result } from '../base/result.js';
import type { EnsembleConfig, Member, QuorumSystem } from './ensemble.js';
import { asConfigVersion, asSid, type ConfigVersion, type Sid } from './ids.js';
import { LONG_MAX, LONG_MIN, parseDecimalInt64, toHex } from './int64.js';
import { parseProperties, type PropertiesText, type PropertyEntry } from './properties.js';
import { javaSplit, parseRole, parseServerValue, printServerValue } from './server-line.js';

/** A configuration file, read. */
export interface ZooCfg {
  readonly ensemble: EnsembleConfig;
  /** Every other setting of the file, trimmed; of a repeated key the last. */
  readonly settings: ReadonlyMap<string, string>;
  /** Path of the dynamic configuration as the file names it; null if the members stand in the file itself. */
  readonly dynamicConfigFile: string | null;
}

/** Why a configuration cannot be used. */
export interface ConfigError {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** One sentence that begins with `file:line`. */
  readonly message: string;
}

/** A configuration file's text and name. */
export interface ConfigText {
  readonly text: string;
  readonly fileName: string;
}

/** One line of the members: what it is about and where it stands. */
interface Numbered<T> {
  readonly value: T;
  readonly line: number;
}

/** Carries the file's name to every error. */
class Reader {
  readonly file: string;
  constructor(file: string) {
    this.file = file;
  }
  fail(line: number, message: string): { readonly ok: false; readonly error: ConfigError } {
    return err({ file: this.file, line, message: `${this.file}:${line}: ${message}.` });
  }
}

/**
 * Reads a configuration (QuorumPeerConfig.parseProperties and parseDynamicConfig, 3.8.0). `dynamic` is the
 * text of the file that `dynamicConfigFile` names; without it such a file is an error, because the members
 * stand elsewhere. Where `Properties` would silently keep the last of two equal server, group or weight lines,
 * this refuses. An `oraclePath` wins over groups, as in QuorumPeerConfig.createQuorumVerifier.
 */
export function parseZooCfg(text: string, fileName: string, dynamic?: ConfigText): Result<ZooCfg, ConfigError> {
  const reader = new Reader(fileName);
  const parsed = parseProperties(text);
  if (!parsed.ok) return reader.fail(parsed.error.line, parsed.error.message);
  const settings = new Map<string, string>();
  for (const [key, entry] of parsed.value.last) if (!isMemberKey(key)) settings.set(key, entry.value.trim());
  const checked = checkSettings(reader, parsed.value);
  if (!checked.ok) return checked;
  const pointer = parsed.value.last.get('dynamicConfigFile');
  if (pointer === undefined) {
    const ensemble = parseEnsemble({
      reader,
      properties: parsed.value,
      settings,
      fileVersion: versionOfName(fileName),
    });
    return ensemble.ok ? ok({ ensemble: ensemble.value, settings, dynamicConfigFile: null }) : ensemble;
  }
  const misplaced = parsed.value.entries.find((entry) => isMemberKey(entry.key) && entry.key !== 'version');
  if (misplaced !== undefined) {
    return reader.fail(
      misplaced.line,
      `"${misplaced.key}" must stand in the dynamic configuration file ${pointer.value}`,
    );
  }
  if (dynamic === undefined) {
    return reader.fail(pointer.line, `the members stand in the dynamic configuration file ${pointer.value}, not here`);
  }
  return parseDynamic(dynamic, settings, pointer.value.trim());
}

/** The `dynamicConfigFile` that a configuration names, null if none (or if the text cannot be read at all). */
export function dynamicConfigFileOf(text: string): string | null {
  const parsed = parseProperties(text);
  return parsed.ok ? (parsed.value.last.get('dynamicConfigFile')?.value.trim() ?? null) : null;
}

/** Prints a configuration as QuorumMaj.toString and QuorumHierarchical.toString do (3.8.0), ascending by id. */
export function printDynamicConfig(config: EnsembleConfig): string {
  const lines = config.members.map((member) => `server.${member.sid}=${printServerValue(member)}`);
  if (config.quorumSystem.kind === 'hierarchical') {
    const { groups, weights } = config.quorumSystem;
    const byGroup = new Map<bigint, Sid[]>();
    for (const sid of ascending(groups.keys())) {
      const group = groups.get(sid) ?? 0n;
      byGroup.set(group, [...(byGroup.get(group) ?? []), sid]);
    }
    for (const group of ascending(byGroup.keys())) lines.push(`group.${group}=${byGroup.get(group)?.join(':') ?? ''}`);
    for (const sid of ascending(weights.keys())) lines.push(`weight.${sid}=${weights.get(sid) ?? 1n}`);
  }
  lines.push(`version=${toHex(config.version)}`);
  return lines.join('\n');
}

function ascending<T extends bigint>(values: Iterable<T>): T[] {
  return [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

const isMemberKey = (key: string): boolean =>
  key.startsWith('server.') || key.startsWith('group') || key.startsWith('weight') || key === 'version';

const INTEGERS = ['tickTime', 'initLimit', 'syncLimit', 'clientPort', 'electionAlg'];

/** The scalar settings whose malformed values stop ZooKeeper (QuorumPeerConfig.parseProperties). */
function checkSettings(reader: Reader, properties: PropertiesText): Result<null, ConfigError> {
  for (const key of INTEGERS) {
    const entry = properties.last.get(key);
    if (entry === undefined) continue;
    const value = entry.value.trim();
    if (!/^[+-]?\d{1,10}$/.test(value)) return reader.fail(entry.line, `${key} "${value}" is not a number`);
    if (key === 'electionAlg' && Number(value) !== 3) {
      return reader.fail(entry.line, `electionAlg ${value} is not supported, only 3 is`);
    }
  }
  const peerType = properties.last.get('peerType');
  if (peerType !== undefined) {
    const role = parseRole(peerType.value);
    if (!role.ok) return reader.fail(peerType.line, `peerType ${role.error}`);
  }
  return ok(null);
}

/** A separate dynamic file: only members, and its version in its name (QuorumPeerConfig.parse, 3.8.0). */
function parseDynamic(
  dynamic: ConfigText,
  settings: ReadonlyMap<string, string>,
  pointer: string,
): Result<ZooCfg, ConfigError> {
  const reader = new Reader(dynamic.fileName);
  const properties = parseProperties(dynamic.text);
  if (!properties.ok) return reader.fail(properties.error.line, properties.error.message);
  const stranger = properties.value.entries.find((entry) => !isMemberKey(entry.key));
  if (stranger !== undefined) return reader.fail(stranger.line, `"${stranger.key}" does not belong in a dynamic file`);
  const version = properties.value.last.get('version');
  if (version !== undefined) {
    return reader.fail(version.line, "a dynamic file's version stands in its name, not in a version line");
  }
  const fileVersion = versionOfName(pointer) ?? versionOfName(dynamic.fileName);
  const ensemble = parseEnsemble({ reader, properties: properties.value, settings, fileVersion });
  return ensemble.ok ? ok({ ensemble: ensemble.value, settings, dynamicConfigFile: pointer }) : ensemble;
}

/** `zoo.cfg.dynamic.100000000` is version 0x100000000 (QuorumPeerConfig.getVersionFromFilename). */
function versionOfName(fileName: string): ConfigVersion | null {
  const match = /\.dynamic\.([0-9a-fA-F]{1,16})$/.exec(fileName);
  return match?.[1] === undefined ? null : parseJavaHex(match[1]);
}

/** `Long.parseLong(text, 16)`: signed, so a pattern above 7fff… is refused. */
function parseJavaHex(text: string): ConfigVersion | null {
  const match = /^([+-]?)0*([0-9a-fA-F]{1,16})$/.exec(text);
  if (match?.[2] === undefined) return null;
  const value = match[1] === '-' ? -BigInt(`0x${match[2]}`) : BigInt(`0x${match[2]}`);
  return value < LONG_MIN || value > LONG_MAX ? null : asConfigVersion(value);
}

interface EnsembleSource {
  readonly reader: Reader;
  readonly properties: PropertiesText;
  readonly settings: ReadonlyMap<string, string>;
  readonly fileVersion: ConfigVersion | null;
}

function parseEnsemble(source: EnsembleSource): Result<EnsembleConfig, ConfigError> {
  const { reader, properties, settings } = source;
  const members = parseMembers(reader, properties);
  if (!members.ok) return members;
  const voters = members.value.filter((member) => member.value.type === 'PARTICIPANT');
  const first = members.value[0]?.line ?? 1;
  if (voters.length === 0) return reader.fail(first, 'there are observers but no participants');
  if (voters.length === 1 && members.value.length > 1 && settings.get('standaloneEnabled')?.toLowerCase() !== 'false') {
    return reader.fail(first, 'there is one participant only, which cannot have observers (standaloneEnabled is on)');
  }
  let version = source.fileVersion ?? asConfigVersion(0n);
  const entry = properties.last.get('version');
  if (entry !== undefined) {
    const read = parseJavaHex(entry.value);
    if (read === null) return reader.fail(entry.line, `version "${entry.value}" is not a hexadecimal 64-bit number`);
    version = read;
  }
  const quorumSystem = parseQuorumSystem(source, voters);
  if (!quorumSystem.ok) return quorumSystem;
  const sorted = members.value.map((member) => member.value).sort((a, b) => (a.sid < b.sid ? -1 : 1));
  return ok({ version, members: sorted, quorumSystem: quorumSystem.value });
}

function parseMembers(reader: Reader, properties: PropertiesText): Result<readonly Numbered<Member>[], ConfigError> {
  const seen = new Map<Sid, number>();
  const members: Numbered<Member>[] = [];
  for (const entry of properties.entries) {
    if (!entry.key.startsWith('server.')) continue;
    const sid = idOf(reader, entry, seen);
    if (!sid.ok) return sid;
    const member = parseServerValue(sid.value, entry.value);
    if (!member.ok) return reader.fail(entry.line, `${entry.key}: ${member.error}`);
    members.push({ value: member.value, line: entry.line });
  }
  return members.length === 0 ? reader.fail(1, 'there is no server line') : ok(members);
}

/** The number after the first dot of a key; a second line for the same number is refused. */
function idOf(reader: Reader, entry: PropertyEntry, seen: Map<Sid, number>): Result<Sid, ConfigError> {
  const id = parseDecimalInt64(entry.key.slice(entry.key.indexOf('.') + 1));
  if (!id.ok) return reader.fail(entry.line, `"${entry.key}": ${id.error}`);
  const sid = asSid(id.value);
  const before = seen.get(sid);
  if (before !== undefined) {
    return reader.fail(
      entry.line,
      `"${entry.key}" stands twice, first in line ${before}; ZooKeeper would keep only one`,
    );
  }
  seen.set(sid, entry.line);
  return ok(sid);
}

/** QuorumHierarchical.parse (3.8.0); majority if there is neither a group nor a weight line. */
function parseQuorumSystem(
  source: EnsembleSource,
  voters: readonly Numbered<Member>[],
): Result<QuorumSystem, ConfigError> {
  const { reader, properties } = source;
  const oraclePath = source.settings.get('oraclePath');
  if (oraclePath !== undefined) return ok({ kind: 'oracle', oraclePath });
  const weightLines = properties.entries.filter((entry) => entry.key.startsWith('weight'));
  const groupLines = properties.entries.filter((entry) => entry.key.startsWith('group'));
  if (weightLines.length + groupLines.length === 0) return ok({ kind: 'majority' });
  const groups = parseGroups(reader, groupLines);
  if (!groups.ok) return groups;
  const weights = new Map<Sid, bigint>();
  const seen = new Map<Sid, number>();
  for (const entry of weightLines) {
    const sid = idOf(reader, entry, seen);
    if (!sid.ok) return sid;
    const weight = parseDecimalInt64(entry.value);
    if (!weight.ok) return reader.fail(entry.line, `${entry.key}: ${weight.error}`);
    weights.set(sid.value, weight.value);
  }
  for (const { value: voter, line } of voters) {
    if (!groups.value.has(voter.sid)) return reader.fail(line, `server ${voter.sid} votes but stands in no group`);
    if (!weights.has(voter.sid)) weights.set(voter.sid, 1n);
  }
  for (const [sid, { line }] of groups.value) {
    // computeGroupWeight unboxes a missing weight: the server would stop with a NullPointerException.
    if (!weights.has(sid))
      return reader.fail(line, `server ${sid} stands in a group but neither votes nor has a weight`);
  }
  return ok({
    kind: 'hierarchical',
    groups: new Map([...groups.value].map(([sid, group]) => [sid, group.value])),
    weights,
  });
}

function parseGroups(
  reader: Reader,
  lines: readonly PropertyEntry[],
): Result<ReadonlyMap<Sid, Numbered<bigint>>, ConfigError> {
  const groups = new Map<Sid, Numbered<bigint>>();
  const seen = new Map<Sid, number>();
  for (const entry of lines) {
    const group = idOf(reader, entry, seen);
    if (!group.ok) return group;
    for (const text of javaSplit(entry.value, ':')) {
      const sid = parseDecimalInt64(text);
      if (!sid.ok) return reader.fail(entry.line, `${entry.key}: ${sid.error}`);
      const before = groups.get(asSid(sid.value));
      if (before !== undefined) {
        return reader.fail(entry.line, `server ${sid.value} stands in two groups, first in line ${before.line}`);
      }
      groups.set(asSid(sid.value), { value: group.value, line: entry.line });
    }
  }
  return ok(groups);
}
