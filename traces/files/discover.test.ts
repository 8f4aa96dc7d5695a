import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asSid } from '../../types/ids.js';
import { printObservation } from '../ndjson.js';
import type { Observation } from '../observation.js';
import { discover, sidInName, type ServerLog } from './discover.js';
import { readConfig } from './find-config.js';
import { InputError } from './input-error.js';
import { newReadStatistics, readObservations } from './read-observations.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'zabcheck-discover-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const looking = (sid: number | string): string =>
  `2026-01-02 03:04:05,678 [myid:] - INFO  [QuorumPeer[myid=${sid}]/0.0.0.0:2181:QuorumPeer@1455] - LOOKING\n`;
const NAMELESS = '2026-01-02 03:04:05,678 INFO org.apache.zookeeper.server.quorum.QuorumPeer: LOOKING\n';
const CFG = 'tickTime=2000\nserver.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2\n';

/** What was found, with paths below the root. */
async function found(...paths: string[]): Promise<object[]> {
  const { logs } = await discover(paths.map((path) => join(root, path)));
  return logs.map((log) => ({
    label: log.label,
    sid: log.sid,
    files: log.files.map((file) => relative(root, file)),
    config: log.config === null ? null : relative(root, log.config.configFile),
  }));
}

async function collect(log: ServerLog): Promise<{ said: unknown[]; statistics: ReturnType<typeof newReadStatistics> }> {
  const statistics = newReadStatistics();
  const all: Observation[] = [];
  for await (const batch of readObservations(log, statistics)) all.push(...batch);
  return { said: all.map((one) => ({ sid: one.sid, line: one.at.line, ...one.said })), statistics };
}

async function only(path: string): Promise<ServerLog> {
  const { logs } = await discover([join(root, path)]);
  const first = logs[0];
  if (first === undefined || logs.length > 1) throw new Error(`${logs.length} logs`);
  return first;
}

