/**
 * Goal: what threads hand on as data is what bytes say: the codec and the threads are two halves of one port. Method: every message of
 * a simulated ensemble goes through bytes, cut into pieces at random, and must come out the same.
 */
import { expect, test } from 'vitest';
import { makeRng } from '../base/rng.js';
import type { Outgoing } from '../impl/effect.js';
import { frameOf, introductionBytes, introductionOf, payloadOf } from '../impl/threads/wire.js';
import { encodeFrame, NEW_FRAME_STREAM, readFrames } from '../impl/wire/frames.js';
import { simulate } from '../models/threads/simulate.js';
import type { EnsembleConfig, Member } from '../types/ensemble.js';
import { asConfigVersion, asSid } from '../types/ids.js';
import { printDynamicConfig } from '../types/zoo-cfg.js';

const member = (n: number): Member => ({
  sid: asSid(BigInt(n)),
  type: 'PARTICIPANT',
  addresses: [{ host: `10.0.0.${n}`, quorumPort: 2888, electionPort: 3888 }],
  clientAddress: null,
});
const CONFIG: EnsembleConfig = {
  version: asConfigVersion(0n),
  members: [1, 2, 3].map(member),
  quorumSystem: { kind: 'majority' },
};

test('messages of an hour of elections', () => {
  const text = printDynamicConfig(CONFIG);
  const rng = makeRng(4);
  let stream = NEW_FRAME_STREAM;
  let seen = 0;
  simulate({
    config: CONFIG,
    seed: 4,
    ms: 3_600_000,
    faultEveryMs: 5_000,
    watch(_world, { event }) {
      if (event.thread !== 'RecvWorker' || event.step !== 'Read' || event.frame === null) return;
      seen += 1;
      const bytes = encodeFrame(payloadOf(event.frame as Outgoing, text));
      const cut = rng.below(bytes.length);
      const first = readFrames(stream, bytes.subarray(0, cut));
      const second = readFrames(first.stream, bytes.subarray(cut));
      stream = second.stream;
      const [payload] = [...first.frames, ...second.frames];
      expect(payload === undefined ? null : frameOf(payload)).toEqual(event.frame);
    },
  });
  expect(seen).toBeGreaterThan(1_000);
});

test('introductions', () => {
  const address = { host: '10.0.0.3', port: 3888 };
  expect(introductionOf(introductionBytes(asSid(3n), address))).toEqual({ kind: 'sid', sid: 3n });
  expect(introductionOf(introductionBytes(asSid(2n ** 63n - 1n), address))).toEqual({ kind: 'anonymous' });
  expect(introductionOf(introductionBytes(asSid(3n), { host: 'h', port: 65_536 }))).toMatchObject({
    kind: 'malformed',
    fatal: true,
  });
  expect(introductionOf(introductionBytes(asSid(3n), address).subarray(0, 22))).toMatchObject({
    kind: 'malformed',
    fatal: false,
  });
  expect(introductionOf(new Uint8Array(4))).toBeNull();
});

test('payloads that nobody can read', () => {
  expect(frameOf(new Uint8Array(30))).toEqual({ malformed: 'endsInEpoch' });
  const vote = {
    leader: asSid(1n),
    zxid: 0n,
    round: 1n,
    epoch: 0n,
    state: 'LOOKING',
    version: 2,
    configVersion: 0n,
  } as unknown as Outgoing;
  const unknown = payloadOf(vote, '');
  unknown[3] = 7;
  expect(frameOf(unknown)).toEqual({ malformed: 'unknown state' });
  expect(frameOf(payloadOf(vote, 'version=not hexadecimal'))).toBe('receiverDies');
});
