/** WorkerReceiver in its parts, the windows between threads, roles, processes, and the Zab steps; 3.8.0. */
import { describe, expect, it } from 'vitest';
import { asPeerEpoch, asZxid, makeZxid } from '../types/ids.js';
import { whyNotEnabled } from './enabled.js';
import type { PeerEvent } from './event.js';
import { peerAtRest } from './peer.js';
import { configOf, durable, ensemble, message, Run, sid, vote } from './testing.js';
import { NotEnabledError, transition } from './transition.js';

const three = (me = 1): Run => new Run(configOf(me, ensemble(3))).begun();
/** Server 1 following 3 in round 1, its vote not yet published. */
const decided = (): Run =>
  three().handle(message(2, { leader: 3, state: 'FOLLOWING' }), message(3, { state: 'LEADING' }));
const following = (): Run => decided().do({ type: 'Publish' });
const [TEST, ENQUEUE, COMPARE, REPLY] = [
  { type: 'TestState' },
  { type: 'Enqueue' },
  { type: 'CompareRound' },
  { type: 'SendReply' },
] as const;

describe('WorkerReceiver.run', () => {
  it('prints a voter’s message with the state of that moment, before the state is tested', () => {
    const run = three().do({ type: 'Receive', notification: message(2) });
    expect(run.lines).toEqual([
      { what: 'receiving', myId: 1n },
      { what: 'notification', myState: 'LOOKING', notification: message(2) },
    ]);
    expect(run.process.recvqueue).toEqual([]);
  });

  it('LOOKING: queued; a LOOKING sender of a lower round is told the proposal', () => {
    const run = three().handle(message(2, { round: 5 }));
    run.do({ type: 'Receive', notification: message(3, { round: 2 }) }, TEST, ENQUEUE);
    expect(run.process.recvqueue).toHaveLength(1);
    run.do(COMPARE, REPLY);
    expect(run.effects).toEqual([
      { type: 'send', to: 3n, message: { ...vote({ leader: 2, round: 5, version: 2 }), configVersion: 0n } },
    ]);
  });

  it('LOOKING: an equal or higher round, or a sender that is not LOOKING, gets no answer', () => {
    for (const quiet of [message(2), message(2, { round: 2 }), message(2, { round: 0, state: 'FOLLOWING' })]) {
      const run = three().do({ type: 'Receive', notification: quiet }, TEST, ENQUEUE, COMPARE);
      expect(run.process.worker.stage).toBe('idle');
    }
  });

  it('not LOOKING: dropped; a LOOKING sender is told the published vote with its round', () => {
    const run = following().do({ type: 'Receive', notification: message(2, { round: 8 }) }, TEST);
    expect(run.lines).toEqual([
      { what: 'answering', myId: 1n, recipient: 2n, zxid: 0n, leader: 3n, configVersion: 0n },
    ]);
    run.do(REPLY);
    expect(run.sent).toEqual([{ ...vote({ leader: 3, state: 'FOLLOWING', version: 2 }), configVersion: 0n }]);
    expect(run.process.recvqueue).toEqual([]);
    const silent = following().do({ type: 'Receive', notification: message(2, { state: 'LEADING' }) }, TEST);
    expect(silent.process.worker.stage).toBe('idle');
  });

  it('a non-voter is answered at once, whatever both are doing: published vote, round of the clock', () => {
    const looking = three().do({ type: 'Receive', notification: message(9, { state: 'OBSERVING' }) });
    expect(looking.lines).toEqual([]);
    expect(looking.do(REPLY).sent).toEqual([{ ...vote({ version: 2 }), configVersion: 0n }]);
    const decidedRun = following().do({ type: 'Receive', notification: message(9) }, REPLY);
    expect(decidedRun.sent[0]).toMatchObject({ leader: 3n, state: 'FOLLOWING', round: 1n });
  });

  it('the sender may be the server itself: a late own copy is answered to itself', () => {
    const run = following().do({ type: 'Receive', notification: message(1) }, TEST, REPLY);
    expect(run.recipients).toEqual([1n]);
    expect(run.sent[0]).toMatchObject({ state: 'FOLLOWING', leader: 3n });
  });
});

