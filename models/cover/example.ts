/** The shortest way to a gap, played: a story, and a script that a test can play. */
import type { Label } from '../../checker/system.js';
import type { Subject } from '../conformance/peer.js';
import type { Script } from '../fuzz/script.js';
import type { Paths } from './gaps.js';
import { Player, situationOf } from './player.js';
import type { Rest } from './rest.js';
import { headOf, type LocalStep, type Space } from './space.js';
import { Touched } from './touched.js';

export interface Example {
  readonly steps: readonly Label[];
  readonly script: Script;
}

/** Throws where the script, played by peers, does not touch what it is an example of. */
export function exampleOf(
  { space, rest, subject }: { readonly space: Space; readonly rest: Rest; readonly subject: Subject },
  paths: Paths,
  { state, edge }: Pick<LocalStep, 'state' | 'edge'>,
): Example {
  const steps = paths.to(state, edge);
  const touched = new Touched(space);
  const player = new Player({ space, rest, touched, subject });
  player.begin();
  for (const label of steps) player.playHead(headOf(label));
  if (touched.edges[edge] !== 1)
    throw new Error(`internal error: the way to ${steps.at(-1)?.text} does not lead there`);
  return { steps, script: { setup: situationOf(space), actions: player.actions } };
}
