/** Which slot of a row is what. */
import type { Slot } from '../../checker/system.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import type { ElectionBounds } from './bounds.js';

/** An ordered pair of servers. */
export interface Pair {
  readonly from: Sid;
  readonly to: Sid;
  readonly slot: number;
}

export interface Layout {
  readonly slots: readonly Slot[];
  readonly sids: readonly Sid[];
  /** Ascending. */
  readonly voters: readonly Sid[];
  /** Server `sids[i]` stands in slot `i`. */
  readonly servers: readonly number[];
  /** All but those from observer to observer: nothing is ever sent there. */
  readonly pairs: readonly Pair[];
  /** Own copies of voters; observers get none. */
  readonly own: ReadonlyMap<Sid, number>;
  readonly budget: number;
  /** What was acknowledged and established; null where there are no activations. */
  readonly epochs: number | null;
}

export function layoutOf(config: EnsembleConfig, bounds: ElectionBounds): Layout {
  const slots: Slot[] = [];
  const add = (kind: string, name: string): number => slots.push({ kind, name }) - 1;
  const sids = config.members.map(({ sid }) => sid);
  const voters = config.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  const votes = (sid: Sid): boolean => voters.includes(sid);
  const servers = sids.map((sid) => add('server', `server ${sid}`));
  const pairs = sids.flatMap((from) =>
    sids
      .filter((to) => to !== from && (votes(from) || votes(to)))
      .map((to) => ({ from, to, slot: add('channel', `channel ${from}>${to}`) })),
  );
  const own = new Map(voters.map((sid) => [sid, add('own', `own ${sid}`)]));
  const budget = add('budget', 'budget');
  const epochs = bounds.partial + bounds.full > 0 ? add('epochs', 'epochs') : null;
  return { slots, sids, voters, servers, pairs, own, budget, epochs };
}

/** The first servers with what is on its way among them: the rest has few values beside them, and they beside the rest. */
export function togetherIn({ sids, servers, pairs, own }: Layout): readonly number[] {
  const first = sids.slice(0, Math.ceil(sids.length / 2));
  const among = pairs.filter(({ from, to }) => first.includes(from) && first.includes(to));
  const copies = [...own].filter(([sid]) => first.includes(sid)).map(([, slot]) => slot);
  return [...servers.slice(0, first.length), ...among.map(({ slot }) => slot), ...copies];
}

/** Where a message goes. Precondition: nobody sends where there is no slot. */
export function slotTowards({ pairs, own }: Layout, from: Sid, to: Sid): number {
  const slot = from === to ? own.get(from) : pairs.find((pair) => pair.from === from && pair.to === to)?.slot;
  if (slot === undefined) throw new Error(`internal error: nothing is sent from ${from} to ${to}`);
  return slot;
}
