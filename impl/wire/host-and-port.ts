/** Hosts and ports in text, as ZooKeeper and Java's InetAddress read them. */
import { splitJava } from './java-text.js';

/**
 * ConfigUtils.getHostAndPort (3.8.0): the host and what stands between colons after it; null where ConfigException is thrown.
 * Whatever single character follows `]` counts as the colon.
 */
export function hostAndPort(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return splitJava(text, ':');
  const end = text.indexOf(']');
  if (end < 0 || end + 2 === text.length) return null;
  if (end + 2 > text.length) return [text.replaceAll(/[[\]]/g, '')];
  return [text.slice(1, end), ...splitJava(text.slice(end + 2), ':')];
}

/** Longer is no IPv4 literal (IPAddressUtil.textToNumericFormatV4). */
const IPV4_LITERAL_MAX = 15;
const ZERO_V4 = /^0+(\.0+){0,3}$/;
const ZERO_V4_TAIL = /(?<=:)0+(\.0+){3}$/;
const GROUPS = 8;

/**
 * InitialMessage.isWildcardAddress for literals (JDK 17): `0.0.0.0` and its short forms, `::` and its long forms, also with a
 * zone number; and what IPv6 makes of the former, `::ffff:0.0.0.0`, without a zone. A name that resolves to a wildcard is
 * taken for a plain name: nothing is resolved here.
 */
export function isWildcardHost(host: string): boolean {
  if (!host.includes(':')) return host.length <= IPV4_LITERAL_MAX && ZERO_V4.test(host);
  const literal = host.replace(/%\d+$/, '');
  const tail = ZERO_V4_TAIL.exec(literal)?.[0] ?? '';
  const groups = tail.length > IPV4_LITERAL_MAX ? null : groupsOf(literal.replace(ZERO_V4_TAIL, '0:0'));
  if (groups === null) return false;
  const mapped = groups[5] === 0xffff && literal === host;
  return groups.every((group, index) => group === 0 || (mapped && index === 5));
}

/** The groups of an IPv6 literal; null if it is none. */
function groupsOf(text: string): readonly number[] | null {
  const sides = text.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const [left = [], right] = sides;
  const count = left.length + (right?.length ?? 0);
  if (sides.length > 2 || (right === undefined ? count !== GROUPS : count >= GROUPS)) return null;
  const omitted = Array.from({ length: GROUPS - count }, () => '0');
  const groups = [...left, ...omitted, ...(right ?? [])];
  return groups.every((group) => /^0*[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}
