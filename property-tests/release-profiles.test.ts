/**
 * Goal: what a release does otherwise than 3.8 is what its Java does, in the peer and in the specification alike.
 * Method: one situation for each difference, its outcome read off FastLeaderElection and Vote at the tags that are named; then
 * random situations, in which both must do the same.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyOf } from '../scripts/thorough.js';
import type { ElectionCall, Peer } from '../impl/peer.js';
import { makePeerConfig, type PeerConfig } from '../impl/peer-config.js';
import { profileForRelease } from '../impl/release-profile.js';
import { transition } from '../impl/transition.js';
import type { LoggedEvent, LoggedStep } from '../models/log-machine/rules.js';
import { specStep } from '../models/spec-machine/step.js';
import { specProfile } from '../spec/profile.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../types/ids.js';
import type { ServerState } from '../types/server-state.js';
import type { Notification, Vote } from '../types/vote.js';

const RELEASES = [
  '3.4.6',
  '3.4.12',
  '3.4.13',
  '3.4.14',
  '3.5.0',
  '3.5.3',
  '3.5.4-beta',
  '3.5.5',
  '3.5.10',
  '3.6.4',
  '3.7.2',
  '3.8.0',
];

const STEPS = { impl: transition, spec: specStep } as const;
type Step = (config: PeerConfig, peer: Peer, event: LoggedEvent) => LoggedStep;
const BOTH = Object.entries(STEPS) as readonly (readonly [string, Step])[];

function configOf(release: string, { me = 3n, voters = [1n, 2n, 3n] } = {}): PeerConfig {
  const profile = profileForRelease(release);
  if (profile === null) throw new Error(`no profile for ${release}`);
  const members = voters.map((sid) => ({
    sid: asSid(sid),
    type: 'PARTICIPANT' as const,
    addresses: [],
    clientAddress: null,
  }));
  const committed = { version: asConfigVersion(0n), members, quorumSystem: { kind: 'majority' as const } };
  return makePeerConfig({ sid: asSid(me), membership: { committed, lastSeen: null }, profile });
}

const n = (
  from: bigint,
  changes: Partial<Record<'leader' | 'zxid' | 'round' | 'epoch', bigint>> & {
    state?: ServerState;
    version?: number;
  } = {},
): Notification => ({
  from: asSid(from),
  leader: asSid(changes.leader ?? from),
  zxid: asZxid(changes.zxid ?? 0n),
  round: asRound(changes.round ?? 1n),
  epoch: asPeerEpoch(changes.epoch ?? 0n),
  state: changes.state ?? 'LOOKING',
  version: changes.version ?? 2,
  configVersion: asConfigVersion(0n),
});

/** Server `me` in the main wait of its first round, with these notifications unread. */
function waiting(config: PeerConfig, recvqueue: readonly Notification[], call: Partial<ElectionCall> = {}): Peer {
  const { sid } = config;
  const vote: Vote = {
    leader: sid,
    zxid: asZxid(0n),
    round: asRound(-1n),
    epoch: asPeerEpoch(0n),
    state: 'LOOKING',
    version: 0,
  };
  return {
    durable: { lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) },
    process: {
      state: 'LOOKING',
      currentVote: vote,
      logicalclock: asRound(1n),
      proposal: { leader: sid, zxid: asZxid(0n), epoch: asPeerEpoch(0n) },
      recvqueue,
      needOracle: true,
      worker: { stage: 'idle' },
      main: {
        at: 'poll',
        call: { recvset: new Map(), outofelection: new Map(), notTimeoutMs: 200, voteSet: null, ...call },
      },
    },
  };
}

const HANDLE = { type: 'Handle', oracleSays: false } as const;

/** The peer after it has used all that was unread, or left. */
function used(step: Step, config: PeerConfig, unread: readonly Notification[]): LoggedStep {
  let last: LoggedStep = { peer: waiting(config, unread), effects: [] };
  while (last.peer.process?.main.at === 'poll' && last.peer.process.recvqueue.length > 0) {
    last = step(config, last.peer, HANDLE);
  }
  return last;
}

