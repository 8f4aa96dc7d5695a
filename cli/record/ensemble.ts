/** Real ZooKeeper servers on loopback: started, asked, killed, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Runtime } from './java.js';
import type { Scenario } from './scenario.js';
import { commonConfig, log4jProperties, logbackXml, serverConfig, type ServerPorts } from './server-config.js';

export type Mode = 'leader' | 'follower' | 'observer';

const ANSWER_MS = 1000;

export class Ensemble {
  readonly ports: ReadonlyMap<number, ServerPorts>;
  readonly common: string;
  readonly #folder: string;
  readonly #runtime: Runtime;
  readonly #running = new Map<number, ChildProcess>();
  readonly #expectedToEnd = new Set<ChildProcess>();
  #unexpected: string | null = null;

  private constructor(folder: string, runtime: Runtime, scenario: Scenario, ports: ReadonlyMap<number, ServerPorts>) {
    this.#folder = folder;
    this.#runtime = runtime;
    this.ports = ports;
    this.common = commonConfig(scenario, ports);
  }

  /** Reserves ports and writes every server's folder below `folder`. */
  static async prepare(folder: string, runtime: Runtime, scenario: Scenario): Promise<Ensemble> {
    const sids = [...scenario.voters, ...scenario.observers].sort((a, b) => a - b);
    const free = await freePorts(sids.length * 3);
    const ports = new Map(
      sids.map((sid, index) => {
        const [client = 0, quorum = 0, election = 0] = free.slice(index * 3, index * 3 + 3);
        return [sid, { client, quorum, election }];
      }),
    );
    const ensemble = new Ensemble(folder, runtime, scenario, ports);
    for (const sid of sids) ensemble.#write(sid, scenario.observers.includes(sid));
    return ensemble;
  }

  logFile(sid: number, level: 'info' | 'debug'): string {
    return join(this.#folder, `server-${sid}`, `${level}.log`);
  }

  start(sid: number): void {
    const home = join(this.#folder, `server-${sid}`);
    const conf = join(home, 'conf');
    const settings = ['-Xmx96m', '-Dzookeeper.jmx.log4j.disable=true', '-Djava.net.preferIPv4Stack=true'];
    const classPath = [conf, ...this.#runtime.classPath].join(delimiter);
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const child = spawn('java', [...settings, '-cp', classPath, main, join(conf, 'zoo.cfg')], {
      cwd: home,
      stdio: 'ignore',
      // A Ctrl-C at the terminal goes to this process alone, which then stops the servers itself.
      detached: true,
    });
    child.on('exit', (code, signal) => {
      if (!this.#expectedToEnd.has(child))
        this.#unexpected ??= `Server${sid} ended by itself (${signal ?? `code ${code}`})`;
      if (this.#running.get(sid) === child) this.#running.delete(sid);
    });
    child.on('error', (error) => (this.#unexpected ??= `Server${sid} could not be started: ${error.message}`));
    this.#running.set(sid, child);
  }

  /** Resolves when the process is gone. */
  async end(sid: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#running.get(sid);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.#expectedToEnd.add(child);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }

  /** Kills whatever still runs; safe to call at any time and more than once. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((sid) => this.end(sid, 'SIGKILL')));
  }

  /** What went wrong by itself, if anything. */
  get fault(): string | null {
    return this.#unexpected;
  }

  /** Asks `srvr`; null while the server does not serve. */
  async mode(sid: number): Promise<Mode | null> {
    const port = this.ports.get(sid)?.client;
    return port === undefined ? null : parseMode(await ask(port));
  }

  #write(sid: number, observer: boolean): void {
    const home = join(this.#folder, `server-${sid}`);
    const dataDir = join(home, 'data');
    const conf = join(home, 'conf');
    mkdirSync(dataDir, { recursive: true });
    mkdirSync(conf, { recursive: true });
    writeFileSync(join(dataDir, 'myid'), `${sid}\n`);
    const clientPort = this.ports.get(sid)?.client ?? 0;
    const peerType = observer ? 'peerType=observer\n' : '';
    writeFileSync(join(conf, 'zoo.cfg'), serverConfig(this.common, { dataDir, clientPort }) + peerType);
    const files = { info: this.logFile(sid, 'info'), debug: this.logFile(sid, 'debug') };
    writeFileSync(join(conf, 'log4j.properties'), log4jProperties(files));
    writeFileSync(join(conf, 'logback.xml'), logbackXml(files));
  }
}

/** `Mode: leader` of a `srvr` answer. */
export function parseMode(answer: string): Mode | null {
  const mode = /^Mode: (leader|follower|observer)$/m.exec(answer)?.[1];
  return mode === 'leader' || mode === 'follower' || mode === 'observer' ? mode : null;
}

/** The answer to `srvr`, or nothing if the server does not answer in time. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('srvr'));
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(ANSWER_MS, done);
    socket.on('data', (chunk) => (text += chunk.toString('utf8')));
    socket.on('error', done);
    socket.on('end', done);
  });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
