/**
 * The message of the election port (FastLeaderElection.buildMsg and WorkerReceiver.run, 3.8.0): written, and read as its
 * receiver reads it. What its configuration text means is read by received-config.ts.
 */
import {
  asConfigVersion,
  asPeerEpoch,
  asRound,
  asSid,
  asZxid,
  type ConfigVersion,
  type Sid,
  zxidEpoch,
} from '../../types/ids.js';
import { SERVER_STATES, type ServerState } from '../../types/server-state.js';
import type { EndVote, Notification } from '../../types/vote.js';
import { decodeUtf8, encodeUtf8 } from './java-text.js';

/** FastLeaderElection.ToSend without its recipient. */
export interface OutgoingNotification extends EndVote {
  readonly state: ServerState;
}

/** A message as it lies in the bytes. */
export interface WireNotification extends EndVote {
  /** 0 to 3 are states; of another number a voter's message is dropped silently, after its configuration was handled. */
  readonly stateOrdinal: number;
  /** 0 where none is read. */
  readonly version: number;
  /** Null where the format has none; an empty text is a configuration without servers. */
  readonly configText: string | null;
}

/** Why a message is skipped, its connection kept. Each but the first is "partial / malformed" in the log. */
export const SKIP_REASONS = [
  /** Fewer than 28 bytes. */
  'short',
  /** 29 to 35 bytes. */
  'endsInEpoch',
  /** 36 to 39 bytes: also what 3.4.0 to 3.4.5 sent. */
  'endsInVersion',
  /** 41 to 43 bytes and a version above 1. */
  'endsInConfigLength',
  /** Negative, or more than the whole message has. */
  'badConfigLength',
  'endsInConfig',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type NotificationReading =
  | { readonly kind: 'notification'; readonly notification: WireNotification }
  | { readonly kind: 'skipped'; readonly why: SkipReason };

/** Notification.CURRENTVERSION. */
const CURRENT_VERSION = 2;
const ZXID_AT = 12;
const ROUND_AT = 20;
const EPOCH_AT = 28;
const VERSION_AT = 36;
const CONFIG_LENGTH_AT = 40;
const CONFIG_AT = 44;

/** What a server sends: version 2, with the text of its committed configuration. */
export function encodeNotification(message: OutgoingNotification, configText: string): Uint8Array {
  const config = encodeUtf8(configText);
  const { bytes, view } = beginning(message, CONFIG_AT + config.length);
  view.setBigInt64(EPOCH_AT, message.epoch);
  view.setInt32(VERSION_AT, CURRENT_VERSION);
  view.setInt32(CONFIG_LENGTH_AT, config.length);
  bytes.set(config, CONFIG_AT);
  return bytes;
}

/** What older servers send: 28 bytes up to 3.3, without an epoch; 40 bytes from 3.4.6 on, with version 1, which nobody reads. */
export function encodeOldNotification(message: OutgoingNotification, length: 28 | 40): Uint8Array {
  const { bytes, view } = beginning(message, length);
  if (length === 40) {
    view.setBigInt64(EPOCH_AT, message.epoch);
    view.setInt32(VERSION_AT, 1);
  }
  return bytes;
}

/** Reads a frame's payload. Bytes after the configuration are ignored. */
export function decodeNotification(payload: Uint8Array): NotificationReading {
  const total = payload.length;
  if (total < EPOCH_AT) return skipped('short');
  if (total > EPOCH_AT && total < VERSION_AT) return skipped('endsInEpoch');
  if (total >= VERSION_AT && total < CONFIG_LENGTH_AT) return skipped('endsInVersion');
  const view = new DataView(payload.buffer, payload.byteOffset, total);
  const version = total > CONFIG_LENGTH_AT ? view.getInt32(VERSION_AT) : 0;
  if (version <= 1) return read(view, version, null);
  if (total < CONFIG_AT) return skipped('endsInConfigLength');
  const length = view.getInt32(CONFIG_LENGTH_AT);
  if (length < 0 || length > total) return skipped('badConfigLength');
  if (CONFIG_AT + length > total) return skipped('endsInConfig');
  return read(view, version, decodeUtf8(payload.subarray(CONFIG_AT, CONFIG_AT + length)));
}

/** The state that a message names; null if it names none. */
export function stateOf({ stateOrdinal }: WireNotification): ServerState | null {
  return SERVER_STATES[stateOrdinal] ?? null;
}

/**
 * What a voter's message is to the election, with the version of the configuration if one was read; null if its state is
 * unknown. Precondition: `from` may vote, for a stranger is answered whatever its message says.
 */
export function asElectionMessage(
  wire: WireNotification,
  from: Sid,
  config: ConfigVersion | null,
): Notification | null {
  const state = stateOf(wire);
  if (state === null) return null;
  const { leader, zxid, round, epoch, version } = wire;
  return { leader, zxid, round, epoch, version, state, from, configVersion: config ?? asConfigVersion(0n) };
}

function skipped(why: SkipReason): NotificationReading {
  return { kind: 'skipped', why };
}

/** Without an epoch it is the zxid's, by arithmetic shift (ZxidUtils.getEpochFromZxid). */
function read(view: DataView, version: number, configText: string | null): NotificationReading {
  const zxid = asZxid(view.getBigInt64(ZXID_AT));
  const notification = {
    stateOrdinal: view.getInt32(0),
    leader: asSid(view.getBigInt64(4)),
    zxid,
    round: asRound(view.getBigInt64(ROUND_AT)),
    epoch: view.byteLength === EPOCH_AT ? zxidEpoch(zxid) : asPeerEpoch(view.getBigInt64(EPOCH_AT)),
    version,
    configText,
  };
  return { kind: 'notification', notification };
}

/** The 28 bytes that all formats share. */
function beginning(
  { state, leader, zxid, round }: OutgoingNotification,
  length: number,
): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, SERVER_STATES.indexOf(state));
  view.setBigInt64(4, leader);
  view.setBigInt64(ZXID_AT, zxid);
  view.setBigInt64(ROUND_AT, round);
  return { bytes, view };
}
