/**
 * What properties need to know of the past and the state does not hold: variables that no action ever reads. Immutable;
 * a step renews only what it touches, and the growing parts are shared (see growing-set.ts).
 */
import type { PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { Action, Send } from './action.js';
import { GrowingSet } from './growing-set.js';
import { actorOf, isElecting, ownVote, compareTriples, sentKey, tripleKey } from './properties/terms.js';
import type { Server, State } from './state.js';

/** One step of a behaviour. */
export interface StepTaken {
  readonly before: State;
  readonly action: Action;
  readonly after: State;
  readonly sends: readonly Send[];
}

/** The past of one server. */
export interface Past {
  /** Whose LEADING notifications its main wait has read in the present, or last, call of lookForLeader. */
  readonly heardLeading: readonly Sid[];
  /** Rounds in which the present process proposed. */
  readonly rounds: GrowingSet;
  /** Did its last Begin use a round that this process had used before? */
  readonly roundReused: boolean;
  /** The highest zxid that it ever began with. */
  readonly highestZxid: Zxid | null;
  /** Notifications dropped by the finalize wait it is in. */
  readonly finalDrops: number;
}

export interface History {
  /** Leaders in the order in which they became active with an epoch. */
  readonly established: ReadonlyMap<PeerEpoch, readonly Sid[]>;
  /** Leaders whose epoch was acknowledged by a quorum: they have stored it as currentEpoch. */
  readonly acknowledged: ReadonlyMap<PeerEpoch, readonly Sid[]>;
  /** tripleKey of every vote that a server began an election with. */
  readonly initials: GrowingSet;
  /** `leader|zxid` of the same. */
  readonly initialZxids: GrowingSet;
  /** sentKey of every vote ever sent, in whatever state. */
  readonly sent: GrowingSet;
  /** sentKey of those sent as LOOKING that were, at a sending, not below the sender's own vote. */
  readonly sentAboveOwn: GrowingSet;
  /** Highest acceptedEpoch of each server. */
  readonly highestAccepted: ReadonlyMap<Sid, PeerEpoch>;
  /** `sid` of every server that was ever LEADING, and `sid|round|epoch` of its decision. */
  readonly everLeading: GrowingSet;
  readonly pasts: ReadonlyMap<Sid, Past>;
}

const NO_PAST: Past = {
  heardLeading: [],
  rounds: GrowingSet.of(),
  roundReused: false,
  highestZxid: null,
  finalDrops: 0,
};

/** The past that a first state implies: whatever votes it contains count as begun with and sent. */
export function emptyHistory(state: State): History {
  let history: History = {
    established: new Map(),
    acknowledged: new Map(),
    initials: GrowingSet.of(),
    initialZxids: GrowingSet.of(),
    sent: GrowingSet.of(),
    sentAboveOwn: GrowingSet.of(),
    highestAccepted: new Map([...state.servers.values()].map((server) => [server.sid, server.ae])),
    everLeading: GrowingSet.of(),
    pasts: new Map([...state.servers.keys()].map((sid) => [sid, NO_PAST])),
  };
  for (const server of state.servers.values()) history = withFirst(history, server);
  for (const [from, outgoing] of state.channels) {
    for (const { queue, newest } of outgoing.values()) {
      for (const message of newest === null ? queue : [...queue, newest]) history = withSent(history, from, message);
    }
  }
  return history;
}

function withFirst(history: History, server: Server): History {
  const { life } = server;
  if (life === null) return history;
  let result = history;
  if (life.pc !== 'ENTER') {
    for (const vote of [life.prop, life.cur]) result = withInitial(result, vote);
    if (isElecting(life)) result = withPast(result, server.sid, { rounds: GrowingSet.of(String(life.clk)) });
  }
  for (const [from, vote] of [...life.recvset, ...life.ooe]) result = withSent(result, from, vote);
  for (const n of life.nq) result = withSent(result, n.from, n);
  if ('n' in life.worker) result = withSent(result, life.worker.n.from, life.worker.n);
  if (life.st !== 'LEADING') return result;
  result = withLeading(result, server);
  return life.leadership === 'established' ? withEpoch(result, 'established', server) : result;
}

/** The votes of a first state are taken as sent, and as justified when they were. */
function withSent(history: History, from: Sid, vote: Parameters<typeof sentKey>[1]): History {
  const key = sentKey(from, vote);
  return { ...history, sent: history.sent.with(key), sentAboveOwn: history.sentAboveOwn.with(key) };
}

/** The history after a step. */
export function extend(history: History, step: StepTaken): History {
  const sid = actorOf(step.action);
  if (sid === null) return history;
  const before = step.before.servers.get(sid);
  const after = step.after.servers.get(sid);
  if (before === undefined || after === undefined) return history;
  let result = step.sends.length === 0 ? history : withSends(history, after, step.sends);
  if (before === after) return result;
  if (step.action.name === 'Restart') result = withPast(result, sid, { rounds: GrowingSet.of(), finalDrops: 0 });
  result = withElection(result, before, after, step.action);
  if (after.life?.st === 'LEADING' && before.life?.st !== 'LEADING') result = withLeading(result, after);
  if (step.action.name === 'Activate' || step.action.name === 'CatchUp') result = withZab(result, step, before, after);
  return result;
}

function withSends(history: History, sender: Server, sends: readonly Send[]): History {
  let { sent, sentAboveOwn } = history;
  let last: Send['message'] | null = null;
  for (const { message } of sends) {
    if (message === last) continue;
    last = message;
    const key = sentKey(sender.sid, message);
    sent = sent.with(key);
    if (message.state !== 'LOOKING' || sentAboveOwn.has(key)) continue;
    if (compareTriples(message, ownVote(sender)) >= 0) sentAboveOwn = sentAboveOwn.with(key);
  }
  if (sent === history.sent && sentAboveOwn === history.sentAboveOwn) return history;
  return { ...history, sent, sentAboveOwn };
}

/** What one server's step means for its call of lookForLeader. */
function withElection(history: History, before: Server, after: Server, action: Action): History {
  const [old, now] = [before.life, after.life];
  if (now === null) return history;
  let result = history;
  if (isElecting(now) && (action.name === 'Begin' || !isElecting(old))) result = withBegin(result, after, now.clk);
  else if (isElecting(now) && old?.clk !== now.clk) result = withRound(result, after.sid, now.clk);
  if (action.name === 'Handle' && old !== null) {
    const [head] = old.nq;
    const heard = pastOf(result, after.sid).heardLeading;
    if (head?.state === 'LEADING' && !heard.includes(head.from)) {
      result = withPast(result, after.sid, { heardLeading: [...heard, head.from] });
    }
  }
  if (action.name === 'FinalStep' && now.pc === 'FINAL') {
    result = withPast(result, after.sid, { finalDrops: pastOf(result, after.sid).finalDrops + 1 });
  } else if (old?.pc === 'FINAL' && now.pc !== 'FINAL') {
    result = withPast(result, after.sid, { finalDrops: 0 });
  }
  return result;
}

function withBegin(history: History, server: Server, round: Round): History {
  const vote = ownVote(server);
  const past = pastOf(history, server.sid);
  const highestZxid = past.highestZxid === null || vote.zxid > past.highestZxid ? vote.zxid : past.highestZxid;
  const roundReused = past.rounds.has(String(round));
  const rounds = past.rounds.with(String(round));
  const result = withPast(history, server.sid, { heardLeading: [], rounds, roundReused, highestZxid, finalDrops: 0 });
  return withInitial(result, vote);
}

function withRound(history: History, sid: Sid, round: Round): History {
  return withPast(history, sid, { rounds: pastOf(history, sid).rounds.with(String(round)) });
}

function withInitial(history: History, vote: Parameters<typeof tripleKey>[0]): History {
  const initials = history.initials.with(tripleKey(vote));
  if (initials === history.initials) return history;
  return { ...history, initials, initialZxids: history.initialZxids.with(`${vote.leader}|${vote.zxid}`) };
}

function withLeading(history: History, server: Server): History {
  if (server.life === null) return history;
  const vote = server.life.end ?? server.life.cur;
  const everLeading = history.everLeading.with(String(server.sid)).with(`${server.sid}|${vote.round}|${vote.epoch}`);
  return { ...history, everLeading };
}

/** Epochs move: acceptedEpoch of whoever took part, and what the leader has reached. */
function withZab(history: History, step: StepTaken, before: Server, after: Server): History {
  let result = history;
  for (const [sid, server] of step.after.servers) {
    const highest = result.highestAccepted.get(sid);
    if (highest !== undefined && server.ae <= highest) continue;
    result = { ...result, highestAccepted: new Map(result.highestAccepted).set(sid, server.ae) };
  }
  if (step.action.name !== 'Activate') return result;
  if (after.ce !== before.ce) result = withEpoch(result, 'acknowledged', after);
  if (after.life?.leadership === 'established' && before.life?.leadership !== 'established') {
    result = withEpoch(result, 'established', after);
  }
  return result;
}

function withEpoch(history: History, which: 'established' | 'acknowledged', { sid, ce }: Server): History {
  const leaders = history[which].get(ce) ?? [];
  return { ...history, [which]: new Map(history[which]).set(ce, [...leaders, sid]) };
}

export function pastOf(history: History, sid: Sid): Past {
  return history.pasts.get(sid) ?? NO_PAST;
}

function withPast(history: History, sid: Sid, changes: Partial<Past>): History {
  const past = { ...pastOf(history, sid), ...changes };
  return { ...history, pasts: new Map(history.pasts).set(sid, past) };
}
