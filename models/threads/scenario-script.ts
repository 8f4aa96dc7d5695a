/**
 * Scripts of scenarios at the thread grain: a page of Markdown in which lines that begin with `>` are done and lines that begin with `=`
 * must then be true. Everything else is told as it stands.
 *
 *     > boot 1                       a server comes up; crash 1, crash 1 silently; activate 3; leave 1
 *     > 1 QuorumPeer.Begin           one step of one thread
 *     > 1 SendWorker.Write with 3    where several servers could be meant
 *     > 1 WorkerSender x4            so many steps of a thread; WorkerSender alone: until it has nothing to do
 *     > rest                         everybody, until nobody can but by the end of a wait
 *     = 1 senderWorkerMap 2 3        what a collection, or `state`, holds
 */
import { err, ok, type Result } from '../../base/result.js';

export type ScriptLine =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  /** A new section; diagrams and tables are about the threads of this server. */
  | { readonly kind: 'section'; readonly heading: string; readonly focus: number; readonly line: number }
  | {
      readonly kind: 'world';
      readonly deed: 'boot' | 'crash' | 'crash silently' | 'activate' | 'leave';
      readonly server: number;
      readonly line: number;
    }
  | { readonly kind: 'rest'; readonly told: boolean; readonly line: number }
  | {
      readonly kind: 'thread';
      readonly server: number;
      readonly thread: string;
      /** Null: whatever the thread can do, but not the end of a wait. */
      readonly step: string | null;
      readonly peer: number | null;
      /** Null: until it has nothing to do. */
      readonly times: number | null;
      readonly line: number;
    }
  | {
      readonly kind: 'expect';
      readonly server: number;
      readonly what: string;
      readonly value: string;
      readonly line: number;
    };

const THREADS = [
  'QuorumPeer',
  'WorkerReceiver',
  'WorkerSender',
  'Listener',
  'QuorumConnectionReqThread',
  'SendWorker',
  'RecvWorker',
];
const THREAD = /^(\d+) (\w+)(?:\.(\w+))?(?: with (\d+))?(?: x(\d+))?$/;
const WORLD = /^(boot|crash|activate|leave) (\d+)( silently)?$/;

/** Error: one sentence with the number of the line. */
export function parseScenario(text: string): Result<readonly ScriptLine[]> {
  const lines: ScriptLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const parsed = parseLine(raw, index + 1);
    if (!parsed.ok) return err(`line ${index + 1}: ${parsed.error}`);
    lines.push(parsed.value);
  }
  return ok(lines);
}

function parseLine(raw: string, line: number): Result<ScriptLine> {
  const section = /^## (.*) \(threads of server (\d+)\)$/.exec(raw);
  if (section !== null) return ok({ kind: 'section', heading: section[1] ?? '', focus: Number(section[2]), line });
  if (raw.startsWith('> ')) return parseDeed(raw.slice(2).trim(), line);
  if (!raw.startsWith('= ')) return ok({ kind: 'text', text: raw, line });
  const fact = /^= (\d+) (\w+) (.+)$/.exec(raw);
  if (fact === null) return err(`"${raw}" is no fact; a fact is = SERVER WHAT VALUE`);
  return ok({ kind: 'expect', server: Number(fact[1]), what: fact[2] ?? '', value: fact[3] ?? '', line });
}

function parseDeed(text: string, line: number): Result<ScriptLine> {
  if (text === 'rest' || text === 'rest untold') return ok({ kind: 'rest', told: text === 'rest', line });
  const world = WORLD.exec(text);
  if (world !== null) {
    const deed = `${world[1]}${world[3] ?? ''}` as 'boot' | 'crash' | 'crash silently' | 'activate' | 'leave';
    return ok({ kind: 'world', deed, server: Number(world[2]), line });
  }
  const thread = THREAD.exec(text);
  if (thread === null) return err(`"${text}" is nothing that can be done`);
  const [, server, name = '', step, peer, times] = thread;
  if (!THREADS.includes(name)) return err(`there is no thread "${name}"; there are ${THREADS.join(', ')}`);
  const number = (word: string | undefined): number | null => (word === undefined ? null : Number(word));
  const once = step === undefined ? number(times) : (number(times) ?? 1);
  return ok({
    kind: 'thread',
    server: Number(server),
    thread: name,
    step: step ?? null,
    peer: number(peer),
    times: once,
    line,
  });
}
