/** Steps of one server's threads as arrows of a sequence diagram: each named by the collection that it passes through. */
import type { ThreadedServer } from '../../impl/threads/process.js';
import type { Frame, Messenger } from '../../impl/threads/state.js';
import { frameWords } from './model/show.js';
import { linkOf } from './network.js';
import { partnerOf, type Step, type World } from './world.js';

/** `from` and `to` both null: a note about a server. `to` null: a note over a thread. */
export interface Arrow {
  readonly from: string | null;
  readonly to: string | null;
  readonly server: number;
  readonly text: string;
}

interface Seen {
  readonly was: ThreadedServer;
  readonly now: ThreadedServer;
  readonly focus: number;
}

export function arrowsOf(world: World, step: Step, seen: Seen): readonly Arrow[] {
  if (step.at + 1 !== seen.focus) return [];
  const { was, now, focus } = seen;
  const before = was.messenger;
  const after = now.messenger;
  if (before === null || after === null) return [];
  const peer = partnerOf(world, step);
  const arrow = (from: string, to: string | null, text: string): Arrow => ({ from, to, server: focus, text });
  switch (step.event.thread) {
    case 'QuorumPeer':
      return [...notes(seen), ...queued(before, after, 'QuorumPeer', focus)];
    case 'WorkerReceiver':
      if (step.event.step === 'Enqueue' && was.peer.process?.worker.stage === 'tested') {
        const n = was.peer.process.worker.notification;
        return [arrow('WorkerReceiver', 'QuorumPeer', `recvqueue: ${n.from}: ${frameWords(n)}`)];
      }
      return queued(before, after, 'WorkerReceiver', focus);
    case 'WorkerSender':
      return step.event.step === 'HandOver' ? handedOver(before, focus) : [];
    case 'Listener':
      return listenerArrows(step, { before, after, peer, focus });
    case 'QuorumConnectionReqThread':
      return requestArrows(step, { before, after, peer, focus });
    case 'SendWorker':
      return sendArrows(step, { before, after, peer, focus });
    case 'RecvWorker':
      return recvArrows(step, { before, after, peer, focus });
  }
}

/** What thread QuorumPeer makes visible: state, round, proposal. */
function notes({ was, now, focus }: Seen): readonly Arrow[] {
  const [before, after] = [was.peer.process, now.peer.process];
  if (before === null || after === null) return [];
  const said: string[] = [];
  if (before.logicalclock !== after.logicalclock) said.push(`round ${before.logicalclock} → ${after.logicalclock}`);
  if (before.proposal.leader !== after.proposal.leader) said.push(`proposes ${after.proposal.leader}`);
  if (before.main.at === 'poll' && after.main.at === 'final') said.push('a quorum agrees');
  if (before.state !== after.state) said.push(`state ${after.state}, recvqueue cleared`);
  if (before.main.at === 'decided') said.push(`publishes its vote for ${after.currentVote.leader}`);
  return said.length === 0 ? [] : [{ from: 'QuorumPeer', to: null, server: focus, text: said.join(', ') }];
}

function queued(before: Messenger, after: Messenger, from: string, focus: number): readonly Arrow[] {
  const added = after.sendqueue.slice(before.sendqueue.length);
  const [first] = added;
  if (first === undefined) return [];
  return [
    {
      from,
      to: 'WorkerSender',
      server: focus,
      text: `sendqueue: ${frameWords(first.message)} to ${added.map(({ to }) => to).join(', ')}`,
    },
  ];
}

function handedOver({ workerSender, manager }: Messenger, focus: number): readonly Arrow[] {
  if (workerSender.at !== 'taken') return [];
  const { to, message } = workerSender.toSend;
  const words = frameWords(message);
  if (to === BigInt(focus))
    return [{ from: 'WorkerSender', to: 'WorkerReceiver', server: focus, text: `recvQueue: ${words} (own copy)` }];
  const [older] = manager.queueSendMap.get(to) ?? [];
  const replaced = older === undefined ? '' : ` replaces ${frameWords(older)}`;
  return [{ from: 'WorkerSender', to: 'SendWorker', server: focus, text: `queueSendMap[${to}]: ${words}${replaced}` }];
}

interface Around {
  readonly before: Messenger;
  readonly after: Messenger;
  readonly peer: number | null;
  readonly focus: number;
}

