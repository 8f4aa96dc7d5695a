/**
 * Goal: the codec reads and writes the bytes of real servers. Method: bytes recorded from two ensembles of 3.8.0, how is told
 * in the fixture; they must mean what those ensembles were doing, and come out again as they were.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { printDynamicConfig } from '../../types/zoo-cfg.js';
import { encodeFrame, NEW_FRAME_STREAM, readFrames, unfinishedBytes } from './frames.js';
import { decodeInitialMessage, encodeInitialMessage } from './initial-message.js';
import {
  decodeNotification,
  encodeNotification,
  encodeOldNotification,
  stateOf,
  type WireNotification,
} from './notification.js';
import { DEFAULT_CONFIG_READER, readReceivedConfig } from './received-config.js';

interface Capture {
  readonly ensemble: string;
  readonly from: number;
  readonly kind: 'initial' | 'frame';
  readonly hex: string;
}

const { captures } = JSON.parse(readFileSync(new URL('captured-3.8.0.json', import.meta.url), 'utf8')) as {
  readonly captures: readonly Capture[];
};
const initials = captures.filter(({ kind }) => kind === 'initial');
const frames = captures.filter(({ kind }) => kind === 'frame');
const bytesOf = ({ hex }: Capture): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function payloadOf(capture: Capture): Uint8Array {
  const { frames: read, stream } = readFrames(NEW_FRAME_STREAM, bytesOf(capture));
  expect(read).toHaveLength(1);
  expect(unfinishedBytes(stream)).toBe(0);
  return read[0] ?? new Uint8Array(0);
}

function messageOf(capture: Capture): WireNotification {
  const read = decodeNotification(payloadOf(capture));
  if (read.kind !== 'notification') throw new Error(read.why);
  return read.notification;
}

describe('what real servers sent', () => {
  test.each(initials)('the initial message of server $from of $ensemble', (capture) => {
    const read = decodeInitialMessage(bytesOf(capture));
    if (read.kind !== 'accepted') throw new Error(read.detail);
    const two = capture.ensemble.startsWith('multi-address');
    expect(read).toMatchObject({ anonymous: false, consumed: bytesOf(capture).length });
    expect(read.message.sid).toBe(BigInt(capture.from));
    expect(read.message.protocol).toBe(two ? 'V2' : 'V1');
    expect(read.message.addresses.map(({ host }) => host)).toEqual(two ? ['127.0.0.1', '127.0.0.2'] : ['127.0.0.1']);
    expect(hexOf(encodeInitialMessage(read.message))).toBe(capture.hex);
  });

  test.each(frames)('a notification of server $from of $ensemble', (capture) => {
    const message = messageOf(capture);
    const state = stateOf(message);
    if (state === null || message.configText === null) throw new Error('no state or no configuration');
    expect(message.version).toBe(2);
    expect(hexOf(encodeFrame(encodeNotification({ ...message, state }, message.configText)))).toBe(capture.hex);
    const config = readReceivedConfig(message.configText, { ...DEFAULT_CONFIG_READER, multiAddress: true });
    expect(config.kind === 'parsed' ? printDynamicConfig(config.config) : config).toBe(message.configText);
  });

  it('tells the story of the election', () => {
    const told = (from: number): readonly string[] =>
      frames
        .filter((capture) => capture.from === from && capture.ensemble === 'three-voters-and-observer')
        .map(messageOf)
        .map((m) => `${stateOf(m)} leader ${m.leader} zxid ${m.zxid} round ${m.round} epoch ${m.epoch}`);
    const looking = (leader: number): string => `LOOKING leader ${leader} zxid 0 round 1 epoch 0`;
    const decided = (state: string): string => `${state} leader 3 zxid 0 round 1 epoch 1`;
    const nobody = `LOOKING leader ${-(2n ** 63n)} zxid ${-(2n ** 63n)} round 1 epoch ${-(2n ** 63n)}`;
    expect(told(1)).toEqual([looking(1), looking(3), decided('FOLLOWING')]);
    expect(told(2)).toEqual([looking(2), looking(3), decided('FOLLOWING')]);
    expect(told(3)).toEqual([looking(3), decided('LEADING')]);
    expect(told(4)).toEqual([nobody, looking(1), looking(2), looking(3), decided('OBSERVING')]);
  });

  it('comes out of one stream, however it is cut', () => {
    const stream = Buffer.concat(frames.map(bytesOf));
    for (const size of [1, 7, 1000]) {
      let state = NEW_FRAME_STREAM;
      const read: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        const next = readFrames(state, stream.subarray(at, at + size));
        state = next.stream;
        read.push(...next.frames.map((payload) => hexOf(encodeFrame(payload))));
      }
      expect(read).toEqual(frames.map(({ hex }) => hex));
    }
  });

  it('would have been 28 bytes once', () => {
    const [first] = frames.map(messageOf);
    if (first === undefined) throw new Error('nothing captured');
    const old = encodeOldNotification({ ...first, state: 'LOOKING' }, 28);
    expect(hexOf(old)).toBe(frames[0]?.hex.slice(8, 8 + 56));
  });
});
