/**
 * Goal: the execution that was judged can be handed to others and comes back as it was.
 * Method: recorded logs, right and altered, are judged and written as ITF; the document is read back and judged again.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOfItf } from '../traces/itf.js';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const RECORDED = join(ROOT, 'traces/recorded/3.8.0/leader-crash');
let folder = '';

const zabcheck = (...args: readonly string[]) => zabcheckIn(folder, ...args);

/** The same, with something on its standard input. */
function piped(input: string, ...args: readonly string[]): { readonly code: number | null; readonly out: string } {
  const options = { encoding: 'utf8', input, cwd: folder, maxBuffer: 1 << 28 } as const;
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...args], options);
  return { code: status, out: stdout };
}

type Json = Readonly<Record<string, unknown>>;

interface Finding extends Json {
  readonly verdict: string;
  readonly elections: readonly Json[];
  readonly divergence: Json | null;
}

interface Report {
  readonly verdict: string;
  readonly servers: readonly (Finding & { readonly sid: string; readonly unread: number })[];
  readonly ensembles: readonly (Finding & { readonly machines: readonly Finding[] })[];
}

/** What must come back: everything but the names of files that were given. */
function findingOf({ verdict, servers, ensembles }: Report): unknown {
  return {
    verdict,
    servers: servers.map(({ sid, verdict: kind, elections, divergence }) => ({ sid, kind, elections, divergence })),
    ensembles: ensembles.map(({ verdict: kind, elections, divergence }) => ({ kind, elections, divergence })),
  };
}

/** A folder with the recorded logs of these servers, line 178 of server 2 altered. */
function place(name: string, sids: readonly number[], from = '', to = ''): void {
  mkdirSync(join(folder, name));
  cpSync(join(RECORDED, 'zoo.cfg'), join(folder, name, 'zoo.cfg'));
  for (const sid of sids) {
    const lines = readFileSync(join(RECORDED, `info/server-${sid}.log`), 'utf8').split('\n');
    if (sid === 2) lines[177] = lines[177]?.replace(from, to) ?? '';
    writeFileSync(join(folder, name, `server-${sid}.log`), lines.join('\n'));
  }
}

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-itf-'));
  place('one', [1]);
  place('one-wrong', [2], 'my state:FOLLOWING', 'my state:LEADING');
  place('one-torn', [2], 'n.zxid:0x0', 'n.zx');
  place('all', [1, 2, 3, 4]);
  place('all-wrong', [1, 2, 3, 4], 'n.zxid:0x0', 'n.zxid:0x7');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Document {
  readonly vars: readonly string[];
  readonly params: readonly string[];
  readonly states: readonly (Json & {
    readonly observation: Json;
    readonly explained: boolean;
    readonly roles: { '#map': unknown[] };
  })[];
}

const written = (name: string): Document =>
  JSON.parse(readFileSync(join(folder, `${name}.itf.json`), 'utf8')) as Document;
const big = (value: string): Json => ({ '#bigint': value });

const JUDGE = ['--json', '--no-reasons', '--machine', 'impl'];

