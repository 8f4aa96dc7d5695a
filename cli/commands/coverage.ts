/** `zabcheck coverage [model]`: which share of everything reachable do fuzzing, scripts and recorded elections touch? */
import { setImmediate } from 'node:timers/promises';
import { Graph, type GraphProgress } from '../../checker/live/graph.js';
import { implSubject } from '../../models/conformance/impl-subject.js';
import { exampleOf } from '../../models/cover/example.js';
import { gapGroups, pairGaps, Paths } from '../../models/cover/gaps.js';
import { pairsIn } from '../../models/cover/pairs.js';
import { Rest } from '../../models/cover/rest.js';
import { type LocalStep, Space } from '../../models/cover/space.js';
import { sharesOf, Touched } from '../../models/cover/touched.js';
import type { ElectionBounds } from '../../models/election/bounds.js';
import { specSystem } from '../../models/election/spec-system.js';
import { isModelName, parseChoice } from '../../models/models.js';
import { BOUND_FLAGS } from '../check/bound-flags.js';
import { namedModel } from '../check/manifest.js';
import { readScripts } from '../cover/read-scripts.js';
import { coverageJson, type CoverageReport, type ExampleTold, type SourceTold } from '../cover/report.js';
import { type Source, sourcesOf, type Wanted } from '../cover/sources.js';
import { coverageText } from '../cover/text.js';
import { Ticker } from '../cover/ticker.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { printToken } from '../fuzz/token.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface CoverageFlags extends Readonly<Record<string, unknown>> {
  readonly fuzz?: string;
  readonly seed: string;
  readonly scripts?: readonly string[];
  readonly logs?: readonly string[];
  readonly maxMemory: string;
  readonly gaps: string;
  readonly json?: true;
}

export interface CoverageContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Without a source there is something to see all the same. */
const FUZZ = 100_000;

/** 0: told; 2 bad usage; 3 the model is not finished within memory; 130 interrupted. Throws UsageError and InputError. */
export async function coverage(
  name: string,
  flags: CoverageFlags,
  { output, signal }: CoverageContext,
): Promise<ExitCode> {
  const bounds = boundsOf(name, flags);
  const wanted = wantedOf(flags);
  const shown = numberOf('--gaps', flags.gaps, [0, 100_000]);
  const system = specSystem(bounds);
  const maxBytes = numberOf('--max-memory', flags.maxMemory, [1, 1 << 20]) * 2 ** 20;
  const ticker = new Ticker(output);
  let look: (() => GraphProgress) | null = null;
  const pause = async (): Promise<void> => {
    if (look !== null) ticker.tell(progressOf(system.name, look));
    await setImmediate();
  };
  const watch = (asked: () => GraphProgress): void => void (look = asked);
  const graph = await Graph.of(system, { fairness: [], restrictions: [] }, { maxBytes, signal, pause, watch });
  ticker.end();
  if (signal.aborted) return interrupted(output);
  if (graph.bound !== null) {
    output.err(
      `inconclusive: ${graph.states.toLocaleString('en')} states of ${system.name} were found, then ${graph.bound} were used up: without all states there is no share (--max-memory)`,
    );
    return EXIT.inconclusive;
  }
  const space = new Space(graph, bounds);
  const rest = new Rest(space);
  const sources = await sourcesOf(wanted, { space, rest, output, signal });
  const report = reportOf(
    { name, bounds, space, rest, sources, shown: flags.json === true ? Infinity : shown },
    signal.aborted,
  );
  output.out(flags.json === true ? coverageJson(report) : coverageText(report, output));
  return signal.aborted ? EXIT.interrupted : EXIT.accepted;
}

const progressOf = (name: string, look: () => GraphProgress) => (): string => {
  const { distinct, transitions, depth, queue } = look();
  const [states, steps, waiting] = [distinct, transitions, queue].map((count) => count.toLocaleString('en'));
  return `${name}: ${states} states, ${steps} transitions, depth ${depth}, queue ${waiting}`;
};

