/** The connections between this server and one other, followed through the lines of all threads that deal with them. */
import { type ConnectionLine, threadKind } from '../../types/connection-line.js';
import type { Sid } from '../../types/ids.js';
import type { Outcome } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';
import { answersAfter, mayAskUnheard } from './answers.js';
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

/** Lines of the election: what is sent to this peer. Before FastLeaderElection tells of sends, any message may be. */
function withSends(state: PeerState, said: ObservedLine): PeerState {
  const answers = answersAfter(state.answers, said);
  const { peer } = state;
  const told = (said.what === 'sending' || said.what === 'answering') && said.recipient === peer;
  const untold = answers.told !== true || mayAskUnheard(answers, state.hints, peer);
  return { ...state, answers, untold, owed: untold ? 0 : state.owed + (told ? 1 : 0) };
}

/** What was taken for an untold message cannot have been one, if the first line tells that messages are told. */
function observeElection(state: PeerState, said: ObservedLine): Outcome<PeerState> {
  const next = withSends(state, said);
  const offered = next.tasks.some(({ at }) => at === 'offered');
  if (!(state.untold && !next.untold && offered)) return { ok: true, next: [next] };
  const reason = `no message for server ${state.peer} was queued before the first line of FastLeaderElection`;
  const method = 'FastLeaderElection.sendNotifications';
  return { ok: false, refusal: { reason, method, nearness: 0, legal: null } };
}

/** Judges what concerns one peer; of other peers' lines only that their threads have done with this one. */
export function connectionsTo(peer: Sid): Aspect<PeerState> {
  return {
    name: `connections to ${peer}`,
    begin: (hints) => startOf(hints, peer),
    hidden: hiddenSteps,
    observe: (state, said) => (said.what === 'connection' ? observe(state, said) : observeElection(state, said)),
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
