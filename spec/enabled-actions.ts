/** Which steps of a server are enabled, told from where its two threads are: at most one each. */
import { unreachable } from '../base/assert.js';
import type { Sid } from '../types/ids.js';
import type { LocalAction, ReceiveAction } from './action.js';
import { gossiped } from './actions/receive.js';
import type { Life, Server, State } from './state.js';

/** { a : localWhyNot(server, a) = null }. Resend stands for both of its variants. */
export function enabledLocal(server: Server): readonly LocalAction[] {
  const { life, sid } = server;
  if (life === null) return [];
  const main: LocalAction = { name: mainStep(life), s: sid };
  const worker = workerStep(life);
  return worker === null ? [main] : [main, { name: worker, s: sid }];
}

/** The one step that thread QuorumPeer can make. */
function mainStep(life: Life): LocalAction['name'] {
  switch (life.pc) {
    case 'ENTER':
      return 'Begin';
    case 'POLL':
      return life.nq.length > 0 ? 'Handle' : 'Resend';
    case 'FINAL':
      return life.nq.length > 0 ? 'FinalStep' : 'Silence';
    case 'SILENT':
      return 'FinalEnd';
    case 'DECIDED':
      return 'Publish';
    case 'OUT':
      return 'Leave';
    default:
      return unreachable(life.pc);
  }
}

/** The one step that thread WorkerReceiver can make on the message in its hands. */
function workerStep(life: Life): LocalAction['name'] | null {
  switch (life.worker.stage) {
    case 'IDLE':
      return null;
    case 'TAKEN':
      return 'TestState';
    case 'TESTED':
      return 'Enqueue';
    case 'QUEUED':
      return 'CompareRound';
    case 'REPLY':
      return 'SendReply';
    default:
      return unreachable(life.worker);
  }
}

/** For every channel towards `s` with a message: the one action that takes it. */
export function enabledReceives(state: State, s: Sid): readonly ReceiveAction[] {
  const server = state.servers.get(s);
  if (server === undefined || server.life === null || server.life.worker.stage !== 'IDLE') return [];
  const result: ReceiveAction[] = [];
  for (const [from, row] of state.channels) {
    const head = row.get(s)?.queue[0];
    if (head === undefined) continue;
    result.push({ name: gossiped(state, server, head) === null ? 'Receive' : 'ConfigGossip', from, s });
  }
  return result;
}
