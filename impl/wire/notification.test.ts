/**
 * Goal: notifications are written and read byte by byte as FastLeaderElection 3.8.0 does. Method: bytes by hand, a case for
 * every length at which Java's reading changes, round trips over all 64-bit values.
 *
 * What a real server 2 of three, looking in round 1 (3.8.0, OpenJDK 17), was seen to do with a voter's messages of round 0,
 * which it answers when it takes them; the connection stayed open in every case:
 *
 *   27 bytes                                              "Got a short response", no answer
 *   28; 40; 41 of version 1; 44 of version 1, c = −1      answered
 *   44 of version 2 or 3, c = 0; trailing bytes           answered
 *   29, 35, 36, 39; 41 and 43 of version 2                "Skipping", BufferUnderflowException
 *   44 with c = −1 or 45                                  "Skipping", "Invalid configLength"
 *   44 with c = 44; 52 with c one too large               "Skipping", BufferUnderflowException
 *   states 4 and −1                                       no word, no answer
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { SERVER_STATES } from '../../types/server-state.js';
import {
  asElectionMessage,
  decodeNotification,
  encodeNotification,
  encodeOldNotification,
  type NotificationReading,
  type OutgoingNotification,
  SKIP_REASONS,
  stateOf,
} from './notification.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** State, leader, zxid, round: each byte differs where it can. */
const HEAD = '00000002 0102030405060708 fffffff9000000ff 8000000000000001';
const EPOCH = 'fffffffffffffffe';
const FIELDS = {
  leader: asSid(0x0102030405060708n),
  zxid: asZxid(-0x6ffffff01n),
  round: asRound(LONG_MIN + 1n),
  epoch: asPeerEpoch(-2n),
};
const MESSAGE: OutgoingNotification = { state: 'LEADING', ...FIELDS };

function outcome(reading: NotificationReading): unknown {
  if (reading.kind === 'skipped') return reading.why;
  const { version, configText } = reading.notification;
  return [version, configText];
}

describe('what is written', () => {
  it('version 2, with the text of the configuration in UTF-8', () => {
    const bytes = encodeNotification(MESSAGE, 'é=1');
    expect(asHex(bytes)).toBe(asHex(hex(`${HEAD} ${EPOCH} 00000002 00000004 c3a9 3d 31`)));
    expect(decodeNotification(bytes)).toEqual({
      kind: 'notification',
      notification: { ...FIELDS, stateOrdinal: 2, version: 2, configText: 'é=1' },
    });
  });

  it('an empty configuration', () => {
    expect(asHex(encodeNotification(MESSAGE, ''))).toBe(asHex(hex(`${HEAD} ${EPOCH} 00000002 00000000`)));
  });

  it('40 bytes of older servers: the version is not read', () => {
    const bytes = encodeOldNotification(MESSAGE, 40);
    expect(asHex(bytes)).toBe(asHex(hex(`${HEAD} ${EPOCH} 00000001`)));
    const notification = { ...FIELDS, stateOrdinal: 2, version: 0, configText: null };
    expect(decodeNotification(bytes)).toEqual({ kind: 'notification', notification });
    expect(decodeNotification(hex(`${HEAD} ${EPOCH} 00000009`))).toEqual({ kind: 'notification', notification });
  });

  it('28 bytes: the epoch is that of the zxid, by arithmetic shift', () => {
    const bytes = encodeOldNotification(MESSAGE, 28);
    expect(asHex(bytes)).toBe(asHex(hex(HEAD)));
    expect(decodeNotification(bytes)).toEqual({
      kind: 'notification',
      notification: { ...FIELDS, epoch: -7n, stateOrdinal: 2, version: 0, configText: null },
    });
  });

  it('is read back, for all 64-bit values, states and texts', () => {
    const int64 = fc.bigInt({ min: LONG_MIN, max: LONG_MAX });
    const message = fc.record({
      state: fc.constantFrom(...SERVER_STATES),
      leader: int64.map(asSid),
      zxid: int64.map(asZxid),
      round: int64.map(asRound),
      epoch: int64.map(asPeerEpoch),
    });
    fc.assert(
      fc.property(message, fc.string({ unit: 'binary' }), fc.nat(3), (sent, text, pad) => {
        const bytes = encodeNotification(sent, text);
        const inside = Buffer.concat([Buffer.alloc(pad, 0xee), bytes]).subarray(pad);
        const { state, ...fields } = sent;
        const notification = { ...fields, stateOrdinal: SERVER_STATES.indexOf(state), version: 2, configText: text };
        expect(decodeNotification(inside)).toEqual({ kind: 'notification', notification });
        const old = decodeNotification(encodeOldNotification(sent, 40));
        expect(old).toEqual({ kind: 'notification', notification: { ...notification, version: 0, configText: null } });
        const oldest = decodeNotification(encodeOldNotification(sent, 28));
        const epoch = BigInt.asIntN(32, sent.zxid >> 32n);
        expect(oldest).toMatchObject({ notification: { ...fields, epoch, version: 0 } });
      }),
    );
  });
});

