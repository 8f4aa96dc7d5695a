/** The value of a `server.N` line of a received configuration (QuorumPeer.QuorumServer.initializeWithAddressString, 3.8.0). */
import type { Member, ServerAddress } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import type { LearnerType } from '../../types/server-state.js';
import { hostAndPort } from './host-and-port.js';
import { parseJavaInt, splitJava, trimJava } from './java-text.js';

/** How Java ends the reading of a received configuration, and its reason in a few words. */
export interface ConfigFault {
  /** A checked exception is logged and the notification processed; a runtime exception ends the WorkerReceiver. */
  readonly kind: 'configError' | 'receiverDies';
  readonly message: string;
}

export type ServerReading = { readonly kind: 'member'; readonly member: Member } | ConfigFault;

const PORT_MAX = 65_535;

/**
 * Unlike the reader of configuration files (types/server-line.ts), this tells the two kinds of fault apart, and takes what
 * only Java takes: no address at all ("|"), any character after `]`. Left out: canonical names for Kerberos, off by
 * default; and a name is not resolved, so two spellings of one address stay two.
 */
export function readServerValue(sid: Sid, value: string, multiAddress: boolean): ServerReading {
  const parts = splitJava(value, ';');
  const [servers, clientText] = parts;
  if (servers === undefined) return receiverDies(`"${value}" has nothing before its ";"`);
  const client = parts.length === 2 && clientText !== undefined ? readClient(clientText) : null;
  if (client !== null && 'kind' in client) return client;
  const texts = splitJava(servers, '|');
  if (!multiAddress && texts.length > 1) return configError('several addresses, and multi-address is off');
  const addresses: ServerAddress[] = [];
  let type: LearnerType | null = null;
  for (const text of texts) {
    // Asked here and not before the loop: without any address nothing asks.
    if (parts.length > 2) return configError(`"${value}" has more than one ";"`);
    const read = readAddress(text);
    if ('kind' in read) return read;
    if (read.type !== null && type !== null && read.type !== type) return configError('addresses of different roles');
    type = read.type ?? type;
    addresses.push(read.address);
  }
  const member = { sid, type: type ?? 'PARTICIPANT', addresses, clientAddress: client };
  return { kind: 'member', member };
}

export function isConfigFault(value: { readonly kind: string }): value is ConfigFault {
  return value.kind === 'configError' || value.kind === 'receiverDies';
}

export function configError(message: string): ConfigFault {
  return { kind: 'configError', message };
}

export function receiverDies(message: string): ConfigFault {
  return { kind: 'receiverDies', message };
}

function readClient(text: string): { readonly host: string; readonly port: number } | ConfigFault {
  const parts = hostAndPort(text);
  if (parts === null || parts.length > 2) return configError(`client address "${text}"`);
  const last = parts.at(-1);
  if (last === undefined) return receiverDies(`client address "${text}" has no part`);
  const port = readPort(last);
  if (typeof port !== 'number') return port;
  return { host: parts.length === 2 ? (parts[0] ?? '') : '0.0.0.0', port };
}

function readAddress(
  text: string,
): { readonly address: ServerAddress; readonly type: LearnerType | null } | ConfigFault {
  const parts = hostAndPort(text) ?? [];
  const [host, quorum, election, role] = parts;
  if (host === undefined || quorum === undefined || election === undefined || parts.length > 4) {
    return configError(`"${text}" is not host:port:port[:role]`);
  }
  const quorumPort = readPort(quorum);
  if (typeof quorumPort !== 'number') return quorumPort;
  const electionPort = readPort(election);
  if (typeof electionPort !== 'number') return electionPort;
  if (quorumPort === electionPort) return configError(`both ports are ${quorumPort}`);
  const type = role === undefined ? null : readRole(role);
  if (type !== null && typeof type !== 'string') return type;
  return { address: { host, quorumPort, electionPort }, type };
}

/** Not a number is a ConfigException; a number that InetSocketAddress refuses is an IllegalArgumentException. */
function readPort(text: string): number | ConfigFault {
  const port = parseJavaInt(text);
  if (port === null) return configError(`port "${text}" is not a number`);
  return port >= 0 && port <= PORT_MAX ? port : receiverDies(`port ${port} is out of range`);
}

function readRole(text: string): LearnerType | ConfigFault {
  const name = trimJava(text).toLowerCase();
  if (name === 'participant') return 'PARTICIPANT';
  if (name === 'observer') return 'OBSERVER';
  return configError(`role "${text}"`);
}