describe('windows between the threads', () => {
  it('state tested before an exit, enqueued after it: the message survives into the next election', () => {
    const run = three()
      .handle(message(2, { leader: 3, state: 'FOLLOWING' }))
      .receive(message(3, { state: 'LEADING' }));
    run.do({ type: 'Receive', notification: message(2) }, TEST, { type: 'Handle' }, ENQUEUE);
    expect(run.process.main.at).toBe('decided');
    expect(run.process.recvqueue).toHaveLength(1);
  });

  it('W1: decided but not published, others are told FOLLOWING with the vote of before (round −1)', () => {
    const run = decided().do({ type: 'Receive', notification: message(2) }, TEST, REPLY);
    expect(run.sent[0]).toMatchObject({ state: 'FOLLOWING', leader: 1n, round: -1n });
  });

  it('W2: LOOKING again but not begun, laggards are told the old proposal in the old round', () => {
    const run = following().do({ type: 'Leave' });
    run.do({ type: 'Receive', notification: message(2, { round: 0 }) }, TEST, ENQUEUE, COMPARE, REPLY);
    expect(run.sent[0]).toMatchObject({ state: 'LOOKING', leader: 1n, round: 1n });
    expect(run.process.recvqueue).toHaveLength(1);
  });

  it('a reply captured while LOOKING carries the clock and state of its sending', () => {
    const run = three().handle(message(2, { round: 5 }));
    run.receive(message(2, { leader: 3, state: 'FOLLOWING', round: 7 }), message(3, { state: 'LEADING', round: 7 }));
    run.do({ type: 'Receive', notification: message(3, { round: 2 }) }, TEST, ENQUEUE, COMPARE);
    run.do({ type: 'Handle' }, { type: 'Handle' }, REPLY);
    expect(run.sent[0]).toMatchObject({ leader: 2n, round: 7n, state: 'FOLLOWING' });
  });

  it('a reply captured while deciding carries the state of its sending', () => {
    const run = following().do({ type: 'Receive', notification: message(2) }, TEST, { type: 'Leave' }, REPLY);
    expect(run.sent[0]).toMatchObject({ leader: 3n, state: 'LOOKING' });
  });
});

describe('QuorumPeer.run', () => {
  it('publishes with state LOOKING and version 0', () => {
    const run = following();
    expect(run.lines).toEqual([{ what: 'roleEntered', role: 'FOLLOWING' }]);
    expect(run.process.currentVote).toEqual(vote({ leader: 3 }));
  });

  it('leaves a role: LOOKING, everything else kept; the next round follows', () => {
    const run = following();
    const { currentVote, proposal, logicalclock } = run.process;
    run.do({ type: 'Leave' });
    expect(run.whats).toEqual(['stateChanged', 'looking']);
    expect(run.process).toMatchObject({ state: 'LOOKING', currentVote, proposal, logicalclock, main: { at: 'enter' } });
    expect(run.do({ type: 'Begin' }).process.logicalclock).toBe(2n);
  });

  it('a reconfiguration changes the role without LOOKING', () => {
    const run = following().do({ type: 'UpdateVote', leader: sid(1), zxid: asZxid(5n) });
    expect(run.process.currentVote).toEqual(vote({ leader: 1, zxid: 5, round: -1, epoch: -1 }));
    run.do({ type: 'Leave', reconfigured: true });
    expect(run.process.state).toBe('LEADING');
    expect(run.whats).toEqual(['stateChanged', 'roleEntered']);
    const other = following().do({ type: 'UpdateVote', leader: sid(2), zxid: asZxid(5n) });
    expect(other.do({ type: 'Leave', reconfigured: true }).process.state).toBe('FOLLOWING');
  });

  it('a crash keeps the disk alone; a restart begins at round 1 again', () => {
    const run = new Run(configOf(1, ensemble(3)), { zxid: 5, currentEpoch: 2 }).begun().do({ type: 'Crash' });
    expect(run.peer).toEqual(peerAtRest(durable({ zxid: 5, currentEpoch: 2 })));
    run.do({ type: 'Restart', lastZxid: asZxid(3n) });
    expect(run.process).toMatchObject({ logicalclock: 0n, state: 'LOOKING', recvqueue: [], main: { at: 'enter' } });
    expect(run.process.currentVote).toEqual(vote({ leader: 1, zxid: 3, round: -1, epoch: 2 }));
    expect(run.process.proposal).toEqual({ leader: -1n, zxid: -1n, epoch: 0n });
    expect(run.do({ type: 'Begin' }).process.proposal.zxid).toBe(3n);
  });

  it('restarting the election: clock 0, queues empty; LOOKING begins anew, a role keeps state and vote', () => {
    const looking = three().receive(message(2)).do({ type: 'RestartElection' });
    expect(looking.process).toMatchObject({ logicalclock: 0n, recvqueue: [], main: { at: 'enter' } });
    expect(looking.process.currentVote.round).toBe(-1n);
    const role = following().do({ type: 'RestartElection' });
    expect(role.process).toMatchObject({ state: 'FOLLOWING', logicalclock: 0n, main: { at: 'role' } });
    expect(role.process.currentVote).toEqual(vote({ leader: 3 }));
    expect(role.effects).toEqual([]);
  });
});

