/**
 * What judges a log: any model of one server that can be followed line by line. `traces` hands it lines and
 * keeps the set of states it may be in; what an election is, only the machine knows.
 */
import type { ConnectionLine } from '../types/connection-line.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import type { PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { MainDebugLine, MainLine } from '../types/election-line.js';
import type { Notification } from '../types/vote.js';
import type { Observation, ReadLine } from './observation.js';

/** A message that a server handed to its sender thread, for another server. */
export interface Sent {
  readonly to: Sid;
  readonly notification: Notification;
  /** The epoch of a published vote may already have risen (updateElectionVote): any higher one is possible. */
  readonly epochMayBeHigher: boolean;
  /** From WorkerReceiver: composed a moment before it was queued, so that the main loop may have queued something meanwhile. */
  readonly isAnswer: boolean;
  /** Lines that would tell it are left out: the round may be any, or all of the vote but its state. */
  readonly unknown?: 'round' | 'vote';
}

/** What is known about a log before its first line is judged. */
export interface Hints {
  readonly sid: Sid;
  /** The configurations that are possible: one if it was given, several if it had to be inferred. */
  readonly configs: readonly EnsembleConfig[];
  /** The configurations that are possible once a reconfiguration changed members or roles; absent: none others. */
  readonly laterConfigs?: readonly EnsembleConfig[];
  /** Does logger FastLeaderElection print DEBUG lines? Then their absence counts. */
  readonly debug: boolean;
  /** Of the server, as its log or the user names it; absent: 3.8. */
  readonly release?: string;
  /** Cap of the back-off, milliseconds, if the configuration sets another than the release's. */
  readonly maxNotificationIntervalMs: number | null;
  /** Servers of which it is asked what they are sent; absent: of none. */
  readonly followed?: ReadonlySet<Sid>;
  /** What followed servers received from this one, each once: what its own log does not tell may be among it. */
  readonly heardOf?: readonly Notification[];
}

/** The lines that are still to come from this process, as far as the window reaches. */
export interface Ahead {
  /** The next line of the main loop that belongs to an election; null: none, or beyond the window. */
  nextMain(): MainLine | null;
  /** The zxid of the next `New election`; null likewise. */
  nextElectionZxid(): Zxid | null;
  /** Of the notifications from this server to itself, the one with this index (0: the first); null likewise. */
  ownNotification(index: number): Notification | null;
  /** Round and epoch of the next DEBUG `Sending Notification`; null likewise. */
  nextSending(): { readonly round: Round; readonly epoch: PeerEpoch } | null;
  /**
   * The next line of the main loop that belongs to an election, with `debug` those of DEBUG as well; null also where a line comes first
   * behind which the server's state is another or unknown.
   */
  nextPrinted(debug: boolean): MainLine | MainDebugLine | null;
  /** As `ownNotification`; null also behind such a line. */
  nextOwn(index: number): Notification | null;
}

/** A step that printed nothing. */
export interface HiddenStep<S> {
  /** The action's name, for people. */
  readonly label: string;
  readonly next: S;
}

/** Why a state cannot print a line. */
export interface Refusal {
  /** One sentence: field against field. */
  readonly reason: string;
  /** The rule of the protocol that fails, by the Java method that holds it. */
  readonly method: string;
  /** How close the state came to printing the line; the highest of all states is told first. */
  readonly nearness: number;
  /** What this state could have printed instead; null if nothing of this thread. */
  readonly legal: string | null;
  /** The same reason in parts, if one field is wrong: other states that expect another value there are told in the same sentence. */
  readonly field?: WrongField;
}

/** A line says one thing in a field where a state expects another. */
export interface WrongField {
  /** What the line says: equal for states that find the same field wrong. */
  readonly says: string;
  readonly expected: string;
  /** What would have been printed. */
  readonly instead: string;
}

export type Outcome<S> =
  { readonly ok: true; readonly next: readonly S[] } | { readonly ok: false; readonly refusal: Refusal };