const linesOf = ({ effects }: LoggedStep): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'log' && effect.level !== 'debug' ? [effect.line.what] : []));

const from = (first: string): readonly string[] => RELEASES.slice(RELEASES.indexOf(first));
const before = (first: string): readonly string[] => RELEASES.slice(0, RELEASES.indexOf(first));

describe.each(BOTH)('%s', (_, step) => {
  it('3.6.0 (ZOOKEEPER-3537): answers of this round that differ in epoch are joined by id alone; before, they are no quorum', () => {
    // 3.6.4 stores them with version 0 beside a vote of version 2; 3.5.10 and 3.4.14 as LOOKING, so that all four fields count.
    const answers = [
      n(1n, { leader: 1n, epoch: 1n, state: 'LEADING' }),
      n(2n, { leader: 1n, epoch: 2n, state: 'FOLLOWING' }),
    ];
    for (const release of RELEASES) {
      const { peer } = used(step, configOf(release), answers);
      expect([release, peer.process?.state]).toEqual([
        release,
        from('3.6.4').includes(release) ? 'FOLLOWING' : 'LOOKING',
      ]);
    }
  });

  it('3.5.0 to 3.5.4 lose the round of a decision (new Vote(id, zxid, epoch)); all others keep it', () => {
    for (const release of RELEASES) {
      const config = configOf(release);
      const silent = waiting(config, []);
      const call = silent.process?.main.at === 'poll' ? silent.process.main.call : null;
      if (silent.process === null || call === null) throw new Error('waits');
      const peer: Peer = { ...silent, process: { ...silent.process, main: { at: 'silent', call } } };
      const decided = step(config, peer, { type: 'FinalEnd' }).peer;
      const { process } = step(config, decided, { type: 'Publish' }).peer;
      expect([release, process?.currentVote.round]).toEqual([
        release,
        release.startsWith('3.5.0') || release.startsWith('3.5.3') || release.startsWith('3.5.4') ? -1n : 1n,
      ]);
    }
  });

  it('3.5.0 to 3.5.4 join answers of any zxid and round (IGNOREVALUE), and take the round of the last as their clock', () => {
    const answers = [
      n(1n, { leader: 1n, epoch: 1n, zxid: 7n, round: -1n, state: 'LEADING' }),
      n(2n, { leader: 1n, epoch: 1n, zxid: 8n, round: -1n, state: 'FOLLOWING' }),
    ];
    const { process } = used(step, configOf('3.5.3'), answers).peer;
    expect([process?.state, process?.logicalclock]).toEqual(['FOLLOWING', -1n]);
  });

  it('3.6.0 (ZOOKEEPER-261): a vote without a zxid is refused; before, it is counted', () => {
    for (const release of RELEASES) {
      const { main } = used(step, configOf(release), [n(1n, { zxid: -1n })]).peer.process ?? {};
      const counted = main?.at === 'poll' ? main.call.recvset.size : null;
      expect([release, counted]).toEqual([release, from('3.6.4').includes(release) ? 0 : 1]);
    }
  });

  it('3.4.13, 3.5.4 (ZOOKEEPER-2988): a vote for a stranger is refused with a line; before, it is adopted', () => {
    const adopting = ['3.4.6', '3.4.12', '3.5.0', '3.5.3'];
    for (const release of RELEASES) {
      const after = used(step, configOf(release), [n(1n, { leader: 9n })]);
      const adopted = adopting.includes(release);
      expect([release, after.peer.process?.proposal.leader]).toEqual([release, adopted ? 9n : 3n]);
      expect([release, linesOf(after)]).toEqual([release, adopted ? [] : ['ignoredLeader']]);
    }
  });

  it('a vote from a stranger is refused by all; before 3.4.13 and 3.5.4 the line does not name its leader', () => {
    for (const release of RELEASES) {
      const { effects } = used(step, configOf(release), [n(9n, { leader: 1n })]);
      const [effect] = effects;
      const line = effect?.type === 'log' ? effect.line : null;
      const leader = ['3.4.6', '3.4.12', '3.5.0', '3.5.3'].includes(release) ? null : 1n;
      expect([release, line]).toEqual([release, { what: 'ignoredSender', leader, from: 9n }]);
    }
  });

  it('3.8.0 (ZOOKEEPER-3922): a LEADING answer that decides nothing is commented; before, it is not', () => {
    for (const release of RELEASES) {
      const after = used(step, configOf(release), [n(1n, { leader: 1n, state: 'LEADING' })]);
      expect([release, linesOf(after)]).toEqual([release, before('3.8.0').includes(release) ? [] : ['oracle']]);
    }
  });

  it('3.4 sends format 1, all later 2', () => {
    for (const release of RELEASES) {
      const config = configOf(release);
      const peer: Peer = { ...waiting(config, []) };
      const { effects } = step(config, peer, { type: 'TimeOut', haveDelivered: true, oracleSays: false });
      const formats = effects.flatMap((effect) => (effect.type === 'send' ? [effect.message.version] : []));
      const format = release.startsWith('3.4') ? 1 : 2;
      expect([release, formats]).toEqual([release, [format, format, format]]);
    }
  });
});