describe('discover', () => {
  test('servers by content, levels in folders apart, the configuration above', async () => {
    await put('run/zoo.cfg', CFG);
    for (const level of ['info', 'debug']) {
      await put(`run/${level}/server-1.log`, looking(1));
      await put(`run/${level}/server-2.log`, looking(2));
    }
    const config = 'run/zoo.cfg';
    expect(await found('run')).toEqual(
      ['debug/server-1.log', 'debug/server-2.log', 'info/server-1.log', 'info/server-2.log'].map((label) => ({
        label,
        sid: label.includes('1') ? 1n : 2n,
        files: [`run/${label}`],
        config,
      })),
    );
    expect(await found('run/info/server-2.log')).toMatchObject([{ label: 'server-2.log', config: null }]);
  });

  test('rolled parts are one log, oldest first, packed or not; missing parts are a seam', async () => {
    await put('zookeeper.log', looking(3));
    await put('zookeeper.log.1', looking(3));
    await put('zookeeper.log.3.gz', gzipSync(looking(3)));
    expect(await found('.')).toEqual([
      {
        label: 'zookeeper.log',
        sid: 3n,
        files: ['zookeeper.log.3.gz', 'zookeeper.log.1', 'zookeeper.log'],
        config: null,
      },
    ]);
    const { said, statistics } = await collect(await only('.'));
    expect(said).toMatchObject([
      { what: 'looking' },
      { what: 'seam', why: 'a rolled part is missing before this file' },
      { what: 'looking' },
      { what: 'looking' },
    ]);
    expect(statistics).toMatchObject({ lines: 3, records: 3, unreadable: 0 });
  });

  test('several servers in one file become several logs, each with its own lines only', async () => {
    await put('all.log', looking(1) + looking(2) + NAMELESS + looking(1));
    const { logs } = await discover([root]);
    expect(logs.map((log) => [log.label, log.sid, log.shared])).toEqual([
      ['all.log [server 1]', 1n, true],
      ['all.log [server 2]', 2n, true],
    ]);
    const first = logs[0];
    if (first === undefined) throw new Error('no log');
    const { said, statistics } = await collect(first);
    expect(said).toMatchObject([
      { what: 'looking', line: 1 },
      { what: 'unreadable', why: expect.stringContaining('which of the servers') },
      { what: 'looking', line: 4 },
    ]);
    expect(statistics).toMatchObject({ foreign: 1, unreadable: 1, lines: 4 });
  });

  test('without ids in the text: the file name, then myid beside it, then the folders', async () => {
    await put('server-7.log', NAMELESS);
    await put('data/myid', '4\n');
    await put('data/zookeeper.out', NAMELESS);
    await put('zk5/logs/zookeeper.log', NAMELESS);
    await put('other/zookeeper-3.8.0.log', NAMELESS);
    const sids = (await found('.')).map((one) => ({ ...one, config: undefined, files: undefined }));
    expect(sids).toMatchObject([
      { label: 'data/zookeeper.out', sid: 4n },
      { label: 'other/zookeeper-3.8.0.log', sid: null },
      { label: 'server-7.log', sid: 7n },
      { label: 'zk5/logs/zookeeper.log', sid: 5n },
    ]);
    expect((await only('server-7.log')).sidFrom).toBe('path');
  });

  test('other files are left out in folders and listed; named ones are always logs', async () => {
    await put('readme.md', looking(1));
    await put('data.json', '{}');
    await put('notes.txt', 'nothing here\n');
    await put('version-2/log.100000001', 'ZKLG\0\0\0\x02');
    await put('node_modules/x/server-1.log', looking(1));
    await put('.git/server-1.log', looking(1));
    await put('empty.log', '');
    const all = await discover([root]);
    expect(all.logs).toEqual([]);
    expect(all.ignored.map((path) => relative(root, path))).toEqual([
      'data.json',
      'empty.log',
      'notes.txt',
      'readme.md',
      'version-2/log.100000001',
    ]);
    expect(await found('readme.md', 'notes.txt')).toMatchObject([{ sid: 1n }, { sid: null }]);
  });

  test('a rolled part that shows nothing of a log is a part all the same', async () => {
    await put('zk.2', looking(1));
    await put('zk.1', '\tat java.base/java.lang.Thread.run(Thread.java:840)\n');
    await put('zk', looking(1));
    await put('other.1', 'nothing here\n');
    expect(await found('.')).toMatchObject([{ sid: 1n, files: ['zk.2', 'zk.1', 'zk'] }]);
    expect((await discover([root])).ignored.map((path) => relative(root, path))).toEqual(['other.1']);
  });

  test('more servers than an ensemble has are not told apart', async () => {
    const all = (count: number): string => Array.from({ length: count }, (_, sid) => looking(sid)).join('');
    await put('many.log', all(64));
    expect(await found('many.log')).toHaveLength(64);
    await put('many.log', all(65));
    expect(await found('many.log')).toMatchObject([{ label: 'many.log', sid: null }]);
    expect(await only('many.log')).toMatchObject({ shared: true });
  });

  test('input that was stored has a name, and nothing beside it', async () => {
    await put('zoo.cfg', CFG);
    await put('myid', '3\n');
    const path = await put('server-1.log', NAMELESS);
    const stored = new Map([['-', { name: 'stdin', path }]]);
    const { logs } = await discover(['-'], { stored });
    expect(logs).toMatchObject([{ label: 'stdin', sid: null, files: ['stdin'], storedAt: path, config: null }]);
    const [log] = logs;
    if (log === undefined) throw new Error('no log');
    expect((await collect(log)).statistics).toMatchObject({ observations: 1, anonymous: 1 });
    const named = await discover(['-', join(root, 'zoo.cfg')], { stored });
    expect(named.logs).toMatchObject([{ config: { configFile: join(root, 'zoo.cfg') } }]);
  });

  test('a signal ends the search', async () => {
    await put('server-1.log', looking(1));
    const controller = new AbortController();
    controller.abort();
    await expect(discover([root], { signal: controller.signal })).rejects.toThrow(/abort/i);
  });

  test('a file is taken once, links do not loop', async () => {
    const path = await put('logs/server-1.log', looking(1));
    await symlink(join(root, 'logs'), join(root, 'logs/again'));
    expect(await found('logs', 'logs/server-1.log')).toHaveLength(1);
    expect((await discover([path, path])).logs).toHaveLength(1);
  });

  test('configurations: own name, conf folder, named, with a dynamic file', async () => {
    await put('a/zoo1.cfg', CFG);
    await put('a/zoo2.cfg', CFG);
    await put('a/server-2.log', looking(2));
    await put('b/conf/zoo.cfg', 'dataDir=/x\ndynamicConfigFile=/etc/zoo.cfg.dynamic.5\n');
    await put('b/conf/zoo.cfg.dynamic.5', CFG.slice(CFG.indexOf('\n') + 1));
    await put('b/logs/zk.log', looking(1));
    await put('c/zk.log', looking(1));
    expect(await found('a')).toMatchObject([{ config: 'a/zoo2.cfg' }]);
    expect(await found('b')).toMatchObject([{ config: 'b/conf/zoo.cfg' }]);
    expect(await found('c', 'a/zoo1.cfg')).toMatchObject([{ config: 'a/zoo1.cfg' }]);
    const { config } = await only('b');
    if (config === null) throw new Error('no configuration');
    const read = await readConfig(config);
    expect(read.ok && read.value.ensemble.version).toBe(5n);
    expect(read.ok && read.value.ensemble.members).toHaveLength(3);
  });

  test('what does not exist is an InputError that names it', async () => {
    const path = join(root, 'nowhere');
    await expect(discover([path])).rejects.toThrow(new InputError(path, `Cannot read ${path}: it does not exist.`));
  });

  test.each<[string, bigint | null]>([
    ['server-1.log', 1n],
    ['zk2', 2n],
    ['zoo3.out', 3n],
    ['zookeeper_12', 12n],
    ['zookeeper-3.8.0.log', null],
    ['zookeeper.log', null],
    ['node', null],
  ])('the id in %s', (name, sid) => {
    expect(sidInName(name)).toBe(sid);
  });
});

