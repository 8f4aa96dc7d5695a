/** What is claimed of all states: the properties of pairs; and what must be reached. */
import { decode, encode } from '../../../checker/encode.js';
import type { Property, Value } from '../../../checker/system.js';
import type { Peer } from '../../../impl/peer.js';
import type { CnxManager, Messenger } from '../../../impl/threads/state.js';
import type { PairNet } from '../network.js';
import { isLive, isQuiet, PAIR_PROPERTIES, pairFault, type PairProperty, type PairSide } from '../pair-properties.js';
import type { Outbox, PairSlot, Past, ServerSlots, ThreadModel } from './slots.js';

export function claimsOf(model: ThreadModel): readonly Property[] {
  const names = (Object.keys(PAIR_PROPERTIES) as PairProperty[]).filter((name) => name !== 'send queue');
  return [
    ...model.pairs.flatMap((pair) => names.map((name) => pairProperty(model, pair, name))),
    ...model.pairs.map((pair) => quietReached(model, pair)),
    ...(model.bounds.clocks.length > 0 ? [] : [leaderReached(model)]),
  ];
}

const BUSY = 'busy';

function slotsOf({ outbox, manager, past }: ServerSlots): readonly number[] {
  return [outbox, manager, past];
}

function sidesOf({ servers }: ThreadModel, { i, j }: PairSlot): readonly [ServerSlots, ServerSlots] {
  const [a, b] = [servers[i], servers[j]];
  if (a === undefined || b === undefined) throw new Error('internal error: a pair of no servers');
  return [a, b];
}

/** The projections leave out what a busy pair holds: nothing is claimed of it. */
function ofPair(model: ThreadModel, pair: PairSlot): Pick<Property, 'slots' | 'project'> {
  const [a, b] = sidesOf(model, pair);
  const outboxes = [a.outbox, b.outbox];
  return {
    slots: [...slotsOf(a), ...slotsOf(b), pair.slot],
    project(value: Value, slot: number) {
      if (!outboxes.includes(slot)) return encode(value);
      const outbox = value as Outbox;
      if (outbox === null) return 'null';
      return outbox.sendqueue.length > 0 || outbox.workerSender.at !== 'poll' ? BUSY : 'idle';
    },
  };
}

function pairProperty(model: ThreadModel, pair: PairSlot, name: PairProperty): Property {
  const [a, b] = sidesOf(model, pair);
  const suffix = model.pairs.length === 1 ? '' : ` ${a.sid}-${b.sid}`;
  return {
    name: `${name}${suffix}`,
    kind: 'always',
    sentence: PAIR_PROPERTIES[name],
    ...ofPair(model, pair),
    holds(seen) {
      if (seen[a.outbox] === BUSY || seen[b.outbox] === BUSY) return true;
      const fault = pairFault(read(seen, { a, b, pair }), (x, y) => encode(x) === encode(y));
      return fault?.property !== name;
    },
  };
}

function read(
  seen: readonly (string | null)[],
  { a, b, pair }: { readonly a: ServerSlots; readonly b: ServerSlots; readonly pair: PairSlot },
): { readonly a: PairSide; readonly b: PairSide; readonly net: PairNet } {
  const at = <T>(slot: number): T => decode(seen[slot] ?? 'null') as T;
  const side = (own: ServerSlots, other: ServerSlots): PairSide => {
    const manager = at<CnxManager | null>(own.manager);
    const { heard, strays, late } = at<Past>(own.past);
    const messenger: Messenger | null =
      manager === null ? null : { sendqueue: [], workerSender: { at: 'poll' }, recvQueue: [], manager };
    return {
      sid: own.sid,
      messenger,
      heard: [heard.get(other.sid), strays.get(other.sid)].filter((frame) => frame !== undefined),
      notedLate: () => late.includes(other.sid),
    };
  };
  return { a: side(a, b), b: side(b, a), net: at<PairNet>(pair.slot) };
}

/** Not everything is claimed of nothing: a pair does come to rest, connected. */
function quietReached(model: ThreadModel, pair: PairSlot): Property {
  const [a, b] = sidesOf(model, pair);
  return {
    name: `quiet and connected ${a.sid}-${b.sid}`,
    kind: 'reachable',
    sentence: 'the pair is quiet, and connected',
    ...ofPair(model, pair),
    holds(seen) {
      if (seen[a.outbox] !== 'idle' || seen[b.outbox] !== 'idle') return false;
      const both = read(seen, { a, b, pair });
      return isQuiet(both) && both.net.links.some(isLive);
    },
  };
}

function leaderReached({ servers }: ThreadModel): Property {
  const slots = servers.map(({ peer }) => peer);
  return {
    name: 'leader',
    kind: 'reachable',
    sentence: 'all servers are in a role, one of them LEADING',
    slots,
    project: (value) => {
      const { process } = value as Peer;
      return process?.main.at === 'role' ? process.state : null;
    },
    holds: (seen) =>
      slots.every((slot) => seen[slot] !== null) && slots.filter((slot) => seen[slot] === 'LEADING').length === 1,
  };
}