function interrupted(output: Output): ExitCode {
  output.err('interrupted: the model was not finished, so nothing was touched');
  return EXIT.interrupted;
}

interface Found {
  readonly name: string;
  readonly bounds: ElectionBounds;
  readonly space: Space;
  readonly rest: Rest;
  readonly sources: readonly Source[];
  /** So many groups of gaps get an example. */
  readonly shown: number;
}

function reportOf({ name, bounds, space, rest, sources, shown }: Found, wasInterrupted: boolean): CoverageReport {
  const pairs = pairsIn(space);
  const all = new Touched(space);
  for (const { touched, counts } of sources) if (counts) all.join(touched);
  const paths = new Paths(space);
  const example = (step: LocalStep | null): ExampleTold | null => {
    if (step === null) return null;
    const { steps, script } = exampleOf({ space, rest, subject: implSubject }, paths, step);
    return { steps: steps.map(({ text }) => text), token: printToken(script) };
  };
  const groups = gapGroups(space, all);
  const told = (source: Source): SourceTold => ({
    name: source.name,
    runs: source.touched.runs,
    steps: source.touched.steps,
    shares: sharesOf(space, pairs, source.touched),
    outside: [...source.touched.outside]
      .map(([reason, steps]) => ({ reason, steps }))
      .sort((a, b) => b.steps - a.steps),
    left: [...source.left].map(([reason, logs]) => ({ reason, logs })),
    pairsOutside: [...source.touched.pairsOutside].filter((pair) => !pairs.has(pair)).sort(),
  });
  return {
    schema: 'zabcheck.coverage/1',
    model: name,
    bounds: { ...bounds },
    interrupted: wasInterrupted,
    gaps: {
      pairs: pairGaps(space, pairs, all).map(({ pair, nearest }) => ({ pair, example: example(nearest) })),
      groups: groups.map(({ nearest, ...group }, index) => ({
        ...group,
        example: index < shown ? example(nearest) : null,
      })),
    },
    sources: sources.map(told),
    together: sharesOf(space, pairs, all),
  };
}

/** Models of the election: what `lockstep` and `impl` reach is what the specification reaches. */
function boundsOf(name: string, flags: CoverageFlags): ElectionBounds {
  const named = namedModel(name);
  const model = named?.model ?? name;
  if (!isModelName(model)) throw new UsageError(`there is no model "${name}"; \`zabcheck models\` lists them.`);
  if (model === 'threads' || model === 'official-tla') {
    throw new UsageError(`coverage is of models of the election (spec, impl, lockstep), not of ${model}.`);
  }
  const given = Object.fromEntries(
    BOUND_FLAGS.map((flag) => [flag, flags[flag] as string | undefined]).filter(([, text]) => text !== undefined),
  );
  const choice = parseChoice(model, { ...named?.bounds, ...given }, null);
  if (!choice.ok) throw new UsageError(`${choice.error}.`);
  const bounds = choice.value.bounds as ElectionBounds;
  if (bounds.bug.length > 0)
    throw new UsageError('a model with a seeded bug has no coverage: the specification has no bug.');
  if (bounds.start !== 'cold')
    throw new UsageError('coverage is of models that begin cold: walks and scripts begin so.');
  if ([bounds.crashes, bounds.losses, bounds.leaves].includes('any'))
    throw new UsageError('coverage is of models whose faults are counted: a number, not any.');
  return bounds;
}

function wantedOf({ fuzz, seed, scripts = [], logs = [] }: CoverageFlags): Wanted {
  const isNothing = fuzz === undefined && scripts.length === 0 && logs.length === 0;
  return {
    fuzz: fuzz === undefined ? (isNothing ? FUZZ : 0) : numberOf('--fuzz', fuzz, [0, 1_000_000_000]),
    seed: numberOf('--seed', seed, [0, 999_999_999]),
    scripts: readScripts(scripts),
    logs,
  };
}

function numberOf(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} is a number from ${least} to ${most}, not "${text}".`);
}
