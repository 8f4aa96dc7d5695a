/** Which slot of a row is what: the servers first, then electionMsgs[i][j] in the order of i, then j. */
import type { Slot } from '../../checker/system.js';
import { type ServerId, serversOf } from './local-state.js';

/** electionMsgs[i][i] has its slot, too, although it is always empty. */
export function slotsOf(count: number): readonly Slot[] {
  const ids = serversOf(count);
  return [
    ...ids.map((i) => ({ name: `server ${i}`, kind: 'server' })),
    ...ids.flatMap((i) => ids.map((j) => ({ name: `electionMsgs ${i}>${j}`, kind: 'channel' }))),
  ];
}

/** The first servers with the messages among them: the rest has few values beside them, and they beside the rest. */
export function togetherIn(count: number): readonly number[] {
  const first = serversOf(count).slice(0, Math.ceil(count / 2));
  return [...first.map(serverSlot), ...first.flatMap((i) => first.map((j) => channelSlot([i, j], count)))];
}

export function serverSlot(id: ServerId): number {
  return id - 1;
}

export function channelSlot([from, to]: readonly [ServerId, ServerId], count: number): number {
  return count * from + to - 1;
}
