/** `zabcheck generate FOLDER`: the logs of a simulated ensemble, as files, with what really happened beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRng, type Rng } from '../../base/rng.js';
import { type GeneratedEnsemble, generateEnsemble, mayBeMissing } from '../../models/simulated-log/ensemble.js';
import { printLogLine } from '../../models/simulated-log/print.js';
import type { Sid } from '../../types/ids.js';
import { profileOfRelease } from '../../types/release.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface GenerateFlags {
  readonly release: string;
  readonly servers: string;
  readonly observers: string;
  readonly steps: string;
  readonly seed: string;
  readonly level: 'info' | 'debug';
  /** Of ten thousand steps, so many crash a server. */
  readonly restarts: string;
  /** Seconds by which a clock may be wrong, at most. */
  readonly skew: string;
  /** Millionths by which a clock may be too fast or too slow, at most. */
  readonly drift: string;
  /** Per mille of lines that are left out. */
  readonly missing: string;
  readonly json?: true;
}

/** 2026-01-01 00:00:00 UTC; a step of a thread takes three milliseconds. */
const BEGINS_MS = 1_767_225_600_000;
const STEP_MS = 3;

/** How a server's clock goes: by the true time since the beginning, in milliseconds. */
interface Clock {
  readonly skewMs: number;
  readonly driftPpm: number;
}

/** A server's file: what was written, and the lines that were not, by their number among all. */
interface WrittenLog {
  readonly sid: Sid;
  readonly clock: Clock;
  readonly lines: readonly string[];
  readonly leftOut: readonly number[];
  /** How often its process started. */
  readonly starts: number;
}

/** Throws UsageError for a folder that cannot be written. */
export function generate(folder: string, flags: GenerateFlags, output: Output): ExitCode {
  const number = (name: keyof GenerateFlags, least: number, most: number): number => {
    const text = String(flags[name]);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(`--${name} is a number from ${least} to ${most}, not "${text}".`);
  };
  if (profileOfRelease(flags.release) === null)
    throw new UsageError(`--release: "${flags.release}" is not covered; 3.4.6 to 3.10 are.`);
  const seed = number('seed', 0, 999_999_999);
  const generated = generateEnsemble(seed, {
    release: flags.release,
    steps: number('steps', 1, 10_000_000),
    servers: number('servers', 1, 9),
    observers: number('observers', 0, 3),
    restarts: number('restarts', 0, 1000),
    debug: flags.level === 'debug',
  });
  const rng = makeRng(seed + 1);
  const [skewMs, drift] = [number('skew', 0, 999_999_999) * 1000, number('drift', 0, 500_000)];
  const missing = number('missing', 0, 1000) / 1000;
  const within = (most: number): number => (most === 0 ? 0 : rng.below(2 * most + 1) - most);
  const clocks = new Map(
    [...generated.logs.keys()].map((sid): [Sid, Clock] => [sid, { skewMs: within(skewMs), driftPpm: within(drift) }]),
  );
  const written = [...clocks].map(([sid, clock]) => writtenLog(generated, sid, { clock, missing, rng }));
  write(folder, [
    ...written.map(({ sid, lines }): File => [`server-${sid}.log`, `${lines.join('\n')}\n`]),
    ['zoo.cfg', configText(generated)],
    ['truth.json', `${truthText(generated, written)}\n`],
  ]);
  const total = written.reduce((sum, { lines }) => sum + lines.length, 0);
  const told = { folder, servers: written.length, lines: total, established: generated.established.length };
  if (flags.json === true) output.out(JSON.stringify({ schema: 1, ...told }));
  else
    output.out(
      `${folder}: ${written.length} logs, ${total} lines, ${told.established} leaders established; truth.json tells them`,
    );
  return EXIT.accepted;
}

function writtenLog(
  { logs, moments, comparedEpochs, release }: GeneratedEnsemble,
  sid: Sid,
  { clock, missing, rng }: { readonly clock: Clock; readonly missing: number; readonly rng: Rng },
): WrittenLog {
  const all = logs.get(sid) ?? [];
  const leaves = all.map(({ said }) => mayBeMissing(said) && rng.chance(missing));
  const lines = all.map((observation, index) => {
    const trueMs = (moments.get(sid)?.[index] ?? 0) * STEP_MS;
    const stamp = stampOf(BEGINS_MS + clock.skewMs + Math.round(trueMs * (1 + clock.driftPpm / 1e6)));
    const epochs = comparedEpochs.get(observation);
    return printLogLine(observation, sid, { stamp, release, ...(epochs === undefined ? {} : { epochs }) });
  });
  return {
    sid,
    clock,
    lines: lines.filter((_, index) => leaves[index] === false),
    starts: all.filter(({ said }) => said.what === 'processStarted').length,
    leftOut: leaves.flatMap((leaves_, index) => (leaves_ ? [index + 1] : [])),
  };
}

const stampOf = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');

type File = readonly [name: string, text: string];

function write(folder: string, files: readonly File[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new UsageError(`${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function configText({ ensemble }: GeneratedEnsemble): string {
  const servers = ensemble.members.map(
    ({ sid, type }) =>
      `server.${sid}=127.0.0.1:${2887n + sid}:${3887n + sid}${type === 'OBSERVER' ? ':observer' : ''}\n`,
  );
  return `tickTime=2000\ninitLimit=10\nsyncLimit=5\ndataDir=/zk/data\n${servers.join('')}`;
}

function truthText({ seed, release, established }: GeneratedEnsemble, written: readonly WrittenLog[]): string {
  const by = <T>(value: (log: WrittenLog) => T): Record<string, T> =>
    Object.fromEntries(written.map((log) => [String(log.sid), value(log)]));
  const truth = {
    schema: 1,
    seed,
    release,
    skewMs: by(({ clock }) => clock.skewMs),
    driftPpm: by(({ clock }) => clock.driftPpm),
    starts: by(({ starts }) => starts),
    leftOut: by(({ leftOut }) => leftOut),
    established: established.map(({ leader, epoch, round, supporters }) => ({ leader, epoch, round, supporters })),
  };
  return JSON.stringify(truth, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
}
