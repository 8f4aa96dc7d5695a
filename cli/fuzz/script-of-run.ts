/** Makes a run of the fuzzer again without its subject, up to a step: what a subject that hung or died was given. */
import { implSubject } from '../../models/conformance/impl-subject.js';
import { Fuzzer } from '../../models/fuzz/fuzz.js';
import { printScript } from '../../models/fuzz/script-codec.js';
import type { Script } from '../../models/fuzz/script.js';
import { tellScript, type Telling } from '../../models/fuzz/tell.js';
import type { FuzzOrder } from './messages.js';
import { optionsOf } from './options.js';

/** `step` counts from 1: the action during which it happened is the last. */
export function scriptOfRun(
  order: FuzzOrder,
  run: number,
  step: number,
): { readonly script: string; readonly telling: Telling } {
  const actions: Script['actions'][number][] = [];
  let setup: Script['setup'] | null = null;
  const options = optionsOf({ ...order, stepsPerRun: Math.max(1, step) }, implSubject);
  new Fuzzer({
    ...options,
    makeWatch: (one) => {
      setup = one;
      return () => null;
    },
    beforeStep: (action) => actions.push(action),
  }).run(run);
  if (setup === null) throw new Error('internal error: the run has no setup');
  const script: Script = { setup, actions };
  return { script: printScript(script), telling: tellScript(implSubject, script) };
}
