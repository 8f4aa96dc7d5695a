/** Runs `zabcheck check`, kills it at some moment, resumes it, until it ends: for the test of `--resume` and its evidence. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What depends on the machine, or on how numbers are given out. */
const VARIES = ['seconds', 'peakMb', 'bytesPerState', 'longestPauseMs'];

/** The report without that, as text. */
export function steady(json) {
  const document = JSON.parse(json);
  for (const key of VARIES) delete document[key];
  return JSON.stringify(document);
}

/** Runs to the end, or until it is killed without warning: `kill.ms` after its start or, with `folder`, after its next checkpoint. */
export async function checkUntil(main, args, kill) {
  const child = spawn(process.execPath, [main, 'check', '--json', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  let isOver = false;
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, out, err })));
  void ended.then(() => (isOver = true));
  if (kill !== null) {
    const before = writtenAt(kill.folder);
    while (kill.folder !== null && !isOver && writtenAt(kill.folder) === before) await delay(2);
    await Promise.race([ended, delay(kill.ms)]);
    if (!isOver) child.kill('SIGKILL');
  }
  return ended;
}

/** When a checkpoint was put in place; 0: there is none. */
function writtenAt(folder) {
  try {
    return folder === null ? 0 : statSync(join(folder, 'checkpoint')).ctimeMs;
  } catch {
    return 0;
  }
}

/**
 * One round: `args` name a model. `kill`: when, asked anew each time; null: not at all. Gives the last report, how
 * often it was killed, and how often something was there to resume.
 */
export async function round(main, { args, more, folder, every, kill }) {
  let [kills, resumptions] = [0, 0];
  for (;;) {
    const isKept = existsSync(join(folder, 'checkpoint'));
    if (isKept) resumptions += 1;
    const where = isKept ? ['--resume', folder] : [...args, '--checkpoint', folder];
    const ended = await checkUntil(main, [...where, ...more, '--checkpoint-every', every], kill(kills));
    if (ended.signal === 'SIGKILL') kills += 1;
    else return { ...ended, kills, resumptions };
  }
}
