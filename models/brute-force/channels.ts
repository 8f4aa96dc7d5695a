/** What can arrive, and what is still of use. */
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import { sameText } from './text-of.js';
import { type Channel, NOBODY, nextLine, type Place, WORKER_LINES } from './world.js';

/** The notification that WorkerReceiver takes next, if its line, or the one that announces it, is the next; else null. */
export function wantedBy(place: Place): Notification | null {
  const { server, question } = place;
  if (!WORKER_LINES.has(nextLine(place)?.what ?? '')) return null;
  const lines = question.logs.get(server.config.sid) ?? [];
  for (let at = server.printed; at < lines.length; at += 1) {
    const said = lines[at]?.said;
    if (said?.what === 'notification') return said.notification;
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
export function arrivals({ world, server }: Place): readonly Arrival[] {
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

/**
 * What is never received may as well be lost at once; a copy to itself stands in the way of the next one. A log may end when a
 * notification is announced whose content was not printed any more: then any will do.
 */
export function isStillReceived({ world, server, question }: Place, to: Sid, message: Notification): boolean {
  if (to === server.config.sid) return true;
  const lines = (question.logs.get(to) ?? []).slice(world.servers.get(to)?.printed ?? 0);
  if (lines.findLast(({ said }) => WORKER_LINES.has(said.what))?.said.what === 'receiving') return true;
  return lines.some(({ said }) => said.what === 'notification' && sameText(said.notification, message));
}
