/** The thread that runs a subject: whatever it does, the command's own thread stays alive. */
import { parentPort, workerData } from 'node:worker_threads';
import { implSubject } from '../../models/conformance/impl-subject.js';
import type { Subject } from '../../models/conformance/peer.js';
import { type Failure, Fuzzer } from '../../models/fuzz/fuzz.js';
import { parseScript, printScript } from '../../models/fuzz/script-codec.js';
import type { Script } from '../../models/fuzz/script.js';
import { shrinkScript } from '../../models/fuzz/shrink.js';
import { tellScript } from '../../models/fuzz/tell.js';
import { watchProperties } from '../../models/fuzz/watch.js';
import { ExecSubject } from '../exec/exec-subject.js';
import { UsageError } from '../usage-error.js';
import { loadSubject } from './load-subject.js';
import { optionsOf } from './options.js';
import type { FromWorker, FuzzOrder, Order, Report, Tally } from './messages.js';

const TELL_EVERY_MS = 250;
const port = parentPort;
if (port === null) throw new Error('internal error: this file runs as a worker only');
const tell = (message: FromWorker): void => port.postMessage(message);
const order = workerData as Order;
const pulse = new Int32Array(order.pulse);

async function work(): Promise<void> {
  const subject = await subjectOf(order);
  pulse[2] = 1;
  if (order.kind === 'fuzz') return fuzz(order, subject);
  const script = parseScript(order.script);
  if (!script.ok) throw new Error(`internal error: ${script.error}`);
  tell({ kind: 'replayed', report: reportOf(subject, script.value, null) });
}

async function subjectOf({ link, subject }: Order): Promise<Subject> {
  if (link !== null) return new ExecSubject(link);
  return subject === null ? implSubject : loadSubject(subject);
}

function fuzz(order: FuzzOrder, subject: Subject): void {
  const fuzzer = new Fuzzer({
    ...optionsOf(order, subject),
    beforeStep: () => {
      pulse[1] = ((pulse[1] ?? 0) + 1) | 0;
    },
  });
  const tally = (): Tally => ({ runs: fuzzer.runs, steps: fuzzer.steps, coverage: [...fuzzer.coverage] });
  const end = order.msMax === null ? Infinity : Date.now() + order.msMax;
  let told = Date.now();
  for (let run = 0; run < (order.runsMax ?? Infinity); run++) {
    pulse[0] = run;
    pulse[1] = 0;
    const failure = fuzzer.run(run);
    if (failure !== null)
      return tell({ kind: 'failed', tally: tally(), report: shrunk(order, subject, failure, tally) });
    const now = Date.now();
    if (now >= end) break;
    if (now - told < TELL_EVERY_MS) continue;
    told = now;
    tell({ kind: 'progress', tally: tally(), phase: 'running' });
  }
  tell({ kind: 'done', tally: tally() });
}

function shrunk(order: FuzzOrder, subject: Subject, failure: Failure, tally: () => Tally): Report {
  pulse[2] = 2;
  tell({ kind: 'progress', tally: tally(), phase: 'shrinking' });
  const end = Date.now() + order.shrinkMs;
  const expired = (): boolean => {
    pulse[1] = ((pulse[1] ?? 0) + 1) | 0;
    return Date.now() >= end;
  };
  const { script } = shrinkScript(subject, failure.script, { makeWatch: watchProperties, expired });
  return reportOf(subject, script, failure.script.actions.length);
}

function reportOf(subject: Subject, script: Script, stepsBefore: number | null): Report {
  const { text, diagram, violation, taken } = tellScript(subject, script, { makeWatch: watchProperties });
  return { script: printScript(script), text, diagram, violation, taken, stepsBefore };
}

try {
  await work();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  tell({ kind: 'unusable', message: error.message });
}
