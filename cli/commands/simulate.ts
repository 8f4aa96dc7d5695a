/** `zabcheck simulate`: an ensemble of threads under virtual time with faults, or walking at random without time. */
import { setImmediate } from 'node:timers/promises';
import { DEFAULT_BOUNDS } from '../../models/election/bounds.js';
import { configOf } from '../../models/election/ensemble.js';
import { RefinementError, refined } from '../../models/threads/refinement.js';
import type { SimulationReport } from '../../models/threads/simulation.js';
import { Simulation } from '../../models/threads/simulator.js';
import { type ThreadProfile, threadProfile } from '../../models/threads/thread-profile.js';
import { walk, type WalkReport } from '../../models/threads/walk.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { parseDuration } from '../fuzz/flags.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface SimulateFlags {
  readonly servers: string;
  readonly observers: string;
  readonly for: string;
  readonly seed: string;
  readonly faults: string;
  readonly untimed?: true;
  readonly steps: string;
  readonly unchecked?: true;
  readonly bug?: string;
  readonly json?: true;
}

export interface SimulateContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Steps of one walk; longer orders are several walks, of seeds one after the other. */
const WALK_STEPS = 50_000;
const SLICE_MS = 60_000;
const REPORT_EVERY_MS = 1_000;

/** 0: nothing failed; 1: a step that the specification does not allow, or a broken property; 2: bad usage; 130. */
export async function simulateCommand(flags: SimulateFlags, context: SimulateContext): Promise<ExitCode> {
  const ensemble = {
    ...DEFAULT_BOUNDS,
    servers: numberOf('--servers', flags.servers, [2, 9]),
    observers: numberOf('--observers', flags.observers, [0, 3]),
  };
  const order: Order = {
    config: configOf(ensemble),
    seed: numberOf('--seed', flags.seed, [0, 4_294_967_295]),
    profile: profileOf(flags.bug),
    json: flags.json === true,
  };
  return flags.untimed === true ? walkUntimed(order, flags, context) : runTimed(order, flags, context);
}

interface Order {
  readonly config: EnsembleConfig;
  readonly seed: number;
  readonly profile: ThreadProfile;
  readonly json: boolean;
}

async function runTimed(order: Order, flags: SimulateFlags, { output, signal }: SimulateContext): Promise<ExitCode> {
  const ms = parseDuration('--for', flags.for);
  const faultEveryMs = flags.faults === 'none' ? null : parseDuration('--faults', flags.faults);
  const checked = flags.unchecked === true ? {} : { perform: checkedPerform };
  const simulation = new Simulation({
    config: order.config,
    seed: order.seed,
    ms,
    faultEveryMs,
    profile: order.profile,
    ...checked,
  });
  const started = performance.now();
  let told = started;
  let broken: string | null = null;
  try {
    for (let now = 0; now < ms && !signal.aborted;) {
      now = Math.min(ms, now + SLICE_MS);
      simulation.advance(now);
      await setImmediate();
      if (performance.now() - told < REPORT_EVERY_MS) continue;
      told = performance.now();
      output.err(
        `${Math.round(now / 60_000)} minutes of ${Math.round(ms / 60_000)}, ${simulation.report().steps.toLocaleString('en')} steps`,
      );
    }
  } catch (error) {
    if (!(error instanceof RefinementError)) throw error;
    broken = error.message;
  }
  const seconds = (performance.now() - started) / 1000;
  output.out(
    order.json
      ? timedJson(simulation.report(), { seconds, broken, seed: order.seed })
      : timedText(simulation.report(), { seconds, broken, checked: flags.unchecked !== true }),
  );
  return codeOf(broken, signal);
}

function checkedPerform(...args: Parameters<typeof refined>): ReturnType<typeof refined>['effects'] {
  return refined(...args).effects;
}

