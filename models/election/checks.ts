/**
 * Properties of the specification that are asked of every step, the merged and inner ones included, once per memoised
 * step.
 */
import type { Broken } from '../../checker/system.js';
import { emptyHistory, type History, type Past, type StepTaken } from '../../spec/history.js';
import { GrowingSet } from '../../spec/growing-set.js';
import { isClaimed, PROPERTIES, type Property, violationOf } from '../../spec/properties/index.js';
import { tripleKey } from '../../spec/properties/terms.js';
import { initialVote } from '../../spec/server.js';
import type { Server } from '../../spec/state.js';
import type { ElectionBounds } from './bounds.js';
import { sceneOf, serversAtRest, specProfileOf } from './ensemble.js';
import type { EnsembleConfig } from '../../types/ensemble.js';

/** Those that speak of the servers that a step touches, and of no past but what these still show. */
const OF_STEPS = new Set([
  'I1',
  'I2',
  'I3',
  'I5',
  'I7',
  'I9a',
  'I10',
  'I12',
  'S3',
  'S3r',
  'S4',
  'S5',
  'S6',
  'S7',
  'S7v',
  'S9',
] as const) as ReadonlySet<string>;

/** Those that ask which votes elections began with: known beforehand where no history ever changes. */
const OF_FIRST_VOTES: ReadonlySet<string> = new Set(['I4', 'I4w']);

/** A step as it was taken: the servers that it concerns, before and after. */
export interface Taken extends Pick<StepTaken, 'action' | 'sends'> {
  readonly before: readonly Server[];
  readonly after: readonly Server[];
}

/** The first property that a step breaks. */
export type StepCheck = (step: Taken) => Broken | null;

/** The properties that the models of these bounds check in every step: their ids. */
export function checkedInSteps(config: EnsembleConfig, bounds: ElectionBounds): readonly string[] {
  return propertiesOfSteps(config, bounds).map(({ id }) => id);
}

export function stepCheck(config: EnsembleConfig, bounds: ElectionBounds): StepCheck {
  const properties = propertiesOfSteps(config, bounds);
  const nothing: History = { ...emptyHistory(sceneOf([])), initials: GrowingSet.of(...firstVotes(config)) };
  const zxids = config.members.map(({ sid }) => `${sid}|0`);
  const past: History = { ...nothing, initialZxids: GrowingSet.of(...zxids) };
  return ({ before, action, after, sends }) => {
    const step: StepTaken = { before: sceneOf(before), action, after: sceneOf(after), sends };
    const highestAccepted = new Map(before.map(({ sid, ae }) => [sid, ae]));
    const history = { ...past, highestAccepted, pasts: new Map(before.map((server) => [server.sid, pastOf(server)])) };
    for (const property of properties) {
      const why = violationOf(property, step, history);
      if (why !== null) return { property: property.id, why };
    }
    return null;
  };
}

/** Whom a server has heard LEADING: what its votes and the notification that it is about to handle still show of it. */
function pastOf({ life }: Server): Past {
  const heard = [...(life?.recvset ?? []), ...(life?.ooe ?? [])].filter(([, vote]) => vote.state === 'LEADING');
  const [head] = life?.nq ?? [];
  const sids = heard.map(([sid]) => sid);
  const heardLeading = head?.state === 'LEADING' ? [...sids, head.from] : sids;
  return { heardLeading, rounds: GrowingSet.of(), roundReused: false, highestZxid: null, finalDrops: 0 };
}

function firstVotes(config: EnsembleConfig): readonly string[] {
  return serversAtRest(config).map((server) => tripleKey(initialVote(server)));
}

function propertiesOfSteps(config: EnsembleConfig, bounds: ElectionBounds): readonly Property[] {
  const first = sceneOf(serversAtRest(config, specProfileOf(bounds)));
  const known = bounds.start === 'cold' && bounds.partial === 0 && bounds.full === 0;
  return PROPERTIES.filter(
    (property) =>
      (OF_STEPS.has(property.id) || (known && OF_FIRST_VOTES.has(property.id))) &&
      isClaimed(property, first, bounds.grain),
  );
}
