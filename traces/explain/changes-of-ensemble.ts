/** Changes of the logs of an ensemble that may make them fit together. */
import { asZxid, type Sid, zxidEpoch } from '../../types/ids.js';
import { SERVER_STATES } from '../../types/server-state.js';
import type { Notification } from '../../types/vote.js';
import type { EnsembleDivergence } from '../ensemble/verdict.js';
import type { ReadLine } from '../observation.js';
import { type Change, inserted } from './change.js';
import { changeOf, known } from './changed-fields.js';
import { extra, movesOf } from './changes-of-server.js';
import { COST, type Place, placeWords } from './place.js';
import type { HeldLog } from './held.js';

type Received = Extract<ReadLine, { what: 'notification' }>;

const ALSO = { sender: 0.5, missing: 0.2 } as const;

/** What a divergence that is not of one server alone is about. */
export interface Contradiction {
  readonly divergence: EnsembleDivergence;
  readonly logs: readonly HeldLog[];
}

export function changesOfLogs({ divergence, logs }: Contradiction): readonly Change[] {
  const places = divergence.evidence.flatMap(({ sid, at }) => {
    const held = logs.find((one) => one.sid === sid);
    const index = held?.log.findIndex((one) => one.at.line === at.line && one.at.file === at.file) ?? -1;
    return held === undefined || index < 0 ? [] : [placeAt(held, index)];
  });
  const isDiverging = ({ held, at }: Place): boolean =>
    held.sid === divergence.line.sid && held.log[at]?.at.line === divergence.line.at.line;
  const inOrder = [...places.filter(isDiverging), ...places.filter((place) => !isDiverging(place))];
  return inOrder.flatMap((place, index) =>
    changesAt(place, logs).map((change) => ({ ...change, cost: change.cost + index / 10 })),
  );
}

const placeAt = (held: HeldLog, at: number): Place => ({ held, at, excerpt: [], remedies: { instead: [], heard: [] } });

function changesAt(place: Place, logs: readonly HeldLog[]): readonly Change[] {
  const { held, at } = place;
  const said = held.log[at]?.said;
  if (said === undefined) return [];
  const ofLine = [...extra(place), ...movesOf(place)];
  if (said.what === 'quorumOfSupporters')
    return [...ofLine, ...otherEpochs(place, said), ...otherSupporters(place, said, logs)];
  if (said.what !== 'notification' || said.notification.from === held.sid) return ofLine;
  return [...ofLine, ...changesOfMessage(place, said, logs)];
}

/** It said what its sender did send; it came from another; its sender sent what it says, or its log does not tell all. */
function changesOfMessage(place: Place, said: Received, logs: readonly HeldLog[]): readonly Change[] {
  const { held, at } = place;
  const { notification: n } = said;
  const sender = logs.find(({ sid }) => sid === n.from);
  if (sender === undefined) return [];
  const votes = ownVotes(sender);
  const wanted = [
    ...votes.map(({ vote }) => ({ ...vote, configVersion: n.configVersion })),
    ...SERVER_STATES.map((state) => ({ ...n, state })),
  ];
  const others = logs.map(({ sid }) => sid).filter((sid) => sid !== held.sid && sid !== n.from);
  return [
    ...known(wanted.map((notification) => changeOf(place, at, { to: { ...said, notification }, cost: COST.changed }))),
    ...known(
      others.map((from) => changeOf(place, at, { to: { ...said, notification: { ...n, from } }, cost: COST.changed })),
    ),
    ...known(
      votes.map(({ index, vote, said: own }) => {
        const notification: Notification = { ...n, configVersion: vote.configVersion };
        return changeOf({ held: sender }, index, { to: { ...own, notification }, cost: COST.changed + ALSO.sender });
      }),
    ),
    ...missingIn(sender),
  ];
}

interface OwnVote {
  readonly index: number;
  readonly said: Received;
  readonly vote: Notification;
}

function ownVotes({ sid, log }: HeldLog): readonly OwnVote[] {
  return log.flatMap(({ said }, index): readonly OwnVote[] =>
    said.what === 'notification' && said.notification.from === sid ? [{ index, said, vote: said.notification }] : [],
  );
}

/** In each election of the sender. */
function missingIn({ sid, log }: HeldLog): readonly Change[] {
  return log.flatMap((observation, index): readonly Change[] => {
    if (observation.said.what !== 'newElection') return [];
    const next = log[index + 1];
    if (next === undefined) return [];
    return [
      {
        sid,
        kind: 'missing lines',
        words: `lines of server ${sid} were missing behind ${placeWords(observation)}`,
        cost: COST.missingLines + ALSO.missing,
        apply: inserted(index + 1, [{ what: 'seam', why: 'lines are missing' }]),
      },
    ];
  });
}

type Quorum = Extract<ReadLine, { what: 'quorumOfSupporters' }>;

/** Epochs are given out one after the other. */
function otherEpochs({ held, at }: Place, said: Quorum): readonly Change[] {
  const epoch = zxidEpoch(said.zxid);
  const next = [epoch + 1n, epoch + 2n, epoch - 1n].filter((one) => one >= 0n).map((one) => asZxid(one << 32n));
  return known(next.map((zxid) => changeOf({ held }, at, { to: { ...said, zxid }, cost: COST.changed })));
}

/** Without one of those it counts; or that server's log does not tell all. */
function otherSupporters({ held, at }: Place, said: Quorum, logs: readonly HeldLog[]): readonly Change[] {
  const without = (sid: Sid): Quorum => ({ ...said, sids: said.sids.filter((one) => one !== sid) });
  const others = said.sids.filter((sid) => sid !== held.sid);
  return [
    ...known(others.map((sid) => changeOf({ held }, at, { to: without(sid), cost: COST.changed }))),
    ...logs.filter(({ sid }) => others.includes(sid)).flatMap(missingIn),
  ];
}
