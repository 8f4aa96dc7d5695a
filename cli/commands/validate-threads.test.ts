/** Goal: `--grain threads` adds its verdict to that of the machines, and nothing else changes. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { implMachine } from '../../models/impl-machine.js';
import { threadMachines } from '../../models/thread-machines.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { KeptOutput } from '../output.js';
import { validate } from './validate.js';
import { grainOf } from './validate-threads.js';

const RECORDED = fileURLToPath(new URL('../../traces/recorded/3.8.0/leader-crash/', import.meta.url));
const CONFIG = join(RECORDED, 'zoo.cfg');

interface Run {
  readonly code: ExitCode;
  readonly out: string;
}

async function run(path: string, { json = false, threads = true } = {}): Promise<Run> {
  const output = new KeptOutput();
  const context = { machines: [implMachine], output, signal: new AbortController().signal };
  const grain = threads ? { threads: grainOf(threadMachines) } : {};
  return { code: await validate([path], { json, config: CONFIG }, { ...context, ...grain }), out: output.said.out };
}

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'zabcheck-threads-'))));
afterAll(() => rm(folder, { recursive: true }));

/** The DEBUG log of server 3, altered, at a path of its own. */
async function altered(name: string, alter: (text: string) => string): Promise<string> {
  const path = join(folder, `server-3-${name}.log`);
  await writeFile(path, alter(await readFile(join(RECORDED, 'debug/server-3.log'), 'utf8')));
  return path;
}

/** The document of a report, of which only these fields are looked at. */
interface Document {
  readonly verdict: string;
  readonly servers: readonly { readonly divergence: unknown; readonly threads?: unknown; readonly unread: number }[];
}

const documentOf = ({ out }: Run): Document => JSON.parse(out) as Document;

describe('validate --grain threads', () => {
  it('accepts a DEBUG log and tells how many lines were judged by thread', async () => {
    const { code, out } = await run(join(RECORDED, 'debug/server-3.log'));
    expect(code).toBe(EXIT.accepted);
    expect(out).toMatch(/^accepted .*\n.* lines judged, \d+ by thread, /);
  });

  it('finds what the machines of the election do not look at: line, reason, method', async () => {
    const path = await altered('kept', (text) =>
      text.replace('Have smaller server identifier, so dropping', 'Have larger server identifier, so keeping'),
    );
    expect((await run(path, { threads: false })).code).toBe(EXIT.accepted);
    const { code, out } = await run(path);
    expect(code).toBe(EXIT.diverged);
    expect(out).toMatch(/^diverged/);
    expect(out).toMatch(/^ *keeping peer=4 myId=3 thread=QuorumConnectionThread-\[myid=3\]-3$/m);
    expect(out).toMatch(/why: server 3 keeps a connection that it opened to server 4: the larger server must open it/);
    expect(out).toMatch(/rule: QuorumCnxManager\.startConnection/);
    const report = documentOf(await run(path, { json: true }));
    const divergence = expect.objectContaining({ method: 'QuorumCnxManager.startConnection', line: 111 }) as unknown;
    expect(report.verdict).toBe('diverged');
    expect(report.servers[0]).toMatchObject({
      verdict: 'diverged',
      divergence,
      machines: [{ verdict: 'accepted' }],
      threads: { verdict: 'diverged', divergence },
    });
  });

  it('is inconclusive for a log of INFO, and says why', async () => {
    const { code, out } = await run(join(RECORDED, 'info/server-3.log'));
    expect(code).toBe(EXIT.inconclusive);
    expect(out).toMatch(/nothing could be judged by thread: .*logger QuorumCnxManager prints DEBUG/);
  });

  it('is inconclusive behind a line that cannot be read, and if threads have no names', async () => {
    const torn = await altered('torn', (text) => text.replace(/Opening channel to server 4/, 'Opening channel to se'));
    expect(await run(torn)).toMatchObject({ code: EXIT.inconclusive });
    expect((await run(torn)).out).toMatch(/to the next start of the process nothing was judged/);
    const nameless = await altered('nameless', (text) =>
      text.replaceAll(/\[[^\n]*:(QuorumCnxManager[^\n]*@)/g, '[T:$1'),
    );
    expect((await run(nameless)).out).toMatch(/does not say which thread prints a line/);
  });

  it('without the option nothing of it is read or told', async () => {
    const torn = await altered('unseen', (text) =>
      text.replaceAll('Opening channel to server', 'Opening channel to se'),
    );
    const plain = documentOf(await run(torn, { threads: false, json: true }));
    expect(plain.verdict).toBe('accepted');
    expect(plain.servers[0]).toMatchObject({ unread: 0, divergence: null });
    expect(plain.servers[0]).not.toHaveProperty('threads');
  });
});
