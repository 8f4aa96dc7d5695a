/** Which actions occur in a model's space, with which cases: asked of the specification, once for each step of a server. */
import { decode } from '../../checker/encode.js';
import { nextStates } from '../../spec/next.js';
import type { Message } from '../../spec/state.js';
import { Courses } from '../election/courses.js';
import { sceneOf } from '../election/ensemble.js';
import type { Machine } from '../election/machine.js';
import type { ServerValue } from '../election/spec-server.js';
import { parseAction } from '../fuzz/action-text.js';
import { pairsOf } from './follower.js';
import type { LocalStep, Space } from './space.js';

/** `Handle K1`; an action without cases of its own by its name. */
export type Pairs = ReadonlySet<string>;

/** By step of a server: the pairs that it consists of. */
export class PairFinder {
  readonly #space: Space;
  readonly #courses: Courses<ServerValue>;
  #found = new Set<string>();

  constructor(space: Space) {
    this.#space = space;
    const { machine } = space;
    const noting: Machine<ServerValue> = {
      ...machine,
      step: (values, deed) => {
        for (const { cases } of nextStates(sceneOf(values.map(machine.look), deed.arrival), deed.action)) {
          for (const pair of pairsOf(deed.action, cases)) this.#found.add(pair);
        }
        return machine.step(values, deed);
      },
    };
    this.#courses = new Courses(noting, space.bounds, () => null);
  }

  /** Of a step that one server takes; of another, the action by its name. */
  of({ slot, before, head, message }: LocalStep): Pairs {
    const action = parseAction(this.#space.heads.texts[head] ?? '');
    if (!action.ok) throw new Error(`internal error: ${action.error}`);
    this.#found = new Set();
    const { value } = action;
    if (value.name === 'Activate') return new Set(pairsOf(value, []));
    const received = value.name === 'Receive' ? (decode(this.#space.messages.texts[message] ?? '') as Message) : null;
    const arrival =
      value.name === 'Receive' && received !== null ? { from: value.from, to: value.s, message: received } : null;
    this.#courses.from([this.#space.graph.valueOf(slot, before) as ServerValue], { action: value, arrival });
    return this.#found;
  }
}

/** All of the space, each with the first step of a server that it occurs in; −1: a step of the network. */
export function pairsIn(space: Space): ReadonlyMap<string, number> {
  const finder = new PairFinder(space);
  const all = new Map<string, number>();
  space.localSteps.forEach((step, number) => {
    for (const pair of finder.of(step)) if (!all.has(pair)) all.set(pair, number);
  });
  if (space.graph.labels.some(({ action }) => action === 'Lose')) all.set('Lose', -1);
  return all;
}
