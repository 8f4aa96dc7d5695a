/** A moment of an ensemble whose logs are being printed. */
import type { Effect } from '../../impl/effect.js';
import type { Peer } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import type { ObservedLine } from '../../traces/observation.js';
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Question } from './question.js';
import { textOf } from './text-of.js';

export interface Server {
  readonly config: PeerConfig;
  readonly peer: Peer;
  /** What each thread has still to do, in order. */
  readonly main: readonly Effect[];
  readonly worker: readonly Effect[];
  /** Lines of its log that are printed. */
  readonly printed: number;
}

export interface Channel {
  readonly queue: readonly Notification[];
  readonly delivered: Notification | null;
}

export interface World {
  readonly servers: ReadonlyMap<Sid, Server>;
  /** By `receiver<sender`. */
  readonly channels: ReadonlyMap<string, Channel>;
}

export const NOBODY: Channel = { queue: [], delivered: null };

/** One server in a moment. */
export interface Place {
  readonly world: World;
  readonly server: Server;
  readonly question: Question;
}

export function nextLine({ server, question }: Place): ObservedLine | undefined {
  return question.logs.get(server.config.sid)?.[server.printed]?.said;
}

/** Lines of WorkerReceiver; the others are the main loop's. */
export const WORKER_LINES: ReadonlySet<string> = new Set(['receiving', 'notification', 'answering']);

/** Equal exactly for equal moments. */
export function keyOf({ servers, channels }: World): string {
  let key = '';
  for (const { peer, main, worker, printed } of servers.values()) {
    key += `${printed};${textOf(peer)};${main.map(textOf).join()};${worker.map(textOf).join()}\n`;
  }
  for (const [name, { queue, delivered }] of [...channels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    key += `${name};${queue.map(textOf).join()};${delivered === null ? '' : textOf(delivered)}\n`;
  }
  return key;
}
