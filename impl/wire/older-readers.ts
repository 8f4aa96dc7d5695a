/**
 * How older releases read a message (WorkerReceiver.run at the tags), where they do it otherwise than 3.8. They write as
 * `encodeOldNotification` does (3.4), or as 3.8 does (3.5 on).
 */
import { profileOfRelease } from '../../types/release.js';
import { decodeNotification, type NotificationReading, stateOf } from './notification.js';

/**
 * - `unversioned`: 3.4. A format version is read where 40 bytes are there, a configuration never.
 * - `unguarded`: 3.5.0 to 3.5.7 and 3.6.0. What ends too early, or names an impossible length, ends the thread.
 * - `guarded`: 3.5.8 and later, 3.6.1 and later (ZOOKEEPER-3769): such a message is skipped.
 */
export type NotificationReader = 'unversioned' | 'unguarded' | 'guarded';

/** Precondition: a release that a profile covers. */
export function readerOf(release: string): NotificationReader {
  if (profileOfRelease(release) === 'P346') return 'unversioned';
  const [, minor, patch = '99'] = /^3\.(\d+)(?:\.(\d+))?/.exec(release) ?? [];
  const from = { 5: 8, 6: 1 }[minor ?? ''] ?? 0;
  return Number(patch) < from ? 'unguarded' : 'guarded';
}

/** `receiverDies`: an unchecked exception ends WorkerReceiver, and the server hears no election message any more. */
export function decodeNotificationAs(
  reader: NotificationReader,
  payload: Uint8Array,
): NotificationReading | { readonly kind: 'receiverDies' } {
  if (reader === 'unversioned') return decodeUnversioned(payload);
  const read = decodeNotification(payload);
  const runsOver = reader === 'unguarded' && read.kind === 'skipped' && read.why !== 'short';
  return runsOver ? { kind: 'receiverDies' } : read;
}

const WITHOUT_EPOCH = 28;
const WITHOUT_VERSION = 36;
const WITH_VERSION = 40;

function decodeUnversioned(payload: Uint8Array): ReturnType<typeof decodeNotificationAs> {
  if (payload.length <= WITHOUT_EPOCH) return decodeNotification(payload);
  if (payload.length < WITHOUT_VERSION) {
    // The state is looked at first: a message that names none is dropped before it is read on.
    const head = decodeNotification(payload.subarray(0, WITHOUT_EPOCH));
    return head.kind === 'notification' && stateOf(head.notification) === null ? head : { kind: 'receiverDies' };
  }
  const fields = new Uint8Array(WITH_VERSION);
  fields.set(payload.subarray(0, WITH_VERSION));
  const read = decodeNotification(fields);
  if (read.kind === 'skipped' || payload.length < WITH_VERSION) return read;
  const version = new DataView(fields.buffer).getInt32(WITHOUT_VERSION);
  return { kind: 'notification', notification: { ...read.notification, version } };
}
