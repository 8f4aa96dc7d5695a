/**
 * Goal: `zabcheck check` says what is true, the same for any number of workers, and never "holds" of what it did not see.
 * Method: the compiled command on small models; TLC's counts for the official module.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';
import { THOROUGH } from './thorough.js';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
let folder = '';

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-check-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const zabcheck = (...args: readonly string[]) => zabcheckIn(folder, ...args);

interface Document {
  readonly schema: string;
  readonly verdict: string;
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  readonly bound: string | null;
  readonly token: string | null;
  readonly counterexample: { readonly property: string; readonly steps: readonly { readonly text: string }[] } | null;
}

const json = async (...args: readonly string[]): Promise<Document> =>
  JSON.parse((await zabcheck('check', '--json', ...args)).out) as Document;

interface Named {
  readonly name: string;
  readonly model: string;
  readonly verdict: string;
  readonly property?: string;
  readonly liveness?: string;
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  readonly time: string;
}

const MANIFEST = JSON.parse(
  readFileSync(fileURLToPath(new URL('../models/manifest.json', import.meta.url)), 'utf8'),
) as readonly Named[];

/** Those of the official module are TLC's own counts: see docs/checking.md. */
describe('the named models', () => {
  it('some must fail, and both kinds of peers are there', async () => {
    expect(MANIFEST.filter(({ verdict }) => verdict === 'violated').length).toBeGreaterThanOrEqual(8);
    expect(new Set(MANIFEST.map(({ model }) => model))).toEqual(
      new Set(['official-tla', 'spec', 'impl', 'lockstep', 'threads']),
    );
    expect(new Set(MANIFEST.map(({ name }) => name)).size).toBe(MANIFEST.length);
    const { models } = JSON.parse((await zabcheck('models', '--json')).out) as { models: unknown };
    expect(models).toEqual(MANIFEST);
    expect((await zabcheck('models')).out).toContain('  crash: Three servers, one crash with restart.');
  });

  // The few large ones take as long as all others together: `npm run evidence -- checker` explores them.
  const ASKED = MANIFEST.filter(({ time, distinct }) => time === 'seconds' && (THOROUGH || distinct < 12_000));
  const kindOf = ({ model, verdict, liveness }: Named): string => `${model} ${verdict} ${liveness === undefined}`;
  // Otherwise the first of each kind: each starts a process.
  const FIRST = ASKED.filter((one, i) => ASKED.findIndex((other) => kindOf(other) === kindOf(one)) === i);
  it.each(THOROUGH ? ASKED : FIRST)(
    '$name',
    async (named) => {
      const { name, verdict, distinct, generated, depth, property, liveness } = named;
      const told = await json(name, '--workers', '1');
      if (liveness !== undefined) {
        const counts = { verdict, distinct, steps: generated, depth };
        expect(told).toMatchObject({ schema: 'zabcheck.liveness/1', liveness, cut: 0, bound: null, ...counts });
        return;
      }
      expect(told).toMatchObject({ schema: 'zabcheck.check/1', verdict, distinct, generated, depth });
      expect(told.counterexample?.property).toBe(property);
    },
    120_000,
  );
});

describe('workers', () => {
  const BUGGY = [THOROUGH ? 'bug-159' : 'bug-275'];

  it('none, one, three: the same counts and the same counterexample', async () => {
    const all: Document[] = [];
    for (const workers of ['0', '1', '3']) all.push(await json(...BUGGY, '--workers', workers));
    const [first] = all;
    expect(first?.verdict).toBe('violated');
    for (const one of all) {
      const { distinct, generated, depth, counterexample, token } = one;
      expect({ distinct, generated, depth, counterexample, token }).toEqual({
        distinct: first?.distinct,
        generated: first?.generated,
        depth: first?.depth,
        counterexample: first?.counterexample,
        token: first?.token,
      });
    }
  });

  it('two on a model that holds', async () => {
    const ask = (workers: string) => json('spec', '--servers', '2', '--crashes', '1', '--workers', workers);
    const [one, two] = [await ask('1'), await ask('2')];
    expect(one).toMatchObject({ verdict: 'holds' });
    expect([two.distinct, two.generated, two.depth]).toEqual([one.distinct, one.generated, one.depth]);
  });
});

