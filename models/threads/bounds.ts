/** What makes a model of threads finite. */
import { err, ok, type Result } from '../../base/result.js';
import { THREAD_DEFECTS, type ThreadDefect } from '../../impl/threads/profile.js';

/** Messages and silences that should not be; each is looked for by the name of its row. */
export const TORN_READS = ['TR-A', 'TR-B', 'TR-C', 'TR-D', 'TR-E', 'TR-F', 'TR-G'] as const;
export type TornRead = (typeof TORN_READS)[number];

/** How often what does not belong to the protocol may happen, in the whole model. */
export interface ThreadBudget {
  /** A process dies: its sockets are closed. */
  readonly crashes: number;
  /** A machine dies: nobody hears of it. */
  readonly machines: number;
  /** A connection breaks in silence; both ends are told later, in any order. */
  readonly cuts: number;
  readonly leaves: number;
  /** The wait for a notification ends. */
  readonly timeouts: number;
}

export interface ThreadBounds extends ThreadBudget {
  readonly servers: number;
  /** No election begins in a higher round. */
  readonly rounds: number;
  /** With what logical clock each server begins (settled: with what round of its vote, too): how rounds differ. */
  readonly clocks: readonly number[];
  /**
   * merge: steps that nobody else can tell from none are taken at once: WorkerSender takes from sendqueue; a worker of a finished
   * connection ends; the listener accepts when there is something to read. none: every row is a step.
   */
  readonly reduce: 'merge' | 'none';
  /** atomic: WorkerReceiver handles a message in one step; its reads are never torn. steps: row by row. */
  readonly receiver: 'atomic' | 'steps';
  /**
   * unbound: all processes have just started; first connections may be refused. bound: the same, with ports bound. settled: the
   * server with the highest id leads the others in epoch 1, all are connected, and nothing is on its way.
   */
  readonly start: 'unbound' | 'bound' | 'settled';
  readonly bug: ThreadDefect | null;
  /** Look for this torn read: a step that shows it breaks the property of its name. */
  readonly torn: TornRead | null;
}

export const THREAD_DEFAULTS: ThreadBounds = {
  servers: 2,
  crashes: 0,
  machines: 0,
  cuts: 0,
  leaves: 0,
  timeouts: 0,
  rounds: 1,
  clocks: [],
  reduce: 'merge',
  receiver: 'steps',
  start: 'unbound',
  bug: null,
  torn: null,
};

const NUMBERS: { readonly [Name in keyof ThreadBounds]?: readonly [least: number, most: number] } = {
  servers: [2, 5],
  crashes: [0, 9],
  machines: [0, 9],
  cuts: [0, 9],
  leaves: [0, 9],
  timeouts: [0, 9],
  rounds: [1, 9],
};

const WORDS = {
  reduce: ['merge', 'none'],
  receiver: ['atomic', 'steps'],
  start: ['unbound', 'bound', 'settled'],
} as const;

/** As `parseBounds` of the election's models: texts of a command line; what is absent has its default. */
export function parseThreadBounds(options: Readonly<Record<string, string | undefined>>): Result<ThreadBounds> {
  let bounds = THREAD_DEFAULTS;
  for (const [name, text] of Object.entries(options)) {
    if (text === undefined) continue;
    const parsed = parseOne(name, text);
    if (!parsed.ok) return parsed;
    bounds = { ...bounds, ...parsed.value };
  }
  if (bounds.leaves > 0 && bounds.rounds === 1)
    return err('with leaves rounds must be 2 or more: each begins a new round');
  return ok(bounds);
}

function parseOne(name: string, text: string): Result<Partial<ThreadBounds>> {
  const range = Object.hasOwn(NUMBERS, name) ? NUMBERS[name as keyof typeof NUMBERS] : undefined;
  if (range !== undefined) {
    const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
    const [least, most] = range;
    return value >= least && value <= most
      ? ok({ [name]: value })
      : err(`${name} is a number from ${least} to ${most}, not "${text}"`);
  }
  const words = Object.hasOwn(WORDS, name) ? WORDS[name as keyof typeof WORDS] : null;
  if (words !== null) {
    const known: readonly string[] = words;
    return known.includes(text) ? ok({ [name]: text }) : err(`${name} is one of ${known.join(', ')}, not "${text}"`);
  }
  if (name === 'bug') {
    const bug = THREAD_DEFECTS.find((defect) => defect === text);
    return bug === undefined ? err(`bug is one of ${THREAD_DEFECTS.join(', ')}, not "${text}"`) : ok({ bug });
  }
  if (name === 'torn') {
    const torn = TORN_READS.find((one) => one === text);
    return torn === undefined ? err(`torn is one of ${TORN_READS.join(', ')}, not "${text}"`) : ok({ torn });
  }
  if (name === 'clocks') {
    if (!/^\d(,\d)*$/.test(text)) return err(`clocks is a list of digits with commas, not "${text}"`);
    return ok({ clocks: text.split(',').map(Number) });
  }
  return err(
    `${name} is no bound of threads; it has ${[...Object.keys(NUMBERS), ...Object.keys(WORDS), 'clocks', 'bug', 'torn'].join(', ')}`,
  );
}
