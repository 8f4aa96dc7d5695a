/** A crew of worker threads over shared memory. Workers are compiled files: they build the system for themselves. */
import { Worker } from 'node:worker_threads';
import { type Crew, sparesOf } from '../../checker/crew.js';
import type { ExpandReport, HandMemory, Ranges } from '../../checker/hand.js';
import { newSharedTextsMemory, type SharedTextsMemory } from '../../checker/shared-texts.js';
import type { TraceQuestion, TraceText } from '../../checker/shortest-trace.js';
import type { Task } from '../../checker/tasks.js';
import type { ModelChoice } from '../../models/models.js';
import type { Answer, Order, WorkerStart } from './worker.js';

/** Reserved for the texts of values: given by the system as they are used. */
const TEXTS_MB = 1024;

export interface ThreadCrewOptions {
  readonly choice: ModelChoice;
  readonly size: number;
  /** Kinds of slots. */
  readonly kinds: number;
}

export class ThreadCrew implements Crew {
  readonly size: number;
  readonly kinds: number;
  readonly texts: SharedTextsMemory;
  readonly #workers: readonly Worker[];

  constructor({ choice, size, kinds }: ThreadCrewOptions) {
    this.size = size;
    this.kinds = kinds;
    const texts = newSharedTextsMemory(TEXTS_MB);
    this.texts = texts;
    this.#workers = Array.from({ length: size }, (_, index) => {
      const start: WorkerStart = { choice, texts, index };
      return new Worker(new URL('./worker.js', import.meta.url), { workerData: start });
    });
  }

  async move(memory: HandMemory): Promise<void> {
    await this.#all({ do: 'move', memory });
  }

  async enterInitial(): Promise<ExpandReport> {
    return (await this.#one({ do: 'enterInitial' })) as ExpandReport;
  }

  async expand(ranges: Ranges): Promise<readonly ExpandReport[]> {
    return (await this.#all({ do: 'expand', ranges })) as readonly ExpandReport[];
  }

  async work(task: Task): Promise<void> {
    await this.#all({ do: 'work', task });
  }

  async closeBlocks(): Promise<readonly [readonly number[], readonly number[]]> {
    return sparesOf((await this.#all({ do: 'closeBlocks' })) as readonly (readonly [number, number])[]);
  }

  async actions(): Promise<readonly Readonly<Record<string, number>>[]> {
    return (await this.#all({ do: 'actions' })) as readonly Readonly<Record<string, number>>[];
  }

  async trace(question: TraceQuestion): Promise<TraceText | null> {
    return (await this.#one({ do: 'trace', question })) as TraceText | null;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #all(order: Order): Promise<readonly unknown[]> {
    return Promise.all(this.#workers.map((worker) => ask(worker, order)));
  }

  #one(order: Order): Promise<unknown> {
    const [first] = this.#workers;
    if (first === undefined) throw new Error('internal error: a crew of none');
    return ask(first, order);
  }
}

function ask(worker: Worker, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (answer: Answer): void => {
      done();
      if (answer.ok) resolve(answer.result);
      else reject(new Error(answer.error));
    };
    const onError = (error: Error): void => {
      done();
      reject(error);
    };
    const onExit = (code: number): void => {
      done();
      reject(new Error(`a worker thread ended with code ${code}`));
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(order);
  });
}
