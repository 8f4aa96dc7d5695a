/**
 * Goal: the first bytes of a connection are written and read as ZooKeeper 3.8.0 does. Method: bytes written by hand, a case
 * for each way an acceptor can take them, round trips.
 *
 * What a real server 2 of three (3.8.0, OpenJDK 17, loopback, syncLimit 2 of 500 ms) was seen to do with a caller's bytes:
 *
 *   4 bytes, then silence                      closed after the read timeout, SocketTimeoutException
 *   version −1, −65534                         closed, "Got unrecognized protocol version"
 *   n = 0, −1, 2049                            closed, "Unreasonable buffer length"
 *   n = 15, 14 bytes                           closed, "Read only 14 bytes out of 15"
 *   no port; three parts; port x, 99999999999; [::1:3888; [::1]:     closed, "Badly formed address" or "Bad port number"
 *   127.0.0.1:65536                            left open, "Unexpected error", IllegalArgumentException; every later
 *                                              connection refused, the process lives
 *   sid 3: n = 2048; V1 with two addresses; "|"; [::1]x3888; 0.0.0.0:70000; legacy 3     kept, frames come
 *   sid 2                                      left open, "connection request from a server with our own ID"
 *   sid 1; legacy 1                            closed, no word
 *   legacy 7fffffffffffffff                    closed, "Setting arbitrary identifier to observer: -1"
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { asSid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import {
  decodeInitialMessage,
  encodeInitialMessage,
  fateOfCaller,
  INITIAL_REJECTIONS,
  type InitialMessage,
  type InitialReading,
} from './initial-message.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const V1 = 'ffff ffff ffff 0000';
const V2 = 'ffff ffff ffff 0001';
const SID_3 = '0000 0000 0000 0003';

/** A V1 message of server 3 with this text as its address, well counted. */
function calling(text: string, version = V1): Uint8Array {
  const address = Buffer.from(text);
  return hex(`${version} ${SID_3} ${address.length.toString(16).padStart(8, '0')} ${address.toString('hex')}`);
}

function whyRejected(reading: InitialReading): string {
  return reading.kind === 'rejected' ? reading.why : reading.kind;
}

describe('what an initiator writes', () => {
  const address = { host: '10.0.0.3', port: 3888 };
  test.each<[string, InitialMessage, string]>([
    [
      'V1',
      { protocol: 'V1', sid: asSid(3n), addresses: [address] },
      // "10.0.0.3:3888"
      `${V1} ${SID_3} 0000000d 31302e302e302e33 3a 33383838`,
    ],
    [
      'V2, two addresses, one of IPv6',
      { protocol: 'V2', sid: asSid(-1n), addresses: [{ host: '::1', port: 1 }, address] },
      // "[::1]:1|10.0.0.3:3888"
      `${V2} ffffffffffffffff 00000015 5b3a3a315d 3a 31 7c 31302e302e302e33 3a 33383838`,
    ],
    ['legacy', { protocol: 'legacy', sid: asSid(258n), addresses: [] }, '0000000000000102'],
    ['legacy, the smallest id', { protocol: 'legacy', sid: asSid(0n), addresses: [] }, '0000000000000000'],
    ['anonymous', { protocol: 'legacy', sid: asSid(LONG_MAX), addresses: [] }, '7fffffffffffffff'],
  ])('%s', (_name, message, bytes) => {
    expect(asHex(encodeInitialMessage(message))).toBe(asHex(hex(bytes)));
    expect(decodeInitialMessage(hex(bytes))).toEqual({
      kind: 'accepted',
      message,
      anonymous: message.sid === LONG_MAX,
      consumed: hex(bytes).length,
    });
  });

  it('never writes a legacy sid that would be read as a version', () => {
    expect(() => encodeInitialMessage({ protocol: 'legacy', sid: asSid(-1n), addresses: [] })).toThrow(
      'internal error',
    );
  });

  it('is read back, for every id and whatever follows', () => {
    const host = fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/),
      fc.ipV4().filter((ip) => ip !== '0.0.0.0'),
    );
    const addresses = fc.array(fc.record({ host, port: fc.integer({ min: 0, max: 65_535 }) }), { minLength: 1 });
    const sid = fc.bigInt({ min: LONG_MIN, max: LONG_MAX }).map(asSid);
    const protocol = fc.constantFrom('V1' as const, 'V2' as const);
    fc.assert(
      fc.property(fc.record({ protocol, sid, addresses }), fc.uint8Array(), (message, more) => {
        const bytes = encodeInitialMessage(message);
        const read = decodeInitialMessage(Uint8Array.from([...bytes, ...more]));
        expect(read).toEqual({
          kind: 'accepted',
          message,
          anonymous: message.sid === LONG_MAX,
          consumed: bytes.length,
        });
      }),
    );
  });
});

