/** Goal: connections behave as TCP's do, as far as ZooKeeper can tell. Method: by hand. */
import { describe, expect, test } from 'vitest';
import { asSid } from '../../types/ids.js';
import {
  accept,
  applied,
  connect,
  cut,
  died,
  emptyPair,
  type Item,
  type PairNet,
  readable,
  taken,
  tell,
  untold,
  waiting,
  writable,
} from './network.js';

const [A, B] = [asSid(1n), asSid(2n)];
const HELLO: Item = { introduction: { kind: 'sid', sid: A } };

/** A has connected to B and said who it is. */
function opened(): { net: PairNet; socket: number } {
  const listening = applied(emptyPair(0), B, { type: 'listen' });
  const link = connect(listening, A, B);
  if (link === null) throw new Error('refused');
  return { net: applied(link.net, A, { type: 'introduce', socket: link.socket, sid: A }), socket: link.socket };
}

describe('connecting', () => {
  test('is refused where nobody listens', () => {
    expect(connect(emptyPair(0), A, B)).toBeNull();
    const { net } = opened();
    expect(connect(applied(net, B, { type: 'deaf' }), A, B)).toBeNull();
    expect(connect(died(net, B, true), A, B)).toBeNull();
  });

  test('what was said before the acceptance can be read after it', () => {
    const { net, socket } = opened();
    expect(waiting(net, B)).toBe(socket);
    expect(waiting(net, A)).toBeNull();
    const accepted = accept(net, socket);
    expect(waiting(accepted, B)).toBeNull();
    expect(readable(accepted, B, socket)).toEqual(HELLO);
    expect(readable(taken(accepted, B, socket), B, socket)).toBeNull();
  });

  test('two that cross are two connections', () => {
    const { net } = opened();
    const crossed = connect(applied(net, A, { type: 'listen' }), B, A);
    expect(crossed?.net.links.map(({ opener }) => opener.sid)).toEqual([A, B]);
    expect(new Set(crossed?.net.links.map(({ socket }) => socket)).size).toBe(2);
  });
});

describe('closing', () => {
  test('what is on its way still arrives, then the end; what is written back is lost, and may fail', () => {
    const { net, socket } = opened();
    const closed = applied(net, A, { type: 'close', socket });
    expect(readable(closed, B, socket)).toEqual(HELLO);
    expect(readable(taken(closed, B, socket), B, socket)).toBe('end');
    expect(writable(closed, B, socket)).toEqual([true, false]);
    expect(writable(closed, A, socket)).toEqual([false]);
    expect(readable(closed, A, socket)).toBe('end');
  });

  test('a connection that nobody knows any more is gone, and its number free', () => {
    const { net, socket } = opened();
    const one = applied(applied(net, A, { type: 'close', socket }), A, { type: 'release', socket });
    expect(one.links).toHaveLength(1);
    const none = applied(applied(one, B, { type: 'close', socket }), B, { type: 'release', socket });
    expect(none.links).toHaveLength(0);
    expect(connect(none, A, B)?.socket).toBe(socket);
  });
});

describe('dying', () => {
  test('of a process: the other end reads the end', () => {
    const { net, socket } = opened();
    expect(readable(taken(died(net, A, false), B, socket), B, socket)).toBe('end');
  });

  test('of a machine: half open, until the other end is told', () => {
    const { net, socket } = opened();
    const dead = died(net, A, true);
    expect(readable(dead, B, socket)).toBeNull();
    expect(writable(dead, B, socket)).toEqual([true]);
    expect(untold(dead)).toEqual([{ at: B, socket }]);
    const told = tell(dead, B, socket);
    expect(readable(told, B, socket)).toBe('end');
    expect(writable(told, B, socket)).toEqual([false]);
    expect(untold(told)).toEqual([]);
  });

  test('of a connection: both ends are open, nothing crosses, each is told by itself', () => {
    const { net, socket } = opened();
    const broken = cut(net, socket);
    expect(readable(broken, B, socket)).toBeNull();
    const written = applied(broken, A, { type: 'introduce', socket, sid: A });
    expect(readable(written, B, socket)).toBeNull();
    expect(untold(written)).toHaveLength(2);
    expect(readable(tell(written, A, socket), B, socket)).toBeNull();
  });
});
