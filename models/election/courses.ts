/**
 * Steps of a model, composed of actions of the specification: what the grain makes one step, and what is merged with
 * it.
 */
import type { Broken } from '../../checker/system.js';
import type { ActionName, LocalAction, Send } from '../../spec/action.js';
import type { ElectionBounds } from './bounds.js';
import type { StepCheck } from './checks.js';
import type { Deed, Machine, Moved } from './machine.js';
import { forgetful, silentStep, wasSilent } from './reduce.js';

/** What happened in one step of the model. */
export interface Course<V> {
  readonly values: readonly V[];
  readonly sends: readonly Send[];
  /** Every action, the first one first. */
  readonly names: readonly ActionName[];
  readonly breaks: Broken | null;
}

type LocalName = LocalAction['name'];
type Continued = { readonly [Name in ActionName]?: readonly LocalName[] };

const WORKER: readonly LocalName[] = ['TestState', 'Enqueue', 'CompareRound', 'SendReply'];

/** What follows an action at once, in this order, each where it is enabled: as in spec/grains.ts. */
const STRICT: Continued = {
  Receive: WORKER,
  Restart: ['Begin'],
  Leave: ['Begin'],
  Silence: ['FinalEnd', 'Publish'],
  Handle: ['Publish', 'Begin'],
  Resend: ['Publish'],
  FinalStep: ['Begin'],
};

/** ENTER and DECIDED are seen, WorkerReceiver's stages and SILENT are not. */
const WINDOWED: Continued = { Receive: WORKER, Silence: ['FinalEnd'] };

/** What follows an action of the specification at once, in models of these bounds. */
export const continuedIn = ({ grain }: Pick<ElectionBounds, 'grain'>): Continued =>
  grain === 'strict' ? STRICT : WINDOWED;

/** The longest row of silent steps: each takes a message from recvqueue. */
const SILENT_MOST = 10_000;

/** Takes whole steps of one machine. */
export class Courses<V> {
  readonly #machine: Machine<V>;
  readonly #check: StepCheck;
  readonly #continued: Continued;
  readonly #merge: ElectionBounds['reduce']['merge'];
  readonly #forget: ((value: V) => V) | null;

  constructor(machine: Machine<V>, bounds: ElectionBounds, check: StepCheck) {
    this.#machine = machine;
    this.#check = check;
    this.#continued = continuedIn(bounds);
    this.#merge = bounds.reduce.merge;
    const forget = forgetful(bounds);
    this.#forget = bounds.reduce.dead ? (value) => machine.changed(value, forget) : null;
  }

  /**
   * Every course that the deed may take. If it is one server's, that server is the only value. A course stops where a
   * property breaks.
   */
  from(values: readonly V[], deed: Deed): readonly Course<V>[] {
    const { name } = deed.action;
    let courses = this.#moves(values, deed).map((moved): Course<V> => ({ ...moved, names: [name] }));
    for (const next of this.#continued[name] ?? []) courses = courses.flatMap((course) => this.#continue(course, next));
    if (this.#merge !== false && values.length === 1) courses = courses.map((course) => this.#settle(course));
    const forget = this.#forget;
    return forget === null ? courses : courses.map((course) => ({ ...course, values: course.values.map(forget) }));
  }

  /** The value as it stands in rows: a first one may hold what no step would leave behind. */
  canonical(value: V): V {
    return this.#forget === null ? value : this.#forget(value);
  }

  /** The actions that are possible, each checked. */
  #moves(values: readonly V[], deed: Deed): readonly Moved<V>[] {
    const { look } = this.#machine;
    return this.#machine.step(values, deed).map((moved) => {
      if (moved.breaks !== null) return moved;
      const { action } = deed;
      const [before, after] = [values.map(look), moved.values.map(look)];
      return { ...moved, breaks: this.#check({ before, action, after, sends: moved.sends }) };
    });
  }

  #continue(course: Course<V>, name: LocalName): readonly Course<V>[] {
    const [value] = course.values;
    if (course.breaks !== null || value === undefined) return [course];
    const { sid: s } = this.#machine.look(value);
    const moves = this.#moves([value], { action: { name, s }, arrival: null });
    return moves.length === 0 ? [course] : moves.map((moved) => joined(course, moved, name));
  }

  #settle(course: Course<V>): Course<V> {
    let settled = course;
    for (let taken = 0; taken < SILENT_MOST; taken += 1) {
      const [value] = settled.values;
      if (settled.breaks !== null || value === undefined) return settled;
      const deed = silentStep(this.#machine, value, this.#merge);
      const moves = deed === null ? [] : this.#moves([value], deed);
      const [moved] = moves;
      const after = moved?.values[0];
      if (deed === null || moved === undefined || after === undefined || moves.length > 1) return settled;
      if (!wasSilent(this.#machine.look(value), this.#machine.look(after), moved)) return settled;
      settled = joined(settled, moved, deed.action.name);
    }
    throw new Error('internal error: silent steps without end');
  }
}

function joined<V>(course: Course<V>, { values, sends, breaks }: Moved<V>, name: ActionName): Course<V> {
  return { values, sends: [...course.sends, ...sends], names: [...course.names, name], breaks };
}