describe('both', () => {
  it.each([
    ['3.3.6', null],
    ['3.4.5', null],
    ['3.4.6', 'P346'],
    ['3.4.14-4c25d480e66aadd371de8bd2fd8da255ac140bcf', 'P346'],
    ['3.5.0-alpha', 'P350'],
    ['3.5.4-beta', 'P350'],
    ['3.5.5', 'P355'],
    ['3.6.0-SNAPSHOT', 'P360'],
    ['3.7.2', 'P360'],
    ['3.8.0', 'P380'],
    ['3.9.5', 'P380'],
    ['3.11.0', null],
    ['4.0.0', null],
    ['three', null],
  ])('know %s as %s', (release, name) => {
    expect(profileForRelease(release)?.name ?? null).toBe(name);
    expect(specProfile(release) === null).toBe(name === null);
  });

  it.each(RELEASES)('do the same with random answers and votes, as %s', (release) => {
    const config = configOf(release);
    const vote = fc.record({
      from: fc.constantFrom(1n, 2n, 3n, 9n),
      leader: fc.constantFrom(1n, 2n, 3n, 9n),
      zxid: fc.constantFrom(-1n, 0n, 1n),
      round: fc.constantFrom(-1n, 0n, 1n, 2n),
      epoch: fc.constantFrom(0n, 1n),
      state: fc.constantFrom<ServerState>('LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'),
      version: fc.constantFrom(0, 1, 2),
    });
    const told = ({ peer, effects }: LoggedStep): string =>
      JSON.stringify(
        { peer, effects: effects.filter(({ type }) => type !== 'setTimer' && type !== 'exception') },
        (key, value: unknown) =>
          // A set: the specification keeps it ascending, the peer as it was counted.
          key === 'voteSet' && Array.isArray(value)
            ? value.map(String).sort()
            : typeof value === 'bigint'
              ? `${value}`
              : value instanceof Map
                ? [...value].sort()
                : value,
      );
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 6 }), (votes) => {
        const unread = votes.map((one) => n(one.from, one));
        let [a, b]: readonly LoggedStep[] = [transition, specStep].map((step) =>
          step(config, waiting(config, unread), HANDLE),
        );
        for (let left = unread.length; a !== undefined && b !== undefined && left > 0; left -= 1) {
          expect(told(sorted(a))).toBe(told(sorted(b)));
          if (a.peer.process?.main.at !== 'poll' || a.peer.process.recvqueue.length === 0) return;
          [a, b] = [transition(config, a.peer, HANDLE), specStep(config, b.peer, HANDLE)];
        }
      }),
      { numRuns: manyOf(1000) },
    );
  });
});

/** Keys of records in one order: the two build them in their own. */
function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sorted) as T;
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]): [string, unknown] => [key, sorted(one)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ) as T;
}
