/** What makes a model of an election finite: how many servers, which faults how often, and where things stop. */
import { err, ok, type Result } from '../../base/result.js';
import { type Defect, DEFECTS } from '../../impl/release-profile.js';
import { profileOfRelease } from '../../types/release.js';

/** any: again and again. */
export type Times = number | 'any';

/** How often what does not belong to the protocol may happen. */
export interface Budget {
  readonly crashes: Times;
  /** Messages that vanish though nothing replaces them. */
  readonly losses: Times;
  /** Roles that end without a crash. */
  readonly leaves: Times;
  /** Activations that are cut off before the leader is established. */
  readonly partial: number;
  /** Activations up to the end. */
  readonly full: number;
}

/** Where a model begins. */
export const STARTS = ['cold', 'established', 'split', 'left', 'apart'] as const;
export type Start = (typeof STARTS)[number];

export interface ElectionBounds extends Budget {
  /** Voters 1 to `servers`; observers follow. */
  readonly servers: number;
  readonly observers: number;
  /**
   * strict: the end of a role and Begin, Restart and Begin, decision and publication are one step each. windowed: they
   * are not. WorkerReceiver handles a message in one step in both, so answers are never torn here.
   */
  readonly grain: 'strict' | 'windowed';
  /** No election begins in a higher round. With `leaves` any, this cuts: what lies beyond is generated, and not entered. */
  readonly rounds: number;
  /** WorkerReceiver waits while so many notifications are in recvqueue. null: it never does. */
  readonly nq: number | null;
  /** How many own copies may be on the way; of more, the newest replaces the last. */
  readonly loopback: number;
  /**
   * What is on the way between two servers. ow1: one message, the newest. f2: two in order, a third replaces the
   * second; all but the newest may vanish at any time.
   */
  readonly channel: 'ow1' | 'f2';
  /** silence: votes go out again where neither recvqueue nor anything on the way to the server holds a message. */
  readonly resend: 'none' | 'silence';
  /** See reduce.ts. poll: what the finalize wait drops is a step of its own, so that it can be seen to go on for ever. */
  readonly reduce: { readonly merge: boolean | 'poll'; readonly dead: boolean };
  /**
   * cold: all servers have begun round 1 with equal histories, their first votes are on the way. established: the
   * voter with the highest id leads all others, in round 1 and epoch 1, and nothing is on the way. See starts.ts for
   * the others.
   */
  readonly start: Start;
  /** Defects of old releases, in real peers. */
  readonly bug: readonly Defect[];
  /** Whose election, 3.4.6 to 3.10; null: 3.8. */
  readonly release: string | null;
}

export const DEFAULT_BOUNDS: ElectionBounds = {
  servers: 3,
  observers: 0,
  grain: 'strict',
  crashes: 0,
  losses: 0,
  leaves: 0,
  partial: 0,
  full: 0,
  rounds: 1,
  nq: null,
  loopback: 4,
  channel: 'ow1',
  resend: 'none',
  reduce: { merge: true, dead: true },
  start: 'cold',
  bug: [],
  release: null,
};

const BUDGETS = ['crashes', 'losses', 'leaves', 'partial', 'full'] as const satisfies readonly (keyof Budget)[];
const UNBOUNDED: ReadonlySet<string> = new Set<keyof Budget>(['crashes', 'losses', 'leaves']);

/** May anything happen that is not the protocol's? */
export function isFaultless(bounds: Budget): boolean {
  return BUDGETS.every((name) => bounds[name] === 0);
}

export function budgetOf({ crashes, losses, leaves, partial, full }: Budget): Budget {
  return { crashes, losses, leaves, partial, full };
}

/** Does an election of this round lie beyond the bound? */
export function isBeyond(round: bigint, { rounds }: ElectionBounds): boolean {
  return round > BigInt(rounds);
}

/** The budget after one thing was used up; null if it was used up before. */
export function spent(budget: Budget, name: keyof Budget): Budget | null {
  const left = budget[name];
  if (left === 'any') return budget;
  return left === 0 ? null : { ...budget, [name]: left - 1 };
}

