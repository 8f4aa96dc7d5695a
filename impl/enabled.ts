/** When an event may happen: one reason in words for each guard, null if the event is enabled. */
import { unreachable } from '../base/assert.js';
import type { MainEvent, PeerEvent, ZabEvent } from './event.js';
import type { Peer, Process, Worker } from './peer.js';
import type { PeerConfig } from './peer-config.js';

const STAGE_OF = {
  Receive: 'idle',
  TestState: 'printed',
  Enqueue: 'tested',
  CompareRound: 'enqueued',
  SendReply: 'replying',
} as const satisfies Record<string, Worker['stage']>;

/** Null if `transition` accepts the event now, else a reason in words. */
export function whyNotEnabled(config: PeerConfig, peer: Peer, event: PeerEvent): string | null {
  if (event.type === 'Restart') return peer.process === null ? null : 'the server is already up';
  const { process } = peer;
  if (process === null) return 'the server is down';
  switch (event.type) {
    case 'Crash':
    case 'RestartElection':
    case 'SetQuorumVerifier':
      return null;
    case 'UpdateVote':
      return process.main.at === 'role' ? null : `the main loop is at ${process.main.at}, not in a role`;
    case 'Receive':
    case 'TestState':
    case 'Enqueue':
    case 'CompareRound':
    case 'SendReply': {
      const stage = STAGE_OF[event.type];
      if (process.worker.stage === stage) return null;
      return `WorkerReceiver is ${process.worker.stage}, not ${stage}`;
    }
    case 'Begin':
    case 'Handle':
    case 'TimeOut':
    case 'FinalStep':
    case 'Silence':
    case 'FinalEnd':
    case 'Publish':
    case 'Leave':
      return whyNoMainStep(process, event);
    default:
      return whyNoZabStep(config, peer, { process, event });
  }
}

const PLACE_OF = {
  Begin: 'enter',
  Handle: 'poll',
  TimeOut: 'poll',
  FinalStep: 'final',
  Silence: 'final',
  FinalEnd: 'silent',
  Publish: 'decided',
  Leave: 'role',
} as const satisfies Record<MainEvent['type'], Process['main']['at']>;

function whyNoMainStep(process: Process, event: MainEvent): string | null {
  const place = PLACE_OF[event.type];
  if (process.main.at !== place) return `the main loop is at ${process.main.at}, not at ${place}`;
  const queued = process.recvqueue.length;
  switch (event.type) {
    case 'Handle':
    case 'FinalStep':
      return queued > 0 ? null : 'recvqueue is empty';
    case 'TimeOut':
    case 'Silence':
      return queued === 0 ? null : `recvqueue holds ${queued} notifications`;
    default:
      return null;
  }
}

function whyNoZabStep(
  config: PeerConfig,
  peer: Peer,
  { process, event }: { readonly process: Process; readonly event: ZabEvent },
): string | null {
  if (process.main.at !== 'role') return `the main loop is at ${process.main.at}, not in a role`;
  const leading = process.state === 'LEADING';
  const { acceptedEpoch } = peer.durable;
  switch (event.type) {
    case 'ProposeEpoch':
      if (!leading) return 'only a leader proposes an epoch';
      return event.epoch > acceptedEpoch ? null : `epoch ${event.epoch} is not above acceptedEpoch ${acceptedEpoch}`;
    case 'AcceptEpoch':
      if (leading) return 'only a learner accepts an epoch';
      return event.epoch >= acceptedEpoch ? null : `epoch ${event.epoch} is below acceptedEpoch ${acceptedEpoch}`;
    case 'CommitEpoch':
    case 'Establish':
    case 'CountFollowers':
      return leading ? null : 'only a leader does this';
    case 'Synchronize':
      if (leading) return 'a leader does not synchronize with itself';
      return event.epoch === acceptedEpoch ? null : `epoch ${event.epoch} is not acceptedEpoch ${acceptedEpoch}`;
    case 'UpToDate':
      if (leading) return 'only a learner receives UPTODATE';
      return event.epoch === peer.durable.currentEpoch || config.learnerType === 'OBSERVER'
        ? null
        : `epoch ${event.epoch} is not currentEpoch ${peer.durable.currentEpoch}`;
    case 'Write':
      return null;
    default:
      return unreachable(event);
  }
}
