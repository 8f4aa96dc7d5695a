/**
 * The breadth-first search: levels, memory that grows, and what to answer at the end. It coordinates; the hands of a crew do
 * the work, in this thread or in others.
 */
import { NOTHING_MET, type Resumed, type SearchRecord, type Tally } from './checkpoints.js';
import type { Crew } from './crew.js';
import { FingerprintsInMemory } from './fingerprint-memory.js';
import { type CollisionEstimates, estimateCollisions } from './fingerprints.js';
import type { ExpandReport } from './hand.js';
import { countOf, joined, numbersOf, type Ranges, untaken } from './ranges.js';
import { type CheckResult, DEADLOCK } from './result.js';
import type { SearchMemory } from './search-memory.js';
import type { Progress, SearchOptions } from './search-options.js';
import { counterexampleOf, type TraceQuestion } from './shortest-trace.js';
import { StatesInMemory } from './state-memory.js';
import type { System } from './system.js';
import { allMet, summed } from './tally.js';

export type { Progress, SearchOptions } from './search-options.js';

export interface SearchResult extends CheckResult {
  /** Bytes of a state: what it takes, and its share of tables and halves. */
  readonly bytesPerState: number;
  readonly interrupted: boolean;
  /** Where states were kept as fingerprints. */
  readonly collisions: CollisionEstimates | null;
  /** Names of what was violated where no counterexample can be told, because rows were not kept. */
  readonly untold: readonly string[];
}

export async function search(system: System, crew: Crew, options: SearchOptions): Promise<SearchResult> {
  const run = new Search(system, crew, options);
  try {
    return await run.run();
  } finally {
    await crew.close();
  }
}

class Search {
  readonly #system: System;
  readonly #crew: Crew;
  readonly #options: SearchOptions;
  readonly #memory: SearchMemory;
  #pending: Ranges = [];
  /** Of the next level. */
  #found: Ranges = [];
  #levels: Ranges[] = [];
  /** Met before the level in hand. */
  #deadlocksBefore = 0;
  /** Met before the run was resumed. */
  #earlier: Tally = NOTHING_MET;
  /** The newest of each hand. */
  #reports: readonly ExpandReport[] = [];
  #bound: string | null = null;
  #forgotten = 0;
  #forgottenLevels = 0;

  constructor(system: System, crew: Crew, options: SearchOptions) {
    this.#system = system;
    this.#crew = crew;
    this.#options = options;
    const Memory = options.fingerprints === true ? FingerprintsInMemory : StatesInMemory;
    this.#memory = new Memory(system, crew, options);
  }