describe('Zab steps', () => {
  const leading = (): Run =>
    three(3)
      .handle(message(3), message(2, { leader: 3 }))
      .do({ type: 'Silence' }, { type: 'FinalEnd' }, { type: 'Publish' });
  const epoch = asPeerEpoch(1n);

  it('a leader: acceptedEpoch, then currentEpoch, then vote and zxid', () => {
    const run = leading().do({ type: 'ProposeEpoch', epoch });
    expect(run.effects).toEqual([{ type: 'writeEpoch', file: 'acceptedEpoch', epoch: 1n }]);
    expect(run.peer.durable).toEqual({ lastZxid: 0n, currentEpoch: 0n, acceptedEpoch: 1n });
    run.do({ type: 'CommitEpoch' });
    expect(run.effects).toEqual([{ type: 'writeEpoch', file: 'currentEpoch', epoch: 1n }]);
    expect(run.process.currentVote.epoch).toBe(0n);
    run.do({ type: 'Establish' });
    expect(run.process.currentVote).toEqual(vote({ leader: 3, epoch: 1 }));
    expect(run.peer.durable.lastZxid).toBe(makeZxid(epoch, 0n));
    run.do({ type: 'Write', zxid: makeZxid(epoch, 1n) });
    expect(run.peer.durable.lastZxid).toBe(0x1_0000_0001n);
  });

  it('a follower: acceptedEpoch, then history and currentEpoch, then the vote’s epoch alone', () => {
    const run = following().do({ type: 'AcceptEpoch', epoch });
    expect(run.peer.durable.acceptedEpoch).toBe(1n);
    run.do({ type: 'Synchronize', zxid: asZxid(4n), epoch });
    expect(run.peer.durable).toEqual({ lastZxid: 4n, currentEpoch: 1n, acceptedEpoch: 1n });
    run.do({ type: 'UpToDate', epoch });
    expect(run.process.currentVote).toEqual(vote({ leader: 3, epoch: 1 }));
    expect(run.do({ type: 'AcceptEpoch', epoch }).effects).toEqual([]);
  });

  it('a leader of two voters needs the oracle again when no follower forwards', () => {
    const two = new Run(configOf(2, ensemble(2))).begun().handle(message(2), message(1, { leader: 2 }));
    two.do({ type: 'Silence' }, { type: 'FinalEnd' }, { type: 'Publish' }, { type: 'CountFollowers', none: false });
    expect(two.process.needOracle).toBe(false);
    expect(two.do({ type: 'CountFollowers', none: true }).process.needOracle).toBe(true);
    two.do({ type: 'CountFollowers', none: false }, { type: 'SetQuorumVerifier' });
    expect(two.process.needOracle).toBe(true);
    expect(leading().do({ type: 'CountFollowers', none: true }).process.needOracle).toBe(false);
  });

  it.each<[string, () => Run, PeerEvent, RegExp]>([
    ['ProposeEpoch', following, { type: 'ProposeEpoch', epoch }, /only a leader/],
    ['ProposeEpoch', leading, { type: 'ProposeEpoch', epoch: asPeerEpoch(0n) }, /not above acceptedEpoch/],
    ['AcceptEpoch', leading, { type: 'AcceptEpoch', epoch }, /only a learner/],
    ['AcceptEpoch', following, { type: 'AcceptEpoch', epoch: asPeerEpoch(-1n) }, /below acceptedEpoch/],
    ['CommitEpoch', following, { type: 'CommitEpoch' }, /only a leader/],
    ['Establish', following, { type: 'Establish' }, /only a leader/],
    ['Synchronize', leading, { type: 'Synchronize', zxid: asZxid(1n), epoch }, /does not synchronize with itself/],
    ['Synchronize', following, { type: 'Synchronize', zxid: asZxid(1n), epoch }, /is not acceptedEpoch/],
    ['UpToDate', leading, { type: 'UpToDate', epoch }, /only a learner/],
    ['UpToDate', following, { type: 'UpToDate', epoch }, /is not currentEpoch/],
    ['Write', three, { type: 'Write', zxid: asZxid(1n) }, /not in a role/],
    ['UpdateVote', three, { type: 'UpdateVote', leader: sid(1), zxid: asZxid(1n) }, /not in a role/],
  ])('%s is refused where it cannot be: %s', (_, run, event, why) => {
    const { config, peer } = run();
    expect(whyNotEnabled(config, peer, event)).toMatch(why);
    expect(() => transition(config, peer, event)).toThrow(NotEnabledError);
  });
});

