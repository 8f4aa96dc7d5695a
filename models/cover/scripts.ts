/** Scripts as a source of coverage: witnesses, scenarios, failures that were kept. */
import { Conformance } from '../conformance/conformance.js';
import type { Script } from '../fuzz/script.js';
import { Follower, pairsOf } from './follower.js';
import { whyNotOfModel } from './local-view.js';
import type { PlayerOptions } from './player.js';
import { Rest } from './rest.js';
import type { Space } from './space.js';

/** Why the servers of the script are none of the model's; null: they are, if not perhaps their histories. */
function whyNotServers(space: Space, { setup }: Script): string | null {
  const other = whyNotOfModel(space, setup.config, setup.release ?? null);
  if (other !== null) return other;
  return setup.laterConfigs.length > 0 ? 'a configuration that changes' : null;
}

/** Why the ensemble is in no state of the model, whatever it does; null: that is not so. */
export function whyNotEnsemble({ setup }: Script): string | null {
  const isEmpty = setup.servers.every(
    ({ zxid, currentEpoch, acceptedEpoch }) => zxid === 0n && currentEpoch === 0n && acceptedEpoch === 0n,
  );
  return isEmpty ? null : 'histories that are not empty: servers are followed one by one';
}

/** Plays it, leaving out what is not enabled. Throws `ConformanceError`, and where a step within the model leads out of it. */
export function touchScript({ space, rest, touched, subject }: PlayerOptions, script: Script): void {
  const why = whyNotServers(space, script);
  const apart = whyNotEnsemble(script);
  const run = new Conformance(subject, script.setup);
  const view = apart === null ? rest : new Rest(space, { renames: true });
  const follower = why === null ? new Follower(space, view, touched, apart) : null;
  if (follower === null) touched.runs += 1;
  for (const action of script.actions) {
    if (run.whyNot(action) !== null) continue;
    const before = run.state;
    const step = run.step(action);
    if (follower !== null) follower.see(before, action, step);
    else {
      touched.steps += 1;
      touched.addOutside(why ?? '');
      for (const pair of pairsOf(action, step.cases)) touched.pairsOutside.add(pair);
    }
  }
}
