/** The name of the thread that printed a record, as far as its layout tells. */
import type { RecordPlace } from './record.js';

/** Before the thread of ZooKeeper's own layout stands the level, in others a blank or nothing. */
const BEFORE = /(?:^|[\s-])\[(?!myid:)/g;

/** Names as ZooKeeper gives them, for layouts in which nothing else marks the end. */
const NAMED =
  /(?:SendWorker|RecvWorker):-?\d+|(?:WorkerSender|QuorumPeer)\[myid=-?\d+\]|QuorumConnectionThread-\[myid=-?\d+\]-\d+|QuorumPeerListener|ListenerHandler-[^\s\]]+/;

/** Empty if the layout does not tell. */
export function threadIn(place: RecordPlace): string {
  const { head, headStart, headEnd, loggerStart, loggerEnd } = place;
  if (loggerStart > headStart && head[loggerStart - 1] === ':' && head[loggerEnd] === '@') {
    const before = head.slice(headStart, loggerStart - 1);
    const [first] = before.matchAll(BEFORE);
    return first === undefined ? '' : before.slice(first.index + first[0].length);
  }
  const around = `${head.slice(headStart, loggerStart)} ${head.slice(Math.max(headStart, loggerEnd), headEnd)}`;
  return NAMED.exec(around)?.[0] ?? '';
}
