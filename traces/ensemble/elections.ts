/** The elections of an ensemble, read off its lines in causal order. */
import { type PeerEpoch, type Round, type Sid, zxidEpoch } from '../../types/ids.js';
import type { Role } from '../../types/server-state.js';
import type { Observation, SourcePosition } from '../observation.js';
import { milliseconds } from '../time-stamp.js';
import type { Told } from './joint.js';
import type { Election, ElectionPart } from './verdict.js';

interface Search {
  readonly at: SourcePosition;
  readonly why: string;
}

/** What is known of a server while its lines pass. */
interface Passing {
  /** Since when it looks for a leader; null: it does not, or that was not seen. */
  search: Search | null;
  /** Why its last role ended, or its process began. */
  why: string;
  role: Role | null;
  /** The election that its role belongs to. */
  term: Draft | null;
}

interface Draft {
  readonly leader: Sid;
  round: Round | null;
  epoch: PeerEpoch | null;
  readonly parts: ElectionPart[];
  readonly supporters: Set<Sid>;
  /** The leader is in this role now, or may come to be. */
  open: boolean;
}

const NOT_SEEN = 'its log does not tell';

export class Elections {
  readonly #passing = new Map<Sid, Passing>();
  readonly #drafts: Draft[] = [];
  /** Sentences: what could not be placed. */
  readonly notes: string[] = [];
  /** Servers that followed somebody, but nobody can tell whom. */
  readonly untold = new Set<Sid>();

  get all(): readonly Election[] {
    return this.#drafts
      .filter(({ parts }) => parts.length > 0)
      .map(({ leader, round, epoch, parts, supporters }) => ({
        leader,
        round,
        epoch,
        parts,
        supporters: [...supporters].sort((a, b) => (a < b ? -1 : 1)),
      }));
  }

  see({ sid, observation, decision }: Told): void {
    const passing = this.#passing.get(sid) ?? { search: null, why: NOT_SEEN, role: null, term: null };
    this.#passing.set(sid, passing);
    const { said, at } = observation;
    switch (said.what) {
      case 'processStarted':
        this.#leave(sid, passing);
        passing.why = 'its process started';
        passing.search = null;
        return;
      case 'looking':
        this.#leave(sid, passing);
        passing.search ??= { at, why: passing.why };
        return;
      case 'newElection':
        passing.search ??= { at, why: passing.why };
        return;
      case 'roleEntered':
        this.#enter(sid, passing, { role: said.role, at, decision });
        return;
      case 'quorumOfSupporters':
        if (passing.term === null) return;
        passing.term.epoch = zxidEpoch(said.zxid);
        for (const supporter of said.sids) passing.term.supporters.add(supporter);
        return;
      default:
        passing.why = causeIn(observation) ?? passing.why;
    }
  }

  #leave(sid: Sid, passing: Passing): void {
    if (passing.term?.leader === sid) passing.term.open = false;
    passing.role = null;
    passing.term = null;
  }

  #enter(
    sid: Sid,
    passing: Passing,
    { role, at, decision }: { readonly role: Role; readonly at: SourcePosition; readonly decision: Told['decision'] },
  ): void {
    const leader = role === 'LEADING' ? sid : (decision?.leader ?? null);
    const { search } = passing;
    passing.search = null;
    passing.why = NOT_SEEN;
    passing.role = role;
    if (leader === null) {
      this.untold.add(sid);
      this.notes.push(`${at.file}:${at.line}: whom server ${sid} follows from here is not told by the logs`);
      return;
    }
    const term = this.#termOf(leader, decision?.round ?? null);
    if (role === 'LEADING') term.round ??= decision?.round ?? null;
    passing.term = term;
    const began = search === null ? null : { at: search.at, time: search.at.time ?? null };
    term.parts.push({
      sid,
      role,
      at,
      time: at.time ?? null,
      began,
      tookMs: between(began?.at, at),
      why: search?.why ?? NOT_SEEN,
    });
  }

  /** The election that made this server the leader that it is, or is about to be. */
  #termOf(leader: Sid, round: Round | null): Draft {
    const last = this.#drafts.findLast((draft) => draft.leader === leader);
    const rounds = last?.round === round || last?.round === null || round === null;
    const leads = this.#passing.get(leader)?.role === 'LEADING';
    if (last !== undefined && last.open && (rounds || leads)) return last;
    const draft: Draft = { leader, round, epoch: null, parts: [], supporters: new Set(), open: true };
    this.#drafts.push(draft);
    return draft;
  }
}

/** In words, if the line tells why a server will look for a leader. */
function causeIn({ said }: Observation): string | null {
  if (said.what === 'roleEnding') return `its role ended: ${said.reason}`;
  if (said.what === 'electionRestarted') return 'a reconfiguration restarted the election';
  if (said.what === 'mainLoopException') return `an exception ended its role: ${said.text}`;
  return null;
}

function between(from: SourcePosition | undefined, to: SourcePosition): number | null {
  if (from?.time === undefined || to.time === undefined) return null;
  const start = milliseconds(from.time);
  const end = milliseconds(to.time);
  return start === null || end === null || end < start ? null : end - start;
}
