/**
 * Goal: whatever bytes come to the election port, the codec neither throws nor hangs, and takes and refuses what ZooKeeper
 * does. Method: seeded strings, mostly mutated messages, compared with tables that share no code with the codec; the same run
 * with ten millions is `node scripts/codec.mjs --count 10000000`. That the comparison sees faults is shown by planting some.
 */
import { describe, expect, it, test } from 'vitest';
import * as frames from '../../impl/wire/frames.js';
import * as initial from '../../impl/wire/initial-message.js';
import * as notification from '../../impl/wire/notification.js';
import * as config from '../../impl/wire/received-config.js';
import { type CodecKit, runCodec } from '../../scripts/codec-run.mjs';
import { manyOf } from '../../scripts/thorough.js';

const COUNT = manyOf(100_000);

const kit: CodecKit = { ...frames, ...initial, ...notification, ...config };

describe('hostile bytes', () => {
  it('strings are classed as the table says', () => {
    const { failures, failed, strings, classes } = runCodec({ count: COUNT, seed: 3800, kit });
    expect(failures).toEqual([]);
    expect({ strings, failed }).toEqual({ strings: COUNT, failed: 0 });
    // Every class of messages and initial messages is met, and none is rare.
    const met = (name: string): number => [...classes].find(([key]) => key === name)?.[1] ?? 0;
    for (const why of notification.SKIP_REASONS) expect(met(`message: ${why}`), why).toBeGreaterThan(COUNT / 200);
    for (const why of initial.INITIAL_REJECTIONS) expect(met(`initial: ${why}`), why).toBeGreaterThan(COUNT / 200);
    for (const kind of ['parsed', 'configError', 'receiverDies']) {
      expect(met(`message: taken, configuration ${kind}`), kind).toBeGreaterThan(COUNT / 200);
    }
    for (const form of ['28 bytes', '40 bytes', 'no configuration']) {
      expect(met(`message: taken, ${form}, unknown state`), form).toBeGreaterThan(COUNT / 1000);
    }
    expect(met('stream: bad length')).toBeGreaterThan(COUNT / 200);
    expect(met('initial: accepted')).toBeGreaterThan(COUNT / 200);
  });

  test.each<[string, Partial<CodecKit>]>([
    [
      'skips 29 bytes as too short',
      { decodeNotification: (b) => notification.decodeNotification(b.length === 29 ? b.subarray(1) : b) },
    ],
    [
      'throws on an empty message',
      { decodeNotification: (b) => notification.decodeNotification(b.length === 0 ? throws() : b) },
    ],
    [
      'takes a runtime exception for an error',
      { readReceivedConfig: (text) => dulled(config.readReceivedConfig(text)) },
    ],
    ['takes a port out of range', { decodeInitialMessage: (b) => forgiving(initial.decodeInitialMessage(b)) }],
    ['drops what came before a bad length', { readFrames: (s, c) => dropping(frames.readFrames(s, c)) }],
  ])('a codec that %s is found out', (_name, planted) => {
    expect(runCodec({ count: 20_000, seed: 1, kit: { ...kit, ...planted } }).failed).toBeGreaterThan(0);
  });
});

function throws(): never {
  throw new Error('planted');
}

function dulled(read: config.ReceivedConfig): config.ReceivedConfig {
  return read.kind === 'receiverDies' ? { kind: 'configError', message: read.message } : read;
}

function forgiving(read: initial.InitialReading): initial.InitialReading {
  return read.kind === 'rejected' && read.why === 'listenerDies' ? { ...read, why: 'badAddress' } : read;
}

function dropping(read: frames.FramesRead): frames.FramesRead {
  return read.stream.kind === 'broken' ? { ...read, frames: [] } : read;
}
