/** What of a state matters to those outside an election: who is in which role, and what stands on the disks. */
import type { Server } from '../../spec/state.js';
import { toHex } from '../../types/int64.js';
import { type Budget, isFaultless, type Times } from './bounds.js';
import type { Model } from './model.js';

/** `1 follows 3 (round 1)`; epochs and zxid only where they are not those of an ensemble that has never been active. */
export function standing(server: Server): string {
  return `${server.sid} ${doing(server)}${disk(server)}`;
}

function doing({ sid, life }: Server): string {
  if (life === null) return 'is down';
  if (life.pc !== 'OUT') return 'is undecided';
  const { leader, round, epoch } = life.cur;
  const whom = leader === sid ? '' : ` ${leader}`;
  const role = { LEADING: 'leads', FOLLOWING: 'follows', OBSERVING: 'observes', LOOKING: 'looks for' }[life.st];
  return `${role}${whom} (round ${round}${epoch === 0n ? '' : `, epoch ${epoch}`})`;
}

function disk({ zx, logged, ce, ae }: Server): string {
  if (zx === 0n && logged === 0n && ce === 0n && ae === 0n) return '';
  return ` [zxid 0x${toHex(zx)}, logged 0x${toHex(logged)}, currentEpoch ${ce}, acceptedEpoch ${ae}]`;
}

function budgetText(budget: Budget): string {
  const left = Object.entries(budget).filter(([, count]: [string, Times]) => count !== 0);
  return `left: ${left.map(([name, count]) => `${count} ${name}`).join(', ') || 'nothing'}`;
}

/**
 * The projection by which graphs are compared: of all servers and, where there may be faults, of what is left of the
 * budget. Rows with equal texts may differ in everything that is on its way or not yet decided.
 */
export function outcomeOf<V>({ layout, machine, bounds }: Model<V>, row: readonly unknown[]): string {
  const servers = layout.servers.map((slot) => standing(machine.look(row[slot] as V)));
  const left = isFaultless(bounds) ? [] : [budgetText(row[layout.budget] as Budget)];
  return [...servers, ...left].join('; ');
}
