/** Values in words. */
import { unreachable } from '../../base/assert.js';
import type { Life, Server } from '../../spec/state.js';
import type { Notification, Vote } from '../../types/vote.js';
import type { Sid } from '../../types/ids.js';
import { toHex } from '../../types/int64.js';
import { messageLabel, messageWords, proposalWords } from '../fuzz/words.js';
import type { Epochs } from './activation.js';
import type { Budget, Times } from './bounds.js';
import type { Queue } from './channels.js';

export function queueWords(queue: Queue): string {
  return queue.length === 0 ? 'nothing' : queue.map(messageWords).join(', then ');
}

export function budgetWords(budget: Budget): string {
  const left = Object.entries(budget).filter(([, count]: [string, Times]) => count !== 0);
  return left.length === 0 ? 'nothing left' : `left: ${left.map(([name, count]) => `${name} ${count}`).join(', ')}`;
}

export function epochsWords(epochs: Epochs): string {
  if (epochs.length === 0) return 'no epoch yet';
  return epochs.map(({ what, epoch, leader }) => `${epoch} ${what} by ${leader}`).join(', ');
}

export function serverWords(server: Server): string {
  const { life, zx, logged, ce, ae } = server;
  const words = life === null ? 'down' : lifeWords(life);
  if (zx === 0n && logged === 0n && ce === 0n && ae === 0n) return words;
  const zxid = `zxid 0x${toHex(zx)}${logged === zx ? '' : ` (on disk 0x${toHex(logged)})`}`;
  return `${words}; ${zxid}, currentEpoch ${ce}, acceptedEpoch ${ae}`;
}

function lifeWords(life: Life): string {
  const { pc, st, clk, prop, cur, end, recvset, ooe, nq } = life;
  const parts = [`round ${clk}`];
  switch (pc) {
    case 'ENTER':
      parts.unshift('LOOKING, not yet begun');
      parts.push(`proposal still ${proposalWords(prop)}`);
      break;
    case 'POLL':
    case 'FINAL':
    case 'SILENT':
      parts.unshift(pc === 'POLL' ? 'LOOKING, waits for votes' : 'LOOKING, waits for silence');
      parts.push(`proposes ${proposalWords(prop)}`, `recvset ${votesWords(recvset)}`);
      if (ooe.size > 0) parts.push(`outofelection ${votesWords(ooe)}`);
      break;
    case 'DECIDED':
      parts.unshift(`${st}, has not yet published ${end === null ? '' : proposalWords(end)}`);
      break;
    case 'OUT':
      parts.unshift(st);
      parts.push(`vote ${proposalWords(cur)} of round ${cur.round}`);
      break;
    default:
      return unreachable(pc);
  }
  if (nq.length > 0) parts.push(`recvqueue ${nq.map(notice).join(' ')}`);
  return parts.join(', ');
}

const notice = (n: Notification): string => `${n.from}:${messageLabel(n)}`;

const votesWords = (votes: ReadonlyMap<Sid, Vote>): string =>
  `{${[...votes].map(([sid, { leader, state }]) => `${sid}: ${leader} ${state}`).join(', ')}}`;
