/** `zabcheck generate FOLDER`: the logs of a simulated ensemble, as files, with what really happened beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRng } from '../../base/rng.js';
import { type GeneratedEnsemble, generateEnsemble } from '../../models/simulated-log/ensemble.js';
import { printLogLine } from '../../models/simulated-log/print.js';
import type { Sid } from '../../types/ids.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface GenerateFlags {
  readonly servers: string;
  readonly observers: string;
  readonly steps: string;
  readonly seed: string;
  readonly level: 'info' | 'debug';
  /** Seconds by which clocks may differ, at most. */
  readonly skew: string;
  /** Per mille of lines that are left out. */
  readonly missing: string;
  readonly json?: true;
}

/** 2026-01-01 00:00:00 UTC; a step of a thread takes three milliseconds. */
const BEGINS_MS = 1_767_225_600_000;
const STEP_MS = 3;

/** Throws UsageError for a folder that cannot be written. */
export function generate(folder: string, flags: GenerateFlags, output: Output): ExitCode {
  const number = (name: keyof GenerateFlags, least: number, most: number): number => {
    const text = String(flags[name]);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(`--${name} is a number from ${least} to ${most}, not "${text}".`);
  };
  const seed = number('seed', 0, 999_999_999);
  const generated = generateEnsemble(seed, {
    steps: number('steps', 1, 10_000_000),
    servers: number('servers', 1, 9),
    observers: number('observers', 0, 3),
    debug: flags.level === 'debug',
  });
  const rng = makeRng(seed + 1);
  const skewMs = number('skew', 0, 86_400) * 1000;
  const skews = new Map(
    [...generated.logs.keys()].map((sid) => [sid, skewMs === 0 ? 0 : rng.below(2 * skewMs) - skewMs]),
  );
  const lines = [...generated.logs].map(([sid, log]): readonly [Sid, readonly string[]] => {
    const all = log.map((observation, index) => {
      const step = generated.moments.get(sid)?.[index] ?? 0;
      return printLogLine(observation, sid, stampOf(BEGINS_MS + step * STEP_MS + (skews.get(sid) ?? 0)));
    });
    return [sid, all];
  });
  const missing = number('missing', 0, 1000) / 1000;
  const kept = lines.map(([sid, all]): (typeof lines)[number] => [sid, all.filter(() => !rng.chance(missing))]);
  write(folder, [
    ...kept.map(([sid, all]): File => [`server-${sid}.log`, `${VERSION}\n${all.join('\n')}\n`]),
    ['zoo.cfg', configText(generated)],
    [
      'truth.json',
      `${truthText(generated, { skews, left: lines.flatMap(([, all]) => all).length - kept.flatMap(([, all]) => all).length })}\n`,
    ],
  ]);
  const total = kept.reduce((sum, [, all]) => sum + all.length, 0);
  const told = { folder, servers: kept.length, lines: total, established: generated.established.length };
  if (flags.json === true) output.out(JSON.stringify({ schema: 1, ...told }));
  else
    output.out(
      `${folder}: ${kept.length} logs, ${total} lines, ${told.established} leaders established; truth.json tells them`,
    );
  return EXIT.accepted;
}

const VERSION =
  '2026-01-01 00:00:00,000 [myid:] - INFO  [main:Environment@98] - Server environment:zookeeper.version=3.8.0-simulated';

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

function truthText(
  { seed, established }: GeneratedEnsemble,
  { skews, left }: { readonly skews: ReadonlyMap<Sid, number>; readonly left: number },
): string {
  const truth = {
    schema: 1,
    seed,
    skewMs: Object.fromEntries(skews),
    linesLeftOut: left,
    established: established.map(({ leader, epoch, round, supporters }) => ({ leader, epoch, round, supporters })),
  };
  return JSON.stringify(truth, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
}
