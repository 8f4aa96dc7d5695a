/** Between the frames that threads hand on and the bytes of the election port (impl/wire). */
import { asConfigVersion, type Sid } from '../../types/ids.js';
import type { Outgoing } from '../effect.js';
import { decodeInitialMessage, encodeInitialMessage, type HostPort } from '../wire/initial-message.js';
import { decodeNotification, encodeNotification, stateOf } from '../wire/notification.js';
import { readReceivedConfig } from '../wire/received-config.js';
import type { Frame, Introduction } from './state.js';

/** A frame's payload; `configText` is the sender's committed configuration. */
export function payloadOf(message: Outgoing, configText: string): Uint8Array {
  return encodeNotification(message, configText);
}

/**
 * What WorkerReceiver makes of a payload (WR2, WR3, WR5). `receiverDies`: an unchecked exception ends the thread, and the server hears
 * no election message any more. A voter's message with an unknown state counts as malformed: it is dropped without an answer.
 */
export function frameOf(payload: Uint8Array): Frame | 'receiverDies' {
  const read = decodeNotification(payload);
  if (read.kind === 'skipped') return { malformed: read.why };
  const { leader, zxid, round, epoch, version, configText } = read.notification;
  const config = configText === null ? null : readReceivedConfig(configText);
  if (config?.kind === 'receiverDies') return 'receiverDies';
  const state = stateOf(read.notification);
  if (state === null) return { malformed: 'unknown state' };
  const configVersion = config?.kind === 'parsed' ? config.config.version : asConfigVersion(0n);
  return { leader, zxid, round, epoch, version, state, configVersion };
}

/** What a server says when it connects: version 1 of the protocol, its id, its election address. */
export function introductionBytes(sid: Sid, address: HostPort): Uint8Array {
  return encodeInitialMessage({ protocol: 'V1', sid, addresses: [address] });
}

/** What the listener makes of the bytes that its one read gave it (L3); null: too few, the read ends with the client or the time-out. */
export function introductionOf(bytes: Uint8Array): Introduction | null {
  const read = decodeInitialMessage(bytes);
  if (read.kind === 'accepted') return read.anonymous ? { kind: 'anonymous' } : { kind: 'sid', sid: read.message.sid };
  if (read.why === 'eof') return null;
  return { kind: 'malformed', why: read.detail, fatal: read.why === 'listenerDies' };
}
