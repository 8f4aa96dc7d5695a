/**
 * Goal: whatever stands in a file, reading and judging it neither throws, nor hangs, nor grows, nor gives values of wrong
 * types. Method: seeded lines, objects and logs, broken in every way that `scripts/hostile-*.mjs` knows; the same run
 * with ten millions is `node scripts/hostile.mjs --count 10000000`. That the watch sees faults is shown by planting some.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { THOROUGH } from '../../scripts/thorough.js';
import { implMachine } from '../../models/impl-machine.js';
import { specMachine } from '../../models/spec-machine.js';
import { CONFIG_TEXTS, type HostileKit, runHostile } from '../../scripts/hostile-run.mjs';
import { linesOf, MAX_LINE } from '../../traces/files/read-lines.js';
import { LogSurvey } from '../../traces/inference.js';
import { Judge } from '../../traces/judge.js';
import { OBSERVATION_KINDS, parseObservation, printObservation } from '../../traces/ndjson.js';
import { LogParser } from '../../traces/parse/log-parser.js';
import { parseZooCfg } from '../../types/zoo-cfg.js';

const RECORDED = fileURLToPath(new URL('../../traces/recorded', import.meta.url));

function recordedLogs(): readonly (readonly string[])[] {
  const files = readdirSync(RECORDED, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /leader-crash.*\.log$/.test(path),
  );
  // In an order that does not depend on the file system: seeds choose by it.
  files.sort();
  const reads = (line: string): boolean => new LogParser('').push(line).length > 0;
  return files.map((path) => readFileSync(join(RECORDED, path), 'utf8').split('\n').filter(reads));
}

const KIT: HostileKit = {
  linesOf,
  MAX_LINE,
  LogParser,
  parseObservation,
  printObservation,
  LogSurvey,
  Judge,
  kinds: new Set(OBSERVATION_KINDS),
  machines: [implMachine, specMachine],
  logs: recordedLogs(),
  configs: CONFIG_TEXTS.map((text) => {
    const read = parseZooCfg(text, 'zoo.cfg');
    if (!read.ok) throw new Error(read.error.message);
    return read.value.ensemble;
  }),
};

describe('hostile input', () => {
  it.each(THOROUGH ? [1, 2] : [1])('seed %i', async (seed) => {
    const figures = await runHostile({ seed, lines: 20_000, objects: 5000, judgements: 60, kit: KIT });
    expect(figures.failures).toEqual([]);
    expect(figures).toMatchObject({ lines: 20_000, objects: 5000, judgements: 60 });
    // The mutations leave much of it readable: the deeper code was reached.
    expect(figures.observations).toBeGreaterThan(10_000);
    expect(figures.unreadable).toBeGreaterThan(1000);
    expect(figures.refusedObjects).toBeGreaterThan(1000);
    for (const count of Object.values(figures.verdicts)) expect(count).toBeGreaterThan(0);
  });

  it('equal seeds give equal input', async () => {
    const run = async (seed: number): Promise<unknown> => {
      const figures = await runHostile({ seed, lines: 2000, objects: 1000, judgements: 5, kit: KIT });
      return [figures.calls, figures.observations, figures.unreadable, figures.refusedObjects, figures.verdicts];
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });
});

/** The parser, with a fault on some lines. */
function parserWith(fault: (line: string) => void): typeof LogParser {
  return class extends LogParser {
    override push(line: string): ReturnType<LogParser['push']> {
      fault(line);
      return super.push(line);
    }
  };
}

describe('the watch sees', () => {
  const failuresOf = async (kit: Partial<HostileKit>): Promise<string> => {
    const options = { seed: 3, lines: 1000, objects: 500, judgements: 10 };
    return (await runHostile({ ...options, kit: { ...KIT, ...kit } })).failures.join('\n');
  };

  it('an exception, with seed and line', async () => {
    const failing = parserWith((line) => {
      if (line.includes('newleader')) throw new RangeError('planted');
    });
    expect(await failuresOf({ LogParser: failing })).toMatch(/^seed 3: threw RangeError: planted[^]*newleader/);
  });

  it('a call that takes long each time, and not one that took long once', async () => {
    const wait = (): void => {
      // The watch counts the time of the CPU, of which a busy machine gives less than passes.
      const since = process.cpuUsage();
      for (let used = 0; used < 110_000;) {
        const { user, system } = process.cpuUsage(since);
        used = user + system;
      }
    };
    let chosen: string | null = null;
    const slow = parserWith((line) => {
      if (line.includes('LOOKING')) chosen ??= line;
      if (line === chosen) wait();
    });
    expect(await failuresOf({ LogParser: slow })).toMatch(/took \d{3,} ms: /);
    let once = true;
    const paused = parserWith(() => {
      if (once) wait();
      once = false;
    });
    expect(await failuresOf({ LogParser: paused })).toBe('');
  });

  it('values of wrong types, unknown kinds and lines too long', async () => {
    const wrong =
      (what: object): typeof parseObservation =>
      () =>
        ({ ok: true, value: { sid: 1n, at: { file: '', line: 1 }, said: what } }) as unknown as ReturnType<
          typeof parseObservation
        >;
    expect(await failuresOf({ parseObservation: wrong({ what: 'looking', a: 2n ** 63n }) })).toMatch(
      /is beyond 64 bits/,
    );
    expect(await failuresOf({ parseObservation: wrong({ what: 'looking', a: [2 ** 60] }) })).toMatch(/is not exact/);
    expect(await failuresOf({ parseObservation: wrong({ what: 'looking', a: 'x'.repeat(9000) }) })).toMatch(
      /9000 char/,
    );
    expect(await failuresOf({ parseObservation: wrong({ what: 'smiling' }) })).toMatch(/its kind is smiling/);
    expect(await failuresOf({ MAX_LINE: 100 })).toMatch(/characters was handed on/);
  });

  it('text that is not read back as it was, and sentences that repeat the input', async () => {
    const other: typeof printObservation = (one) => printObservation(one).replace('"LEADING"', '"LOOKING"');
    let calls = 0;
    const odd: typeof printObservation = (one) => ((calls += 1) % 2 === 0 ? other(one) : printObservation(one));
    expect(await failuresOf({ printObservation: odd })).toMatch(/read back as something else/);
    const chatty: typeof parseObservation = (line) => ({ ok: false, error: line.repeat(50) });
    expect(await failuresOf({ parseObservation: chatty })).toMatch(/refused with no short sentence/);
  });

  it('a judge that throws', async () => {
    const failing = {
      ...implMachine,
      hidden: () => {
        throw new Error('planted');
      },
    };
    expect(await failuresOf({ machines: [failing] })).toMatch(/threw Error: planted/);
  });
});
