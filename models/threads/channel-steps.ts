/**
 * What a step at the thread grain may do to a channel of the algorithm grain: leave it, or Lose, Break, Replay or Overflow of the
 * specification. One more is possible, which the specification's channels do not have: a worker of a replaced connection may hand
 * on one last message after the new connection has begun (Reorder).
 */
import type { Frame } from '../../impl/threads/state.js';

export type ChannelStep = 'stutter' | 'Lose' | 'Break' | 'Replay' | 'Overflow' | 'Reorder';

/** Of which kind a step is, by its name. */
export type Deed =
  /** Moves messages on and loses none. */
  | 'moves'
  /** WorkerSender.HandOver: an older message that waits gives way. */
  | 'offers'
  /** SendWorker.Start. */
  | 'starts'
  /** SendWorker.Write: a write into a dying connection is lost. */
  | 'writes'
  /** A connection ends, or may have. */
  | 'ends'
  /** RecvWorker.Append, and WorkerSender.HandOver to itself: recvQueue may overflow. */
  | 'appends';

export interface Judged {
  readonly deed: Deed;
  /** lastMessageSent of the sender for the receiver; what a replay copies. */
  readonly last: Frame | null;
  /** A message waits in the send queue. */
  readonly waiting: boolean;
}

/** Which step of the channel it is; a text: none that is allowed, and why. */
export function channelStep(
  before: readonly Frame[],
  after: readonly Frame[],
  judged: Judged,
): ChannelStep | { readonly why: string } {
  if (same(before, after)) return 'stutter';
  switch (judged.deed) {
    case 'moves':
      return reordered(before, after) ? 'Reorder' : no('a message was lost, made or moved');
    case 'appends':
      if (reordered(before, after)) return 'Reorder';
      return lostOne(before, after) >= 0 ? 'Overflow' : no('more than one message left a full recvQueue');
    case 'offers': {
      const lost = lostOne(before, after) >= 0 && before.at(-1) === after.at(-1);
      return lost ? 'Lose' : no('a send queue gave up more than one older message');
    }
    case 'starts':
      return starts(before, after, judged);
    case 'writes':
    case 'ends':
      return isSubsequence(after, before) ? 'Break' : no('a connection that ends made or moved messages');
  }
}

function starts(
  before: readonly Frame[],
  after: readonly Frame[],
  { last, waiting }: Judged,
): ChannelStep | { readonly why: string } {
  const added = lostOne(after, before);
  if (added < 0) return isSubsequence(after, before) ? 'Break' : no('a new connection did not begin with one message');
  if (after[added] !== last) return no('what a new connection repeats is not what was last taken');
  return waiting ? no('the last message is repeated although a newer one waits') : 'Replay';
}

const no = (why: string): { readonly why: string } => ({ why });

function same(a: readonly Frame[], b: readonly Frame[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** The index in `longer` of the one element by which it exceeds `shorter`; −1: it is not so. */
function lostOne(longer: readonly Frame[], shorter: readonly Frame[]): number {
  if (longer.length !== shorter.length + 1) return -1;
  let at = 0;
  while (at < shorter.length && longer[at] === shorter[at]) at += 1;
  for (let i = at; i < shorter.length; i += 1) if (longer[i + 1] !== shorter[i]) return -1;
  return at;
}

export function isSubsequence(part: readonly Frame[], whole: readonly Frame[]): boolean {
  let at = 0;
  for (const frame of whole) if (at < part.length && part[at] === frame) at += 1;
  return at === part.length;
}

/** One message has moved. */
function reordered(before: readonly Frame[], after: readonly Frame[]): boolean {
  if (before.length !== after.length) return false;
  return before.some((_, i) => {
    const rest = before.filter((__, k) => k !== i);
    return after.some(
      (frame, k) =>
        frame === before[i] &&
        same(
          rest,
          after.filter((__, other) => other !== k),
        ),
    );
  });
}