describe('reading', () => {
  const line = printObservation({
    sid: asSid(2n),
    at: { file: 'x', line: 9 },
    said: { what: 'version', text: '3.9.1-abc, built on x' },
  });

  test('NDJSON by name or by content; bad lines are unreadable, empty ones nothing', async () => {
    await put('trace.ndjson', `${line}\n\n{"schema":1}\n`);
    await put('trace.txt', `${line}\n`);
    expect(await found('.')).toMatchObject([{ sid: 2n }, { sid: 2n }]);
    const log = await only('trace.ndjson');
    expect(log.form).toBe('ndjson');
    const { said, statistics } = await collect(log);
    expect(said).toMatchObject([
      { what: 'version', line: 9 },
      { what: 'unreadable', line: 3, why: 'schema 1 is not "zabcheck.observation/1"' },
    ]);
    expect(statistics).toMatchObject({ lines: 3, records: 1, unreadable: 1, observations: 2, release: '3.9.1' });
  });

  test('a file that ends inside a line: its last number is not trusted', async () => {
    const election = looking(1).replace('LOOKING\n', 'New election. My id = 1, proposed zxid=0x10');
    await put('server-1.log', looking(1) + election);
    const { said } = await collect(await only('server-1.log'));
    expect(said).toMatchObject([{ what: 'looking' }, { what: 'unreadable', line: 2 }]);
    await put('server-1.log', looking(1).trimEnd());
    expect((await collect(await only('server-1.log'))).said).toMatchObject([{ what: 'looking' }]);
  });

  test('statistics: bytes, NUL, release', async () => {
    const version = looking(1).replace('LOOKING', 'Server environment:zookeeper.version=3.8.0-5a02, built on 2022');
    await put('server-1.log', `${version}\0\0\n`);
    const { statistics } = await collect(await only('server-1.log'));
    expect(statistics).toMatchObject({
      bytes: version.length + 3,
      hasNul: true,
      release: '3.8.0',
      releases: ['3.8.0'],
    });
  });
});
