/**
 * Goal: a server of 3.4 tells a sender of format 0 (3.4.5 and older) the vote that it decided, every other its vote with the epoch of
 * the leadership; later releases tell all the same (QuorumPeer.updateElectionVote and getBCVote, WorkerReceiver.run at release-3.4.6
 * and 3.5.0). Found by the oracle of 3.4. Method: a follower is brought up to date, asked in each format, and asked again after it
 * has begun the next election.
 */
import { describe, expect, it } from 'vitest';
import type { Peer } from '../impl/peer.js';
import { makePeerConfig } from '../impl/peer-config.js';
import { profileForRelease } from '../impl/release-profile.js';
import { transition } from '../impl/transition.js';
import { peerOf, serverOf } from '../models/spec-machine/convert.js';
import { specStep } from '../models/spec-machine/step.js';
import { live, renewedVote } from '../spec/server.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid } from '../types/ids.js';
import type { Notification, Vote } from '../types/vote.js';

const OLD = asPeerEpoch(3n);
const NEW = asPeerEpoch(4n);
const vote: Vote = {
  leader: asSid(2n),
  zxid: asZxid(9n),
  round: asRound(1n),
  epoch: OLD,
  state: 'LOOKING',
  version: 0,
};
const follower: Peer = {
  durable: { lastZxid: asZxid(9n), currentEpoch: NEW, acceptedEpoch: NEW },
  process: {
    state: 'FOLLOWING',
    currentVote: vote,
    logicalclock: asRound(1n),
    proposal: vote,
    recvqueue: [],
    needOracle: true,
    worker: { stage: 'idle' },
    main: { at: 'role' },
  },
};

function configOf(release: string): ReturnType<typeof makePeerConfig> {
  const profile = profileForRelease(release);
  if (profile === null) throw new Error(`no profile for ${release}`);
  const members = [1n, 2n, 3n].map((sid) => ({
    sid: asSid(sid),
    type: 'PARTICIPANT' as const,
    addresses: [],
    clientAddress: null,
  }));
  const committed = { version: asConfigVersion(0n), members, quorumSystem: { kind: 'majority' } as const };
  return makePeerConfig({ sid: asSid(1n), membership: { committed, lastSeen: null }, profile });
}

type Config = ReturnType<typeof configOf>;

/** By each of us: one step of a log, and the vote taking the epoch. */
const US = {
  impl: {
    step: transition,
    upToDate: (config: Config, peer: Peer): Peer => transition(config, peer, { type: 'UpToDate', epoch: NEW }).peer,
  },
  spec: {
    step: specStep,
    upToDate: (config: Config, peer: Peer): Peer => {
      const server = serverOf(config, peer);
      return peerOf(live(server, renewedVote(server, NEW)), 200);
    },
  },
} as const;

describe.each(['impl', 'spec'] as const)('%s', (name) => {
  const { step, upToDate } = US[name];

  /** The epoch that a LOOKING sender of this format is told. */
  function told(config: Config, peer: Peer, version: number): bigint | null {
    const n: Notification = { ...vote, from: asSid(3n), version, configVersion: asConfigVersion(0n) };
    const received = step(config, peer, { type: 'Receive', notification: n }).peer;
    const tested = step(config, received, { type: 'TestState' }).peer;
    const [effect] = step(config, tested, { type: 'SendReply' }).effects;
    return effect?.type === 'send' ? effect.message.epoch : null;
  }

  it.each([
    ['3.4.6', OLD],
    ['3.4.14', OLD],
    ['3.5.0', NEW],
    ['3.5.5', NEW],
    ['3.6.0', NEW],
    ['3.8.0', NEW],
  ])('%s tells format 0 of epoch %i, and format 1 of the new one', (release, epoch) => {
    const config = configOf(release);
    expect([told(config, follower, 0), told(config, follower, 1)]).toEqual([OLD, OLD]);
    const renewed = upToDate(config, follower);
    expect([told(config, renewed, 0), told(config, renewed, 1)]).toEqual([epoch, NEW]);
  });

  it('3.4 forgets the old vote with the next election', () => {
    const config = configOf('3.4.6');
    const looking = step(config, upToDate(config, follower), { type: 'Leave' }).peer;
    const begun = step(config, looking, { type: 'Begin' }).peer;
    expect(looking.process?.bcVote).toEqual(vote);
    expect(begun.process?.bcVote).toBeNull();
  });
});
