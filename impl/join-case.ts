/** receivedFollowingNotification and receivedLeadingNotification, 3.8.0. */
import type { Notification, Vote } from '../types/vote.js';
import { checkLeader } from './check-leader.js';
import { info } from './effect.js';
import { decide } from './election-exit.js';
import type { ElectionCall } from './peer.js';
import type { OracleView } from './quorum-verifier.js';
import { hasDefect, type ReleaseProfile } from './release-profile.js';
import { asRound, asZxid } from '../types/ids.js';
import type { StepContext, StepResult } from './step.js';
import { hasAllQuorums, supporters } from './vote-tracker.js';

export interface JoinInput {
  readonly notification: Notification;
  readonly oracle: OracleView;
}

export interface JoinOutcome {
  /** The exit by the votes of this round or of any round, if they allow one. */
  readonly exit: StepResult | null;
  /** The locals if the election goes on. */
  readonly call: ElectionCall;
  /** The exit by the oracle, taken only for a LEADING sender. */
  readonly oracleExit: StepResult | null;
}

/** What a decided server reports: first among the votes of this round, then among those of any round. */
export function joinCase(context: StepContext, call: ElectionCall, input: JoinInput): JoinOutcome {
  const { notification: n } = input;
  const sameRound = n.round === context.process.logicalclock;
  const { profile } = context.config;
  const stored = sameRound && !hasDefect(profile, 'ZOOKEEPER-480');
  const recvset = stored ? new Map(call.recvset).set(n.from, voteOfThisRound(n, profile)) : call.recvset;
  const here = { ...call, recvset };
  const trusts = hasDefect(profile, 'ZOOKEEPER-975') && n.state === 'LEADING' && n.leader === n.from;
  if (sameRound && trusts) return left(decide(context, n), here);
  const elsewhere = hasDefect(profile, 'ZOOKEEPER-3537') && !call.outofelection.has(n.leader);
  const reported = reportedVote(n, n.version);
  const leaderIn = profile.joinsWithinRound ? recvset : call.outofelection;
  const within = { votes: recvset, leaderIn, reported };
  if (sameRound && !elsewhere && mayJoin(context, within, input)) return left(decide(context, n), here);
  const anyRound: Vote = profile.votesKeepRound
    ? reported
    : { ...reported, zxid: IGNOREVALUE.zxid, round: IGNOREVALUE.round };
  const outofelection = new Map(call.outofelection).set(n.from, anyRound);
  const everywhere = { ...here, outofelection };
  if (mayJoin(context, { votes: outofelection, leaderIn: outofelection, reported: anyRound }, input)) {
    const process = { ...context.process, logicalclock: n.round };
    return left(decide({ ...context, process }, n), everywhere);
  }
  const oracleExit = followsOracle(context, input)
    ? decide(context, n, [info({ what: 'oracle', follow: true })])
    : null;
  return { exit: null, call: everywhere, oracleExit };
}

/** FastLeaderElection.IGNOREVALUE, 3.5.0 to 3.5.4. */
const IGNOREVALUE = { zxid: asZxid(-1n), round: asRound(-1n) } as const;

function left(exit: StepResult, call: ElectionCall): JoinOutcome {
  return { exit, call, oracleExit: null };
}

/** Before 3.6.0 the state of an answer of this round is lost: Vote's constructor of four longs says LOOKING. */
function voteOfThisRound(n: Notification, profile: ReleaseProfile): Vote {
  const vote = reportedVote(n, 0);
  return profile.joinsWithinRound ? vote : { ...vote, state: 'LOOKING' };
}

/** Votes of this round are stored with version 0 whatever their message said (since ZOOKEEPER-3537). */
function reportedVote(n: Notification, version: number): Vote {
  return { leader: n.leader, zxid: n.zxid, round: n.round, epoch: n.epoch, state: n.state, version };
}

interface Reports {
  readonly votes: ReadonlyMap<Notification['from'], Vote>;
  /** Where the leader must be found LEADING. */
  readonly leaderIn: ReadonlyMap<Notification['from'], Vote>;
  /** What is compared with them. */
  readonly reported: Vote;
}

function mayJoin(context: StepContext, { votes, leaderIn, reported }: Reports, input: JoinInput): boolean {
  const { notification: n, oracle } = input;
  const { config, process } = context;
  return (
    hasAllQuorums(config, supporters(votes, reported, config.profile), oracle) &&
    checkLeader(leaderIn, {
      me: config.sid,
      logicalclock: process.logicalclock,
      leader: n.leader,
      round: reported.round,
      profile: config.profile,
    })
  );
}

/** An oracle that is needed and does not say 1 means: somebody else was allowed to lead (ZOOKEEPER-3922). */
function followsOracle({ config }: StepContext, { oracle }: JoinInput): boolean {
  const asks = config.profile.hasOracle && config.membership.committed.quorumSystem.kind === 'oracle';
  return asks && oracle.needOracle && !oracle.says;
}
