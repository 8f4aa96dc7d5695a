import { describe, expect, test } from 'vitest';
import { bag, EMPTY_CHANNEL, fifo } from './network.js';
import type { Channel } from './state.js';
import { disk, ensemble, message, run, running, sid, step, world } from './testing.js';
import { whyNotEnabled } from './next.js';
import { channelOf, withChannel } from './world.js';

const [a, b, c] = [1, 2, 3].map((leader) => message('LOOKING', [leader, 0, 1, 0])) as [
  Channel['queue'][0],
  Channel['queue'][0],
  Channel['queue'][0],
];
const full: Channel = { queue: [a, b, c], newest: c };

describe('fifo', () => {
  test('keeps the order and remembers the newest', () => {
    expect([a, b].reduce(fifo.send, EMPTY_CHANNEL)).toEqual({ queue: [a, b], newest: b });
    expect(fifo.take(full, 0)).toEqual({ queue: [b, c], newest: c });
    expect(fifo.take(full, 1)).toBe(null);
  });

  test('a break keeps a prefix, a replacement never takes the newest, a replay appends it', () => {
    expect(fifo.breakOff(full, 1)?.queue).toEqual([a]);
    expect(fifo.breakOff(full, 4)).toBe(null);
    expect(fifo.lose(full, 1)?.queue).toEqual([a, c]);
    expect(fifo.lose(full, 2)).toBe(null);
    expect(fifo.replay({ queue: [], newest: c })?.queue).toEqual([c]);
    expect(fifo.replay(EMPTY_CHANNEL)).toBe(null);
  });
});

test('bag: what fifo may deliver, bag may deliver', () => {
  const sent = [a, b, a].reduce(bag.send, EMPTY_CHANNEL);
  expect(bag.receivable(sent)).toEqual([0, 1]);
  expect(bag.take(sent, 1)).toBe(sent);
});

describe('the environment', () => {
  const config = ensemble(2);
  const [s1, s2] = [sid(1), sid(2)];
  const up = world(config, [running(disk(1), config), running(disk(2), config)]);
  const started = run(up, { name: 'Begin', s: s1 });

  test('sends land in the channels; an own copy cannot be replayed', () => {
    const sent = message('LOOKING', [1, 0, 1, 0]);
    expect(channelOf(started, s1, s2)).toEqual({ queue: [sent], newest: sent });
    expect(channelOf(started, s1, s1)).toEqual({ queue: [sent], newest: null });
    expect(whyNotEnabled(started, { name: 'Replay', from: s1, to: s1 })).not.toBe(null);
  });

  test('a crash forgets what was sent, own copies are gone, messages to others may still arrive', () => {
    const down = run(started, { name: 'Crash', s: s1 });
    expect(channelOf(down, s1, s1)).toEqual(EMPTY_CHANNEL);
    expect(channelOf(down, s1, s2)).toMatchObject({ queue: [{}], newest: null });
    expect(whyNotEnabled(down, { name: 'Receive', from: s1, s: s2 })).toBe(null);
    expect(whyNotEnabled(down, { name: 'Replay', from: s1, to: s2 })).not.toBe(null);
    expect(whyNotEnabled(down, { name: 'Begin', s: s1 })).not.toBe(null);
  });

  test('a restart reads the disk', () => {
    const server = { ...running(disk(1, 5, 1), config), zx: up.servers.get(s1)?.zx ?? disk(1).zxid };
    const again = run(world(config, [server]), { name: 'Crash', s: s1 }, { name: 'Restart', s: s1 }).servers.get(s1);
    expect(again).toMatchObject({
      zx: 5n,
      life: { st: 'LOOKING', pc: 'ENTER', clk: 0n, cur: { leader: 1n, zxid: 5n, round: -1n } },
    });
  });

  test('Break and Replay', () => {
    const broken = step(started, { name: 'Break', a: s1, b: s2, keepAB: 0, keepBA: 0 }).state;
    expect(channelOf(broken, s1, s2).queue).toEqual([]);
    expect(channelOf(run(broken, { name: 'Replay', from: s1, to: s2 }), s1, s2).queue).toHaveLength(1);
  });

  test('recvQueue overflows beyond 100, own copies too', () => {
    const hundred = withChannel(up, s2, s1, { queue: Array.from({ length: 100 }, () => a), newest: a });
    expect(whyNotEnabled(hundred, { name: 'Overflow', from: s2, s: s1 })).not.toBe(null);
    const more = withChannel(hundred, s1, s1, { queue: [b], newest: null });
    expect(channelOf(step(more, { name: 'Overflow', from: s1, s: s1 }).state, s1, s1).queue).toEqual([]);
    expect(channelOf(step(more, { name: 'Overflow', from: s2, s: s1 }).state, s2, s1).queue).toHaveLength(99);
  });
});
