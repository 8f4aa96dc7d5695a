/** Observations of a simulated server as a release prints them, in the layout that ZooKeeper ships. */
import { toHex } from '../../types/int64.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { Sid } from '../../types/ids.js';
import type { Observation, ObservedLine } from '../../traces/observation.js';
import { isFrom } from './release-order.js';
import { type Besides, isElectionLine, worded } from './wording.js';

interface Printed {
  readonly level: 'INFO' | 'WARN' | 'DEBUG';
  readonly thread: 'main' | 'peer' | 'receiver';
  /** Class and line. */
  readonly logger: string;
  readonly message: string;
}

export interface PrintOptions extends Besides {
  /** By that server's clock. */
  readonly stamp: string;
  readonly release: string;
}

const EPOCH_WORDS = 'This should only happen when you are upgrading your installation';

/** The line, without a line break. Throws for lines that no simulation writes, and for those that the release does not print. */
export function printLogLine({ said }: Observation, sid: Sid, { stamp, release, ...besides }: PrintOptions): string {
  const printed = isElectionLine(said) ? electionLine(said, release, besides) : contextLine(said, release);
  if (printed === null) throw new Error(`internal error: no server of ${release} prints ${said.what}`);
  const { level, thread, logger, message } = printed;
  const name = { main: 'main', peer: peerThread(sid, release), receiver: `WorkerReceiver[myid=${sid}]` }[thread];
  return `${stamp} [myid:${sid}] - ${level.padEnd(5)} [${name}:${logger}] - ${message}`;
}

/** Does a server of this release print such a line at all? */
export function isPrintedBy(release: string, said: ObservedLine): boolean {
  return (isElectionLine(said) ? electionLine(said, release, {}) : contextLine(said, release)) !== null;
}

function peerThread(sid: Sid, release: string): string {
  const name = `QuorumPeer[myid=${sid}]`;
  if (!isFrom(release, '3.5.1')) return `${name}/0:0:0:0:0:0:0:0:2181`;
  const address = isFrom(release, '3.5.7') ? '[0:0:0:0:0:0:0:0]:2181' : '/0:0:0:0:0:0:0:0:2181';
  return `${name}(plain=${address})(secure=disabled)`;
}

const WARNINGS: ReadonlySet<ElectionLine['what']> = new Set(['ignoredLeader', 'ignoredSender']);
const SHOWN: ReadonlySet<ElectionLine['what']> = new Set<ElectionLine['what']>([
  'looking',
  'roleEntered',
  'stateChanged',
  'newElection',
  'timedOut',
  'notification',
  'oracle',
]);
const BY_PEER: ReadonlySet<ElectionLine['what']> = new Set(['looking', 'roleEntered', 'stateChanged']);
const BY_RECEIVER: ReadonlySet<ElectionLine['what']> = new Set(['receiving', 'answering', 'notification']);

function electionLine(said: ElectionLine, release: string, besides: Besides): Printed | null {
  const words = worded(said, release, besides);
  if (words === null) return null;
  const { what } = said;
  // Up to 3.5 a method of the outer class prints the notification.
  const inner = BY_RECEIVER.has(what) && (what !== 'notification' || isFrom(release, '3.6.0'));
  const owner = BY_PEER.has(what) ? 'QuorumPeer' : `FastLeaderElection${inner ? '$Messenger$WorkerReceiver' : ''}`;
  return {
    level: WARNINGS.has(what) ? 'WARN' : SHOWN.has(what) ? 'INFO' : 'DEBUG',
    thread: BY_RECEIVER.has(what) ? 'receiver' : 'peer',
    logger: `${owner}@${words.line}`,
    message: words.text,
  };
}

const by =
  (thread: 'main' | 'peer') =>
  (logger: string, message: string): Printed => ({ level: 'INFO', thread, logger, message });
const main = by('main');
const peer = by('peer');

function contextLine(said: ObservedLine, release: string): Printed | null {
  switch (said.what) {
    case 'processStarted': {
      // 3.6.0 and 3.6.1 are younger than 3.5.8 and older than 3.5.9.
      const named = isFrom(release, '3.5.9') && !/^3\.6\.[01]\b/.test(release);
      return main('QuorumPeerMain@152', `Starting quorum peer${named ? `, myid=${said.myId ?? ''}` : ''}`);
    }
    case 'version':
      return (isFrom(release, '3.6.0') ? main : peer)(
        'Environment@98',
        `Server environment:zookeeper.version=${said.text}`,
      );
    case 'snapshotLoaded':
      return isFrom(release, '3.6.0')
        ? main('ZKDatabase@289', `Snapshot loaded in 4 ms, highest zxid is 0x${toHex(said.zxid)}, digest is 1371985504`)
        : null;
    case 'epochDefault':
      return main(
        'QuorumPeer@1158',
        `${said.which} not found! Creating with a reasonable default of ${said.epoch}. ${EPOCH_WORDS}`,
      );
    case 'phase':
      return isFrom(release, '3.5.10')
        ? peer(
            'QuorumPeer@918',
            `Peer state changed: ${[said.state.toLowerCase(), said.phase, ...(said.sync === null ? [] : [said.sync])].join(' - ')}`,
          )
        : null;
    case 'newLeaderReceived':
      return isFrom(release, '3.5.0') ? peer('Learner@760', 'Learner received NEWLEADER message') : null;
    case 'upToDateReceived':
      return isFrom(release, '3.5.0') ? peer('Learner@737', 'Learner received UPTODATE message') : null;
    case 'quorumOfSupporters':
      return peer(
        'Leader@1563',
        `Have quorum of supporters, sids: ${supporters(said.sids, release)}; ${STARTING}0x${toHex(said.zxid)}`,
      );
    default:
      return null;
  }
}

const STARTING = 'starting up and setting last processed zxid: ';

function supporters(sids: readonly Sid[], release: string): string {
  if (!isFrom(release, '3.5.0')) return `[ ${sids.join(',')} ]`;
  return isFrom(release, '3.5.9') ? `[[${sids.join(', ')}]]` : `[ [${sids.join(', ')}] ]`;
}
