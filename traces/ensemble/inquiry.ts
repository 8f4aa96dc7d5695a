/** Questions to one server's log alone: could it have sent this, and when at the earliest? */
import type { Sid } from '../../types/ids.js';
import type { Limits } from '../hypothesis-sets.js';
import type { EnsembleMachine } from '../machine.js';
import type { Observation } from '../observation.js';
import type { Receptions } from './channel.js';
import type { Inquiry, Sending, Waiting } from './contradiction.js';
import type { EnsembleLog, Received, Span } from './log.js';
import { memberMachine } from './member.js';
import { Track } from './track.js';

/** What every server's log is followed with. */
export interface Followed<S> {
  readonly machine: EnsembleMachine<S>;
  readonly received: Received;
  readonly observers: ReadonlySet<Sid>;
  readonly spans: ReadonlyMap<Sid, Span>;
  readonly limits: Limits;
}

export function makeInquiry<S>(logs: readonly EnsembleLog[], followed: Followed<S>): Inquiry {
  const receivedBy = ({ receiver, sender }: Waiting): readonly Observation[] =>
    followed.received.get(receiver)?.get(sender) ?? [];
  const ask = async (wait: Waiting, receptions: Receptions, index: number): Promise<Sending> => {
    const log = logs.find(({ sid }) => sid === wait.sender);
    return log === undefined
      ? { sent: true, after: null }
      : earliest(log, followed, { to: wait.receiver, receptions, index });
  };
  return {
    ever: (wait) => ask(wait, [wait.notification], 0),
    inOrder: (wait) => {
      const receptions = receivedBy(wait).flatMap(({ said }) =>
        said.what === 'notification' ? [said.notification] : [],
      );
      return ask(wait, receptions, wait.index);
    },
    ownVotes: (sid) => followed.received.get(sid)?.get(sid) ?? [],
    received: receivedBy,
  };
}

/** Follows the sender's log alone, up to the line after which some hypothesis has sent it. */
async function earliest<S>(
  { sid, hints, observations }: EnsembleLog,
  { machine, observers, spans, limits }: Followed<S>,
  { to, receptions, index }: { readonly to: Sid; readonly receptions: Receptions; readonly index: number },
): Promise<Sending> {
  const member = memberMachine(machine, {
    receptions: new Map([[to, receptions]]),
    observers: new Set(observers.has(to) ? [to] : []),
    fromBirth: spans.get(sid)?.fromBirth === true,
  });
  const track = new Track(member, hints, { source: observations(), limits });
  let last: Observation | null = null;
  try {
    for (;;) {
      await track.fill(track.position);
      const { oldest } = track;
      const ends = oldest === undefined || oldest.said.what === 'processStarted';
      if (ends ? track.thatSent(to, index) !== null : track.canHaveSent(to, index)) return { sent: true, after: last };
      if (oldest === undefined) return { sent: false, after: null };
      const move = track.advance();
      if (move.kind === 'tooMany') track.skip();
      if (move.kind === 'refused') return { sent: true, after: null };
      last = oldest;
    }
  } finally {
    await track.close();
  }
}
