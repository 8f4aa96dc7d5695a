/**
 * From the thread grain to the algorithm grain. A server's variables are its own; the channel from i to j is what the threads and
 * sockets between them hold, the oldest first: recvQueue of j, then connection by connection, in the order of their opening, what
 * RecvWorker has in hand, what the network carries, what SendWorker has in hand; then the send queue, what WorkerSender has in
 * hand, and sendqueue.
 */
import type { CnxManager, Frame, Messenger } from '../../impl/threads/state.js';
import type { Sid } from '../../types/ids.js';
import { endsOf, type Link, type PairNet } from './network.js';

export interface Ends {
  readonly from: Sid;
  readonly to: Sid;
  /** Null: that server is down. */
  readonly sender: Messenger | null;
  readonly receiver: Messenger | null;
  /** Null: from a server to itself. */
  readonly net: PairNet | null;
}

export function channelOf({ from, to, sender, receiver, net }: Ends): Frame[] {
  const frames: Frame[] = [];
  if (receiver !== null)
    for (const message of receiver.recvQueue) if (message.from === from) frames.push(message.frame);
  if (net !== null) for (const link of net.links) pushLink(frames, link, { from, to, sender, receiver });
  if (sender === null) return frames;
  if (net !== null) frames.push(...(sender.manager.queueSendMap.get(to) ?? []));
  if (sender.workerSender.at === 'taken' && sender.workerSender.toSend.to === to)
    frames.push(sender.workerSender.toSend.message);
  for (const toSend of sender.sendqueue) if (toSend.to === to) frames.push(toSend.message);
  return frames;
}

function pushLink(frames: Frame[], link: Link, { from, to, sender, receiver }: Omit<Ends, 'net'>): void {
  const { own, other } = endsOf(link, to);
  if (other.sid !== from) return;
  pushReceiver(frames, receiver?.manager, link.socket);
  for (const item of own.arriving) if ('frame' in item) frames.push(item.frame);
  pushSender(frames, sender?.manager, link.socket);
}

function pushReceiver(frames: Frame[], manager: CnxManager | undefined, socket: number): void {
  const recv = manager?.connections.get(socket)?.recv;
  if (recv?.at === 'append') frames.push(recv.frame);
}

function pushSender(frames: Frame[], manager: CnxManager | undefined, socket: number): void {
  const send = manager?.connections.get(socket)?.send;
  if (send?.at === 'taken' || send?.at === 'write') frames.push(send.frame);
}