describe('what an acceptor refuses', () => {
  test.each<[string, string, string]>([
    ['nothing', 'eof', ''],
    ['seven bytes', 'eof', '00000000000000'],
    ['a version and no id', 'eof', V1],
    ['no whole length', 'eof', `${V1} ${SID_3} 000000`],
    ['version −1', 'badProtocolVersion', 'ffffffffffffffff'],
    ['version −65537', 'badProtocolVersion', `fffffffffffeffff ${SID_3}`],
    ['version −65534', 'badProtocolVersion', `ffffffffffff0002 ${SID_3}`],
    ['the smallest version', 'badProtocolVersion', '8000000000000000'],
    ['n = 0', 'badLength', `${V1} ${SID_3} 00000000`],
    ['n = −1', 'badLength', `${V1} ${SID_3} ffffffff`],
    ['n = 2049', 'badLength', `${V2} ${SID_3} 00000801`],
    ['n = 2^31 − 1', 'badLength', `${V2} ${SID_3} 7fffffff`],
    ['one byte short', 'shortAddress', `${V1} ${SID_3} 00000003 613a`],
    ['no address byte at all', 'shortAddress', `${V1} ${SID_3} 00000001`],
    ['n = 2048, one byte less', 'shortAddress', `${V1} ${SID_3} 00000800 ${'61'.repeat(2047)}`],
  ])('%s: %s', (_name, why, bytes) => {
    expect(whyRejected(decodeInitialMessage(hex(bytes)))).toBe(why);
  });

  test.each<[string, string]>([
    ['127.0.0.1', 'badAddress'],
    [':', 'badAddress'],
    ['a:', 'badAddress'],
    ['a:1:2', 'badAddress'],
    ['a:x', 'badAddress'],
    ['a: 1', 'badAddress'],
    ['a:+', 'badAddress'],
    ['a:2147483648', 'badAddress'],
    [`a:${'9'.repeat(2000)}`, 'badAddress'],
    ['[::1:3888', 'badAddress'],
    ['[::1]', 'badAddress'],
    ['[::1]:', 'badAddress'],
    ['[::1]::', 'badAddress'],
    ['a:1|b', 'badAddress'],
    ['a:1||b:1', 'badAddress'],
    ['|a:1', 'badAddress'],
    ['a:65536', 'listenerDies'],
    ['a:-1', 'listenerDies'],
    ['a:2147483647', 'listenerDies'],
    ['a:1|[::1]:65536', 'listenerDies'],
    ['a:65536|b', 'listenerDies'],
    ['b|a:65536', 'badAddress'],
  ])('%j: %s', (text, why) => {
    expect(whyRejected(decodeInitialMessage(calling(text)))).toBe(why);
  });

  it('has a case for every kind', () => {
    const all = ['', 'ffffffffffffffff', `${V1} ${SID_3} 00000000`, `${V1} ${SID_3} 00000001`].map(hex);
    const seen = [...all, calling('a'), calling('a:65536')].map((bytes) => whyRejected(decodeInitialMessage(bytes)));
    expect(seen).toEqual(INITIAL_REJECTIONS);
  });
});

describe('what an acceptor takes', () => {
  test.each<[string, readonly string[]]>([
    ['a:1|b:2', ['a 1', 'b 2']],
    ['a:1|', ['a 1']],
    ['|', []],
    [':1', [' 1']],
    ['[::1]x3888', ['::1 3888']],
    ['a:+80|b:007|c:٣٨|d:３', ['a 80', 'b 7', 'c 38', 'd 3']],
    ['a:0|b:65535', ['a 0', 'b 65535']],
    ['\ufeffa:1', ['\ufeffa 1']],
    ['0.0.0.0:3888', []],
    ['[::]:3888|a:1', ['a 1']],
    ['[0:0:0:0:0:0:0:0]:70000|0:-5', []],
    ['[::ffff:0.0.0.0]:1|[::%1]:1|[::0.0.0.0]:1|0.00:1', []],
    ['0.0.0.0.0:1|[::ffff:0.0.0.0%1]:1|[::1]:1', ['0.0.0.0.0 1', '::ffff:0.0.0.0%1 1', '::1 1']],
  ])('%j, also as V1', (text, addresses) => {
    const read = decodeInitialMessage(calling(text));
    const message = read.kind === 'accepted' ? read.message : null;
    expect(message?.protocol).toBe('V1');
    expect(message?.addresses.map(({ host, port }) => `${host} ${port}`)).toEqual(addresses);
  });

  it('takes 2048 bytes of address, and leaves what follows', () => {
    const read = decodeInitialMessage(Uint8Array.from([...calling(`${'a'.repeat(2043)}:3888`), 1, 2, 3]));
    expect(read).toMatchObject({ kind: 'accepted', consumed: 2068 });
  });

  it('tells an anonymous observer, with and without a version', () => {
    const observer = `${V1} 7fffffffffffffff 00000003 613a31`;
    expect(decodeInitialMessage(hex(observer))).toMatchObject({ kind: 'accepted', anonymous: true });
    expect(decodeInitialMessage(hex('7ffffffffffffffe'))).toMatchObject({ kind: 'accepted', anonymous: false });
  });

  it('reads from the middle of a buffer', () => {
    const inside = Buffer.concat([Buffer.alloc(5, 0xff), calling('a:1')]).subarray(5);
    expect(decodeInitialMessage(inside)).toMatchObject({ kind: 'accepted', message: { sid: 3n } });
  });

  test.each<[bigint, string]>([
    [1n, 'calledBack'],
    [-1n, 'calledBack'],
    [2n, 'leftHanging'],
    [3n, 'kept'],
  ])('a caller %d of server 2 is %s', (sid, fate) => {
    expect(fateOfCaller(asSid(sid), asSid(2n))).toBe(fate);
  });
});