describe('validate --itf', () => {
  it.each([
    ['one-wrong', 'diverged', 1],
    ['one-torn', 'inconclusive', 3],
    ['all', 'accepted', 0],
    ['all-wrong', 'diverged', 1],
  ])('%s: what comes back is judged as it was: %s', async (name, verdict, code) => {
    const first = await zabcheck('validate', ...JUDGE, name, '--itf', `${name}.itf.json`);
    expect(first).toMatchObject({ code, err: `written: ${name}.itf.json\n` });
    const lines = linesOfItf(readFileSync(join(folder, `${name}.itf.json`), 'utf8'));
    if (!lines.ok) throw new Error(lines.error);
    const config = ['--config', join(name, 'zoo.cfg')];
    const second = piped(lines.value.join('\n'), 'validate', ...JUDGE, ...config, '-');
    expect(second.code).toBe(code);
    const [told, back] = [first, second].map(({ out }) => JSON.parse(out) as Report);
    if (told === undefined || back === undefined) throw new Error('both were judged');
    expect(told.verdict).toBe(verdict);
    expect(findingOf(back)).toEqual(findingOf(told));
  });

  it('every line of the logs is there', async () => {
    written('all');
    const sorted = (text: string): readonly string[] => text.trimEnd().split('\n').sort();
    const lines = (await zabcheck('parse', 'all')).out.replaceAll(
      /"sid":null,"file":"all\/server-(\d)/g,
      '"sid":"$1","file":"all/server-$1',
    );
    expect(sorted((await zabcheck('itf', 'all.itf.json')).out)).toEqual(sorted(lines));
  });

  it('the document: one state a line, parameters in the first, 64-bit numbers exactly', () => {
    const { vars, params, states } = written('all');
    expect([vars, params]).toEqual([
      ['observation', 'explained', 'roles'],
      ['verdict', 'elections', 'divergence'],
    ]);
    expect(states.map(({ '#meta': meta }) => meta)).toEqual(states.map((_, index) => ({ index })));
    for (const state of states) expect(Object.keys(state)).toEqual(expect.arrayContaining(['#meta', ...vars]));
    expect(states[0]).toMatchObject({
      verdict: 'accepted',
      elections: [
        { leader: big('4'), round: big('1'), epoch: big('1'), supporters: [big('1'), big('2'), big('4')] },
        { leader: big('3'), round: big('2'), epoch: big('2') },
      ],
      divergence: { '#unserializable': 'null' },
    });
    expect(Object.keys(states[1] ?? {})).not.toContain('verdict');
    expect(states.every(({ explained }) => explained)).toBe(true);
    const role = (name: string): Json => ({ role: name, leader: big('3'), round: big('2') });
    expect(states.at(-1)?.roles['#map']).toMatchObject([
      [big('1'), role('FOLLOWING')],
      [big('2'), role('FOLLOWING')],
      [big('3'), role('LEADING')],
      [big('4'), role('FOLLOWING')],
    ]);
    expect(readFileSync(join(folder, 'all.itf.json'), 'utf8').trimEnd().split('\n')).toHaveLength(states.length + 2);
  });

  it('puts every cause before its effect: nobody hears of a server before it has begun to elect', () => {
    const begun = new Set<string>();
    let heard = 0;
    for (const { observation } of written('all').states) {
      const { what, sid, from } = observation;
      if (what === 'newElection') begun.add(JSON.stringify(sid));
      if (what !== 'notification' || JSON.stringify(sid) === JSON.stringify(from)) continue;
      expect(begun).toContain(JSON.stringify(from));
      heard += 1;
    }
    expect(heard).toBeGreaterThan(50);
  });

  it('tells from where on nothing explains the lines', () => {
    const { states } = written('one-wrong');
    const at = states.findIndex(({ explained }) => !explained);
    expect(states[at]?.observation).toMatchObject({ line: 178, file: join('one-wrong', 'server-2.log') });
    expect(states.slice(at).some(({ explained }) => explained)).toBe(false);
    expect(states[0]).toMatchObject({ verdict: 'diverged', divergence: { sid: big('2'), line: 178 } });
  });
});

describe('what is no execution is not written', () => {
  it.each([
    [['one', 'two'], 'error: --itf holds one execution, and these are 2 logs that are judged apart.\n'],
    [['--apart', 'all'], 'error: --itf holds one execution, and these are 4 logs that are judged apart.\n'],
    [
      ['--grain', 'threads', 'one'],
      'error: --itf does not go with --grain threads: it holds no lines of connections.\n',
    ],
    [['--follow', 'one'], 'error: --follow does not go with --itf: lines are not kept.\n'],
  ])('%s', async (args, message) => {
    if (!existsSync(join(folder, 'two'))) place('two', [1]);
    const run = await zabcheck('validate', ...args, '--itf', 'x.itf.json');
    expect([run.code, run.out, run.err]).toEqual([2, '', message]);
    expect(readdirSync(folder).filter((name) => name.startsWith('x.itf'))).toEqual([]);
  });

  it('a place that cannot be written is refused before anything is judged', async () => {
    const { code, out, err } = await zabcheck('validate', 'one', '--itf', 'nowhere/x.json');
    expect([code, out, err]).toEqual([2, '', 'error: --itf nowhere/x.json cannot be written.\n']);
  });

  it('nothing was judged', async () => {
    mkdirSync(join(folder, 'empty'));
    const { code, err } = await zabcheck('validate', 'empty', '--itf', 'x.itf.json');
    expect(code).toBe(3);
    expect(err).toBe('no log was found in empty\nnot written: x.itf.json (nothing was judged)\n');
  });

  it('a document that is none is told in a sentence', async () => {
    expect(await zabcheck('itf', 'empty')).toMatchObject({
      code: 2,
      err: 'error: Cannot read empty: it is a folder.\n',
    });
    expect(await zabcheck('itf', 'no.json')).toMatchObject({
      code: 2,
      err: 'error: Cannot read no.json: it does not exist.\n',
    });
  });
});
