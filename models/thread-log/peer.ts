/** The connections between this server and one other, followed through the lines of all threads that deal with them. */
import { type ConnectionLine, threadKind } from '../../types/connection-line.js';
import type { Sid } from '../../types/ids.js';
import type { Outcome } from '../../traces/machine.js';
import type { Aspect } from './lives.js';
import { hiddenSteps } from './peer-hidden.js';
import { refusePeer } from './peer-refusals.js';
import { keyOf, NONE, type PeerState, startOf } from './peer-state.js';
import { byThread } from './peer-threads.js';
import { byWorker } from './peer-workers.js';
import { peerOf } from './rules.js';

function observe(state: PeerState, line: ConnectionLine): Outcome<PeerState> {
  const kind = threadKind(line.thread);
  const isWorker = kind === 'sendWorker' || kind === 'recvWorker';
  if (isWorker && peerOf(line) !== state.peer) return { ok: true, next: [state] };
  const next = isWorker ? byWorker(state, kind, line.message) : byThread(state, line);
  return next.length > 0 ? { ok: true, next } : { ok: false, refusal: refusePeer(state, line) };
}

/** Judges what concerns one peer; of other peers' lines only that their threads have done with this one. */
export function connectionsTo(peer: Sid): Aspect<PeerState> {
  return {
    name: `connections to ${peer}`,
    begin: ({ sid }) => startOf(sid, peer),
    hidden: hiddenSteps,
    observe: (state, said) => (said.what === 'connection' ? observe(state, said) : { ok: true, next: [state] }),
    key: keyOf,
    describe: ({ entry, queue, last, attempt, workers }) => {
      const words = [
        entry === NONE ? `no connection to ${peer} registered` : `a connection to ${peer} registered`,
        `${workers.length} of them with a thread`,
        queue === 'full' ? 'a message waiting' : 'no message waiting',
        last ? 'a last message' : 'no last message',
      ];
      if (attempt !== null) words.push('a request in progress');
      return words.join(', ');
    },
    never: () => null,
  };
}
