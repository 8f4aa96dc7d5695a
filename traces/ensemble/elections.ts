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
  readonly index: number;
}

/** What is known of a server while its lines pass. */
interface Passing {
  /** Since when it looks for a leader; null: it does not, or that was not seen. */
  search: Search | null;
  /** Why its last role ended, or its process began. */
  why: string;
  /** The role that it is in. */
  entry: Entry | null;
}

/** A role that was entered. */
interface Entry {
  readonly part: ElectionPart;
  readonly leader: Sid;
  readonly round: Round | null;
  /** Of the vote that won. */
  readonly voteEpoch: PeerEpoch | null;
  /** Where in causal order the role was entered, and where its search began. */
  readonly index: number;
  readonly searchIndex: number;
  /** A leader's: what its quorum acknowledged. */
  established: { readonly epoch: PeerEpoch; readonly supporters: readonly Sid[] } | null;
}

const NOT_SEEN = 'its log does not tell';

/** Is told every line in causal order. */
export class Elections {
  readonly #passing = new Map<Sid, Passing>();
  readonly #entries: Entry[] = [];
  #seen = 0;
  /** Sentences: what could not be placed. */
  readonly notes: string[] = [];
  /** Servers that followed somebody, but nobody can tell whom. */
  readonly untold = new Set<Sid>();

  get all(): readonly Election[] {
    return electionsOf(this.#entries);
  }

  see({ sid, observation, decision }: Told): void {
    const passing = this.#passing.get(sid) ?? { search: null, why: NOT_SEEN, entry: null };
    this.#passing.set(sid, passing);
    this.#seen += 1;
    const { said, at } = observation;
    switch (said.what) {
      case 'processStarted':
        passing.entry = null;
        passing.why = 'its process started';
        passing.search = null;
        return;
      case 'looking':
        passing.entry = null;
        passing.search ??= { at, why: passing.why, index: this.#seen };
        return;
      case 'newElection':
        passing.search ??= { at, why: passing.why, index: this.#seen };
        return;
      case 'roleEntered':
        this.#enter(sid, passing, { role: said.role, at, decision });
        return;
      case 'quorumOfSupporters':
        if (passing.entry?.leader !== sid) return;
        passing.entry.established = { epoch: zxidEpoch(said.zxid), supporters: said.sids };
        return;
      default:
        passing.why = causeIn(observation) ?? passing.why;
    }
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
    passing.entry = null;
    if (leader === null) {
      this.untold.add(sid);
      this.notes.push(`${at.file}:${at.line}: whom server ${sid} follows from here is not told by the logs`);
      return;
    }
    const began = search === null ? null : { at: search.at, time: search.at.time ?? null };
    const why = search?.why ?? NOT_SEEN;
    passing.entry = {
      part: { sid, role, at, time: at.time ?? null, began, tookMs: between(began?.at, at), why },
      leader,
      round: decision?.round ?? null,
      voteEpoch: decision?.epoch ?? null,
      index: this.#seen,
      searchIndex: search?.index ?? this.#seen,
      established: null,
    };
    this.#entries.push(passing.entry);
  }
}

interface Term {
  readonly head: Entry;
  readonly entries: Entry[];
}

/**
 * Every role of a leader is an election, and whoever follows it belongs to the one whose round and epoch it found: the
 * epoch that the leader had, or, for those that come late, the one that it got through.
 */
function electionsOf(entries: readonly Entry[]): readonly Election[] {
  const terms = entries.filter(leads).map((head): Term => ({ head, entries: [head] }));
  const headless: Term[] = [];
  for (const entry of entries) {
    if (leads(entry)) continue;
    const same = terms.filter(({ head }) => couldFollow(entry, head));
    const term =
      same.findLast(({ head }) => head.searchIndex < entry.index) ??
      same[0] ??
      headless.find(({ head }) => head.leader === entry.leader && head.round === entry.round);
    if (term === undefined) headless.push({ head: entry, entries: [entry] });
    else term.entries.push(entry);
  }
  return inOrder([...terms, ...headless]).map(electionOf);
}

/** Established ones by epoch; each other one where it was first seen. */
function inOrder(terms: readonly Term[]): readonly Term[] {
  const firstOf = (term: Term): number => Math.min(...term.entries.map(({ index }) => index));
  const byIndex = [...terms].sort((a, b) => firstOf(a) - firstOf(b));
  const ordered = byIndex.filter(({ head }) => head.established !== null);
  ordered.sort((a, b) => Number((a.head.established?.epoch ?? 0n) - (b.head.established?.epoch ?? 0n)));
  for (const term of byIndex) {
    if (term.head.established !== null) continue;
    const before = ordered.findLastIndex((one) => firstOf(one) < firstOf(term));
    ordered.splice(before + 1, 0, term);
  }
  return ordered;
}

function leads({ leader, part }: Entry): boolean {
  return leader === part.sid;
}

function couldFollow({ leader, round, voteEpoch }: Entry, head: Entry): boolean {
  if (leader !== head.leader || (round !== null && head.round !== null && round !== head.round)) return false;
  if (voteEpoch === null || head.voteEpoch === null) return true;
  return voteEpoch === head.voteEpoch || voteEpoch === head.established?.epoch;
}

function electionOf({ head, entries }: Term): Election {
  const sorted = [...entries].sort((a, b) => a.index - b.index);
  const supporters = [...(head.established?.supporters ?? [])].sort((a, b) => (a < b ? -1 : 1));
  const { leader, round, established } = head;
  return { leader, round, epoch: established?.epoch ?? null, parts: sorted.map(({ part }) => part), supporters };
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
