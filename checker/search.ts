/**
 * The breadth-first search: levels, memory that grows, and what to answer at the end. It coordinates; the hands of a crew do
 * the work, in this thread or in others.
 */
import { decode } from './encode.js';
import type { Crew } from './crew.js';
import { type ExpandReport, type Ranges, untaken } from './hand.js';
import { type CollisionEstimates, estimateCollisions } from './fingerprints.js';
import { type CheckResult, type Counterexample, DEADLOCK } from './result.js';
import { FingerprintsInMemory } from './fingerprint-memory.js';
import type { MemoryOptions, SearchMemory } from './search-memory.js';
import { StatesInMemory } from './state-memory.js';
import type { TraceQuestion, TraceText } from './shortest-trace.js';
import type { System } from './system.js';

export interface SearchOptions extends MemoryOptions {
  /** Levels; reaching it makes the answer inconclusive. */
  readonly maxDepth?: number;
  /** Which state is expanded next. depth: the newest; a counterexample is then soon found, and long. */
  readonly order?: 'breadth' | 'depth';
  /** Called once at the beginning with a function that tells, at any time, how far it has come. */
  readonly watch?: (look: () => Progress) => void;
}

export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  /** Levels complete. */
  readonly depth: number;
  /** States of the level in hand that are not yet expanded. */
  readonly queue: number;
  readonly bytes: number;
}

