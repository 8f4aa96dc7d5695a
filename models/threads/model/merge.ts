/**
 * The reduction `merge`: steps that no other thread, and no property, can tell from none, are taken at once.
 *
 * - WorkerSender.Take (slots.ts): it moves the head of sendqueue into the thread's hands; nobody else reads the head.
 * - The ends of workers of a finished connection: `finish` has been called, the socket is closed, the registration gone; a worker that
 *   waits has nothing left to do but to find out. One that has a message in hand is not merged: what it does with it matters.
 * - What thread QuorumPeer does with a message that makes it neither send, nor leave its two waits, nor change state, clock, proposal or
 *   published vote: nobody else reads what it changes (recvset, outofelection, the head of recvqueue), and WorkerReceiver adds at the
 *   tail of recvqueue either way. A message that is put back is not merged: its place depends on what arrives before.
 * - Listener.Accept before there is anything to read: between two servers only one request is on its way at a time, so nobody
 *   is kept waiting by it.
 */
import type { Peer } from '../../../impl/peer.js';
import { without } from '../../../impl/threads/collections.js';
import type { ThreadedConfig } from '../../../impl/threads/process.js';
import { mainStep, runMain } from '../../../impl/threads/quorum-peer.js';
import type { CnxManager, Connection } from '../../../impl/threads/state.js';
import type { Sid } from '../../../types/ids.js';
import type { Move } from '../moves.js';
import { allowedCase } from '../refinement.js';
import { applied, type PairNet, readable } from '../network.js';

export function withoutDeadWorkers(
  me: Sid,
  manager: CnxManager,
  net: PairNet,
): { readonly manager: CnxManager; readonly net: PairNet } {
  let now = { manager, net };
  for (const [socket, connection] of manager.connections) {
    const ended = endedIfIdle(connection);
    if (ended === connection) continue;
    if (ended.send.at === 'ended' && ended.recv.at === 'ended') {
      now = {
        manager: { ...now.manager, connections: without(now.manager.connections, socket) },
        net: applied(now.net, me, { type: 'release', socket }),
      };
    } else {
      now = { ...now, manager: { ...now.manager, connections: new Map(now.manager.connections).set(socket, ended) } };
    }
  }
  return now;
}

function endedIfIdle(connection: Connection): Connection {
  const { running, send, recv } = connection;
  if (running) return connection;
  const over = { at: 'ended' } as const;
  const nextSend = send.at === 'poll' || send.at === 'finish' ? over : send;
  const nextRecv = recv.at === 'read' || recv.at === 'finish' ? over : recv;
  return nextSend === send && nextRecv === recv ? connection : { ...connection, send: nextSend, recv: nextRecv };
}

/** The peer after all such steps; each is held against the specification, and one that it does not allow is not merged. */
export function withoutSilentSteps({ config, profile }: ThreadedConfig, peer: Peer): Peer {
  let now = peer;
  for (;;) {
    const next = silentStep({ config, profile }, now);
    if (next === null) return now;
    now = next;
  }
}

function silentStep({ config, profile }: ThreadedConfig, peer: Peer): Peer | null {
  const { process } = peer;
  const step = mainStep(peer);
  if (process === null || (step !== 'Handle' && step !== 'FinalStep')) return null;
  const ran = runMain(profile, { config, peer, delivered: true }, step);
  const after = ran?.peer.process ?? null;
  if (ran === null || after === null || ran.effects.some(({ type }) => type === 'send')) return null;
  if (
    after.recvqueue.length !== process.recvqueue.length - 1 ||
    !(after.main.at === 'poll' || after.main.at === 'final')
  )
    return null;
  if (after.main.at === 'poll' && process.main.at === 'final') return null;
  const kept = (['state', 'logicalclock', 'proposal', 'currentVote', 'needOracle'] as const).every(
    (name) => after[name] === process[name],
  );
  const event = { thread: 'QuorumPeer', step } as const;
  if (
    !kept ||
    'why' in allowedCase(config, { was: peer, now: ran.peer, event, message: null, delivered: true, sent: [] })
  )
    return null;
  return ran.peer;
}

export function acceptsOnlyToRead(me: Sid, moves: readonly Move[]): readonly Move[] {
  return moves.filter(({ event, net }) => event.step !== 'Accept' || readable(net, me, event.socket) !== null);
}
