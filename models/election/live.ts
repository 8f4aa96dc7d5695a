/** What should happen in the end, asked of a model. */
import type { LiveProperty, LiveQuestion } from '../../checker/live/question.js';
import { isQuorum } from '../../spec/quorums.js';
import { NO_HELP } from '../../spec/properties/terms.js';
import type { Server } from '../../spec/state.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import { type Assumption, behind, fairnessOf, ofServers, restrictionsOf, roleOf } from './live-assumptions.js';
import type { Model } from './model.js';

export const LIVE_SENTENCES = {
  established: 'In the end some leader is followed by a quorum, itself included.',
  stable: 'From some time on some leader is followed by a quorum.',
  agreed: 'From some time on every running voter is in a role and all name one running leader.',
  joined: 'From some time on no voter looks for a leader beside one that a quorum follows.',
  answered: 'From some time on nobody looks for a leader while those who follow it make a quorum with it.',
} as const;

export type LiveName = keyof typeof LIVE_SENTENCES;

export function isLiveName(name: string): name is LiveName {
  return Object.hasOwn(LIVE_SENTENCES, name);
}

export interface LiveChoice {
  readonly name: LiveName;
  readonly without: readonly Assumption[];
}

export function liveQuestion<V>(model: Model<V>, config: EnsembleConfig, { name, without }: LiveChoice): LiveQuestion {
  return {
    property: propertyOf(model, config, name),
    fairness: fairnessOf(model, without),
    restrictions: restrictionsOf(model, config, without),
  };
}

function propertyOf<V>(model: Model<V>, config: EnsembleConfig, name: LiveName): LiveProperty {
  const { voters } = model.layout;
  const led = (roles: ReadonlyMap<Sid, string | null>): boolean =>
    voters.some(
      (sid) => roles.get(sid)?.startsWith('LEADING') === true && isQuorum(config, behind(roles, sid, voters), NO_HELP),
    );
  const about = { name, sentence: `this never comes true: ${LIVE_SENTENCES[name]}` };
  switch (name) {
    case 'established':
      return { ...about, kind: 'eventually', goal: ofServers(model, roleOf, led) };
    case 'stable':
      return { ...about, kind: 'in the end', goal: ofServers(model, roleOf, led) };
    case 'joined':
      return {
        ...about,
        kind: 'in the end',
        goal: ofServers(model, statusOf, (roles) => !led(roles) || voters.every((sid) => roles.get(sid) !== 'LOOKING')),
      };
    case 'answered':
      return {
        ...about,
        kind: 'in the end',
        goal: ofServers(model, statusOf, (roles) => !isLeftAlone(roles, config, voters)),
      };
    case 'agreed':
      return {
        ...about,
        kind: 'in the end',
        goal: ofServers(model, statusOf, (roles) => {
          const up = voters.filter((sid) => roles.get(sid) !== 'down');
          return voters.some(
            (sid) => roles.get(sid)?.startsWith('LEADING') === true && behind(roles, sid, up).length === up.length,
          );
        }),
      };
  }
}

/** As roleOf; `down` and `LOOKING` besides. */
function statusOf(server: Server): string {
  return server.life === null ? 'down' : (roleOf(server) ?? 'LOOKING');
}

function isLeftAlone(roles: ReadonlyMap<Sid, string | null>, config: EnsembleConfig, voters: readonly Sid[]): boolean {
  return voters.some(
    (sid) => roles.get(sid) === 'LOOKING' && isQuorum(config, [sid, ...behind(roles, sid, voters)], NO_HELP),
  );
}
