/** The grammar of a `server.N=` value (QuorumPeer.QuorumServer.initializeWithAddressString, 3.8.0). */
import { err, ok, type Result } from '../base/result.js';
import type { Member, ServerAddress } from './ensemble.js';
import type { Sid } from './ids.js';
import type { LearnerType } from './server-state.js';

const FORM =
  'host:quorumPort:electionPort[:participant|observer], several of these separated by |, ' +
  'then optionally ;[clientHost:]clientPort';

/**
 * Reads the value of a server line. Several addresses are accepted whether or not `multiAddress.enabled` is
 * set: ZooKeeper 3.8.0 takes that from a JVM property, which no file shows. Error: one clause, without place.
 */
export function parseServerValue(sid: Sid, value: string): Result<Member> {
  const parts = javaSplit(value, ';');
  if (parts.length > 2) return err(`"${value}" has more than one ";"; expected ${FORM}`);
  const client = parts[1] === undefined ? ok(null) : parseClient(parts[1]);
  if (!client.ok) return client;
  const addresses: ServerAddress[] = [];
  let type: LearnerType | null = null;
  for (const text of javaSplit(parts[0] ?? '', '|')) {
    const one = parseAddress(text);
    if (!one.ok) return one;
    if (one.value.type !== null) {
      if (type !== null && type !== one.value.type) return err('the addresses of one server name different roles');
      type = one.value.type;
    }
    addresses.push(one.value.address);
  }
  if (addresses.length === 0) return err(`there is no address; expected ${FORM}`);
  return ok({ sid, type: type ?? 'PARTICIPANT', addresses, clientAddress: client.value });
}

/** Prints a member as QuorumPeer.QuorumServer.toString does (3.8.0): addresses ordered by host. */
export function printServerValue(member: Member): string {
  const addresses = [...member.addresses].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0));
  const list = addresses.map((a) => `${bracketed(a.host)}:${a.quorumPort}:${a.electionPort}`).join('|');
  const client = member.clientAddress;
  const suffix = client === null ? '' : `;${bracketed(client.host)}:${client.port}`;
  return `${list}:${member.type.toLowerCase()}${suffix}`;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function parseClient(text: string): Result<{ readonly host: string; readonly port: number }> {
  const parts = hostAndPorts(text);
  if (!parts.ok) return parts;
  if (parts.value.length > 2) return err(`client address "${text}" has too many parts; expected [host:]port`);
  const port = parsePort(parts.value.at(-1) ?? '');
  if (!port.ok) return err(`client port ${port.error}`);
  return ok({ host: parts.value.length === 2 ? (parts.value[0] ?? '') : '0.0.0.0', port: port.value });
}

function parseAddress(text: string): Result<{ readonly address: ServerAddress; readonly type: LearnerType | null }> {
  const parts = hostAndPorts(text);
  if (!parts.ok) return parts;
  const [host, quorum, election, role] = parts.value;
  if (host === undefined || quorum === undefined || election === undefined || parts.value.length > 4) {
    return err(`"${text}" has ${parts.value.length} parts; expected ${FORM}`);
  }
  const quorumPort = parsePort(quorum);
  if (!quorumPort.ok) return err(`quorum port ${quorumPort.error}`);
  const electionPort = parsePort(election);
  if (!electionPort.ok) return err(`election port ${electionPort.error}`);
  if (quorumPort.value === electionPort.value) {
    return err(`quorum port and election port are both ${quorumPort.value}; they must differ`);
  }
  const type = role === undefined ? ok(null) : parseRole(role);
  if (!type.ok) return type;
  return ok({ address: { host, quorumPort: quorumPort.value, electionPort: electionPort.value }, type: type.value });
}

/** `participant` or `observer` in any case, blanks around it allowed (QuorumServer.getType). */
export function parseRole(text: string): Result<LearnerType> {
  const name = text.trim().toLowerCase();
  if (name === 'participant') return ok('PARTICIPANT');
  if (name === 'observer') return ok('OBSERVER');
  return err(`"${text}" is not a role; expected participant or observer`);
}

/** ConfigUtils.getHostAndPort (3.8.0): an IPv6 host stands in brackets. */
function hostAndPorts(text: string): Result<readonly string[]> {
  if (!text.startsWith('[')) return ok(javaSplit(text, ':'));
  const end = text.indexOf(']');
  if (end < 0) return err(`"${text}" begins with "[" but has no "]"`);
  if (text[end + 1] !== ':' || end + 2 === text.length) return err(`"${text}" has no port after "]"`);
  return ok([text.slice(1, end), ...javaSplit(text.slice(end + 2), ':')]);
}

/** Integer.parseInt and the range of InetSocketAddress: blanks around the number are refused, as in ZooKeeper. */
function parsePort(text: string): Result<number> {
  const why = text !== text.trim() ? ' (there is a blank beside it, which ZooKeeper refuses)' : '';
  if (!/^[+-]?\d{1,10}$/.test(text)) return err(`"${text}" is not a number${why}`);
  const port = Number(text);
  return port >= 0 && port <= 65_535 ? ok(port) : err(`${text} is outside 0 to 65535`);
}

/** `String.split` of Java with a literal separator: trailing empty parts are dropped. */
export function javaSplit(text: string, separator: string): readonly string[] {
  const parts = text.split(separator);
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