describe('guards of the main loop and of WorkerReceiver', () => {
  const down = peerAtRest(durable());
  it.each(
    (
      [
        [{ type: 'Begin' }, three, /at poll, not at enter/],
        [{ type: 'Handle' }, three, /recvqueue is empty/],
        [{ type: 'Handle' }, following, /at role, not at poll/],
        [{ type: 'TimeOut', haveDelivered: true }, () => three().receive(message(2)), /holds 1 notifications/],
        [{ type: 'FinalStep' }, three, /at poll, not at final/],
        [
          { type: 'Silence' },
          () =>
            three(3)
              .handle(message(3), message(2, { leader: 3 }))
              .receive(message(1)),
          /holds 1/,
        ],
        [{ type: 'FinalStep' }, () => three(3).handle(message(3), message(2, { leader: 3 })), /recvqueue is empty/],
        [{ type: 'FinalEnd' }, () => three(3).handle(message(3), message(2, { leader: 3 })), /at final, not at silent/],
        [{ type: 'Publish' }, three, /at poll, not at decided/],
        [{ type: 'Leave' }, decided, /at decided, not at role/],
        [{ type: 'Restart' }, three, /already up/],
        [{ type: 'TestState' }, three, /idle, not printed/],
        [
          { type: 'Receive', notification: message(3) },
          () => three().do({ type: 'Receive', notification: message(2) }),
          /printed, not idle/,
        ],
      ] as readonly (readonly [PeerEvent, () => Run, RegExp])[]
    ).map(([event, run, why]) => [`${event.type}: ${why.source}`, event, run, why] as const),
  )('%s', (_, event, run, why) => {
    const { config, peer } = run();
    expect(whyNotEnabled(config, peer, event)).toMatch(why);
    expect(() => transition(config, peer, event)).toThrow(NotEnabledError);
  });

  it('nothing but Restart happens to a server that is down', () => {
    const config = configOf(1, ensemble(3));
    expect(whyNotEnabled(config, down, { type: 'Crash' })).toMatch(/is down/);
    expect(whyNotEnabled(config, down, { type: 'Begin' })).toMatch(/is down/);
    expect(whyNotEnabled(config, down, { type: 'Restart' })).toBeNull();
  });
});
