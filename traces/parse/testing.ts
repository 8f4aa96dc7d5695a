/** Lines of a log of server 2 at 3.8, and what is read from one: for tests. */
import { LogParser } from './log-parser.js';

export const MAIN =
  '2026-01-02 03:04:05,678 [myid:2] - INFO  [QuorumPeer[myid=2](plain=[0:0:0:0:0:0:0:0]:2181)(secure=disabled):';
export const FLE = `${MAIN}o.a.z.s.q.FastLeaderElection@946] - `;
export const QP = `${MAIN}o.a.z.s.q.QuorumPeer@1455] - `;
export const WR =
  '2026-01-02 03:04:05,678 [myid:2] - INFO  [WorkerReceiver[myid=2]:o.a.z.s.q.FastLeaderElection$Messenger$WorkerReceiver@391] - ';

/** What one line of server 2's log says. */
export function said(line: string): unknown {
  const found = new LogParser('f').push(line);
  if (found.length > 1) throw new Error(`${found.length} observations of one line`);
  return found[0]?.said ?? null;
}