export interface SearchResult extends CheckResult {
  /** Bytes of a state: its row, and its share of the table. */
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
  readonly #levels: Ranges[] = [];
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
    const { signal, watch } = this.#options;
    // A phase that has begun hears it, too.
    signal?.addEventListener('abort', () => this.#memory.stop(), { once: true });
    await this.#memory.begin();
    watch?.(() => this.#look());
    await this.#enterInitial();
    if (this.#isBroken()) return this.#answer({ levels: this.#levels, deadlocksOnly: false });
    return this.#options.order === 'depth' ? this.#depthFirst() : this.#breadthFirst();
  }

  async #breadthFirst(): Promise<SearchResult> {
    for (;;) {
      const depth = this.#levels.length;
      const before = this.#deadlocks();
      const found = await this.#expandLevel(this.#levels[depth - 1] ?? []);
      if (found.length > 0) this.#levels.push(found);
      await this.#forget(depth - 1);
      if (this.#deadlocks() > before)
        return this.#answer({ levels: this.#levels.slice(0, depth), deadlocksOnly: true });
      // A step may break a property and lead to nothing new.
      if (this.#isBroken())
        return this.#answer({ levels: found.length > 0 ? this.#levels : [...this.#levels, []], deadlocksOnly: false });
      if (found.length === 0 || this.#bound !== null) return this.#answer(null);
      if (depth === this.#options.maxDepth) {
        this.#bound = `depth ${depth}`;
        return this.#answer(null);
      }
    }
  }

  /** One state at a time; each state remembers the one that it was found from. */
  async #depthFirst(): Promise<SearchResult> {
    const all = [...(this.#levels[0] ?? [])];
    this.#levels[0] = all;
    const stack = [...numbersOf(all)];
    const cameFrom = new Map<number, number>();
    const pathTo = (number: number): Ranges[] => {
      const path: Ranges[] = [];
      for (let at: number | undefined = number; at !== undefined; at = cameFrom.get(at)) path.push([at, at + 1]);
      return path.reverse();
    };
    for (let number = stack.pop(); number !== undefined; number = stack.pop()) {
      const before = this.#deadlocks();
      const found = await this.#expandLevel([number, number + 1]);
      for (const one of numbersOf(found)) {
        cameFrom.set(one, number);
        stack.push(one);
      }
      appendTo(all, found);
      if (this.#deadlocks() > before) return this.#answer({ levels: pathTo(number), deadlocksOnly: true });
      if (this.#isBroken()) return this.#answer({ levels: [...pathTo(number), found], deadlocksOnly: false });
      if (this.#bound !== null) break;
    }
    return this.#answer(null);
  }

  #isBroken(): boolean {
    return this.#reports.some(({ broken, brokenBySteps }) => broken.length + brokenBySteps.length > 0);
  }

  #deadlocks(): number {
    return this.#reports.reduce((sum, { deadlocks }) => sum + deadlocks, 0);
  }

  async #enterInitial(): Promise<void> {
    const found: number[] = [];
    for (;;) {
      this.#memory.beginPhase();
      const report = await this.#crew.enterInitial();
      found.push(...report.found);
      this.#reports = [report];
      if (report.reason === null) break;
      this.#bound = await this.#memory.makeRoom([report], () => found);
      if (this.#bound !== null) break;
    }
    this.#levels.push(found);
    await this.#memory.endLevel([]);
  }

  async #expandLevel(level: Ranges): Promise<Ranges> {
    const found: number[] = [];
    let pending = level;
    while (pending.length > 0 && this.#bound === null) {
      this.#pending = pending;
      this.#memory.beginPhase();
      this.#reports = await this.#crew.expand(pending);
      for (const report of this.#reports) found.push(...report.found);
      const reason = this.#reports.find((report) => report.reason !== null)?.reason ?? null;
      const { taken } = this.#memory;
      pending = [...untaken(pending, taken), ...this.#reports.flatMap(({ left }) => left)];
      if (this.#options.signal?.aborted === true && pending.length > 0) this.#bound = 'interrupted';
      else if (reason !== null && reason !== 'slice') {
        this.#bound = await this.#memory.makeRoom(this.#reports, () => [...this.#levels.flat(), ...found]);
      }
    }
    return found;
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
    return this.#forgotten + countOf(this.#levels.flat());
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
    return this.#system.initial.length + this.#memory.generated;
  }

  async #answer(question: TraceQuestion | null): Promise<SearchResult> {
    const fingerprints = this.#memory instanceof FingerprintsInMemory ? this.#memory.table : null;
    const trace = question === null || fingerprints !== null ? null : await this.#crew.trace(question);
    if (question !== null && trace === null && fingerprints === null)
      throw new Error('internal error: a violation was met and not found again');
    const reached = this.#reached();
    const complete = question === null && this.#bound === null;
    const unreached = complete ? Object.keys(reached).filter((name) => reached[name] !== true) : [];
    const violated = question !== null || unreached.length > 0;
    const distinct = this.#distinct();
    return {
      verdict: violated ? 'violated' : this.#bound === null ? 'holds' : 'inconclusive',
      distinct,
      generated: this.#generated(),
      depth: this.#forgottenLevels + this.#levels.filter((level) => level.length > 0).length,
      counterexample: trace === null ? null : counterexampleOf(trace),
      reached,
      unreached,
      actions: summed(await this.#crew.actions()),
      bound: violated ? null : this.#bound,
      bytesPerState: this.#memory.bytes / Math.max(1, distinct),
      interrupted: this.#bound === 'interrupted',
      collisions:
        fingerprints === null ? null : estimateCollisions(fingerprints, { distinct, generated: this.#generated() }),
      untold: question === null || trace !== null ? [] : this.#violated(question),
    };
  }

  #violated({ deadlocksOnly }: TraceQuestion): readonly string[] {
    if (deadlocksOnly) return [DEADLOCK];
    return [...new Set(this.#reports.flatMap(({ broken, brokenBySteps }) => [...broken, ...brokenBySteps]))].sort();
  }

  #reached(): Readonly<Record<string, boolean>> {
    const met = new Set(this.#reports.flatMap(({ reached }) => reached));
    const names = this.#system.properties.filter(({ kind }) => kind === 'reachable').map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [name, met.has(name)]));
  }
}

/** Joins ranges that meet. */
function appendTo(all: number[], more: Ranges): void {
  for (let i = 0; i < more.length; i += 2) {
    const [start, end] = [more[i] as number, more[i + 1] as number];
    if (all.at(-1) === start) all[all.length - 1] = end;
    else all.push(start, end);
  }
}

function* numbersOf(ranges: Ranges): Generator<number> {
  for (let i = 0; i < ranges.length; i += 2) {
    for (let number = ranges[i] as number; number < (ranges[i + 1] as number); number += 1) yield number;
  }
}

function countOf(ranges: Ranges): number {
  let count = 0;
  for (let i = 0; i < ranges.length; i += 2) count += (ranges[i + 1] ?? 0) - (ranges[i] ?? 0);
  return count;
}

function summed(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const one of all) for (const [name, count] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + count;
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count > 0));
}

function counterexampleOf({ property, why, initial, steps }: TraceText): Counterexample {
  return {
    property,
    why,
    initial: initial.map(decode),
    steps: steps.map(({ label, row }) => ({ label, row: row.map(decode) })),
  };
}