function listenerArrows({ event }: Step, { before, after, peer, focus }: Around): readonly Arrow[] {
  if (event.step === 'ReadInitial' && after.manager.listener.at === 'answer') {
    return [{ from: `Server ${peer}`, to: 'Listener', server: focus, text: `I am ${after.manager.listener.sid}` }];
  }
  const { listener } = before.manager;
  if (event.step !== 'Answer' || listener.at !== 'answer') return [];
  const { sid } = listener;
  if (sid > BigInt(focus))
    return [{ from: 'Listener', to: null, server: focus, text: `keeps the connection: senderWorkerMap[${sid}]` }];
  const old = before.manager.senderWorkerMap.has(sid) ? ', finishes the old worker' : '';
  return [{ from: 'Listener', to: null, server: focus, text: `${sid} is smaller: closes${old}, dials back` }];
}

function requestArrows({ event }: Step, { before, peer, focus }: Around): readonly Arrow[] {
  const request = before.manager.requests.get(BigInt(peer ?? 0) as never);
  if (event.step === 'Introduce')
    return [{ from: 'connection pool', to: `Server ${peer}`, server: focus, text: `I am ${focus}` }];
  if (event.step === 'Connect' && 'socket' in event && event.socket === null)
    return [{ from: 'connection pool', to: null, server: focus, text: `${peer} refuses` }];
  if (event.step !== 'Decide' || request?.at !== 'decide' || peer === null) return [];
  const text =
    peer > focus
      ? `${peer} is larger: closes, ${peer} will dial back`
      : `keeps the connection: senderWorkerMap[${peer}]`;
  return [{ from: 'connection pool', to: null, server: focus, text }];
}

function sendArrows({ event, net }: Step, { before, peer, focus }: Around): readonly Arrow[] {
  if (event.thread !== 'SendWorker') return [];
  const connection = before.manager.connections.get(event.socket);
  const to = `Server ${peer}`;
  const link = net === null ? null : linkOf(net, event.socket);
  const lost = link !== null && (link.broken || !link.opener.open || !link.dialled.open) ? ' (lost)' : '';
  if (event.step === 'Write' && connection?.send.at === 'write') {
    const text = `${frameWords(connection.send.frame)}${event.ok ? lost : ' fails'}`;
    return [{ from: 'SendWorker', to, server: focus, text }];
  }
  if (event.step === 'Note' && connection?.send.at === 'taken') {
    return [
      {
        from: 'SendWorker',
        to: null,
        server: focus,
        text: `lastMessageSent[${peer}]: ${frameWords(connection.send.frame)}`,
      },
    ];
  }
  if (event.step === 'FinishSending' && connection?.running === true) return [ended('SendWorker', peer, focus)];
  if (event.step !== 'Start' || peer === null) return [];
  const frame = repeated(before, peer);
  return frame === null
    ? []
    : [{ from: 'SendWorker', to, server: focus, text: `lastMessageSent again: ${frameWords(frame)}` }];
}

/** What a SendWorker that begins repeats. */
function repeated({ manager }: Messenger, peer: number): Frame | null {
  const sid = BigInt(peer) as never;
  return (manager.queueSendMap.get(sid) ?? []).length > 0 ? null : (manager.lastMessageSent.get(sid) ?? null);
}

function recvArrows({ event }: Step, { before, peer, focus }: Around): readonly Arrow[] {
  if (event.thread !== 'RecvWorker') return [];
  const connection = before.manager.connections.get(event.socket);
  if (event.step === 'Read' && event.frame !== null) {
    return [{ from: `Server ${peer}`, to: 'RecvWorker', server: focus, text: frameWords(event.frame) }];
  }
  if (event.step === 'Append' && connection?.recv.at === 'append') {
    return [
      {
        from: 'RecvWorker',
        to: 'WorkerReceiver',
        server: focus,
        text: `recvQueue: ${peer}: ${frameWords(connection.recv.frame)}`,
      },
    ];
  }
  return event.step === 'FinishReceiving' && connection?.running === true ? [ended('RecvWorker', peer, focus)] : [];
}

function ended(thread: string, peer: number | null, focus: number): Arrow {
  return {
    from: thread,
    to: null,
    server: focus,
    text: `the connection to ${peer} has ended: senderWorkerMap[${peer}] removed`,
  };
}