async function walkUntimed(order: Order, flags: SimulateFlags, { output, signal }: SimulateContext): Promise<ExitCode> {
  const steps = numberOf('--steps', flags.steps, [1, 1_000_000_000]);
  const started = performance.now();
  let told = started;
  const reports: WalkReport[] = [];
  let done = 0;
  for (let seed = order.seed; done < steps && !signal.aborted && isWhole(reports); seed += 1) {
    const report = walk({
      config: order.config,
      seed,
      steps: Math.min(WALK_STEPS, steps - done),
      profile: order.profile,
    });
    reports.push(report);
    done += report.steps;
    await setImmediate();
    if (performance.now() - told < REPORT_EVERY_MS) continue;
    told = performance.now();
    output.err(`${done.toLocaleString('en')} steps of ${steps.toLocaleString('en')}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const last = reports.at(-1)?.broken ?? null;
  const broken = last === null ? null : `seed ${order.seed + reports.length - 1}, step ${last.at}: ${last.why}`;
  output.out(
    order.json ? walkJson(reports, { seconds, broken, seed: order.seed }) : walkText(reports, { seconds, broken }),
  );
  return codeOf(broken, signal);
}

const isWhole = (reports: readonly WalkReport[]): boolean => reports.every(({ broken }) => broken === null);

function codeOf(broken: string | null, signal: AbortSignal): ExitCode {
  if (broken !== null) return EXIT.diverged;
  return signal.aborted ? EXIT.interrupted : EXIT.accepted;
}

function timedText(
  report: SimulationReport,
  { seconds, broken, checked }: { readonly seconds: number; readonly broken: string | null; readonly checked: boolean },
): string {
  const { steps, ms, established, roles, faults, longestGapMs, longestGapAtMs } = report;
  return [
    broken === null ? (checked ? 'holds: every step is allowed by the specification' : 'ended') : `violated: ${broken}`,
    `    ${duration(ms)} of virtual time in ${seconds.toFixed(1)} s: ${count(steps)} steps of threads, ${count(steps / seconds)} a second`,
    `    leaders established: ${count(established)}; roles entered: ${listed(roles)}`,
    `    faults: ${listed(faults)}`,
    `    longest time without an established leader that a quorum follows: ${duration(longestGapMs)}, at ${duration(longestGapAtMs)}`,
  ].join('\n');
}

function walkText(
  reports: readonly WalkReport[],
  { seconds, broken }: { readonly seconds: number; readonly broken: string | null },
): string {
  const steps = total(reports, ({ steps: taken }) => taken);
  return [
    broken === null
      ? 'holds: every step is allowed by the specification, and pairs have their properties'
      : `violated: ${broken}`,
    `    ${count(steps)} steps of threads in ${reports.length} walks, ${seconds.toFixed(1)} s, ${count(steps / seconds)} a second`,
    `    roles entered: ${count(total(reports, ({ elections }) => elections))}`,
    `    channels, besides what moves on: ${listed(joined(reports, ({ channels }) => channels))}`,
    `    newest messages lost that no later connection repeats: ${total(reports, ({ forgotten }) => forgotten)}`,
    `    faults: ${listed(joined(reports, ({ faults }) => faults))}`,
  ].join('\n');
}

interface Told {
  readonly seconds: number;
  readonly broken: string | null;
  readonly seed: number;
}

function timedJson({ worldAtEnd: _world, roles, faults, ...rest }: SimulationReport, told: Told): string {
  return JSON.stringify({
    schema: 1,
    ...told,
    ...rest,
    roles: Object.fromEntries(roles),
    faults: Object.fromEntries(faults),
  });
}

function walkJson(reports: readonly WalkReport[], told: Told): string {
  return JSON.stringify({
    schema: 1,
    ...told,
    walks: reports.length,
    steps: total(reports, ({ steps }) => steps),
    elections: total(reports, ({ elections }) => elections),
    forgotten: total(reports, ({ forgotten }) => forgotten),
    channels: Object.fromEntries(joined(reports, ({ channels }) => channels)),
    faults: Object.fromEntries(joined(reports, ({ faults }) => faults)),
    taken: Object.fromEntries(joined(reports, ({ taken }) => taken)),
  });
}

function total(reports: readonly WalkReport[], of: (report: WalkReport) => number): number {
  return reports.reduce((sum, report) => sum + of(report), 0);
}

function joined<K>(
  reports: readonly WalkReport[],
  of: (report: WalkReport) => ReadonlyMap<K, number>,
): ReadonlyMap<K, number> {
  const all = new Map<K, number>();
  for (const report of reports) for (const [key, times] of of(report)) all.set(key, (all.get(key) ?? 0) + times);
  return all;
}

function profileOf(bug: string | undefined): ThreadProfile {
  const profile = threadProfile(bug ?? null);
  if (!profile.ok) throw new UsageError(`--bug: ${profile.error}.`);
  return profile.value;
}

function numberOf(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} is a number from ${least} to ${most}, not "${text}".`);
}

const count = (value: number): string => Math.round(value).toLocaleString('en');

function listed<K>(map: ReadonlyMap<K, number>): string {
  const items = [...map].filter(([name]) => name !== 'none').map(([name, times]) => `${String(name)} ${count(times)}`);
  return items.length === 0 ? 'none' : items.join(', ');
}

function duration(ms: number): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} minutes`;
}
