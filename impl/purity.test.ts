/** What holds for every step: nothing is changed in place, equal inputs give equal outputs, peers survive JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyOf } from '../scripts/thorough.js';
import { asPeerEpoch, asZxid } from '../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../types/int64.js';
import { SERVER_STATES } from '../types/server-state.js';
import { whyNotEnabled } from './enabled.js';
import type { PeerEvent } from './event.js';
import { decodePeer, encodePeer } from './peer-codec.js';
import { type Peer, peerAtRest } from './peer.js';
import { configOf, durable, ensemble, message, sid } from './testing.js';
import { transition } from './transition.js';

const int64 = fc.oneof(fc.bigInt({ min: -1n, max: 3n }), fc.constantFrom(LONG_MIN, LONG_MAX, 1n << 53n));
/** Mostly the same value, so that votes agree and quorums form; sometimes any. */
const rarely = (any: fc.Arbitrary<bigint>, usual: bigint): fc.Arbitrary<bigint> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: any });
const notification = fc
  .record({
    from: fc.integer({ min: 1, max: 4 }),
    leader: fc.oneof({ weight: 9, arbitrary: fc.bigInt({ min: 2n, max: 3n }) }, { weight: 1, arbitrary: int64 }),
    zxid: rarely(int64, 1n),
    round: rarely(int64, 1n),
    epoch: rarely(int64, 0n),
    state: fc.constantFrom(...SERVER_STATES),
    version: fc.constantFrom(0, 1, 2),
  })
  .map(({ from, ...fields }) => message(from, fields));

const PARTS = [{ type: 'TestState' }, { type: 'Enqueue' }, { type: 'CompareRound' }, { type: 'SendReply' }] as const;

/** A message that only arrives, or one that goes all the way into the main wait. */
const delivery = fc.tuple(notification, fc.boolean()).map(([n, whole]): readonly PeerEvent[] => {
  const arrival = { type: 'Receive', notification: n } as const;
  return whole ? [...PARTS, arrival, ...PARTS, { type: 'Handle' }] : [arrival];
});

const single: fc.Arbitrary<PeerEvent> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom<PeerEvent>(
      { type: 'TestState' },
      { type: 'Enqueue' },
      { type: 'CompareRound' },
      { type: 'SendReply' },
      { type: 'Begin' },
      { type: 'Handle' },
      { type: 'Handle', oracleSays: true },
      { type: 'TimeOut', haveDelivered: true },
      { type: 'TimeOut', haveDelivered: false, oracleSays: true },
      { type: 'FinalStep' },
      { type: 'Silence' },
      { type: 'FinalEnd' },
      { type: 'Publish' },
      { type: 'Leave' },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<PeerEvent>(
      { type: 'Leave', reconfigured: true },
      { type: 'Crash' },
      { type: 'Restart' },
      { type: 'RestartElection' },
      { type: 'SetQuorumVerifier' },
      { type: 'UpdateVote', leader: sid(2), zxid: asZxid(LONG_MAX) },
      { type: 'ProposeEpoch', epoch: asPeerEpoch(LONG_MAX) },
      { type: 'AcceptEpoch', epoch: asPeerEpoch(7n) },
      { type: 'CommitEpoch' },
      { type: 'Establish' },
      { type: 'Synchronize', zxid: asZxid(3n), epoch: asPeerEpoch(7n) },
      { type: 'UpToDate', epoch: asPeerEpoch(7n) },
      { type: 'CountFollowers', none: false },
      { type: 'Write', zxid: asZxid(-5n) },
    ),
  },
);

const events = fc
  .array(fc.oneof({ weight: 3, arbitrary: delivery }, { weight: 2, arbitrary: single.map((one) => [one]) }), {
    minLength: 5,
    maxLength: 60,
    size: 'max',
  })
  .map((groups) => groups.flat());

const configs = [
  configOf(2, ensemble(3, 2)),
  configOf(4, ensemble(3, 2)),
  configOf(1, ensemble(2, 0, { kind: 'oracle', oraclePath: '/o' }), ensemble(5)),
];

/** Maps cannot be frozen: their mutating methods are taken away instead. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  if (value instanceof Map) {
    const refuse = (): never => {
      throw new Error('a map was changed in place');
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
  }
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

/** Takes what is enabled of the events, from a server at rest; calls `step` before each. */
function walk(place: number, events: readonly PeerEvent[], step: (peer: Peer, event: PeerEvent) => Peer): Peer {
  const config = configs[place];
  if (config === undefined) throw new Error('no such configuration');
  let peer = peerAtRest(durable({ zxid: 1 }));
  for (const one of [{ type: 'Restart' } as const, { type: 'Begin' } as const, ...events]) {
    if (whyNotEnabled(config, peer, one) === null) peer = step(peer, one);
  }
  return peer;
}

const walks = fc.tuple(fc.integer({ min: 0, max: 2 }), events);

describe('transition', () => {
  it('changes nothing in place and depends on nothing but its arguments', () => {
    let steps = 0;
    fc.assert(
      fc.property(walks, ([place, list]) => {
        walk(place, list, (peer, one) => {
          const config = configs[place] ?? configOf(1, ensemble(1));
          freeze(peer);
          freeze(one);
          const first = transition(config, peer, one);
          expect(transition(config, peer, one)).toEqual(first);
          steps += 1;
          return first.peer;
        });
      }),
      { numRuns: manyOf(300) },
    );
    expect(steps).toBeGreaterThan(2000);
  });
});

describe('encodePeer, decodePeer', () => {
  it('round-trip every reachable peer, and equal peers give equal text', () => {
    const places = new Set<string>();
    fc.assert(
      fc.property(walks, ([place, list]) => {
        walk(place, list, (before, one) => {
          const config = configs[place] ?? configOf(1, ensemble(1));
          const { peer } = transition(config, before, one);
          places.add(peer.process?.main.at ?? 'down');
          const text = encodePeer(peer);
          const decoded = decodePeer(text);
          expect(decoded).toEqual({ ok: true, value: peer });
          if (decoded.ok) expect(encodePeer(decoded.value)).toBe(text);
          return peer;
        });
      }),
      { numRuns: manyOf(400) },
    );
    // Walks come to `silent` in most runs, but not in all.
    expect([...places]).toEqual(expect.arrayContaining(['decided', 'down', 'enter', 'final', 'poll', 'role']));
  });

  const good = encodePeer(peerAtRest(durable({ zxid: LONG_MIN })));
  it.each([
    ['{', /must be JSON text/],
    ['{}', /not a peer: durable: /],
    [good.replace('-9223372036854775808', '9223372036854775808'), /durable\.lastZxid: .*does not fit in 64 bits/],
    [good.replace('"-9223372036854775808"', '5'), /durable\.lastZxid: /],
    [good.replace('"process":null', '"process":{"state":"SLEEPING"}'), /process\./],
    [good.replace('{"durable"', '{"extra":1,"durable"'), /not a peer: /],
  ])('refuses %s', (text, why) => {
    const decoded = decodePeer(text);
    expect(decoded.ok ? '' : decoded.error).toMatch(why);
  });
});
