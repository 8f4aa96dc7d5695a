/** Writes through a server, by ZooKeeper's own command-line client. */
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Where a client finds ZooKeeper's classes and the server. */
export interface ClientPlace {
  readonly classPath: readonly string[];
  /** Of the server, on the loopback. */
  readonly port: number;
}

const CLIENT = 'org.apache.zookeeper.ZooKeeperMain';
const PATIENCE_MS = 30_000;
const LAST_LINES = 8;

/** Creates so many nodes, one after the other. Throws UsageError unless the client says that each was created. */
export async function createNodes({ classPath, port }: ClientPlace, nodes: number, signal: AbortSignal): Promise<void> {
  const args = ['-cp', classPath.join(delimiter), CLIENT, '-server', `127.0.0.1:${port}`];
  const commands = [...Array.from({ length: nodes }, () => 'create -s /zabcheck- x'), 'quit', ''];
  const text = await output('java', ['-Xmx64m', '-Djava.net.preferIPv4Stack=true', ...args], {
    input: commands.join('\n'),
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  signal.throwIfAborted();
  const created = text.match(/^Created \/zabcheck-\d+$/gm)?.length ?? 0;
  if (created === nodes) return;
  const last = text.trimEnd().split('\n').slice(-LAST_LINES);
  const words = [`the recording failed: the client created ${created} of ${nodes} nodes. Its last lines:`, ...last];
  throw new UsageError(words.join('\n  '));
}

interface Run {
  readonly input: string;
  /** Ends the program. */
  readonly signal: AbortSignal;
}

/** Whatever the program printed until it ended, by itself or not. */
function output(program: string, args: readonly string[], { input, signal }: Run): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const child = spawn(program, args, { signal, killSignal: 'SIGKILL' });
    const take = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve(`${text}\n${error.message}\n`));
    child.on('close', () => resolve(text));
    // A client that ends early does not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
