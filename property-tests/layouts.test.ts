/**
 * Goal: a log is judged alike however it was laid out, rolled, compressed, piped or mixed; and where a layout cannot
 * tell servers apart, that is said. Method: the recorded logs are printed anew by the patterns that ZooKeeper 3.8, 3.9
 * and Debian ship (the patterns themselves are interpreted), and the compiled command judges both.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../scripts/build.mjs';
import { zabcheckIn } from '../scripts/command.js';
import { THOROUGH } from '../scripts/thorough.js';
import {
  DEBIAN,
  type Finding,
  findingOf,
  mergedByTime,
  printed,
  recordings,
  ROLLED,
  type ServerDocument,
  SHIPPED,
  SILENT,
  TELLING,
} from './layouts.js';
import { asText, TREES } from './layout-trees.js';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** A layout does not depend on the scenario. */
const RECORDINGS = recordings().filter((_, index) => THOROUGH || index % 2 === 0);

let folder = '';
const written = (path: string, lines: readonly string[]): string => write(path, asText(lines));

function write(path: string, content: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const JUDGE = ['validate', '--json', '--apart', '--machine', 'impl'];

async function validate(...args: readonly string[]): Promise<readonly ServerDocument[]> {
  const { out, err } = await zabcheckIn(folder, ...JUDGE, ...args);
  if (out === '') throw new Error(err);
  return (JSON.parse(out) as { servers: readonly ServerDocument[] }).servers;
}

/** The same, of what stands on standard input. */
function piped(input: string, ...args: readonly string[]): readonly ServerDocument[] {
  const options = { input, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...JUDGE, ...args, '-'], options);
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { servers: readonly ServerDocument[] }).servers;
}

/** By recording, in the order of servers. */
type Findings = Readonly<Record<string, readonly Finding[]>>;

let documents: readonly ServerDocument[] = [];

const documentsOf = (tree: string): readonly ServerDocument[] =>
  documents.filter(({ label }) => label.startsWith(`${tree}/`));

function findings(tree: string): Findings {
  const found: Record<string, Finding[]> = {};
  for (const server of documentsOf(tree)) (found[server.label.split('/')[1] ?? ''] ??= []).push(findingOf(server));
  for (const all of Object.values(found)) all.sort((a, b) => Number(a.sid) - Number(b.sid));
  return found;
}

let original: Findings = {};

beforeAll(async () => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-layouts-'));
  // One run of the command judges them all.
  for (const [tree, filesOf] of Object.entries(TREES)) {
    for (const recording of RECORDINGS) {
      const at = join('trees', tree, recording.name);
      write(join(at, 'zoo.cfg'), recording.config);
      for (const { path, content } of filesOf(recording)) write(join(at, path), content);
    }
  }
  documents = await validate(join(folder, 'trees'));
  original = findings('original');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the originals are judged, and accepted', () => {
  expect(Object.keys(original)).toHaveLength(RECORDINGS.length);
  const all = Object.values(original).flat();
  expect(all.length).toBeGreaterThanOrEqual(THOROUGH ? 12 : 6);
  expect(all.filter(({ verdict, observations }) => verdict !== 'accepted' || observations < 15)).toEqual([]);
});

describe('one server a file', () => {
  it.each(Object.keys(TELLING))('%s', (name) => expect(findings(`apart ${name}`)).toEqual(original));

  it.each(Object.keys(SILENT))('%s: told by the file name, and said so', (name) => {
    expect(findings(`apart ${name}`)).toEqual(original);
    for (const { notes } of documentsOf(`apart ${name}`)) {
      expect(notes.join('\n')).toMatch(/lines do not say which server printed them: .* log of server \d alone/);
    }
  });

  it('the server is known by its threads alone, whatever the file is called', () => {
    expect(findings('threads')).toEqual(original);
  });

  it('line breaks of another system', () => expect(findings('crlf')).toEqual(original));
});

describe('rolled', () => {
  it.each(Object.keys(ROLLED))('%s', (title) => expect(findings(`rolled ${title}`)).toEqual(original));
});

describe('standard input', () => {
  const configOf = (name: string): readonly string[] => [
    '--config',
    join(folder, 'trees', 'original', name, 'zoo.cfg'),
  ];

  it.each([
    ['shipped', SHIPPED],
    ['Debian', DEBIAN],
  ])('one server: %s', (_, layout) => {
    for (const { name, servers } of RECORDINGS.slice(0, THOROUGH ? 2 : 1)) {
      const each = servers.map(({ events }) => piped(`${printed(events, layout).join('\n')}\n`, ...configOf(name)));
      expect(each.flat().map(findingOf)).toEqual(original[name]);
      expect(each.flat().map(({ label }) => label)).toEqual(servers.map(() => 'stdin'));
    }
  });

  it('all servers, compressed', () => {
    for (const { name, servers } of RECORDINGS.slice(0, THOROUGH ? 2 : 1)) {
      const lines = printed(mergedByTime(servers.map(({ events }) => events)), SHIPPED);
      const options = { input: gzipSync(`${lines.join('\n')}\n`), encoding: 'utf8' } as const;
      const { stdout } = spawnSync(process.execPath, [MAIN, 'validate', '--json', ...configOf(name), '-'], options);
      const found = (JSON.parse(stdout) as { servers: readonly ServerDocument[] }).servers;
      expect(found.map(findingOf)).toEqual(original[name]);
    }
  });

  it("a silent layout is nobody's log without --sid, if it does not begin at the start", () => {
    const [first] = RECORDINGS;
    const [server] = first?.servers ?? [];
    const lines = printed(server?.events ?? [], SILENT['logger behind'] ?? DEBIAN).filter(
      (line) => !/[Mm]y ?id/.test(line),
    );
    const [found] = piped(`${lines.join('\n')}\n`, ...configOf(first?.name ?? ''));
    expect(found?.verdict).toBe('inconclusive');
    expect(found?.notes.join('\n')).toMatch(/nothing says which server wrote this log: name it with --sid/);
  });
});

