/** Values in words, for stories. */
import type { Value } from '../../../checker/system.js';
import type { Peer } from '../../../impl/peer.js';
import type { CnxManager, Frame } from '../../../impl/threads/state.js';
import { isMalformed } from '../../../impl/threads/worker-receiver.js';
import type { ThreadBudget } from '../bounds.js';
import { type End, type Item, type PairNet } from '../network.js';
import type { Inbox, Outbox, Past } from './slots.js';

export function shown(kind: string, value: Value): string {
  switch (kind) {
    case 'peer':
      return peerWords(value as Peer);
    case 'outbox':
      return outboxWords(value as Outbox);
    case 'inbox':
      return (value as Inbox).map(({ from, frame }) => `${from}:${frameWords(frame)}`).join(', ');
    case 'manager':
      return managerWords(value as CnxManager | null);
    case 'net':
      return netWords(value as PairNet);
    case 'past':
      return [...(value as Past).heard].map(([from, frame]) => `${from}:${frameWords(frame)}`).join(', ');
    default:
      return budgetWords(value as ThreadBudget);
  }
}

/** For example `L(2, r1)`: state, leader, round. */
export function frameWords(frame: Frame): string {
  if (isMalformed(frame)) return `malformed (${frame.malformed})`;
  const state = frame.state === 'LEADING' ? 'D' : frame.state.charAt(0);
  return `${state}(${frame.leader}, r${frame.round})`;
}

function peerWords({ process }: Peer): string {
  if (process === null) return 'down';
  const { state, main, logicalclock, proposal, currentVote, recvqueue, worker } = process;
  const held =
    worker.stage === 'idle'
      ? ''
      : `, WorkerReceiver has ${worker.stage === 'replying' ? `an answer to ${worker.to}` : `${worker.notification.from}:${frameWords(worker.notification)} ${worker.stage}`}`;
  const queue =
    recvqueue.length === 0 ? '' : `, recvqueue ${recvqueue.map((n) => `${n.from}:${frameWords(n)}`).join(' ')}`;
  const votes =
    'call' in main ? `, recvset ${[...main.call.recvset].map(([sid, vote]) => `${sid}:${vote.leader}`).join(' ')}` : '';
  return `${state} at ${main.at}, round ${logicalclock}, proposes ${proposal.leader}, vote ${currentVote.leader}${votes}${queue}${held}`;
}

function outboxWords(outbox: Outbox): string {
  if (outbox === null) return 'none';
  const taken =
    outbox.workerSender.at === 'taken'
      ? `WorkerSender has ${frameWords(outbox.workerSender.toSend.message)} for ${outbox.workerSender.toSend.to}; `
      : '';
  return `${taken}${outbox.sendqueue.map(({ to, message }) => `${frameWords(message)} to ${to}`).join(', ')}`;
}

function managerWords(manager: CnxManager | null): string {
  if (manager === null) return 'none';
  const { queueSendMap, lastMessageSent, senderWorkerMap, requests, connections, listener } = manager;
  const parts = [
    `Listener: ${listener.at}`,
    ...[...requests].map(([peer, { at }]) => `request to ${peer}: ${at}`),
    ...[...queueSendMap]
      .filter(([, queue]) => queue.length > 0)
      .map(([peer, queue]) => `waits for ${peer}: ${queue.map(frameWords).join(' ')}`),
    ...[...lastMessageSent].map(([peer, frame]) => `last to ${peer}: ${frameWords(frame)}`),
    ...[...senderWorkerMap].map(([peer, socket]) => `senderWorkerMap ${peer}: socket ${socket}`),
    ...[...connections].map(
      ([socket, { running, send, recv }]) =>
        `socket ${socket}${running ? '' : ' (finished)'}: SendWorker ${send.at}, RecvWorker ${recv.at}`,
    ),
  ];
  return parts.join('; ');
}

function netWords({ links, listening }: PairNet): string {
  const ports = listening.length === 0 ? '' : `bound: ${listening.join(' ')}`;
  const all = links.map(
    ({ socket, opener, dialled, accepted, broken }) =>
      `socket ${socket} ${opener.sid}>${dialled.sid}${accepted ? '' : ' (in the backlog)'}${broken ? ' (broken)' : ''}: ${endWords(opener)}, ${endWords(dialled)}`,
  );
  return [ports, ...all].filter((text) => text !== '').join('; ');
}

function endWords({ sid, open, arriving }: End): string {
  const items = arriving.length === 0 ? '' : ` <- ${arriving.map(itemWords).join(' ')}`;
  return `${sid} ${open ? 'open' : 'closed'}${items}`;
}

function itemWords(item: Item): string {
  if ('frame' in item) return frameWords(item.frame);
  return item.introduction.kind === 'sid' ? `I am ${item.introduction.sid}` : item.introduction.kind;
}

function budgetWords(budget: ThreadBudget): string {
  const left = Object.entries(budget).filter(([, count]: [string, number]) => count > 0);
  return left.length === 0 ? 'nothing left' : left.map(([name, count]) => `${name} ${count}`).join(', ');
}
