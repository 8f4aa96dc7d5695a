/** Write: an established leader appends a transaction. */
import { asZxid, zxidCounter, type Sid } from '../../types/ids.js';
import type { State } from '../state.js';
import { serverOf, withServer } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

/** Guard shared with CatchUp: `sid` leads and is established. */
export function notEstablished(state: State, sid: Sid): string | null {
  const found = lifeAt(state, sid);
  if (typeof found === 'string') return found;
  const { pc, st, leadership } = found.life;
  return pc === 'OUT' && st === 'LEADING' && leadership === 'established' ? null : `${sid} is no established leader`;
}

/** The counter grows, in memory and log at once; at its end the leader would resign (ZxidRolloverException). */
export const write: GlobalRule<Of<'Write'>> = {
  name: 'Write',
  whyNot(state, { leader }) {
    const why = notEstablished(state, leader);
    if (why !== null) return why;
    return zxidCounter(serverOf(state, leader).zx) === 0xffffffffn ? 'the counter of the zxid is at its end' : null;
  },
  next(state, { leader }) {
    const server = serverOf(state, leader);
    const zx = asZxid(server.zx + 1n);
    return plainStep(withServer(state, { ...server, zx, logged: zx }));
  },
};
