/** What the collections of a server hold, in words. */
import { frameWords } from './model/show.js';
import { serverAt, type World } from './world.js';

const EMPTY = 'empty';

/** By name: `state`, then the six collections. A map's entries are `PEER: VALUE`; of senderWorkerMap the peers alone. */
export function collectionsOf(world: World, at: number): ReadonlyMap<string, string> {
  const { peer, messenger } = serverAt(world, at);
  const { process } = peer;
  if (process === null || messenger === null) return new Map([['state', 'down']]);
  const { manager, sendqueue, recvQueue } = messenger;
  const leader = process.main.at === 'role' ? ` of ${process.currentVote.leader}` : `, round ${process.logicalclock}`;
  return new Map([
    ['state', `${process.state}${leader}`],
    ['sendqueue', listed(sendqueue.map(({ to, message }) => `${to}: ${frameWords(message)}`))],
    ['recvQueue', listed(recvQueue.map(({ from, frame }) => `${from}: ${frameWords(frame)}`))],
    ['recvqueue', listed(process.recvqueue.map((n) => `${n.from}: ${frameWords(n)}`))],
    [
      'queueSendMap',
      listed(sorted(manager.queueSendMap).map(([sid, queue]) => `${sid}: ${queue.map(frameWords).join(' ') || EMPTY}`)),
    ],
    ['lastMessageSent', listed(sorted(manager.lastMessageSent).map(([sid, frame]) => `${sid}: ${frameWords(frame)}`))],
    [
      'senderWorkerMap',
      sorted(manager.senderWorkerMap)
        .map(([sid]) => String(sid))
        .join(' ') || EMPTY,
    ],
  ]);
}

function sorted<V>(map: ReadonlyMap<bigint, V>): readonly (readonly [bigint, V])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? EMPTY : items.join(', ');
}
