/**
 * The first bytes of a connection to the election port (QuorumCnxManager.startConnection, handleConnection and
 * InitialMessage.parse, 3.8.0): who is calling, and where it can be called back. Plain connections; SASL and TLS are not here.
 */
import { assert } from '../../base/assert.js';
import { asSid, type Sid } from '../../types/ids.js';
import { LONG_MAX } from '../../types/int64.js';
import { hostAndPort, isWildcardHost } from './host-and-port.js';
import { decodeUtf8, encodeUtf8, parseJavaInt, splitJava } from './java-text.js';

/** An address as text: no name is resolved here. */
export interface HostPort {
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** V1 since 3.5.0, V2 since 3.6.0 with multi-address; before 3.5.0 the id came alone. */
export type InitialProtocol = 'legacy' | 'V1' | 'V2';

export interface InitialMessage {
  readonly protocol: InitialProtocol;
  /** Not negative in a legacy message. */
  readonly sid: Sid;
  /** None in a legacy message. Read: without wildcard hosts; if none is left the configured address is called back. */
  readonly addresses: readonly HostPort[];
}

/** Why the acceptor closes, in the order of its tests. */
export const INITIAL_REJECTIONS = [
  /** The bytes end, or no more come within the read timeout. */
  'eof',
  'badProtocolVersion',
  'badLength',
  /** The address did not come with the rest: the acceptor reads it once, it does not wait. */
  'shortAddress',
  'badAddress',
  /** A port that InetSocketAddress refuses: unchecked, so the listener ends for good, and the process lives on. */
  'listenerDies',
] as const;
export type InitialRejection = (typeof INITIAL_REJECTIONS)[number];

export type InitialReading =
  | {
      readonly kind: 'accepted';
      readonly message: InitialMessage;
      /** Long.MAX_VALUE: an observer without an id, which the acceptor numbers −1, −2, … (QuorumPeer.OBSERVER_ID). */
      readonly anonymous: boolean;
      /** Bytes of the message; frames may follow it. */
      readonly consumed: number;
    }
  | { readonly kind: 'rejected'; readonly why: InitialRejection; readonly detail: string };

const PROTOCOL_VERSION = { V1: -65536n, V2: -65535n } as const;
/** QuorumCnxManager.maxBuffer. */
const ADDRESS_BYTES_MAX = 2048;
const HEADER_BYTES = 20;
const LEGACY_BYTES = 8;

/**
 * Writes what an initiator sends; a server sends V1 with its one address unless multi-address is on. Preconditions: a legacy
 * message has a sid that is not negative.
 */
export function encodeInitialMessage({ protocol, sid, addresses }: InitialMessage): Uint8Array {
  if (protocol === 'legacy') {
    assert(sid >= 0n, 'a negative legacy sid would be read as a protocol version');
    const bytes = new Uint8Array(LEGACY_BYTES);
    new DataView(bytes.buffer).setBigInt64(0, sid);
    return bytes;
  }
  const text = encodeUtf8(addresses.map(printHostPort).join('|'));
  const bytes = new Uint8Array(HEADER_BYTES + text.length);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, PROTOCOL_VERSION[protocol]);
  view.setBigInt64(8, sid);
  view.setInt32(16, text.length);
  bytes.set(text, HEADER_BYTES);
  return bytes;
}

/** What an acceptor makes of the bytes that one read gave it, if no more come in time. */
export function decodeInitialMessage(bytes: Uint8Array): InitialReading {
  if (bytes.length < LEGACY_BYTES) return rejected('eof', `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getBigInt64(0);
  if (first >= 0n) return accepted({ protocol: 'legacy', sid: asSid(first), addresses: [] }, LEGACY_BYTES);
  const protocol = first === PROTOCOL_VERSION.V1 ? 'V1' : first === PROTOCOL_VERSION.V2 ? 'V2' : null;
  if (protocol === null) return rejected('badProtocolVersion', `unrecognized protocol version ${first}`);
  if (bytes.length < HEADER_BYTES) return rejected('eof', `${bytes.length} bytes`);
  const length = view.getInt32(16);
  if (length <= 0 || length > ADDRESS_BYTES_MAX) return rejected('badLength', `unreasonable buffer length ${length}`);
  const consumed = HEADER_BYTES + length;
  if (bytes.length < consumed) {
    return rejected('shortAddress', `only ${bytes.length - HEADER_BYTES} bytes of ${length}`);
  }
  const addresses = parseAddresses(decodeUtf8(bytes.subarray(HEADER_BYTES, consumed)));
  if ('kind' in addresses) return addresses;
  return accepted({ protocol, sid: asSid(view.getBigInt64(8)), addresses }, consumed);
}

/**
 * What an acceptor does with an accepted message (handleConnection): it closes and calls back whom it outranks, leaves a
 * caller with its own id hanging, keeps the others. Only membership is not asked. An anonymous observer counts as negative.
 */
export function fateOfCaller(sid: Sid, me: Sid): 'calledBack' | 'leftHanging' | 'kept' {
  if (sid === me) return 'leftHanging';
  return sid < me ? 'calledBack' : 'kept';
}

function accepted(message: InitialMessage, consumed: number): InitialReading {
  return { kind: 'accepted', message, anonymous: message.sid === LONG_MAX, consumed };
}

function rejected(why: InitialRejection, detail: string): Extract<InitialReading, { kind: 'rejected' }> {
  return { kind: 'rejected', why, detail };
}

/** V1 means one address and V2 several, but the parser does not ask. "|" alone is no address, which is accepted. */
function parseAddresses(text: string): readonly HostPort[] | Extract<InitialReading, { kind: 'rejected' }> {
  const addresses: HostPort[] = [];
  for (const part of splitJava(text, '|')) {
    const parts = hostAndPort(part);
    const [host, portText] = parts ?? [];
    if (parts?.length !== 2 || host === undefined || portText === undefined) {
      return rejected('badAddress', `badly formed address ${part}`);
    }
    const port = parseJavaInt(portText);
    if (port === null) return rejected('badAddress', `bad port number ${portText}`);
    // Before the port's range is looked at: a wildcard is forgiven any port.
    if (isWildcardHost(host)) continue;
    if (port < 0 || port > 65_535) return rejected('listenerDies', `port out of range: ${port}`);
    addresses.push({ host, port });
  }
  return addresses;
}

/** NetUtils.formatInetAddr. */
function printHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