const NUMBERS: { readonly [Name in keyof ElectionBounds]?: readonly [least: number, most: number] } = {
  servers: [1, 7],
  observers: [0, 3],
  crashes: [0, 9],
  losses: [0, 9],
  leaves: [0, 9],
  partial: [0, 9],
  full: [0, 9],
  rounds: [1, 9],
  nq: [1, 99],
  loopback: [1, 99],
};

const WORDS = {
  grain: ['strict', 'windowed'],
  channel: ['ow1', 'f2'],
  resend: ['none', 'silence'],
  start: STARTS,
} as const satisfies { readonly [Name in keyof ElectionBounds]?: readonly ElectionBounds[Name][] };

/**
 * Bounds from texts such as those of a command line; what is absent has its default. `nq` may be `none`; `reduce` is
 * `none` or a list of `merge` or `poll`, and `dead`. Error: a sentence that names option and text.
 */
export function parseBounds(options: Readonly<Record<string, string | undefined>>): Result<ElectionBounds> {
  let bounds = DEFAULT_BOUNDS;
  for (const [name, text] of Object.entries(options)) {
    if (text === undefined) continue;
    const parsed = parseOption(name, text);
    if (!parsed.ok) return parsed;
    bounds = { ...bounds, ...parsed.value };
  }
  const why = whyNotBounds(bounds);
  return why === null ? ok(bounds) : err(why);
}

function parseOption(name: string, text: string): Result<Partial<ElectionBounds>> {
  if (name === 'nq' && text === 'none') return ok({ nq: null });
  if (text === 'any' && UNBOUNDED.has(name)) return ok({ [name]: 'any' });
  if (name === 'reduce') return parseReduce(text);
  if (name === 'bug') return parseBug(text);
  if (name === 'release') {
    if (profileOfRelease(text) !== null) return ok({ release: text });
    return err(`release is one from 3.4.6 to 3.10, not "${text}"`);
  }
  if (Object.hasOwn(NUMBERS, name)) return parseNumber(name as keyof typeof NUMBERS, text);
  if (!Object.hasOwn(WORDS, name)) {
    const known = [...Object.keys(NUMBERS), ...Object.keys(WORDS), 'reduce', 'bug', 'release'].join(', ');
    return err(`there is no bound "${name}"; known are ${known}`);
  }
  const words: readonly string[] = WORDS[name as keyof typeof WORDS];
  return words.includes(text) ? ok({ [name]: text }) : err(`${name} is one of ${words.join(', ')}, not "${text}"`);
}

function parseNumber(name: keyof typeof NUMBERS, text: string): Result<Partial<ElectionBounds>> {
  const [least, most] = NUMBERS[name] ?? [0, 0];
  const value = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return ok({ [name]: value });
  const or = name === 'nq' ? ', or none' : UNBOUNDED.has(name) ? ', or any' : '';
  return err(`${name} is a number from ${least} to ${most}${or}, not "${text}"`);
}

function parseReduce(text: string): Result<Partial<ElectionBounds>> {
  const words = text === 'none' ? [] : text.split(',');
  const wrong = words.find((word) => !['merge', 'poll', 'dead'].includes(word));
  if (wrong !== undefined || (words.includes('merge') && words.includes('poll')))
    return err(`reduce is none or a list of merge or poll, and dead, not "${text}"`);
  const merge = words.includes('poll') ? 'poll' : words.includes('merge');
  return ok({ reduce: { merge, dead: words.includes('dead') } });
}

function parseBug(text: string): Result<Partial<ElectionBounds>> {
  const names = text === 'none' ? [] : text.split(',');
  const bug = DEFECTS.filter((defect) => names.includes(defect));
  if (bug.length === names.length) return ok({ bug });
  return err(`bug is none or one of ${DEFECTS.join(', ')}, or several with commas between them, not "${text}"`);
}

/** Null if the bounds make a finite model that is worth exploring. */
function whyNotBounds(bounds: ElectionBounds): string | null {
  if (bounds.observers > 0 && bounds.nq === null) {
    return 'with observers nq must be a number: an observer and a LOOKING voter may answer each other without end';
  }
  if (bounds.resend !== 'none' && bounds.nq === null) {
    return 'with resend nq must be a number: a server that does not read is sent the same votes without end';
  }
  if (bounds.leaves !== 0 && bounds.rounds === 1)
    return 'with leaves rounds must be 2 or more: each begins a new round';
  return null;
}
