/**
 * Two reductions: fewer states, the same decisions. Each can be switched off, and tests compare what is reached with
 * and without them.
 */
import type { Life, Server } from '../../spec/state.js';
import { sameProposal } from '../../spec/order.js';
import { live } from '../../spec/server.js';
import { asPeerEpoch, asRound, asSid, asZxid } from '../../types/ids.js';
import type { Proposal, Vote } from '../../types/vote.js';
import type { ElectionBounds } from './bounds.js';
import type { Deed, Machine, Moved } from './machine.js';

/**
 * merge: the step that the main thread of a server would take next, if nobody else can tell whether it was taken:
 * Handle that neither sends nor leaves the two waits, FinalStep that drops its message. A model takes such steps at
 * once.
 *
 * Why this is sound. Such a step writes recvqueue (it takes the head), recvset, outofelection, the last count, and
 * which of the two waits it is. What other steps read or write of the server meanwhile: an arrival appends at the
 * tail of recvqueue and reads state, clock, proposal and published vote; an activation concerns servers in a role; a
 * crash erases all of it. None of them enables, disables or changes the step, nor the step them; and the thread's
 * own later steps come after it in any case. So it may as well come first. Each shortens recvqueue: there is no
 * endless row of them. Two kinds of step are not silent: a message put back in the finalize wait (its place at the
 * tail depends on what arrives before), and one that breaks a property or has several outcomes (it should be seen).
 * What it hides is time: a message that the finalize wait drops makes it wait anew, and merged it seems never to have
 * waited. Who asks whether that wait ends merges in the other wait alone (poll).
 * `nq` bounds what is in recvqueue after merging: a merged model lets in more than an unmerged one of equal bound.
 */
export function silentStep<V>(machine: Machine<V>, value: V, merge: ElectionBounds['reduce']['merge']): Deed | null {
  const { sid, life } = machine.look(value);
  if (life === null || life.nq.length === 0) return null;
  if (life.pc === 'POLL') return { action: { name: 'Handle', s: sid }, arrival: null };
  return life.pc === 'FINAL' && merge !== 'poll' ? { action: { name: 'FinalStep', s: sid }, arrival: null } : null;
}

/**
 * Was it one? That it leaves alone what others read is no more than a look at the specification; a wrong peer may be
 * explored here as well.
 */
export function wasSilent(before: Server, after: Server, { sends, breaks }: Moved<unknown>): boolean {
  const [old, now] = [before.life, after.life];
  if (old === null || now === null || breaks !== null || sends.length > 0) return false;
  if (now.pc !== 'FINAL' && !(now.pc === 'POLL' && old.pc === 'POLL')) return false;
  return now.st === old.st && now.clk === old.clk && sameProposal(now.prop, old.prop) && sameVote(now.cur, old.cur);
}

const sameVote = (a: Vote, b: Vote): boolean => a.round === b.round && sameProposal(a, b);

/** Values of variables that nobody will read. Any would do. */
const NO_PROPOSAL: Proposal = { leader: asSid(-1n), zxid: asZxid(-1n), epoch: asPeerEpoch(0n) };
const NO_VOTE: Vote = { ...NO_PROPOSAL, round: asRound(-1n), state: 'LOOKING', version: 0 };

/**
 * dead: variables that are written before they are read again get one fixed value. Who reads what (spec/actions):
 *
 * - `counted`: Resend alone, and only with an oracle. Dead everywhere. (`recvset`, `ooe` and `end` are cleared by the
 *   specification itself where they are dead.)
 * - `cur` while LOOKING: by the answer to a non-voter (Receive), by an answer in a role (TestState), by Activate and
 *   CatchUp (in a role). Publish writes it before the role; windowed, a decided server answers with it before that.
 *   So it is dead while an election lasts if steps are strict and nobody but voters sends.
 * - `prop` in a role: CompareRound reads it if the server was LOOKING at TestState, which is the same step here; the
 *   waits read it. Begin writes it before them, but in ENTER it is read. Strict, ENTER is never seen; and a role
 *   that will not be left is followed by a restart alone, which writes it too.
 */
export function forgetful(bounds: ElectionBounds): (server: Server) => Server {
  const strict = bounds.grain === 'strict';
  const deadVote = strict && bounds.observers === 0;
  return (server) => {
    const { life } = server;
    if (life === null) return server;
    const changes: Partial<Life> = { counted: null };
    if (life.st === 'LOOKING') return live(server, deadVote ? { ...changes, cur: NO_VOTE } : changes);
    return live(server, strict || staysForever(bounds, life) ? { ...changes, prop: NO_PROPOSAL } : changes);
  };
}

/**
 * Is this role never left but by a crash? The clock rests in a role, so the bound of rounds, once reached, is final.
 */
function staysForever({ leaves, rounds }: ElectionBounds, { clk }: Life): boolean {
  return leaves === 0 || (leaves !== 'any' && clk + 1n > BigInt(rounds));
}

/**
 * dead, too: own copies of a server that gets a role and will never leave it. In a role it answers a LOOKING copy to
 * itself and drops that answer; a crash loses both. After a Leave they would be read in the next election.
 */
export function losesOwnCopies(bounds: ElectionBounds, before: Server, after: Server): boolean {
  const { life } = after;
  if (!bounds.reduce.dead || life === null || life.st === 'LOOKING') return false;
  return before.life?.st === 'LOOKING' && staysForever(bounds, life);
}
