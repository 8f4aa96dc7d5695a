/**
 * Goal: the lines that contradict each other and the nearest legal story are told wherever a divergence is told, and nowhere if nobody
 * wants them. Method: the compiled command on a recorded ensemble with one altered line; what is found is the business of
 * property-tests/excerpts and property-tests/stories.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RECORDED = join(ROOT, 'traces/recorded/3.8.0/leader-crash');
let folder = '';

const zabcheck = async (...args: readonly string[]) => {
  const told = await zabcheckIn(folder, ...args);
  expect(told.err).not.toMatch(/error/);
  return told;
};

/** Line 178 of server 2: server 3 never voted with that zxid. */
const ACROSS = ['server-2.log', 178, 'n.zxid:0x0', 'n.zxid:0x7'] as const;
/** The first vote of server 1 for itself, in its own log. */
const ALONE = ['server-1.log', 78, 'n.round:0x1', 'n.round:0x7'] as const;

function altered(name: string, [file, line, from, to]: typeof ACROSS | typeof ALONE): void {
  cpSync(join(RECORDED, 'info'), join(folder, name), { recursive: true });
  cpSync(join(RECORDED, 'zoo.cfg'), join(folder, name, 'zoo.cfg'));
  const lines = readFileSync(join(folder, name, file), 'utf8').split('\n');
  expect(lines[line - 1]).toContain(from);
  lines[line - 1] = lines[line - 1]?.replace(from, to) ?? '';
  writeFileSync(join(folder, name, file), lines.join('\n'));
}

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-reasons-'));
  altered('across', ACROSS);
  altered('alone', ALONE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly divergence: { readonly line: unknown } | null;
  readonly reasons?: {
    readonly excerpt: {
      readonly lines: readonly { readonly sid: string; readonly file: string; readonly line: number }[];
      readonly leftOut: number;
      readonly minimal: boolean;
    };
    readonly story: { readonly sentence: string; readonly sid: string; readonly explainsAll: boolean };
    readonly bounds: readonly string[];
  };
}
interface Document {
  readonly servers: readonly Told[];
  readonly ensembles: readonly Told[];
}
const documentOf = async (...args: string[]): Promise<Document> =>
  JSON.parse((await zabcheck('validate', '--machine', 'impl', '--json', ...args)).out) as Document;

const STORY =
  'would be legal if across/server-2.log:178 said zxid=0x0 instead of zxid=0x7; then all logs are explained';
const ANY_REASON = /lines? contradicts? (?:each other|itself)|nearest legal story|would be legal if/i;

const page = (): string => readFileSync(join(folder, 'r.html'), 'utf8');
/** Not by matchers: a page that fails them would be printed. */
const isTold = (text: string): boolean => ANY_REASON.test(text);

describe('reasons of an ensemble', () => {
  it('stand below its divergence', async () => {
    const { code, out } = await zabcheck('validate', 'across');
    expect(code).toBe(1);
    expect(out).toMatch(/\n {4}these \d+ lines contradict each other, whatever the other lines say:\n {6}server 3 {2}/);
    expect(out).toContain('      server 2  across/server-2.log:178  notification myState=FOLLOWING from=3');
    expect(out).toMatch(/\n {6}and \d+ more before these\n/);
    expect(out).toContain(`\n    nearest legal story: ${STORY}\n`);
    expect(out.match(/nearest legal story/g)).toHaveLength(1);
  });

  it('in JSON and on the page name every line, by file and number', async () => {
    const [told] = (await documentOf('across', '--html', 'r.html')).ensembles;
    const { excerpt, story, bounds } = told?.reasons ?? {};
    expect(bounds).toEqual([]);
    expect(story).toMatchObject({ sentence: STORY, sid: '2', explainsAll: true });
    expect(excerpt).toMatchObject({ minimal: true });
    expect(excerpt?.lines).toContainEqual(
      expect.objectContaining({ sid: '2', file: 'across/server-2.log', line: 178 }),
    );
    // Server 1 heard what it heard: nothing of it is needed.
    expect([...new Set(excerpt?.lines.map(({ sid }) => sid))].sort()).toEqual(['2', '3']);
    expect(excerpt?.leftOut).toBeGreaterThan(20);
    const caption = `These ${excerpt?.lines.length} lines contradict each other, whatever the other lines say.`;
    expect([caption, STORY].filter((text) => !page().includes(text))).toEqual([]);
  });

  it('are not looked for with --no-reasons', async () => {
    const [told] = (await documentOf('across', '--no-reasons', '--html', 'r.html')).ensembles;
    expect(told?.divergence).not.toBeNull();
    expect(told).not.toHaveProperty('reasons');
    expect(isTold(page())).toBe(false);
  });
});

describe('reasons of one log', () => {
  const LOG = 'alone/server-1.log';
  const TELLS = `would be legal if ${LOG}:78 said round=0x1 instead of round=0x7`;

  it('stand below its divergence, and in what `why` says of the line', async () => {
    const { code, out } = await zabcheck('validate', '--config', 'alone/zoo.cfg', LOG);
    expect(code).toBe(1);
    expect(out).toMatch(/\n {4}these? (?:\d+ )?lines? contradicts? (?:each other|itself)/);
    expect(out).toContain(TELLS);
    expect((await zabcheck('why', '--config', 'alone/zoo.cfg', `${LOG}:78`)).out).toContain(TELLS);
    expect(
      isTold((await zabcheck('validate', '--machine', 'impl', '--config', 'alone/zoo.cfg', '--no-reasons', LOG)).out),
    ).toBe(false);
  });
});
