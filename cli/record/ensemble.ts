/** Real ZooKeeper servers on loopback: started, asked, killed, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { askMode, type Mode } from './admin.js';
import type { ClientPlace } from './client.js';
import type { Runtime } from './java.js';
import { freePorts } from './ports.js';
import type { Scenario } from './scenario.js';
import { commonConfig, log4jProperties, logbackXml, serverConfig, type ServerPorts } from './server-config.js';

/** How much of each file an error repeats. */
const LAST_LINES = 8;
/** UTC: a recording does not tell where it was made. */
const JVM_SETTINGS = [
  '-Xmx96m',
  '-Dzookeeper.jmx.log4j.disable=true',
  '-Djava.net.preferIPv4Stack=true',
  '-Duser.timezone=UTC',
] as const;

/** The servers of one scenario, in a folder of their own. */
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

  /** Exists once the server has printed something. */
  logFile(sid: number, level: 'info' | 'debug'): string {
    return join(this.#home(sid), `${level}.log`);
  }

  /** Starts a server on the data it has; it appends to its logs. */
  start(sid: number): void {
    const home = this.#home(sid);
    const conf = join(home, 'conf');
    const classPath = [conf, ...this.#runtime.classPath].join(delimiter);
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    const console = openSync(this.#console(sid), 'a');
    const child = spawn('java', [...JVM_SETTINGS, '-cp', classPath, main, join(conf, 'zoo.cfg')], {
      cwd: home,
      stdio: ['ignore', console, console],
      // A Ctrl-C at the terminal goes to this process alone, which then stops the servers itself.
      detached: true,
    });
    closeSync(console);
    this.#running.set(sid, child);
    child.on('exit', (code, signal) => {
      if (!this.#expectedToEnd.has(child)) {
        const last = this.#lastWords(sid);
        this.#unexpected ??= `Server${sid} ended by itself (${signal ?? `code ${code}`}).${last}`;
      }
      if (this.#running.get(sid) === child) this.#running.delete(sid);
    });
    child.on('error', (error) => {
      this.#unexpected ??= `Server${sid} could not be started: ${error.message}.`;
      // A process that never was will never end.
      if (child.pid === undefined) this.#running.delete(sid);
    });
  }

  /** The process of a server that was started and has not ended; null if there is none. */
  pid(sid: number): number | null {
    return this.#running.get(sid)?.pid ?? null;
  }

  /** Lets a server stand still, or go on. */
  signal(sid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running.get(sid)?.kill(signal);
  }

  /** Resolves when the process is gone. */
  async end(sid: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#running.get(sid);
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.#expectedToEnd.add(child);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }

  /**
   * Kills whatever still runs, all at the same moment: no survivor logs the end of another, and the data folders
   * are thrown away. Safe to call at any time and more than once.
   */
  async endAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((sid) => this.end(sid, 'SIGKILL')));
  }

  /** As `endAll`, without waiting: for the moment in which this process itself ends. */
  killNow(): void {
    for (const child of this.#running.values()) {
      this.#expectedToEnd.add(child);
      child.kill('SIGKILL');
    }
  }

  /** What went wrong by itself, if anything: a sentence, and the last lines of the server concerned. */
  get fault(): string | null {
    return this.#unexpected;
  }

  /** What the server itself says that it is; null while it does not serve. */
  async mode(sid: number): Promise<Mode | null> {
    const port = this.ports.get(sid)?.client;
    return port === undefined ? null : askMode(port);
  }

  /** What a client needs to write through this server. */
  clientOf(sid: number): ClientPlace {
    return { classPath: this.#runtime.classPath, port: this.ports.get(sid)?.client ?? 0 };
  }

  /** What a server logged last, and what Java itself said, for an error. Empty if nothing. */
  #lastWords(sid: number): string {
    const lines = [this.logFile(sid, 'info'), this.#console(sid)].flatMap(lastLines);
    return lines.length === 0 ? '' : [' Its last lines:', ...lines].join('\n  ');
  }

  #home(sid: number): string {
    return join(this.#folder, `server-${sid}`);
  }

  /** What Java prints besides the logs, such as "Could not find or load main class". */
  #console(sid: number): string {
    return join(this.#home(sid), 'console.txt');
  }

  #write(sid: number, observer: boolean): void {
    const home = this.#home(sid);
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

function lastLines(file: string): readonly string[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '';
  return text === '' ? [] : text.split('\n').slice(-LAST_LINES);
}
