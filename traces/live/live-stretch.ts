/** A stretch of a growing log with one configuration: the judge of every machine, led by what the first lines tell. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import type { Limits } from '../hypothesis-sets.js';
import { LogSurvey } from '../inference.js';
import { Judge } from '../judge.js';
import type { Hints, Machine } from '../machine.js';
import type { Observation } from '../observation.js';
import { WINDOW_OBSERVATIONS_MAX } from '../window.js';

export interface StretchOptions {
  readonly sid: Sid;
  readonly config: EnsembleConfig;
  readonly release: string | null;
  readonly limits: Limits;
}

export class LiveStretch<S> {
  readonly config: EnsembleConfig;
  readonly #machines: readonly Machine<S>[];
  readonly #options: StretchOptions;
  readonly #survey = new LogSurvey();
  judges: readonly Judge<S>[] = [];
  /** The first lines, as long as they may still change how the log is judged; null: there were enough. */
  #first: Observation[] | null = [];
  /** So many of them were handed to the judges. */
  #handed = 0;
  /** How the judges judge. */
  #known = '';

  constructor(machines: readonly Machine<S>[], options: StretchOptions) {
    this.config = options.config;
    this.#machines = machines;
    this.#options = options;
  }

  /** How the log is judged, as far as its first lines tell. */
  hints(): Hints {
    const { sid, config } = this.#options;
    const { debug, maxNotificationIntervalMs } = this.#survey;
    const release = this.#options.release ?? this.#survey.release;
    const laterConfigs = this.#survey.candidateConfigs(sid);
    const hints = { sid, configs: [config], laterConfigs, debug, maxNotificationIntervalMs };
    return release === null ? hints : { ...hints, release };
  }

  push(observation: Observation): void {
    if (this.#first === null) {
      for (const judge of this.judges) judge.push(observation);
      return;
    }
    this.#survey.see(observation);
    this.#first.push(observation);
    if (this.#first.length < WINDOW_OBSERVATIONS_MAX) return;
    this.settled();
    this.#first = null;
  }

  /** The judges, with every line before them. If the lines changed how they judge, they begin anew: none was final. */
  settled(): readonly Judge<S>[] {
    if (this.#first === null) return this.judges;
    const hints = this.hints();
    const known = keyOf(hints);
    if (known !== this.#known) {
      this.judges = this.#machines.map((machine) => new Judge(machine, hints, this.#options.limits));
      this.#known = known;
      this.#handed = 0;
    }
    for (; this.#handed < this.#first.length; this.#handed++) {
      const observation = this.#first[this.#handed];
      if (observation !== undefined) for (const judge of this.judges) judge.push(observation);
    }
    return this.judges;
  }
}

function keyOf({ debug, maxNotificationIntervalMs, release, laterConfigs }: Hints): string {
  const later = laterConfigs?.map(({ members }) => members.map(({ sid, type }) => `${sid}${type}`).join());
  return JSON.stringify([debug, maxNotificationIntervalMs, release, later]);
}
