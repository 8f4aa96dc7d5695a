/** Holds the processes of peers in another language; lives in the main thread, where nothing waits. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { MessagePort } from 'node:worker_threads';
import type { FromHost, ToHost } from './messages.js';

/** So many of the last lines of standard error are told with a failure. */
const TOLD_MAX = 3;

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly complaints: string[];
}

export class ExecHost {
  readonly #command: string;
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #running = new Map<string, Running>();

  constructor(command: string, port: MessagePort, bell: SharedArrayBuffer) {
    this.#command = command;
    this.#port = port;
    this.#bell = new Int32Array(bell);
    port.on('message', (message: ToHost) => this.#take(message));
  }

  /** Ends every process, and whatever it has started. */
  close(): void {
    for (const sid of this.#running.keys()) this.#stop(sid);
    this.#port.close();
  }

  #take(message: ToHost): void {
    if (message.kind === 'start') this.#start(message.sid);
    else if (message.kind === 'stop') this.#stop(message.sid);
    else this.#running.get(message.sid)?.child.stdin.write(`${message.line}\n`);
  }

  #start(sid: string): void {
    this.#stop(sid);
    // A group of its own: a shell between us and the peer ends with it.
    const child = spawn(this.#command, { shell: true, stdio: 'pipe', detached: true });
    const complaints: string[] = [];
    const running = { child, complaints };
    this.#running.set(sid, running);
    // What is written to a process that has ended: its end is told.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stderr }).on('line', (line) => {
      complaints.push(line);
      if (complaints.length > TOLD_MAX) complaints.shift();
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (this.#running.get(sid) === running) this.#send({ kind: 'line', sid, line });
    });
    child.on('error', (error) => this.#ended(sid, running, `its process could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      const told = complaints.length === 0 ? '' : `; its last words: ${complaints.join(' / ')}`;
      this.#ended(sid, running, `its process ended (${how})${told}`);
    });
  }

  #ended(sid: string, running: Running, why: string): void {
    if (this.#running.get(sid) !== running) return;
    this.#running.delete(sid);
    this.#send({ kind: 'ended', sid, why });
  }

  #stop(sid: string): void {
    const running = this.#running.get(sid);
    if (running === undefined) return;
    this.#running.delete(sid);
    const { pid } = running.child;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #send(message: FromHost): void {
    this.#port.postMessage(message);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }
}
