/** One hand in a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { Hand, type HandMemory, type Ranges } from '../../checker/hand.js';
import type { SharedTextsMemory } from '../../checker/shared-texts.js';
import { shortestTrace, type TraceQuestion } from '../../checker/shortest-trace.js';
import type { Task } from '../../checker/tasks.js';
import { type ModelChoice, systemOf } from '../../models/models.js';

export interface WorkerStart {
  readonly choice: ModelChoice;
  readonly texts: SharedTextsMemory;
  /** Which hand, from 0. */
  readonly index: number;
}

export type Order =
  | { readonly do: 'move'; readonly memory: HandMemory }
  | { readonly do: 'enterInitial' }
  | { readonly do: 'expand'; readonly ranges: Ranges }
  | { readonly do: 'work'; readonly task: Task }
  | { readonly do: 'closeBlocks' }
  | { readonly do: 'actions' }
  | { readonly do: 'trace'; readonly question: TraceQuestion };

export type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: string };

const { choice, texts, index } = workerData as WorkerStart;
const system = systemOf(choice);
let hand: Hand | null = null;

function obey(order: Order): unknown {
  if (order.do === 'move') {
    if (hand === null) hand = new Hand(system, order.memory, { texts, index });
    else hand.move(order.memory);
    return null;
  }
  if (hand === null) throw new Error('internal error: no memory yet');
  switch (order.do) {
    case 'enterInitial':
      return hand.enterInitial();
    case 'expand':
      return hand.expand(order.ranges);
    case 'work':
      hand.work(order.task);
      return null;
    case 'closeBlocks':
      return hand.closeBlocks();
    case 'actions':
      return hand.actions();
    case 'trace':
      return shortestTrace(hand.explorer, order.question);
  }
}

parentPort?.on('message', (order: Order) => {
  let answer: Answer;
  try {
    answer = { ok: true, result: obey(order) };
  } catch (error) {
    answer = { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(answer);
});
