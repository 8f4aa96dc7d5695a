/** Does one step of a scenario to an ensemble. */
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../usage-error.js';
import type { Mode } from './admin.js';
import { createNodes } from './client.js';
import { cutConnections } from './cut.js';
import type { Ensemble } from './ensemble.js';
import type { ElectionTruth } from './publish.js';
import type { ScenarioStep } from './scenario.js';

/** How long a picture may take, and how long late notifications are waited for. */
const EXPECT_MS = 30_000;
/** Each question is a line in every log. */
const POLL_MS = 300;
const SETTLE_MS = 1500;

/** The ensemble went another way than the scenario says. */
export class OtherOutcome extends Error {}

/** Who leads and who has which role, at one moment. */
export type Picture = Omit<ElectionTruth, 'after'>;
type ExpectStep = Extract<ScenarioStep, { readonly do: 'expect' }>;

/** The picture that an `expect` waited for; null after any other step. Throws UsageError or OtherOutcome. */
export async function carryOut(ensemble: Ensemble, step: ScenarioStep, signal: AbortSignal): Promise<Picture | null> {
  signal.throwIfAborted();
  switch (step.do) {
    case 'start':
      for (const sid of step.sids) ensemble.start(sid);
      return null;
    case 'crash':
    case 'stop':
      await ensemble.end(step.sid, step.do === 'crash' ? 'SIGKILL' : 'SIGTERM');
      return null;
    case 'freeze':
    case 'thaw':
      ensemble.signal(step.sid, step.do === 'freeze' ? 'SIGSTOP' : 'SIGCONT');
      return null;
    case 'cut':
      for (const other of step.from) cutConnections(pidOf(ensemble, step.sid), pidOf(ensemble, other));
      return null;
    case 'write':
      await createNodes(ensemble.clientOf(step.through), step.nodes, signal);
      return null;
    case 'wait':
      await delay(step.seconds * 1000, undefined, { signal });
      return null;
    case 'expect':
      return awaitPicture(ensemble, step, signal);
  }
}

function pidOf(ensemble: Ensemble, sid: number): number {
  const pid = ensemble.pid(sid);
  if (pid === null) throw new UsageError(`the recording failed: ${ensemble.fault ?? `Server${sid} does not run.`}`);
  return pid;
}

/** A picture counts once it still stands when late notifications have had their time. */
async function awaitPicture(ensemble: Ensemble, step: ExpectStep, signal: AbortSignal): Promise<Picture> {
  const deadline = Date.now() + EXPECT_MS;
  let held: string | null = null;
  for (;;) {
    if (ensemble.fault !== null) throw new UsageError(`the recording failed: ${ensemble.fault}`);
    const modes = await Promise.all(step.running.map(async (sid) => [sid, await ensemble.mode(sid)] as const));
    const picture = pictureOf(modes);
    if (picture !== null && step.leader !== undefined && picture.leader !== String(step.leader)) {
      throw new OtherOutcome(`Server${picture.leader} leads where the scenario needs Server${step.leader}`);
    }
    if (picture !== null && JSON.stringify(picture) === held) return picture;
    held = picture === null ? null : JSON.stringify(picture);
    if (Date.now() > deadline) {
      const told = modes.map(([sid, mode]) => `Server${sid} ${mode ?? 'does not serve'}`).join(', ');
      throw new UsageError(
        `the recording failed: no lasting leader with all others after ${EXPECT_MS / 1000} s (${told}).`,
      );
    }
    await delay(held === null ? POLL_MS : SETTLE_MS, undefined, { signal });
  }
}

/** Null unless every server has a role and exactly one leads. */
export function pictureOf(modes: readonly (readonly [number, Mode | null])[]): Picture | null {
  const of = (mode: Mode): string[] => modes.filter(([, is]) => is === mode).map(([sid]) => String(sid));
  const [leader, ...others] = of('leader');
  if (leader === undefined || others.length > 0 || modes.some(([, mode]) => mode === null)) return null;
  return { leader, followers: of('follower'), observers: of('observer') };
}
