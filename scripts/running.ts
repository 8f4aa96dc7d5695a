/** A command that runs beside a test, to be talked to and ended. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How a command ended, and all that it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Where a command runs. */
export interface Place {
  readonly cwd: string;
  /** For its temporary files. */
  readonly temporary: string;
}

/** A running command, and what it said so far. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  out = '';
  err = '';
  readonly ended: Promise<Ended>;

  constructor(program: string, args: readonly string[], { cwd, temporary }: Place) {
    this.child = spawn(program, args, { cwd, env: { ...process.env, TMPDIR: temporary } });
    this.child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString('utf8')));
    this.child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString('utf8')));
    // It may be gone when we still write or close.
    this.child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) =>
      this.child.on('close', (code, signal) => resolve({ code, signal, out: this.out, err: this.err })),
    );
  }

  async until(condition: () => boolean): Promise<this> {
    for (const deadline = Date.now() + 20_000; !condition(); await delay(10)) {
      if (Date.now() > deadline || this.child.exitCode !== null) throw new Error(`too late: ${this.out}${this.err}`);
    }
    return this;
  }

  /** Until it has used so much of a CPU: starting and finding logs take a part of a second, judging takes many. */
  busy(seconds = 1.5): Promise<this> {
    const stat = `/proc/${this.child.pid}/stat`;
    const start = Date.now();
    return this.until(() => {
      if (!existsSync(stat)) return Date.now() - start > seconds * 2000;
      const fields = readFileSync(stat, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100 > seconds;
    });
  }
}