describe('how the length decides', () => {
  const byVersion = (version: string, rest: string): string => `${HEAD} ${EPOCH} ${version} ${rest}`;
  const V = { 1: '00000001', 2: '00000002', 3: '00000003', minus: 'ffffffff' };

  test.each<[number, string]>([
    ...[0, 1, 27].map((length): [number, string] => [length, 'short']),
    ...[29, 30, 34, 35].map((length): [number, string] => [length, 'endsInEpoch']),
    ...[36, 37, 39].map((length): [number, string] => [length, 'endsInVersion']),
  ])('%d bytes: %s', (length, why) => {
    const whole = hex(byVersion(V[2], '00000000'));
    expect(outcome(decodeNotification(whole.subarray(0, length)))).toBe(why);
  });

  test.each<[string, string, unknown]>([
    ['40, version 2: not read', byVersion(V[2], ''), [0, null]],
    ['41, version 2', byVersion(V[2], '00'), 'endsInConfigLength'],
    ['43, version 3', byVersion(V[3], '000000'), 'endsInConfigLength'],
    ['41, version 1', byVersion(V[1], '00'), [1, null]],
    ['43, version −1', byVersion(V.minus, '000000'), [-1, null]],
    ['44, version 1: the rest is ignored', byVersion(V[1], 'ffffffff'), [1, null]],
    ['44, version −1', byVersion(V.minus, '7fffffff'), [-1, null]],
    ['44, c = 0', byVersion(V[2], '00000000'), [2, '']],
    ['44, version 3', byVersion(V[3], '00000000'), [3, '']],
    ['44, version 2^31 − 1', byVersion('7fffffff', '00000000'), [2 ** 31 - 1, '']],
    ['c = −1', byVersion(V[2], 'ffffffff'), 'badConfigLength'],
    ['c = −2^31', byVersion(V[2], '80000000'), 'badConfigLength'],
    ['c = 45 of 44', byVersion(V[2], '0000002d'), 'badConfigLength'],
    ['c = 2^31 − 1', byVersion(V[2], '7fffffff'), 'badConfigLength'],
    ['c = 44 of 44', byVersion(V[2], '0000002c'), 'endsInConfig'],
    ['c = 1 of 44', byVersion(V[2], '00000001'), 'endsInConfig'],
    ['one byte too few', byVersion(V[2], '00000003 6162'), 'endsInConfig'],
    ['just enough', byVersion(V[2], '00000002 6162'), [2, 'ab']],
    ['more than enough', byVersion(V[2], '00000001 6162'), [2, 'a']],
    ['no UTF-8', byVersion(V[2], '00000003 61ff62'), [2, 'a\ufffdb']],
    ['a byte order mark', byVersion(V[2], '00000004 efbbbf61'), [2, '\ufeffa']],
  ])('%s', (_name, bytes, expected) => {
    expect(outcome(decodeNotification(hex(bytes)))).toEqual(expected);
  });

  it('has a case for every reason', () => {
    const whole = hex(byVersion(V[2], '00000001'));
    const cut = [27, 29, 36, 41].map((length) => whole.subarray(0, length));
    const seen = [...cut, hex(byVersion(V[2], 'ffffffff')), whole].map((bytes) => outcome(decodeNotification(bytes)));
    expect(seen).toEqual(SKIP_REASONS);
  });
});

describe('the state', () => {
  const withState = (ordinal: string): Uint8Array => hex(`${ordinal} ${'00'.repeat(24)}`);

  test.each<[string, number, string | null]>([
    ['00000000', 0, 'LOOKING'],
    ['00000001', 1, 'FOLLOWING'],
    ['00000002', 2, 'LEADING'],
    ['00000003', 3, 'OBSERVING'],
    ['00000004', 4, null],
    ['ffffffff', -1, null],
    ['80000000', -(2 ** 31), null],
  ])('%s is %d: %s', (bytes, ordinal, state) => {
    const read = decodeNotification(withState(bytes));
    if (read.kind !== 'notification') throw new Error('skipped');
    expect(read.notification.stateOrdinal).toBe(ordinal);
    expect(stateOf(read.notification)).toBe(state);
    const received = asElectionMessage(read.notification, asSid(7n), asConfigVersion(5n));
    expect(received?.state ?? null).toBe(state);
    if (received !== null) expect(received).toMatchObject({ from: 7n, configVersion: 5n, version: 0 });
  });

  it('no configuration has version 0', () => {
    const read = decodeNotification(withState('00000000'));
    if (read.kind !== 'notification') throw new Error('skipped');
    expect(asElectionMessage(read.notification, asSid(7n), null)).toEqual({
      leader: 0n,
      zxid: 0n,
      round: 0n,
      epoch: 0n,
      version: 0,
      state: 'LOOKING',
      from: 7n,
      configVersion: 0n,
    });
  });
});