describe('counterexamples', () => {
  it('are told, written, and played again', async () => {
    const run = await zabcheck('check', 'bug-275', '--mermaid', 'trace.mmd', '--itf', 'trace.itf.json');
    expect(run.code, run.err).toBe(1);
    expect(run.out).toMatch(/^violated {2}/);
    expect(run.out).toMatch(/counterexample, \d+ steps \(no shorter one exists\):\n {3}0 {2}the beginning/);
    expect(run.out).toMatch(/\nviolated: .+: .+/);
    expect(readFileSync(join(folder, 'trace.mmd'), 'utf8')).toMatch(/^sequenceDiagram\n {2}participant p0 as server 1/);
    const itf = JSON.parse(readFileSync(join(folder, 'trace.itf.json'), 'utf8')) as {
      vars: string[];
      states: object[];
    };
    expect(itf.vars).toContain('action');
    const steps = Number(/counterexample, (\d+) steps/.exec(run.out)?.[1]);
    expect(itf.states).toHaveLength(steps + 1);
    const token = /Replay: zabcheck replay (\S+)/.exec(run.out)?.[1] ?? '';
    const again = await zabcheck('replay', token);
    expect(again.code, again.err).toBe(1);
    expect(run.out).toContain(again.out.trim().split('\n').slice(1).join('\n'));
  });

  it('a token that is damaged, or tells of what does not happen, is refused', async () => {
    expect((await zabcheck('replay', 'zabc1.AAAA')).err).toMatch(/^error: the token is damaged/);
    const { token } = await json('bug-275');
    expect(await zabcheck('replay', `${token?.slice(0, -6)}`)).toMatchObject({ code: 2 });
  });
});

describe('what was not seen does not hold', () => {
  it.each([
    [['--max-depth', '5'], /ended by depth 5: what lies beyond was not seen/],
    [['--max-memory', '1'], /ended by 1 MB of memory/],
    [['--search', 'random', '--walks', '20'], /no violation met: what was not walked was not seen/],
  ])('%j: inconclusive', async (flags, words) => {
    const run = await zabcheck('check', 'spec', '--workers', '1', ...flags);
    expect(run.code, run.out + run.err).toBe(3);
    expect(run.out).toMatch(/^inconclusive/);
    expect(run.out).toMatch(words);
  });

  it('Ctrl-C: inconclusive, with what was seen by then', async () => {
    const args = [MAIN, 'check', 'official-tla', '--servers', '3', '-C', '1', '--workers', '2'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    setTimeout(() => child.kill('SIGINT'), 1000);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(out).toMatch(/^inconclusive .*\n +[\d,]+ distinct states, [\d,]+ generated/);
    expect(out).toMatch(/ended by interrupted/);
  });

  it('depth first sees the same states', async () => {
    const deep = await json('spec', '--servers', '2', '--losses', '1', '--search', 'depth');
    const broad = await json('spec', '--servers', '2', '--losses', '1');
    expect(deep).toMatchObject({ verdict: 'holds', distinct: broad.distinct, generated: broad.generated });
  });
});

describe('what happens in the end', () => {
  const TWO = ['spec', '--servers', '2', '--leaves', 'any', '--rounds', '2', '--nq', '2', '--resend', 'silence'];

  it('is told with its exit code: it holds, it is cut off, it need not happen', async () => {
    const holds = await zabcheck('check', ...TWO, '--liveness', 'agreed');
    expect([holds.code, holds.out]).toEqual([
      0,
      expect.stringMatching(/^holds .*\n +agreed: .*\n +assuming threads, /),
    ]);
    const cut = await zabcheck('check', ...TWO, '--liveness', 'agreed', '--without', 'patience');
    expect([cut.code, cut.out]).toEqual([3, expect.stringContaining('the bound on rounds cuts off')]);
    const missed = await zabcheck('check', ...TWO, '--liveness', 'agreed', '--without', 'threads,delivery');
    expect(missed.code).toBe(1);
    expect(missed.out).toMatch(/; not assuming threads, delivery/);
    expect(missed.out).toMatch(/lasso, 0 steps and a standstill \(no lasso has fewer\):\n +0 {2}the beginning/);
    expect(missed.out.trimEnd()).toMatch(/violated: agreed: this never comes true: .*$/);
  });
});

describe('bad usage', () => {
  const USAGE: readonly (readonly [readonly string[], RegExp])[] = [
    [['nonsense'], /there is no model "nonsense"; `zabcheck models` lists them/],
    [['spec', '--servers', 'many'], /servers is a number from 1 to 7, not "many"/],
    [['spec', '-C', '1'], /C is a bound of official-tla, not of spec/],
    [['official-tla', '--crashes', '1'], /crashes is no bound of official-tla/],
    [['spec', '--property', 'beauty'], /has no property "beauty"; it has: /],
    [['spec', '--search', 'sideways'], /--search is breadth, depth or random/],
    [['spec', '--workers', '-1'], /--workers is a number from 0 to 64/],
    [['spec', '--liveness', 'bliss'], /--liveness is one of established, .*, not "bliss"/],
    [['live-apart', '--without', 'gravity'], /--without names assumptions: threads, .*; not "gravity"/],
    [['spec', '--without', 'threads'], /--without goes with --liveness/],
    [['tla-2', '--liveness', 'agreed'], /official-tla is not asked what happens in the end/],
    [['impl', '--bug', 'ZOOKEEPER-1'], /bug is none or one of ZOOKEEPER-159, .*, not "ZOOKEEPER-1"/],
  ];
  it.each(USAGE)('%j', async (args, words) => {
    const run = await zabcheck('check', ...args);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(words);
  });
});
