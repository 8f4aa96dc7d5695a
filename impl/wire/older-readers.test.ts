/**
 * Goal: older releases read messages as their WorkerReceiver.run does. Method: every length at which a reading changes, read off the
 * Java at release-3.4.6, 3.5.0, 3.5.7, 3.5.8, 3.6.0 and 3.6.1; ZooKeeper's own classes are asked the same by
 * property-tests/oracle (docs/evidence/oracle-releases.md).
 */
import { describe, expect, it } from 'vitest';
import { decodeNotificationAs, type NotificationReader, readerOf } from './older-readers.js';

/** State LOOKING, leader 1, zxid 0x2_00000003, round 4, epoch 5, version 2, no configuration: so many bytes of it. */
function bytes(length: number, changes: Readonly<Record<number, number>> = {}): Uint8Array {
  const whole = new Uint8Array(48);
  for (const [at, value] of Object.entries({ 11: 1, 15: 2, 19: 3, 27: 4, 35: 5, 39: 2, ...changes })) {
    whole[Number(at)] = value;
  }
  return whole.subarray(0, length);
}

function outcome(reader: NotificationReader, payload: Uint8Array): unknown {
  const read = decodeNotificationAs(reader, payload);
  if (read.kind === 'receiverDies') return 'dies';
  if (read.kind === 'skipped') return read.why;
  const { epoch, version, configText } = read.notification;
  return [epoch, version, configText];
}

describe('a message of a length', () => {
  it.each([
    [27, 'short', 'short', 'short'],
    [28, [2n, 0, null], [2n, 0, null], [2n, 0, null]],
    [29, 'dies', 'dies', 'endsInEpoch'],
    [35, 'dies', 'dies', 'endsInEpoch'],
    [36, [5n, 0, null], 'dies', 'endsInVersion'],
    [39, [5n, 0, null], 'dies', 'endsInVersion'],
    [40, [5n, 2, null], [5n, 0, null], [5n, 0, null]],
    [43, [5n, 2, null], 'dies', 'endsInConfigLength'],
    [44, [5n, 2, null], [5n, 2, ''], [5n, 2, '']],
  ])('%i', (length, unversioned, unguarded, guarded) => {
    expect(outcome('unversioned', bytes(length))).toEqual(unversioned);
    expect(outcome('unguarded', bytes(length))).toEqual(unguarded);
    expect(outcome('guarded', bytes(length))).toEqual(guarded);
  });

  it('with an impossible length of configuration', () => {
    const negative = bytes(48, { 40: 255 });
    expect(outcome('unversioned', negative)).toEqual([5n, 2, null]);
    expect(outcome('unguarded', negative)).toBe('dies');
    expect(outcome('guarded', negative)).toBe('badConfigLength');
  });

  it('that names no state is dropped by 3.4 before it is read on', () => {
    expect(outcome('unversioned', bytes(30, { 3: 4 }))).toEqual([2n, 0, null]);
  });
});

it.each([
  ['3.4.6', 'unversioned'],
  ['3.4.14-4c25d480', 'unversioned'],
  ['3.5.0-alpha', 'unguarded'],
  ['3.5.7', 'unguarded'],
  ['3.5.8', 'guarded'],
  ['3.5.10', 'guarded'],
  ['3.6.0', 'unguarded'],
  ['3.6.1', 'guarded'],
  ['3.7.0', 'guarded'],
  ['3.8.0', 'guarded'],
])('%s is %s', (release, reader) => {
  expect(readerOf(release)).toBe(reader);
});