  async run(): Promise<SearchResult> {
    const { signal, watch, checkpoints, resumed, order } = this.#options;
    // A phase that has begun hears it, too.
    signal?.addEventListener('abort', () => this.#memory.stop(), { once: true });
    if (resumed === undefined) await this.#memory.begin();
    else await this.#resume(resumed);
    checkpoints?.begin(() => this.#memory.stop());
    watch?.(
      () => this.#look(),
      () => this.#memory.generated,
    );
    if (this.#levels.length === 0) {
      await this.#enterInitial();
      if (this.#isBroken()) return this.#answer({ levels: this.#levels, deadlocksOnly: false });
    }
    return order === 'depth' ? this.#depthFirst() : this.#breadthFirst();
  }

  async #resume(resumed: Resumed): Promise<void> {
    const { levels, pending, found, tally, deadlocksBefore } = resumed.record;
    this.#levels = [...levels];
    this.#pending = pending;
    this.#found = found;
    this.#earlier = tally;
    this.#deadlocksBefore = deadlocksBefore;
    if (!(this.#memory instanceof StatesInMemory)) throw new Error('internal error: fingerprints are not resumed');
    await this.#memory.resume(resumed);
  }

  async #breadthFirst(): Promise<SearchResult> {
    for (;;) {
      const depth = this.#levels.length;
      const found = await this.#expandLevel();
      if (found.length > 0) this.#levels.push(found);
      await this.#forget(depth - 1);
      if (this.#deadlocks() > this.#deadlocksBefore)
        return this.#answer({ levels: this.#levels.slice(0, depth), deadlocksOnly: true });
      // A step may break a property and lead to nothing new.
      if (this.#isBroken())
        return this.#answer({ levels: found.length > 0 ? this.#levels : [...this.#levels, []], deadlocksOnly: false });
      if (found.length === 0 || this.#bound !== null) return this.#answer(null);
      this.#pending = found;
      this.#deadlocksBefore = this.#deadlocks();
      if (depth === this.#options.maxDepth) {
        this.#bound = `depth ${depth}`;
        await this.#save();
        return this.#answer(null);
      }
    }
  }

  /** One state at a time; each state remembers the one that it was found from. */
  async #depthFirst(): Promise<SearchResult> {
    const seen: Ranges[] = [this.#levels[0] ?? []];
    const stack = [...numbersOf(this.#levels[0] ?? [])];
    const cameFrom = new Map<number, number>();
    const pathTo = (number: number): Ranges[] => {
      const path: Ranges[] = [];
      for (let at: number | undefined = number; at !== undefined; at = cameFrom.get(at)) path.push([at, at + 1]);
      return path.reverse();
    };
    for (let number = stack.pop(); number !== undefined; number = stack.pop()) {
      this.#pending = [number, number + 1];
      const found = await this.#expandLevel();
      for (const one of numbersOf(found)) {
        cameFrom.set(one, number);
        stack.push(one);
      }
      seen.push(found);
      const isDead = this.#deadlocks() > 0;
      const isBroken = !isDead && this.#isBroken();
      if (!isDead && !isBroken && this.#bound === null && stack.length > 0) continue;
      this.#levels[0] = joined(seen);
      if (isDead) return this.#answer({ levels: pathTo(number), deadlocksOnly: true });
      if (isBroken) return this.#answer({ levels: [...pathTo(number), found], deadlocksOnly: false });
      break;
    }
    return this.#answer(null);
  }

  #met(): Omit<Tally, 'actions'> {
    return allMet(this.#earlier, this.#reports, this.#memory.generated);
  }

  #isBroken(): boolean {
    const { broken, brokenBySteps } = this.#met();
    return broken.length + brokenBySteps.length > 0;
  }

  #deadlocks(): number {
    return this.#met().deadlocks;
  }

  async #enterInitial(): Promise<void> {
    let found: Ranges = [];
    for (;;) {
      this.#memory.beginPhase();
      const report = await this.#crew.enterInitial();
      found = joined([found, report.found]);
      this.#reports = [report];
      // Whoever asks for the end at once is heard behind it.
      if (report.reason === null || report.reason === 'asked') break;
      this.#bound = await this.#memory.makeRoom([report], () => found);
      if (this.#bound !== null) break;
    }
    this.#levels.push(found);
    this.#pending = found;
    await this.#memory.endLevel([]);
  }

  /** Expands what is pending. Gives what was found; it is then forgotten. */
  async #expandLevel(): Promise<Ranges> {
    const { checkpoints, signal } = this.#options;
    while (this.#pending.length > 0 && this.#bound === null) {
      if (checkpoints?.isDue() === true) await this.#save();
      this.#memory.beginPhase();
      this.#reports = await this.#crew.expand(this.#pending);
      const found = joined([this.#found, ...this.#reports.map((report) => report.found)]);
      this.#found = found;
      const reason = this.#reports.find((report) => report.reason !== null)?.reason ?? null;
      this.#pending = joined([untaken(this.#pending, this.#memory.taken), ...this.#reports.map(({ left }) => left)]);
      if (signal?.aborted === true && this.#pending.length > 0) this.#bound = 'interrupted';
      else if (reason === 'table' || reason === 'room')
        this.#bound = await this.#memory.makeRoom(this.#reports, () => joined([...this.#levels, found]));
    }
    if (this.#bound !== null) await this.#save();
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** Hands out where it stands, if anybody wants it. */
  async #save(): Promise<void> {
    const { checkpoints } = this.#options;
    if (checkpoints === undefined || !(this.#memory instanceof StatesInMemory)) return;
    const [left, right] = await this.#crew.closeBlocks();
    this.#memory.forgetHalves({ left, right });
    const record: SearchRecord = {
      // A copy: the search goes on while it is written.
      levels: [...this.#levels],
      pending: this.#pending,
      found: this.#found,
      deadlocksBefore: this.#deadlocksBefore,
      tally: { ...this.#met(), actions: summed([this.#earlier.actions, ...(await this.#crew.actions())]) },
      ...this.#memory.record(),
    };
    checkpoints.take({ record, streams: this.#memory.streams() });
  }

  /** Rows of an expanded level are not kept where fingerprints are. */
  async #forget(level: number): Promise<void> {
    if (this.#options.fingerprints !== true) return;
    const ranges = this.#levels[level] ?? [];
    await this.#memory.endLevel(ranges);
    this.#forgotten += countOf(ranges);
    this.#forgottenLevels += 1;
    this.#levels[level] = [];
  }

  #distinct(): number {
    return this.#forgotten + this.#levels.reduce((sum, level) => sum + countOf(level), 0);
  }

  #look(): Progress {
    return {
      distinct: this.#memory.numbered,
      generated: this.#generated(),
      depth: this.#levels.length,
      queue: countOf(untaken(this.#pending, this.#memory.taken)),
      bytes: this.#memory.bytes,
    };
  }

  #generated(): number {
    return this.#system.initial.length + this.#earlier.generated + this.#memory.generated;
  }

  async #answer(question: TraceQuestion | null): Promise<SearchResult> {
    this.#options.explored?.();
    const fingerprints = this.#memory instanceof FingerprintsInMemory ? this.#memory.table : null;
    const trace = question === null || fingerprints !== null ? null : await this.#crew.trace(question);
    if (question !== null && trace === null && fingerprints === null)
      throw new Error('internal error: a violation was met and not found again');
    const reached = this.#reached();
    const complete = question === null && this.#bound === null;
    const unreached = complete ? Object.keys(reached).filter((name) => reached[name] !== true) : [];
    const violated = question !== null || unreached.length > 0;
    const distinct = this.#distinct();
    const generated = this.#generated();
    return {
      verdict: violated ? 'violated' : this.#bound === null ? 'holds' : 'inconclusive',
      distinct,
      generated,
      depth: this.#forgottenLevels + this.#levels.filter((level) => level.length > 0).length,
      counterexample: trace === null ? null : counterexampleOf(trace),
      reached,
      unreached,
      actions: summed([this.#earlier.actions, ...(await this.#crew.actions())]),
      bound: violated ? null : this.#bound,
      bytesPerState: this.#memory.bytes / Math.max(1, distinct),
      interrupted: this.#bound === 'interrupted',
      collisions: fingerprints === null ? null : estimateCollisions(fingerprints, { distinct, generated }),
      untold: question === null || trace !== null ? [] : this.#violated(question),
    };
  }

  #violated({ deadlocksOnly }: TraceQuestion): readonly string[] {
    const { broken, brokenBySteps } = this.#met();
    return deadlocksOnly ? [DEADLOCK] : [...new Set([...broken, ...brokenBySteps])].sort();
  }

  #reached(): Readonly<Record<string, boolean>> {
    const { reached } = this.#met();
    const names = this.#system.properties.filter(({ kind }) => kind === 'reachable').map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [name, reached.includes(name)]));
  }
}
