/** From an order to the fuzzer's options: the same on both sides of the thread, so that runs can be made again. */
import type { Subject } from '../../models/conformance/peer.js';
import type { FuzzOptions } from '../../models/fuzz/fuzz.js';
import { ANY_SETUP } from '../../models/fuzz/setups.js';
import { DEFAULT_WALK, fuzzOptions } from '../../models/fuzz/suite.js';
import type { FuzzOrder } from './messages.js';

export function optionsOf(order: FuzzOrder, subject: Subject): FuzzOptions {
  const { seed, voters, observersMax, faults, stepsPerRun, release } = order;
  const reconfigured = faults.includes('reconfig') ? ANY_SETUP.reconfigured : 0;
  return fuzzOptions(subject, {
    seed,
    stepsPerRun,
    ...(release === null ? {} : { release }),
    setups: { ...ANY_SETUP, voters, observersMax, reconfigured },
    walk: { ...DEFAULT_WALK, faults, fault: faults.length === 0 ? 0 : DEFAULT_WALK.fault },
  });
}
