/** A real ensemble whose logs roll, with servers that are killed and started again while its logs are followed. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './evidence-tools.mjs';

const JARS = ['zookeeper.jar', 'slf4j-log4j12.jar', 'log4j-1.2.jar'].map((name) => `/usr/share/java/${name}`);
const SIDS = [1, 2, 3];

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class RealEnsemble {
  #folder = mkdtempSync(join(tmpdir(), 'zabcheck-real-'));
  #options;
  #servers = new Map();

  /** `level`: of FastLeaderElection; `rollsAt`: size of a log file, as log4j writes it. */
  constructor(options) {
    this.#options = options;
  }

  async #configure() {
    const ports = await Promise.all(Array.from({ length: 9 }, freePort));
    const servers = SIDS.map((sid) => `server.${sid}=127.0.0.1:${ports[sid - 1]}:${ports[sid + 2]}`);
    for (const sid of SIDS) {
      const home = join(this.#folder, `n${sid}`);
      mkdirSync(join(home, 'data'), { recursive: true });
      const own = [`dataDir=${join(home, 'data')}`, `clientPort=${ports[sid + 5]}`, 'admin.enableServer=false'];
      const text = [...servers, ...own, 'tickTime=300', 'initLimit=10', 'syncLimit=3', ''].join('\n');
      writeFileSync(join(home, 'zoo.cfg'), text);
      writeFileSync(join(home, 'data/myid'), `${sid}\n`);
      writeFileSync(join(home, 'log4j.properties'), this.#log4j(sid));
      mkdirSync(join(this.#folder, 'logs', `n${sid}`), { recursive: true });
      writeFileSync(join(this.#folder, 'logs/zoo.cfg'), text);
    }
  }

  #log4j(sid) {
    const { level, rollsAt } = this.#options;
    return [
      'log4j.rootLogger=INFO,R',
      `log4j.logger.org.apache.zookeeper.server.quorum.FastLeaderElection=${level}`,
      'log4j.appender.R=org.apache.log4j.RollingFileAppender',
      `log4j.appender.R.File=${join(this.#folder, 'logs', `n${sid}`, 'zookeeper.log')}`,
      `log4j.appender.R.MaxFileSize=${rollsAt}`,
      'log4j.appender.R.MaxBackupIndex=50',
      'log4j.appender.R.layout=org.apache.log4j.PatternLayout',
      'log4j.appender.R.layout.ConversionPattern=%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n',
      '',
    ].join('\n');
  }

  #start(sid) {
    const home = join(this.#folder, `n${sid}`);
    const args = ['-Xmx96m', '-Dzookeeper.jmx.log4j.disable=true', '-cp', [home, ...JARS].join(delimiter)];
    args.push('org.apache.zookeeper.server.quorum.QuorumPeerMain', join(home, 'zoo.cfg'));
    this.#servers.set(sid, spawn('java', args, { cwd: home, stdio: 'ignore' }));
  }

  async #kill(sid) {
    const server = this.#servers.get(sid);
    this.#servers.delete(sid);
    if (server === undefined) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }

  /** What the command said until Ctrl-C, while servers came and went. */
  async follow(seconds) {
    await this.#configure();
    const args = [join(ROOT, 'dist/cli/main.js'), 'validate', '--follow', 'logs'];
    const child = spawn(process.execPath, args, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const ended = new Promise((resolve) => child.once('close', resolve));
    for (const sid of SIDS) this.#start(sid);
    let kills = 0;
    for (const until = Date.now() + seconds * 1000; Date.now() < until; kills += 1) {
      await delay(5000 + (kills % 5) * 800);
      const sid = SIDS[(kills * 2) % 3];
      await this.#kill(sid);
      await delay(500 + (kills % 4) * 1100);
      this.#start(sid);
    }
    await delay(6000);
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    child.kill('SIGINT');
    const code = await ended;
    return { out, err, code, kills, peakMB: Math.round(Number(peak) / 1024) };
  }

  async end() {
    for (const sid of SIDS) await this.#kill(sid);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
