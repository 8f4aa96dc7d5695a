/**
 * One hypothesis about a logged server: a peer in the data layout of `impl`, what its threads still owe to the log, and what is
 * not known about it. The threads' order is the log's order: a thread that owes a line can do nothing else.
 */
import type { ElectionLine, ReceiverLine } from '../../types/election-line.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { PeerEpoch, Sid, Zxid } from '../../types/ids.js';
import type { ServerState } from '../../types/server-state.js';
import type { Notification, Proposal } from '../../types/vote.js';
import type { Sent } from '../../traces/machine.js';
import type { Effect } from '../../impl/effect.js';
import type { Peer } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import { isPrinted } from './prints.js';
import type { PeerRules } from './rules.js';
import type { Unread } from './unread.js';

/** What the main loop still has to do before its next step, in program order. */
export interface Owed {
  /** The line to be printed; null: nothing visible. */
  readonly line: ElectionLine | null;
  /** A copy to itself that goes onto sendqueue right after the line. */
  readonly loopback: OwnCopy | null;
  /** What goes to a followed server right after the line. */
  readonly sent: Sent | null;
}

/** A message of this server to itself, sent and not yet received. */
export interface OwnCopy {
  readonly notification: Notification;
  /** The published vote's epoch may already have been raised (updateElectionVote): any higher one is possible. */
  readonly epochMayBeHigher: boolean;
  /** What it says but for the state is not known. */
  readonly anyVote?: true;
}

/** A value of which the log has told the exact number, or only that it is not below one. */
export type Knowledge<T> =
  | { readonly known: 'exactly'; readonly value: T }
  | { readonly known: 'notBelow'; readonly value: T }
  | { readonly known: 'nothing' };

/** What the log has told about the disk. */
export interface DiskKnowledge {
  readonly zxid: Knowledge<Zxid>;
  readonly epoch: Knowledge<PeerEpoch>;
}

interface Common {
  /** The configurations that a reconfiguration may lead to. */
  readonly later: readonly EnsembleConfig[];
  /** What judges; the same in every hypothesis of a machine. */
  readonly rules: PeerRules;
  readonly config: PeerConfig;
  readonly debug: boolean;
  readonly disk: DiskKnowledge;
  /** Other servers of which it is asked what they are sent; null: of none. */
  readonly followed: ReadonlySet<Sid> | null;
  /** What they received from this one. */
  readonly heardOf: readonly Notification[];
}

/** A process whose beginning, or last election, was not seen: its lines are taken in, not judged. */
export interface UnknownLife extends Common, Unread {
  readonly life: 'unknown';
  /** Its state became LOOKING in a line that was seen. */
  readonly sawLooking: boolean;
  /** The election object was replaced (reconfiguration): the clock is 0. */
  readonly clockIsZero: boolean;
}

export interface KnownLife extends Common {
  readonly life: 'known';
  readonly peer: Peer;
  readonly owed: readonly Owed[];
  /** DEBUG lines that WorkerReceiver still has to print. */
  readonly receiverOwed: readonly ReceiverLine[];
  /**
   * WorkerReceiver has announced a message (DEBUG) that it has not yet printed; a foreign one if no own copy had arrived by then.
   * `unseen`: nothing of what it prints was judged yet, so that it may have announced one, or owe an answer.
   */
  readonly announced: 'none' | 'foreign' | 'any' | 'unseen';
  readonly loopback: readonly OwnCopy[];
  /** Values that the state had since WorkerReceiver was last idle: `my state` is one of them. */
  readonly statesSeen: readonly ServerState[];
  /** UPTODATE or a quorum of supporters was seen since the vote was published. */
  readonly voteEpochMayRise: boolean;
  /** No election of this process has ended: its published vote is the one it started with. */
  readonly neverPublished: boolean;
  /** No election that was seen has ended: nothing tells the published vote. */
  readonly voteUnseen: boolean;
  /** A message of an earlier election that was not seen may lie in recvqueue: DEBUG prints that it is too old. */
  readonly staleUnseen: boolean;
  /** It was seen when WorkerReceiver captured the vote of the answer that it is about to send. */
  readonly capturedEpochMayRise: boolean;
  /** It captured a published vote that nothing tells. */
  readonly capturedUnseen: boolean;
  /** Something that the log does not tell may matter: unread notifications of before it, or a guessed epoch. */
  readonly unsure: boolean;
  /**
   * DEBUG: the clock was raised by a notification, but `Updating proposal` is not yet printed: this is the proposal that
   * WorkerReceiver still reads. null: the peer's is.
   */
  readonly proposalBefore: Proposal | null;
  /** Sent to followed servers since this was last asked. */
  readonly sent: readonly Sent[];
}

export type ServerHypothesis = UnknownLife | KnownLife;

/** Splits effects into what is owed to the log, to the server itself and to followed servers. */
export function owedBy(effects: readonly Effect[], { config, debug, followed }: Common): readonly Owed[] {
  const me = config.sid;
  const owed: Owed[] = [];
  for (const effect of effects) {
    if (effect.type === 'log') {
      const printed = (debug || effect.level !== 'debug') && isPrinted(config.profile, effect.line);
      if (printed) owed.push({ line: effect.line, loopback: null, sent: null });
    } else if (effect.type === 'send' && (effect.to === me || followed?.has(effect.to) === true)) {
      const copy: OwnCopy = { notification: { ...effect.message, from: me }, epochMayBeHigher: false };
      const own = effect.to === me;
      const goes = { loopback: own ? copy : null, sent: own ? null : { ...copy, to: effect.to, isAnswer: false } };
      const last = owed.at(-1);
      const announced = last?.line?.what === 'sending' && last.loopback === null && last.sent === null;
      if (announced) owed[owed.length - 1] = { line: last.line, ...goes };
      else owed.push({ line: null, ...goes });
    }
  }
  return owed;
}

/** Does what stands first without a line: those copies are sent at once. */
export function settle(state: KnownLife): KnownLife {
  let { owed, loopback, sent } = state;
  while (owed[0] !== undefined && owed[0].line === null) {
    if (owed[0].loopback !== null) loopback = [...loopback, owed[0].loopback];
    if (owed[0].sent !== null) sent = [...sent, owed[0].sent];
    owed = owed.slice(1);
  }
  return owed === state.owed ? state : { ...state, owed, loopback, sent };
}

/** Is a change of state made but not yet printed? Its line stands inside the lock that every reader takes. */
export function stateIsLocked(state: KnownLife): boolean {
  return state.owed.some(({ line }) => line?.what === 'stateChanged');
}

/** Is this what comes back of that copy? */
export function isCopy(n: Notification, copy: OwnCopy): boolean {
  const sent = copy.notification;
  const epochFits = n.epoch === sent.epoch || (copy.epochMayBeHigher && n.epoch > sent.epoch);
  if (copy.anyVote === true) return n.state === sent.state && n.version === sent.version;
  return (
    n.state === sent.state &&
    n.leader === sent.leader &&
    n.zxid === sent.zxid &&
    n.round === sent.round &&
    n.version === sent.version &&
    epochFits
  );
}
