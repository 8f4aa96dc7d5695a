/** The specification's properties, watched along a run. */
import type { Action } from '../../spec/action.js';
import { emptyHistory, extend, type History } from '../../spec/history.js';
import { initialState } from '../../spec/init.js';
import type { Step } from '../../spec/next.js';
import { PROPERTIES } from '../../spec/properties/index.js';
import {
  isClaimed,
  type Property,
  type ServerProperty,
  type StateProperty,
  type StepProperty,
} from '../../spec/properties/property.js';
import type { State } from '../../spec/state.js';
import type { Watch } from '../conformance/conformance.js';
import type { Script } from './script.js';

/** Follows one run from its first state: of each property, no more is checked than a step can have changed. */
export class PropertyWatcher {
  readonly #ofServers: readonly ServerProperty[];
  readonly #ofStates: readonly StateProperty[];
  readonly #ofSteps: readonly StepProperty[];
  history: History;

  constructor(first: State) {
    const claimed = PROPERTIES.filter((property) => isClaimed(property, first, 'windowed'));
    this.#ofServers = claimed.filter((property) => property.kind === 'server');
    this.#ofStates = claimed.filter((property) => property.kind === 'state');
    this.#ofSteps = claimed.filter((property) => property.kind === 'step');
    this.history = emptyHistory(first);
  }

  /** One step on: null, or which property it violates and how. */
  see(before: State, action: Action, { state: after, sends }: Step): string | null {
    const step = { before, action, after, sends };
    const history = extend(this.history, step);
    this.history = history;
    for (const property of this.#ofSteps) {
      const why = property.check(step, history);
      if (why !== null) return told(property, why);
    }
    if (before.servers === after.servers) return null;
    for (const property of this.#ofStates) {
      const why = property.check(after, history);
      if (why !== null) return told(property, why);
    }
    for (const [sid, server] of after.servers) {
      if (before.servers.get(sid) === server) continue;
      for (const property of this.#ofServers) {
        const why = property.check(server, history);
        if (why !== null) return told(property, why);
      }
    }
    return null;
  }
}

function told({ id, name }: Property, why: string): string {
  return `${id}, ${name}: ${why}`;
}

export function watchProperties(setup: Script['setup']): Watch {
  const watcher = new PropertyWatcher(initialState(setup));
  return (before, action, step) => watcher.see(before, action, step);
}
