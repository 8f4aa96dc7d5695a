/** What should happen in the end. Data only: these claims need fairness and time, which steps alone do not have. */
import type { ActionName } from '../action.js';

/**
 * 'weak': if it stays possible it happens. 'strong': if it is possible again and again it happens. Actions that are
 * not named may never happen.
 */
export type Fairness = 'weak' | 'strong';

export interface LivenessClaim {
  readonly id: string;
  readonly sentence: string;
  readonly fairness: Readonly<Partial<Record<ActionName, Fairness>>>;
  readonly assumes: readonly string[];
  /** Issues in which it was broken. */
  readonly broken: readonly string[];
}

/** The threads go on, messages arrive, and whoever hears nothing sends again. */
const THREADS: LivenessClaim['fairness'] = {
  Begin: 'weak',
  Receive: 'strong',
  TestState: 'weak',
  Enqueue: 'weak',
  CompareRound: 'weak',
  SendReply: 'weak',
  Handle: 'weak',
  Resend: 'strong',
  FinalStep: 'weak',
  Silence: 'weak',
  FinalEnd: 'weak',
  Publish: 'weak',
};

const QUIET = 'From some time on: no crash, restart, broken connection or reconfiguration; no oracle.';
const CONNECTED =
  'A quorum of voters stays up and connected; of what is sent on a pair again and again, something arrives.';

export const LIVENESS: readonly LivenessClaim[] = [
  {
    id: 'L1',
    sentence: 'In the end all members of a stable, connected quorum are decided for one leader among them.',
    fairness: { ...THREADS, Leave: 'weak', Activate: 'strong' },
    assumes: [
      QUIET,
      CONNECTED,
      'No better vote is on its way within the quorum when a finalize wait ends (delays below 200 ms).',
      'Leave happens only to a leader without a quorum of followers, and to whoever follows no LEADING server.',
    ],
    broken: ['ZOOKEEPER-1419', 'ZOOKEEPER-3756'],
  },
  {
    id: 'L2',
    sentence: 'A LOOKING voter beside an established ensemble follows its leader in the end, and disturbs nobody.',
    fairness: { ...THREADS, CatchUp: 'weak' },
    assumes: [QUIET, CONNECTED, 'No member of the ensemble leaves; all have the epoch of its leader in their vote.'],
    broken: ['ZOOKEEPER-1514', 'ZOOKEEPER-1732', 'ZOOKEEPER-1805', 'ZOOKEEPER-2212', 'ZOOKEEPER-3537'],
  },
  {
    id: 'L3',
    sentence: 'After a server is gone, only finitely many elections end with FOLLOWING it.',
    fairness: { ...THREADS, Leave: 'weak' },
    assumes: [QUIET, CONNECTED, 'Voters only: observers may elect the dead again.'],
    broken: ['ZOOKEEPER-159'],
  },
  {
    id: 'L4',
    sentence: 'One lost LOOKING vote does not keep the named server from leading while its supporter answers.',
    fairness: THREADS,
    assumes: [QUIET, CONNECTED, 'The supporter stays decided for it, in the same round.'],
    broken: ['ZOOKEEPER-480', 'ZOOKEEPER-1818'],
  },
  {
    id: 'L5',
    sentence: 'In one round a server announces a change of its proposal at most as often as there are different votes.',
    fairness: {},
    assumes: ['Every server has a positive weight. Begin, a higher round and Resend are not changes.'],
    broken: ['ZOOKEEPER-1419'],
  },
  {
    id: 'L6',
    sentence: 'Without timeouts only finitely many answers follow one notification.',
    fairness: THREADS,
    assumes: [
      QUIET,
      'Resend stops. Voters only: a LOOKING voter and an observer in its role answer each other for ever.',
    ],
    broken: ['ZOOKEEPER-1807', 'ZOOKEEPER-693'],
  },
  {
    id: 'L7',
    sentence: 'No message ends or blocks a receiving, sending or listening thread for ever.',
    fairness: THREADS,
    assumes: ['Of threads: this specification has none that can end; stated for completeness.'],
    broken: ['ZOOKEEPER-3769', 'ZOOKEEPER-900', 'ZOOKEEPER-2186', 'ZOOKEEPER-2080', 'ZOOKEEPER-2778'],
  },
  {
    id: 'L8',
    sentence: 'The newest message of each of two live servers that can reach each other arrives.',
    fairness: { Receive: 'strong', Replay: 'strong' },
    assumes: [QUIET, 'Of connections: here a channel that loses only what has a later message behind it.'],
    broken: ['ZOOKEEPER-453', 'ZOOKEEPER-481', 'ZOOKEEPER-822', 'ZOOKEEPER-880', 'ZOOKEEPER-2164'],
  },
];