/**
 * Without `[myid:N]` the lines of thread `main` are nobody's: they surround elections and are left out, but for the
 * settings, which are everybody's.
 */
function expectAllButMain(found: Findings): void {
  const withoutLines = (findings: Findings): unknown =>
    Object.values(findings).map((all) => all.map(({ observations: _, ...rest }) => rest));
  expect(withoutLines(found)).toEqual(withoutLines(original));
  for (const { name, servers } of RECORDINGS) {
    servers.forEach(({ events }, index) => {
      const lost = events.filter(({ thread, message }) => thread === 'main' && MAIN_TELLS.test(message)).length;
      const missing = (original[name]?.[index]?.observations ?? 0) - (found[name]?.[index]?.observations ?? 0);
      expect(lost).toBeGreaterThan(0);
      expect(missing, `${name}, server ${index + 1}`).toBeLessThanOrEqual(lost);
      expect(missing, `${name}, server ${index + 1}`).toBeGreaterThanOrEqual(lost - 2);
    });
  }
}

/** Lines of thread `main` that are read, and name no server. */
const MAIN_TELLS =
  /^(?:Server environment:zookeeper\.version|(?:current|accepted)Epoch not found|Snapshot loaded|zookeeper\.fastleader)/;

describe('all servers of a scenario in one file', () => {
  it.each(Object.entries(TELLING))('by time: %s', (name, layout) => {
    const found = findings(`merged ${name}`);
    if (layout.pattern.includes('myid')) expect(found).toEqual(original);
    else expectAllButMain(found);
  });

  it('one behind the other', () => {
    expect(findings('concatenated')).toEqual(original);
    expectAllButMain(findings('concatenated by threads'));
  });

  it('one behind the other, the second so late that its beginning is not looked at', async () => {
    const { name, config, servers } = RECORDINGS[0] ?? { name: '', config: '', servers: [] };
    const other = printed(
      [
        {
          time: '2026-11-23 14:00:00,000',
          sid: 1,
          myid: '1',
          level: 'INFO',
          thread: 'CommitProcessor:1',
          className: 'LearnerHandler',
          line: '1',
          message: 'nothing of an election',
          below: [],
        },
      ],
      DEBIAN,
    );
    write(join('late', name, 'zoo.cfg'), config);
    const [one, ...more] = servers.map(({ events }) => printed(events, DEBIAN));
    const lines = [...(one ?? []), ...Array.from({ length: 60_000 }, () => other).flat(), ...more.flat()];
    written(join('late', name, 'all.log'), lines);
    const found = (await validate(join(folder, 'late'))).map(({ sid, verdict }) => `${sid} ${verdict}`);
    expect(found.sort()).toEqual(servers.map(({ sid }) => `${sid} accepted`));
  });

  it('settings that differ, printed by thread main: nobody knows whose they are', async () => {
    const { config, servers } = RECORDINGS[0] ?? { config: '', servers: [] };
    const logs = servers.map(({ sid, events }) =>
      events.map((event) =>
        sid === 2 ? { ...event, message: event.message.replace('Interval = 60000 ms', 'Interval = 1000 ms') } : event,
      ),
    );
    const file = write('settings/zoo.cfg', config);
    written('settings/all.log', printed(mergedByTime(logs), DEBIAN));
    for (const { verdict, notes } of await validate(dirname(file))) {
      expect(verdict).toBe('inconclusive');
      expect(notes[0]).toMatch(/different notification intervals, and the lines do not say which has which/);
    }
    written('settings/all.log', printed(mergedByTime(logs), SHIPPED));
    expect((await validate(dirname(file))).map(({ verdict }) => verdict)).toEqual(servers.map(() => 'accepted'));
  });

  it('one of them chosen with --sid: a silent layout is not all taken for its lines', async () => {
    const { name, servers } = RECORDINGS[0] ?? { name: '', servers: [] };
    for (const layout of Object.values(SILENT)) {
      const [one, two] = servers.map(({ events }) => printed(events, layout));
      const log = write('silent/all.log', `${[...(one ?? []), ...(two ?? [])].join('\n')}\n`);
      for (const sid of ['1', '2', '9']) {
        const [found] = await validate('--sid', sid, '--config', join('trees', 'original', name, 'zoo.cfg'), log);
        expect(found?.verdict, `--sid ${sid}`).toBe('inconclusive');
      }
    }
  });

  it.each(Object.keys(SILENT))('%s: cannot be told apart, and that is said', (name) => {
    const found = documentsOf(`mixed ${name}`);
    expect(found.length).toBe(Object.values(original).flat().length);
    for (const { verdict, notes } of found) {
      expect(verdict).toBe('inconclusive');
      expect(notes[0]).toMatch(
        /lines do not say which of the servers in this file printed them: they cannot be told apart/,
      );
    }
  });
});
