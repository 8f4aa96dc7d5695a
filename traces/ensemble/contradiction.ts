/** Why the logs of several servers cannot all be true: in words, with the lines that contradict each other. */
import { toHex } from '../../types/int64.js';
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Observation } from '../observation.js';
import { printSaid } from '../say.js';
import type { DeadEnd, Wait } from './joint.js';
import type { EnsembleDivergence, QuotedLine } from './verdict.js';

/** What one server's log, taken alone, says of a message: where it can first have been sent. */
export interface Sending {
  /** After this line, if at all. */
  readonly after: Observation | null;
  readonly sent: boolean;
}

/** Looks into a sender's log by itself, without regard to what others say. */
export interface Inquiry {
  /** Can `wait.sender` ever have sent this, whatever else it sent? */
  ever(wait: Waiting): Promise<Sending>;
  /** The same, after all that the receiver had received from it before. */
  inOrder(wait: Waiting): Promise<Sending>;
  /** The sender's votes to itself, in order: what it sent to all. */
  ownVotes(sid: Sid): readonly Observation[];
  /** What the receiver received from the sender, in order. */
  received(wait: Waiting): readonly Observation[];
}

export interface Waiting {
  readonly receiver: Sid;
  readonly sender: Sid;
  readonly observation: Observation;
  readonly notification: Notification;
  readonly index: number;
}

export function waitingOf<S>({ receiver, sender, observation, notification, index }: Wait<S>): Waiting {
  return { receiver: receiver.sid, sender: sender.sid, observation, notification, index };
}

export function quote(sid: Sid, { at, said }: Observation): QuotedLine {
  return { sid, at, text: printSaid(said) };
}

const place = ({ at }: Observation): string => `${at.file}:${at.line}`;

/** A message that its sender, by its own log, never sent to it; null: it may have. */
export async function neverSent(wait: Waiting, inquiry: Inquiry): Promise<EnsembleDivergence | null> {
  if ((await inquiry.ever(wait)).sent) return null;
  const { receiver, sender, observation, notification } = wait;
  const line = quote(receiver, observation);
  const nearest = nearestVote(notification, inquiry.ownVotes(sender));
  const legal =
    nearest === null
      ? []
      : [`server ${sender} sent ${voteWords(nearest.notification)} (${place(nearest.observation)})`];
  const difference =
    nearest === null
      ? ''
      : `; nearest to it is ${place(nearest.observation)}, which differs in ${nearest.differs.join(', ')}`;
  return {
    kind: 'message',
    line,
    reason: `server ${receiver} received from server ${sender} what server ${sender} never sent: ${voteWords(notification)}${difference}`,
    rule: 'FastLeaderElection.sendNotifications, WorkerReceiver.run: nothing is received that was not sent',
    evidence: [...(nearest === null ? [] : [quote(sender, nearest.observation)]), line],
    legal,
  };
}

/** A message that its sender cannot have sent, whatever the others did; null: it can. */
export async function unsent(wait: Waiting, inquiry: Inquiry): Promise<EnsembleDivergence | null> {
  const never = await neverSent(wait, inquiry);
  if (never !== null) return never;
  const { receiver, sender, observation, notification } = wait;
  const line = quote(receiver, observation);
  const inOrder = await inquiry.inOrder(wait);
  if (inOrder.sent) return null;
  const ever = await inquiry.ever(wait);
  const before = inquiry.received(wait)[wait.index - 1];
  const newer = before === undefined ? '' : ` than that of ${place(before)}`;
  return {
    kind: 'order',
    line,
    reason:
      `server ${receiver} received from server ${sender} an older message${newer}: ${voteWords(notification)}; ` +
      'a connection keeps the order of messages',
    rule: 'QuorumCnxManager: of one server messages arrive in the order in which they were sent',
    evidence: [
      ...(ever.after === null ? [] : [quote(sender, ever.after)]),
      ...(before === undefined ? [] : [quote(receiver, before)]),
      line,
    ],
    legal: before === undefined ? [] : [`the same before ${place(before)}`],
  };
}

/** Every server that is left waits for another: each message is possible, but not all of them together. */
export async function circle(waits: readonly Waiting[], inquiry: Inquiry): Promise<EnsembleDivergence> {
  const [first] = waits;
  if (first === undefined) throw new Error('internal error: nobody waits');
  const { receiver, sender, observation, notification } = first;
  const line = quote(receiver, observation);
  const inOrder = await inquiry.inOrder(first);
  const after = inOrder.after === null ? '' : `: server ${sender} can send it only after ${place(inOrder.after)}`;
  const waiting = waits.find((wait) => wait.receiver === sender);
  const because =
    waiting === undefined
      ? ''
      : `, and needs before that what it received at ${place(waiting.observation)} from server ${waiting.sender}`;
  const evidence = [
    line,
    ...(inOrder.after === null ? [] : [quote(sender, inOrder.after)]),
    ...waits.slice(1).map((wait) => quote(wait.receiver, wait.observation)),
  ];
  return {
    kind: 'together',
    line,
    reason: `server ${receiver} received ${voteWords(notification)} before server ${sender} can have sent it${after}${because}`,
    rule: 'causality: what is received was sent before',
    evidence,
    legal: [],
  };
}

/** A line that its server's log explains alone, but not together with what others received from it. */
export function refusedTogether<S>({
  sid,
  observation,
  divergence,
  asked,
}: Extract<DeadEnd<S>, { kind: 'refused' }>): EnsembleDivergence {
  const line = quote(sid, observation);
  const given =
    asked === null
      ? ''
      : `, given that it had sent what server ${asked.receiver.sid} received at ${place(asked.observation)}`;
  return {
    kind: 'together',
    line,
    reason: `${divergence.reason}${given}`,
    rule: divergence.method,
    evidence: [...(asked === null ? [] : [quote(asked.receiver.sid, asked.observation)]), line],
    legal: divergence.legal,
  };
}

export function voteWords({ leader, zxid, round, epoch, state }: Notification): string {
  return `a vote for ${leader} (zxid 0x${toHex(zxid)}, round 0x${toHex(round)}, epoch 0x${toHex(epoch)}, ${state})`;
}

const FIELDS = ['leader', 'zxid', 'round', 'epoch', 'state', 'version'] as const;

interface Nearest {
  readonly observation: Observation;
  readonly notification: Notification;
  readonly differs: readonly string[];
}

function nearestVote(wanted: Notification, votes: readonly Observation[]): Nearest | null {
  let best: Nearest | null = null;
  for (const observation of votes) {
    if (observation.said.what !== 'notification') continue;
    const { notification } = observation.said;
    const differs = FIELDS.filter((field) => notification[field] !== wanted[field]);
    if (best === null || differs.length < best.differs.length) best = { observation, notification, differs };
  }
  return best;
}
