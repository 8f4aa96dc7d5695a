/** Recognises the step with which lookForLeader returns a vote. */
import type { Sid } from '../../types/ids.js';
import type { EndVote } from '../../types/vote.js';
import type { StepTaken } from '../history.js';
import type { Life, Server } from '../state.js';
import { actorOf, isElecting } from './terms.js';

export interface Exit {
  readonly sid: Sid;
  readonly before: Life;
  readonly after: Life;
  readonly server: Server;
  /** What was decided. */
  readonly end: EndVote;
  /**
   * 'final': the finalize wait ended in silence. 'join': a FOLLOWING or LEADING notification completed a quorum, or the
   * oracle let it stand for one. 'oracle': a timeout of the main wait found that the oracle now agrees.
   */
  readonly way: 'final' | 'join' | 'oracle';
}

/** The exit that the step is, or contains; null: none. */
export function exitOf({ before, action, after }: StepTaken): Exit | null {
  const sid = actorOf(action);
  if (sid === null) return null;
  const old = before.servers.get(sid)?.life ?? null;
  if (!isElecting(old)) return null;
  const server = after.servers.get(sid);
  const now = server?.life ?? null;
  if (server === undefined || now === null || (now.pc !== 'DECIDED' && now.pc !== 'OUT')) return null;
  const way = old.pc !== 'POLL' ? 'final' : action.name === 'Resend' ? 'oracle' : 'join';
  return { sid, before: old, after: now, server, end: now.end ?? now.cur, way };
}
