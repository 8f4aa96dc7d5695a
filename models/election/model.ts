/** What the rules of a model share: how a step becomes writes, updates and a label. */
import type { Label, Outcome, Rule, Update } from '../../checker/system.js';
import type { Action, Send } from '../../spec/action.js';
import type { Sid } from '../../types/ids.js';
import { printAction } from '../fuzz/action-text.js';
import type { Budget, ElectionBounds } from './bounds.js';
import { EMPTY, type Queue, sent, sentToSelf } from './channels.js';
import type { Course, Courses } from './courses.js';
import { type Layout, slotTowards } from './layout.js';
import type { Machine } from './machine.js';
import { losesOwnCopies } from './reduce.js';

export interface Model<V> {
  readonly bounds: ElectionBounds;
  readonly layout: Layout;
  readonly machine: Machine<V>;
  readonly courses: Courses<V>;
}

/** A rule whose outcomes are courses of one server, or of several for Activate. */
export interface Played<V> {
  readonly action: Action;
  readonly actor: Sid;
  readonly course: Course<V>;
  /** The server before, if the course is one server's. */
  readonly was: V | null;
  /** The slots that the rule reads, with their new values; before what is sent enters them. */
  readonly written: ReadonlyMap<number, unknown>;
}

/** The outcome of a course: what was sent enters channels, read by the rule or not. */
export function played<V>(model: Model<V>, step: Played<V>): Outcome {
  const { action, actor, course, written } = step;
  const { sends, breaks, names } = course;
  const writes = new Map(written);
  const updates: Update[] = [];
  for (const send of sends) {
    const slot = slotTowards(model.layout, actor, send.to);
    const kind = send.to === actor ? 'own' : 'channel';
    if (writes.has(slot)) writes.set(slot, entered(model.bounds, kind, { queue: writes.get(slot), send }));
    else updates.push({ slot, operation: send.message });
  }
  const own = forgottenCopies(model, step);
  if (own !== null && writes.has(own)) writes.set(own, EMPTY);
  else if (own !== null) updates.push({ slot: own, operation: NO_MORE });
  const more = names.slice(1).filter((name) => !INNER.has(name));
  const label = labelOf(action, `server ${actor}`, more);
  const outcome = { label, writes: [...writes.values()], updates };
  return breaks === null ? outcome : { ...outcome, breaks };
}

/** Operation on a slot of own copies: none is on the way any more. */
export const NO_MORE = null;

/** The slot of own copies that nobody will read: see reduce.ts. */
function forgottenCopies<V>({ bounds, layout, machine }: Model<V>, { actor, course, was }: Played<V>): number | null {
  const own = layout.own.get(actor);
  const now = course.values[0];
  if (own === undefined || was === null || now === undefined) return null;
  return losesOwnCopies(bounds, machine.look(was), machine.look(now)) ? own : null;
}

function entered(
  bounds: ElectionBounds,
  kind: 'own' | 'channel',
  { queue, send }: { readonly queue: unknown; readonly send: Send },
): Queue {
  return withMessage(bounds, kind, { queue: queue as Queue, message: send.message });
}

/** A channel after a message has entered it. */
export function withMessage(
  bounds: ElectionBounds,
  kind: 'own' | 'channel',
  { queue, message }: { readonly queue: Queue; readonly message: Queue[number] },
): Queue {
  return kind === 'own' ? sentToSelf(queue, message, bounds.loopback) : sent(queue, message, bounds.channel);
}

/** Parts of every Receive: not worth telling. */
const INNER: ReadonlySet<string> = new Set<Action['name']>(['TestState', 'Enqueue', 'CompareRound']);
const FAULTS: ReadonlySet<string> = new Set<Action['name']>(['Crash', 'Leave']);

/** `more`: the actions that are part of the same step. */
export function labelOf(action: Action, actor: string, more: readonly string[] = []): Label {
  const text = printAction(action);
  const { name } = action;
  return {
    text: more.length === 0 ? text : `${text}, then ${more.join(', ')}`,
    action: name,
    actor,
    fault: FAULTS.has(name),
  };
}

/**
 * A rule over values of known types: `T` are those of the slots read, in order. `needs`: by slot read, what its value must be like where
 * the rule may be enabled, whatever the others hold; absent: anything.
 */
export function ruleOf<T extends readonly unknown[]>(
  name: string,
  reads: readonly number[],
  step: (...values: T) => readonly Outcome[],
  needs: { readonly [Place in keyof T]?: (value: T[Place]) => boolean } = [] as never,
): Rule {
  const asked = needs as readonly (((value: unknown) => boolean) | undefined)[];
  return {
    name,
    reads,
    step: (values) => step(...(values as unknown as T)),
    needs: (value, place) => asked[place]?.(value) ?? true,
  };
}

/** What channels and budgets must be like for most rules. */
export const isThere = (queue: Queue): boolean => queue.length > 0;
export const isEmpty = (queue: Queue): boolean => queue.length === 0;
export const allows =
  (...names: readonly (keyof Budget)[]) =>
  (budget: Budget): boolean =>
    names.some((name) => budget[name] !== 0);