/** One condition of the rule under which a line is printed. */
export interface Conjunct {
  /** What must hold, with the values that it is about. */
  readonly text: string;
  readonly holds: boolean;
  /** The Java method that asks for it. */
  readonly method: string;
  /** The action of the specification that asks for it. */
  readonly action: string;
}

/** What would have to be otherwise for a line to be printed. */
export interface Remedies {
  /** Lines that could be printed in its place, or before it. */
  readonly instead: readonly ReadLine[];
  /** Messages of others that could lead to it. */
  readonly heard: readonly Notification[];
}

/** What a decision was, once a role is entered. */
export interface Decision {
  readonly leader: Sid;
  readonly round: Round;
  readonly epoch: PeerEpoch;
}

/** A model of one server, followed through its log. States are immutable; equal keys mean equal states. */
export interface Machine<S> {
  readonly name: string;
  /** Behind a hole nothing is judged up to this; if absent, the next `New election`. */
  readonly resumesAt?: string;
  /** Every state the server may be in before the first line. */
  start(hints: Hints): readonly S[];
  /** Every single step that prints nothing now (lines it will print are owed by the state it leads to). */
  hidden(state: S, ahead: Ahead): readonly HiddenStep<S>[];
  /** The line is printed now: the states afterwards, or why it cannot be. */
  observe(state: S, observation: Observation, ahead: Ahead): Outcome<S>;
  key(state: S): string;
  /**
   * States that differ only in how much they explain have equal kin, a part of their keys, and one may cover the other: whatever a log can be after the
   * other, it can be after the one. Absent: no state covers another.
   */
  readonly cover?: { kin(key: string): string; covers(a: S, b: S): boolean };
  /**
   * Is it certain that the state and all that follow it are refused, by lines still to come? It can be dropped before: that changes no verdict,
   * but where and why a log diverges can then only be told by following it again. Never of an uncertain state. Absent: the machine cannot tell.
   */
  hopeless?(state: S, ahead: Ahead): boolean;
  /** Where the server is, in words. */
  describe(state: S): string;
  /** Is the state one that lines are judged in? False in a stretch whose beginning was not seen. */
  judging(state: S): boolean;
  /** May unseen earlier lines still matter here? Then a refusal proves nothing. */
  uncertain(state: S): boolean;
  /** What must hold for the line to be printed now, and whether it does; absent: the machine cannot tell. */
  conjuncts?(state: S, observation: Observation): readonly Conjunct[];
  /** Of a state that refuses the line; absent: the machine cannot tell. */
  remedies?(state: S, observation: Observation): Remedies;
  /** The last decision that was published. */
  decision(state: S): Decision | null;
}

/** A model of one server that also tells what it sends: several of them are followed together. */
export interface EnsembleMachine<S> extends Machine<S> {
  /** The same machine for logs of which lines are left out (`LeftOutLine`); absent: it cannot do without a line. */
  readonly ofExcerpts?: EnsembleMachine<unknown>;
  /** What went out to followed servers since the state was last drained, in order. Not part of the key. */
  sent(state: S): readonly Sent[];
  /** The state with nothing sent. */
  drained(state: S): S;
  /** Everything that a server that does not vote may be answered now. */
  answers(state: S): readonly Omit<Sent, 'to'>[];
}

/** Machines that judge a log by thread, each one aspect of it: all of them must explain it. */
export interface ThreadMachines<S> {
  /** The lines of each thread, in the order of its method. */
  readonly programs: Machine<S>;
  /** What is sent, in the order of the queue. */
  readonly sends: Machine<S>;
  /** The connections to one other server. */
  ofPeer(peer: Sid): Machine<S>;
  /** The server that a line is about; null: none, or only what came before tells. */
  peerOf(line: ConnectionLine): Sid | null;
  /** False: the line does not tell which thread printed it. */
  isReadable(line: ConnectionLine): boolean;
}
