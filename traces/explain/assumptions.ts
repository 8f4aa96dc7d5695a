/** What is assumed about a server beside its log, and could be otherwise. */
import type { EnsembleConfig, Member } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import { type ProfileName, profileOfRelease } from '../../types/release.js';
import type { Hints } from '../machine.js';
import { type Change, nothing } from './change.js';
import { fieldsOf } from './fields.js';
import type { HeldLog } from './held.js';

const COST = { release: 2, releaseAsNamed: 4.5, voters: 5, otherServer: 5.5 } as const;

/** `at`: index of the line that nothing explains. */
export function changesOfAssumptions(held: HeldLog, at: number): readonly Change[] {
  return [...releases(held), ...configurations(held, at), ...otherServers(held)];
}

/** A release of each group, and the words for the group. */
const GROUPS: Readonly<Record<ProfileName, { readonly release: string; readonly words: string }>> = {
  P346: { release: '3.4.14', words: '3.4.6 to 3.4.14' },
  P350: { release: '3.5.4', words: '3.5.0 to 3.5.4' },
  P355: { release: '3.5.10', words: '3.5.5 to 3.5.10' },
  P360: { release: '3.7.2', words: '3.6 or 3.7' },
  P380: { release: '3.8.4', words: '3.8 or later' },
};

function releases({ sid, hints }: HeldLog): readonly Change[] {
  const now = profileOfRelease(hints.release ?? GROUPS.P380.release);
  const cost = hints.release === undefined ? COST.release : COST.releaseAsNamed;
  return Object.entries(GROUPS).flatMap(([name, { release, words }]): readonly Change[] =>
    name === now
      ? []
      : [
          {
            sid,
            kind: 'release',
            words: `server ${sid} ran ZooKeeper ${words}`,
            cost,
            apply: nothing,
            hints: { release },
          },
        ],
  );
}

/** So many servers are tried as voters, or as none. */
const SERVERS_MAX = 4;

function configurations({ sid, hints, log }: HeldLog, at: number): readonly Change[] {
  const [config, ...others] = hints.configs;
  if (config === undefined || others.length > 0) return [];
  const change = (words: string, to: EnsembleConfig): Change => ({
    sid,
    kind: 'voters',
    words,
    cost: COST.voters,
    apply: nothing,
    hints: { configs: [to] } satisfies Partial<Hints>,
  });
  const voters = config.members.filter(({ type }) => type === 'PARTICIPANT').map((member) => member.sid);
  const said = log[at]?.said;
  const named = said === undefined || said.what === 'leftOut' ? [] : [fieldsOf(said)['from'], fieldsOf(said)['leader']];
  const strangers = named.filter(
    (one): one is Sid => typeof one === 'bigint' && one >= 0n && !voters.includes(one as Sid),
  );
  const heard = new Set(log.flatMap((one) => (one.said.what === 'notification' ? [one.said.notification.from] : [])));
  const silent = voters.filter((one) => one !== sid && !heard.has(one)).slice(0, SERVERS_MAX);
  return [
    ...strangers.map((one) => change(`server ${one} were a voter`, withType(config, one, 'PARTICIPANT'))),
    ...silent.map((one) => change(`server ${one} were no voter`, withType(config, one, 'OBSERVER'))),
    ...(config.quorumSystem.kind === 'majority'
      ? []
      : [change('a majority of the voters were a quorum', { ...config, quorumSystem: { kind: 'majority' } })]),
    voters.includes(sid)
      ? change(`server ${sid} were an observer`, withType(config, sid, 'OBSERVER'))
      : change(`server ${sid} were a voter`, withType(config, sid, 'PARTICIPANT')),
  ];
}

function withType(config: EnsembleConfig, sid: Sid, type: Member['type']): EnsembleConfig {
  const others = config.members.filter((member) => member.sid !== sid);
  const member = config.members.find((one) => one.sid === sid) ?? { sid, type, addresses: [], clientAddress: null };
  const members = [...others, { ...member, type }].sort((a, b) => (a.sid < b.sid ? -1 : 1));
  return { ...config, members };
}

function otherServers({ sid, hints }: HeldLog): readonly Change[] {
  const voters = new Set(hints.configs.flatMap(({ members }) => members.map((member) => member.sid)));
  return [...voters]
    .filter((one) => one !== sid)
    .slice(0, SERVERS_MAX)
    .map((one) => ({
      sid,
      kind: 'other server',
      words: `this were the log of server ${one}`,
      cost: COST.otherServer,
      apply: nothing,
      hints: { sid: one },
    }));
}
