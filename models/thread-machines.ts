/** The machines that judge a log by thread: each follows one aspect of QuorumCnxManager, and all must explain the log. */
import type { Sid } from '../types/ids.js';
import type { Machine, ThreadMachines } from '../traces/machine.js';
import { type Life, lifeMachine } from './thread-log/lives.js';
import { connectionsTo } from './thread-log/peer.js';
import { programs } from './thread-log/programs.js';
import { isOfUnknownThread, peerOf } from './thread-log/rules.js';
import { sends } from './thread-log/sends.js';

/** What is known of one aspect: of a process that was seen from its start, its state. */
export type ThreadHypothesis = Life<unknown>;

/** Programs of threads, the send queue, and for each other server the connections to it. */
export const threadMachines: ThreadMachines<ThreadHypothesis> = {
  programs: lifeMachine(programs),
  sends: lifeMachine(sends),
  ofPeer: (peer: Sid): Machine<ThreadHypothesis> => lifeMachine(connectionsTo(peer)),
  peerOf,
  isReadable: (line) => !isOfUnknownThread(line),
};
