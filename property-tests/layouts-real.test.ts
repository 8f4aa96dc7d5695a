/**
 * Goal: what a real server prints with the logging configuration that Debian installs is judged like any log, rolled
 * parts and standard input included. Method: three servers of Debian's package elect a leader with that very file;
 * only the size of a rolled part and the number that is kept are set otherwise, so that it rolls at all.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../scripts/build.mjs';
import { describeWithZooKeeper, ZOOKEEPER_JAR } from '../scripts/needs-java.js';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const CLASS_PATH = [ZOOKEEPER_JAR, '/usr/share/java/slf4j-log4j12.jar', '/usr/share/java/log4j-1.2.jar'];
const DEBIAN = ['/etc/zookeeper/conf/log4j.properties', '/etc/zookeeper/conf_example/log4j.properties'];
const SIDS = [1, 2, 3];
const PATIENCE_MS = 20_000;

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

describeWithZooKeeper("a real server with Debian's own logging configuration", () => {
  let folder = '';
  const running: ChildProcess[] = [];
  const home = (sid: number): string => join(folder, `node-${'abc'[sid - 1]}`);

  function start(sid: number): void {
    const at = home(sid);
    const out = openSync(join(at, 'console.out'), 'w');
    const settings = [
      '-Xmx96m',
      '-Dzookeeper.jmx.log4j.disable=true',
      '-Dzookeeper.root.logger=TRACE,CONSOLE,ROLLINGFILE,TRACEFILE',
      `-Dzookeeper.log.dir=${at}`,
    ];
    const args = [...settings, '-cp', [join(at, 'conf'), ...CLASS_PATH].join(delimiter)];
    args.push('org.apache.zookeeper.server.quorum.QuorumPeerMain', join(at, 'conf', 'zoo.cfg'));
    running.push(spawn('java', args, { cwd: at, stdio: ['ignore', out, 'ignore'] }));
    closeSync(out);
  }

  /** Has the server a role, and does it serve? */
  const serves = (sid: number): boolean => {
    const file = join(home(sid), 'console.out');
    return existsSync(file) && /Peer state changed: (?:following|leading) - broadcast/.test(readFileSync(file, 'utf8'));
  };

  beforeAll(async () => {
    ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'zabcheck-debian-'));
    const source = DEBIAN.find((path) => existsSync(path)) ?? '';
    const properties = readFileSync(source, 'utf8').replace(
      'MaxFileSize=10MB',
      'MaxFileSize=4KB\nlog4j.appender.ROLLINGFILE.MaxBackupIndex=500',
    );
    expect(properties).toContain('4KB');
    const ports = await freePorts(9);
    const servers = SIDS.map((sid) => `server.${sid}=127.0.0.1:${ports[sid - 1]}:${ports[sid + 2]}`);
    for (const sid of SIDS) {
      mkdirSync(join(home(sid), 'conf'), { recursive: true });
      mkdirSync(join(home(sid), 'data'));
      const own = [`dataDir=${join(home(sid), 'data')}`, `clientPort=${ports[sid + 5]}`, 'admin.enableServer=false'];
      const zooCfg = ['tickTime=500', 'initLimit=10', 'syncLimit=5', ...servers, ...own, ''].join('\n');
      writeFileSync(join(home(sid), 'conf', 'zoo.cfg'), zooCfg);
      writeFileSync(join(home(sid), 'conf', 'log4j.properties'), properties);
      writeFileSync(join(home(sid), 'data', 'myid'), `${sid}\n`);
      start(sid);
    }
    const deadline = Date.now() + PATIENCE_MS;
    while (!SIDS.every(serves) && Date.now() < deadline) await delay(200);
    await stop();
  });

  async function stop(): Promise<void> {
    const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of running.splice(0)) child.kill('SIGKILL');
    await Promise.all(ended);
  }

  afterAll(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Server {
    readonly sid: string;
    readonly verdict: string;
    readonly level: string;
    readonly observations: number;
    readonly unread: number;
    readonly files: readonly string[];
    readonly elections: readonly { readonly state: string; readonly leader: string }[];
  }

  function validate(args: readonly string[], input = ''): readonly Server[] {
    const run = spawnSync(process.execPath, [MAIN, 'validate', '--json', ...args], {
      input,
      encoding: 'utf8',
      cwd: tmpdir(),
    });
    return (JSON.parse(run.stdout) as { servers: readonly Server[] }).servers;
  }

  const roles = (servers: readonly Server[]): readonly string[] =>
    servers.map(
      ({ sid, elections }) => `${sid} ${elections.map(({ state, leader }) => `${state} ${leader}`).join(', ')}`,
    );

  it('CONSOLE, ROLLINGFILE and TRACEFILE tell the same election', () => {
    for (const sid of SIDS) {
      const at = home(sid);
      const rolled = readdirSync(at)
        .filter((name) => name.startsWith('zookeeper.log'))
        .map((name) => join(at, name));
      expect(rolled.length).toBeGreaterThan(3);
      const config = ['--config', join(at, 'conf', 'zoo.cfg')];
      const [piped] = validate([...config, '-'], readFileSync(join(at, 'console.out'), 'utf8'));
      const [parts, ...others] = validate([...config, ...rolled]);
      const [trace] = validate([...config, join(at, 'zookeeper_trace.log')]);
      if (piped === undefined || parts === undefined || trace === undefined) throw new Error('a log is missing');
      expect(others).toEqual([]);
      expect(parts.files).toHaveLength(rolled.length);
      expect([piped.level, parts.level, trace.level]).toEqual(['INFO', 'DEBUG', 'DEBUG']);
      for (const one of [piped, parts, trace]) {
        expect(one).toMatchObject({ sid: String(sid), verdict: 'accepted', unread: 0 });
        expect(one.observations).toBeGreaterThan(15);
        expect(roles([one])).toEqual(roles([piped]));
      }
      expect(trace.observations).toBe(parts.observations);
    }
  });

  it('all consoles in one pipe: told apart by the names of threads', () => {
    const all = SIDS.map((sid) => readFileSync(join(home(sid), 'console.out'), 'utf8')).join('');
    const servers = validate(['--config', join(home(1), 'conf', 'zoo.cfg'), '-'], all);
    expect(servers.map(({ sid, verdict }) => `${sid} ${verdict}`)).toEqual(SIDS.map((sid) => `${sid} accepted`));
    expect(servers.filter(({ elections }) => elections.some(({ state }) => state === 'LEADING'))).toHaveLength(1);
  });
});
