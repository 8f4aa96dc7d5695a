/** Finds witnesses against the tempting and false claims: random runs, the poorest worlds first, then shrunk. */
import type { FalseClaim } from '../../spec/properties/false-claim.js';
import { implSubject } from '../../models/conformance/impl-subject.js';
import type { Watch } from '../../models/conformance/conformance.js';
import type { FaultName } from '../../models/fuzz/faults.js';
import { Fuzzer } from '../../models/fuzz/fuzz.js';
import type { Script } from '../../models/fuzz/script.js';
import { type SetupStyle } from '../../models/fuzz/setups.js';
import { shrinkScript } from '../../models/fuzz/shrink.js';
import { DEFAULT_WALK } from '../../models/fuzz/suite.js';
import { emptyHistory, extend } from '../../spec/history.js';
import { initialState } from '../../spec/init.js';

/** What may happen; a witness in a poorer world says more. */
interface World {
  readonly name: string;
  readonly faults: readonly FaultName[];
  readonly setups: SetupStyle;
}

const THREE: SetupStyle = { voters: [3, 3], observersMax: 0, grouped: 0, extreme: 0, reconfigured: 0, oracles: 0 };
export const WORLDS: readonly World[] = [
  { name: 'no fault', faults: ['zab'], setups: THREE },
  { name: 'crashes', faults: ['zab', 'crash', 'restart'], setups: THREE },
  { name: 'crashes and lost messages', faults: ['zab', 'crash', 'restart', 'lose', 'break', 'replay'], setups: THREE },
  {
    name: 'an observer',
    faults: ['zab', 'crash', 'restart', 'lose', 'break', 'replay'],
    setups: { ...THREE, observersMax: 1 },
  },
  { name: 'up to five voters', faults: DEFAULT_WALK.faults, setups: { ...THREE, voters: [2, 5], observersMax: 1 } },
];

/** A watch that "fails" where the claim is refuted: so a witness can be shrunk as a failure is. */
export function refutes(claim: FalseClaim): (setup: Script['setup']) => Watch {
  return (setup) => {
    let history = emptyHistory(initialState(setup));
    return (before, action, { state: after, sends }) => {
      const step = { before, action, after, sends };
      history = extend(history, step);
      return claim.witness(step, history) ? `${claim.id} is refuted` : null;
    };
  };
}

export interface Found {
  readonly script: Script;
  readonly world: string;
}

/** The shortest of the first few witnesses in the poorest world that has one; null if no world has. */
export function findWitness(claim: FalseClaim, runs: number, several: number): Found | null {
  const makeWatch = refutes(claim);
  for (const { name, faults, setups } of WORLDS) {
    const fuzzer = new Fuzzer({
      subject: implSubject,
      seed: 1,
      setups,
      walk: { ...DEFAULT_WALK, faults },
      stepsPerRun: 250,
      makeWatch,
    });
    let best: Script | null = null;
    for (let run = 0, found = 0; run < runs && found < several; run++) {
      const failure = fuzzer.run(run);
      if (failure === null) continue;
      found += 1;
      const { script } = shrinkScript(implSubject, failure.script, { makeWatch });
      if (best === null || script.actions.length < best.actions.length) best = script;
    }
    if (best !== null) return { script: best, world: name };
  }
  return null;
}
