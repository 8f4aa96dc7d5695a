/** What must hold of an ensemble as a whole, whatever each server's log says by itself. */
import { toHex } from '../../types/int64.js';
import { type PeerEpoch, type Sid, zxidEpoch } from '../../types/ids.js';
import type { Told } from './joint.js';
import { quote } from './contradiction.js';
import type { Span } from './log.js';
import { reaches } from './sight.js';
import type { Election, EnsembleDivergence } from './verdict.js';

/** Two leaders that a quorum followed in one epoch; null: none (Leader.getEpochToPropose; Zab's uniqueness of leaders). */
export function twoLeadersOfOneEpoch(told: readonly Told[]): EnsembleDivergence | null {
  const established = new Map<PeerEpoch, Told>();
  for (const one of told) {
    const { said } = one.observation;
    if (said.what !== 'quorumOfSupporters') continue;
    const epoch = zxidEpoch(said.zxid);
    const before = established.get(epoch);
    established.set(epoch, before ?? one);
    if (before === undefined || before.sid === one.sid) continue;
    const line = quote(one.sid, one.observation);
    return {
      kind: 'rule',
      line,
      reason: `servers ${before.sid} and ${one.sid} both lead epoch 0x${toHex(epoch)} with a quorum of supporters`,
      rule: 'an epoch has at most one established leader (Leader.getEpochToPropose, Leader.waitForEpochAck)',
      evidence: [quote(before.sid, before.observation), line],
      legal: [],
    };
  }
  return null;
}

/** A quorum acknowledges a server that does not lead; null: none (Leader.lead, startZkServer). */
export function establishedWithoutLeading(told: readonly Told[]): EnsembleDivergence | null {
  const entered = new Map<Sid, Told>();
  for (const one of told) {
    const { sid, observation } = one;
    const { said } = observation;
    if (said.what === 'roleEntered') entered.set(sid, one);
    else if (said.what === 'processStarted') entered.delete(sid);
    const role = entered.get(sid);
    if (said.what !== 'quorumOfSupporters' || role?.observation.said.what !== 'roleEntered') continue;
    if (role.observation.said.role === 'LEADING') continue;
    const line = quote(sid, observation);
    return {
      kind: 'rule',
      line,
      reason:
        `server ${sid} has a quorum of supporters for epoch 0x${toHex(zxidEpoch(said.zxid))}, ` +
        `but it is ${role.observation.said.role}, not LEADING`,
      rule: 'only a leader waits for a quorum of acknowledgements (Leader.lead, Leader.startZkServer)',
      evidence: [quote(sid, role.observation), line],
      legal: [`the same if server ${sid} had entered LEADING before`],
    };
  }
  return null;
}

/** A leader counts a supporter that never followed it; null: none. `spans`: of the servers whose elections are all told. */
export function strangeSupporter(
  told: readonly Told[],
  { elections, spans }: { readonly elections: readonly Election[]; readonly spans: ReadonlyMap<Sid, Span | undefined> },
): EnsembleDivergence | null {
  const follows = new Set(elections.flatMap(({ leader, parts }) => parts.map(({ sid }) => `${sid} ${leader}`)));
  for (const { sid, observation } of told) {
    const { said } = observation;
    if (said.what !== 'quorumOfSupporters') continue;
    const strange = said.sids.find((one) => {
      const span = spans.get(one);
      const isSeen = span?.fromBirth === true && reaches(span, observation);
      return one !== sid && isSeen && !follows.has(`${one} ${sid}`);
    });
    if (strange === undefined) continue;
    const line = quote(sid, observation);
    return {
      kind: 'absence',
      line,
      reason: `server ${sid} counts server ${strange} among its supporters, but server ${strange} never followed it`,
      rule: 'only who follows a leader acknowledges it (Leader.waitForNewLeaderAck)',
      evidence: [line],
      legal: [],
    };
  }
  return null;
}
