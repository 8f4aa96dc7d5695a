/** Follows lines of one server that are held in memory, up to the first that is not explained. */
import { type HypothesisSet, HypothesisSets, type Limits } from '../hypothesis-sets.js';
import type { Hints, Machine } from '../machine.js';
import type { Observation } from '../observation.js';
import { ObservationWindow, WINDOW_OBSERVATIONS_MAX } from '../window.js';
import type { Patience } from './pause.js';

export type Followed<S> =
  | { readonly kind: 'explained' }
  /** Some hypothesis met what was waited for. */
  | { readonly kind: 'met' }
  /** `certain`: nothing that no line tells can explain it. */
  | {
      readonly kind: 'refused';
      readonly observation: Observation;
      readonly states: readonly S[];
      readonly certain: boolean;
    }
  /** Too many hypotheses fit, or it took too long. */
  | { readonly kind: 'tooMany' };

export interface FollowOptions extends Patience {
  readonly limits: Limits;
}

export interface Goal<S> {
  /** Asked of hypotheses before each line, and of all that is possible where a process ends. */
  readonly until?: ((state: S) => boolean) | null;
  /** What stands behind this line is only looked ahead to. */
  readonly last?: Observation | null;
}

/** Leads one machine through many logs of one server: what they have in common is judged once. */
export class Follower<S> {
  readonly machine: Machine<S>;
  readonly #hints: Hints;
  readonly #sets: HypothesisSets<S>;
  readonly #patience: Patience;

  constructor(machine: Machine<S>, hints: Hints, options: FollowOptions) {
    this.machine = machine;
    this.#hints = hints;
    this.#sets = new HypothesisSets(machine, options.limits);
    this.#patience = options;
  }

  /** Throws what `pause` throws. */
  async follow(log: readonly Observation[], { until = null, last = null }: Goal<S> = {}): Promise<Followed<S>> {
    const window = new ObservationWindow(this.#hints.sid);
    const isMet = ({ members }: HypothesisSet<S>): boolean =>
      until !== null && members.some(({ state }) => until(state));
    let set = this.#sets.start(this.machine.start(this.#hints));
    let pushed = 0;
    for (const [index, observation] of log.entries()) {
      for (; pushed < Math.min(log.length, index + WINDOW_OBSERVATIONS_MAX); pushed += 1) {
        const ahead = log[pushed];
        if (ahead !== undefined) window.push(ahead);
      }
      await this.#patience.pause();
      if (this.#patience.isOver()) return { kind: 'tooMany' };
      // What was sent just before a process ended is known only by what is possible without a line.
      if (until !== null && endsProcess(observation)) set = this.#whole(set, window);
      if (isMet(set)) return { kind: 'met' };
      const advance = this.#sets.advance(set, observation, window);
      if (advance.kind === 'tooMany') return { kind: 'tooMany' };
      if (advance.kind === 'refused') {
        const states = advance.states.filter((state) => !this.machine.observe(state, observation, window.after).ok);
        const certain = !states.some((state) => this.machine.uncertain(state));
        return { kind: 'refused', observation, states, certain };
      }
      if (observation === last) return { kind: 'explained' };
      set = advance.next;
      window.shift();
    }
    return until !== null && isMet(this.#whole(set, window)) ? { kind: 'met' } : { kind: 'explained' };
  }

  /** With everything that is possible without a line. */
  #whole(set: HypothesisSet<S>, window: ObservationWindow): HypothesisSet<S> {
    return this.#sets.closure(set, window.before) ?? set;
  }
}

function endsProcess({ said }: Observation): boolean {
  return said.what === 'processStarted' || (said.what === 'leftOut' && said.said.what === 'processStarted');
}
