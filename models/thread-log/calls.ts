/**
 * Is WorkerSender still inside connectOne? Its `knows` line may be followed by one more of the same call. A channel that
 * is opened tells that a request was submitted; if nobody else can have submitted it, the call is over.
 */
import { type ConnectionLine, threadKind } from '../../types/connection-line.js';
import type { Sid } from '../../types/ids.js';

export interface Calls {
  /** The server whose request WorkerSender told last, while the same call may tell more of it. */
  readonly asked: Sid | null;
  /** Calls of other threads that may not be over, and of whom. */
  readonly flights: readonly { readonly thread: string; readonly peer: Sid }[];
  /** Servers for whom an earlier call may have submitted a request whose channel is not yet opened. */
  readonly submitted: readonly Sid[];
}

export const NO_CALLS: Calls = { asked: null, flights: [], submitted: [] };

const add = (sids: readonly Sid[], sid: Sid): readonly Sid[] => (sids.includes(sid) ? sids : [...sids, sid].sort());

/** What a line of any thread tells of the calls before it. What it asks itself, the send queue decides. */
export function callsAfter(calls: Calls, { thread, message }: ConnectionLine): Calls {
  const peer = 'peer' in message ? message.peer : null;
  const fruitless = message.what === 'alreadyInProgress';
  let { asked, flights, submitted } = calls;
  for (const flight of flights) {
    if (flight.thread !== thread) continue;
    flights = flights.filter((one) => one !== flight);
    if (!(fruitless && flight.peer === peer)) submitted = add(submitted, flight.peer);
  }
  if (threadKind(thread) === 'workerSender') {
    if (asked !== null && !(fruitless && asked === peer)) submitted = add(submitted, asked);
  } else if (peer !== null && (message.what === 'dialingBack' || message.what === 'peerKnown')) {
    flights = [...flights, { thread, peer }].sort((a, b) => (a.thread < b.thread ? -1 : 1));
  }
  if (message.what !== 'openingChannel') return { asked, flights, submitted };
  const byOther = submitted.includes(message.peer) || flights.some((flight) => flight.peer === message.peer);
  if (asked === message.peer && !byOther) asked = null;
  return { asked, flights, submitted: submitted.filter((sid) => sid !== message.peer) };
}

export function callsKey({ asked, flights, submitted }: Calls): string {
  return `${asked} ${submitted.join(',')} ${flights.map(({ thread, peer }) => `${thread}>${peer}`).join(',')}`;
}
