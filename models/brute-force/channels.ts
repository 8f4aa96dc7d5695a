/** What can arrive, and what is still of use. */
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import { isDebug } from './question.js';
import { sameText } from './text-of.js';
import { type Channel, NOBODY, nextLine, type Place, WORKER_LINES } from './world.js';

/**
 * The notification that WorkerReceiver may take now: its line, or the one that announces it, is the next; or, without DEBUG, the
 * state that it tells may be read before it changes. Null: none, or its content was not printed any more.
 */
export function wantedBy(place: Place): Notification | null {
  const { server, question } = place;
  const debug = isDebug(question, server.config.sid);
  let early = WORKER_LINES.has(nextLine(place)?.what ?? '');
  const lines = question.logs.get(server.config.sid) ?? [];
  for (let at = server.printed; at < lines.length; at += 1) {
    const said = lines[at]?.said;
    early ||= !debug && said?.what === 'stateChanged';
    if (said?.what === 'notification') return early ? said.notification : null;
    if (said === undefined || said.what === 'processStarted') return null;
  }
  return null;
}

export interface Arrival {
  readonly notification: Notification;
  readonly key: string;
  readonly channel: Channel;
}

/** The next messages; from others those behind may come first (what is before them is lost), or the last one again. */
function arrivals({ world, server }: Place): readonly Arrival[] {
  return [...world.servers.keys()].flatMap((sender) => {
    const key = `${server.config.sid}<${sender}`;
    const { queue, delivered } = world.channels.get(key) ?? NOBODY;
    const own = sender === server.config.sid;
    const next = (own ? queue.slice(0, 1) : queue).map((notification, index) => ({
      notification,
      key,
      channel: { queue: queue.slice(index + 1), delivered: notification },
    }));
    return own || delivered === null
      ? next
      : [{ notification: delivered, key, channel: { queue, delivered } }, ...next];
  });
}

/** The first that says this. */
export function arrival(place: Place, wanted: Notification): Arrival | null {
  return arrivals(place).find(({ notification }) => sameText(notification, wanted)) ?? null;
}

/** What is never received may as well be lost at once; a copy to itself stands in the way of the next one. */
export function isStillReceived({ world, server, question }: Place, to: Sid, message: Notification): boolean {
  if (to === server.config.sid) return true;
  const lines = (question.logs.get(to) ?? []).slice(world.servers.get(to)?.printed ?? 0);
  return lines.some(({ said }) => said.what === 'notification' && sameText(said.notification, message));
}
