/** Between the thread that drives peers, which waits, and the main thread, which holds their processes. */
import type { MessagePort } from 'node:worker_threads';

/** To the main thread. `sid`: one process for each server. */
export type ToHost =
  | { readonly kind: 'start'; readonly sid: string }
  | { readonly kind: 'line'; readonly sid: string; readonly line: string }
  | { readonly kind: 'stop'; readonly sid: string };

/** From it: a line of that process, or its end. */
export type FromHost =
  | { readonly kind: 'line'; readonly sid: string; readonly line: string }
  | { readonly kind: 'ended'; readonly sid: string; readonly why: string };

/** How a peer in another language is reached. */
export interface ExecOrder {
  readonly command: string;
  readonly answerWithinMs: number;
  /** A process of its own for each start of a server. */
  readonly fresh: boolean;
}

export interface ExecLink extends ExecOrder {
  readonly port: MessagePort;
  /** Int32: counts what the main thread has sent, and wakes who waits for it. */
  readonly bell: SharedArrayBuffer;
}
