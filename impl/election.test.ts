/** lookForLeader of 3.8.0, case by case: what it stores, sends and prints. Expected values are read off the Java. */
import { describe, expect, it } from 'vitest';
import { LONG_MIN } from '../types/int64.js';
import { configOf, ensemble, message, Run, sid, vote } from './testing.js';

const three = (me = 1): Run => new Run(configOf(me, ensemble(3))).begun();

describe('Begin', () => {
  it('raises the clock, proposes itself, prints before it sends, sends to every voter and itself', () => {
    const run = three(2);
    expect(run.process.logicalclock).toBe(1n);
    expect(run.process.proposal).toEqual({ leader: 2n, zxid: 0n, epoch: 0n });
    expect(run.recipients).toEqual([1n, 2n, 3n]);
    expect(run.effects.map((effect) => (effect.type === 'log' ? effect.line.what : effect.type))).toEqual([
      'updatingProposal',
      'newElection',
      'sending',
      'send',
      'sending',
      'send',
      'sending',
      'send',
      'setTimer',
    ]);
    expect(run.lines[0]).toEqual({
      what: 'updatingProposal',
      newLeader: 2n,
      newZxid: 0n,
      oldLeader: -1n,
      oldZxid: -1n,
    });
    expect(run.sent[0]).toEqual({ ...vote({ leader: 2, version: 2 }), configVersion: 0n });
    expect(run.effects.at(-1)).toEqual({ type: 'setTimer', timer: 'notification', ms: 200 });
  });

  it('an observer proposes nothing it could win with, and does not send to itself', () => {
    const run = new Run(configOf(4, ensemble(3, 1)), { zxid: 9, currentEpoch: 3 }).begun();
    expect(run.process.proposal).toEqual({ leader: LONG_MIN, zxid: LONG_MIN, epoch: LONG_MIN });
    expect(run.recipients).toEqual([1n, 2n, 3n]);
  });

  it('keeps what arrived before it: recvqueue is not cleared at entry', () => {
    const run = new Run(configOf(1, ensemble(3))).do({ type: 'Restart' }).receive(message(2)).do({ type: 'Begin' });
    expect(run.process.recvqueue).toHaveLength(1);
  });

  it('sends to the voters of the last seen configuration too', () => {
    const run = new Run(configOf(1, ensemble(2), ensemble(4, 1))).begun();
    expect(run.recipients).toEqual([1n, 2n, 3n, 4n]);
  });
});

describe('the gate: validVoter(n.sid) && validVoter(n.leader)', () => {
  it('a leader that is no voter is dropped with a warning', () => {
    const run = three().handle(message(2, { leader: 9, epoch: 5 }));
    expect(run.lines).toEqual([{ what: 'ignoredLeader', leader: 9n, from: 2n }]);
    expect(run.call.recvset.size).toBe(0);
  });

  it('a non-voting sender never reaches recvqueue', () => {
    const run = three().receive(message(9));
    expect(run.process.recvqueue).toHaveLength(0);
  });
});

describe('LOOKING notifications', () => {
  it('without a zxid of its own (−1) it counts nobody', () => {
    const run = new Run(configOf(1, ensemble(3)), { zxid: -1 }).begun().handle(message(2));
    expect(run.whats).toEqual(['ownZxidMissing']);
    expect(run.call.recvset.size).toBe(0);
  });

  it('a sender without a zxid is not counted', () => {
    const run = three().handle(message(2, { zxid: -1 }));
    expect(run.lines).toEqual([{ what: 'senderZxidMissing', from: 2n }]);
    expect(run.call.recvset.size).toBe(0);
  });

  it('a higher round: the better of the received and the INITIAL vote, votes forgotten, broadcast', () => {
    const run = three().handle(message(3, { leader: 3, zxid: 5 }));
    expect(run.process.proposal.leader).toBe(3n);
    run.handle(message(2, { leader: 2, zxid: 1, round: 4 }));
    expect(run.process.logicalclock).toBe(4n);
    expect(run.process.proposal).toEqual({ leader: 2n, zxid: 1n, epoch: 0n });
    expect([...run.call.recvset.keys()]).toEqual([2n]);
    expect(run.recipients).toEqual([1n, 2n, 3n]);
    expect(run.lines[0]).toMatchObject({ what: 'compared', leader: 2n, proposedLeader: 1n });
  });

  it('a higher round with a vote that is not better: back to its own vote, broadcast all the same', () => {
    const run = new Run(configOf(3, ensemble(3)), { zxid: 7 }).begun().handle(message(2, { round: 5 }));
    expect(run.process.proposal).toEqual({ leader: 3n, zxid: 7n, epoch: 0n });
    expect(run.process.logicalclock).toBe(5n);
    expect(run.sent.map(({ leader, round }) => [leader, round])).toEqual(Array.from({ length: 3 }, () => [3n, 5n]));
    expect(run.call.recvset.get(sid(2))).toEqual(vote({ leader: 2, round: 5 }));
  });

  it('outofelection survives a higher round', () => {
    const run = three().handle(message(2, { leader: 3, state: 'FOLLOWING', round: 7 }), message(3, { round: 2 }));
    expect([...run.call.outofelection.keys()]).toEqual([2n]);
  });

  it('a lower round is dropped; the answer was WorkerReceiver’s', () => {
    const run = three();
    run.handle(message(2, { round: 3 })).handle(message(3, { epoch: 9, round: 2 }));
    expect(run.lines).toEqual([{ what: 'staleRound', round: 2n, logicalclock: 3n }]);
    expect(run.process.proposal.leader).toBe(2n);
    expect([...run.call.recvset.keys()]).toEqual([2n]);
  });

  it('the same round, better: adopted, broadcast, stored', () => {
    const run = three().handle(message(2));
    expect(run.process.proposal.leader).toBe(2n);
    expect(run.whats).toEqual(['compared', 'updatingProposal', 'sending', 'sending', 'sending', 'addingVote']);
    expect(run.call.recvset.get(sid(2))).toEqual(vote({ leader: 2 }));
  });

  it('the same round, not better: stored, no answer', () => {
    const run = three(3).handle(message(2));
    expect(run.sent).toEqual([]);
    expect(run.whats).toEqual(['compared', 'addingVote']);
    expect(run.call.recvset.has(sid(2))).toBe(true);
  });

  it('its own vote counts only when its own copy comes back', () => {
    const run = three(3).handle(message(2, { leader: 3 }));
    expect(run.process.main.at).toBe('poll');
    run.handle(message(3));
    expect(run.process.main.at).toBe('final');
    expect(run.effects.at(-1)).toEqual({ type: 'setTimer', timer: 'finalize', ms: 200 });
  });

  it('a weight that the committed configuration does not know ends the call by an exception', () => {
    const groups = new Map([sid(1), sid(2)].map((id) => [id, 1n]));
    const weights = new Map([sid(1), sid(2)].map((id) => [id, 1n]));
    const committed = ensemble(2, 0, { kind: 'hierarchical', groups, weights });
    const run = new Run(configOf(1, committed, ensemble(3))).begun().handle(message(3));
    expect(run.process.main.at).toBe('enter');
    expect(run.process.state).toBe('LOOKING');
    expect(run.effects.map(({ type }) => type)).toContain('exception');
    expect(run.whats).toEqual(['compared', 'stateChanged', 'looking']);
  });
});

describe('FOLLOWING and LEADING notifications', () => {
  const follows = (from: number, fields = {}): ReturnType<typeof message> =>
    message(from, { leader: 3, state: 'FOLLOWING', ...fields });
  const leads = (fields = {}): ReturnType<typeof message> => message(3, { state: 'LEADING', ...fields });

  it('this round: a quorum by id alone, whatever the epochs, because entries are stored with version 0', () => {
    const run = three().handle(follows(2, { epoch: 0 }), leads({ epoch: 1 }));
    expect(run.process.state).toBe('FOLLOWING');
    expect(run.process.main).toEqual({ at: 'decided', endVote: { leader: 3n, zxid: 0n, round: 1n, epoch: 1n } });
    expect(run.whats).toEqual(['learningState', 'stateChanged', 'leavingElection']);
  });

  it('this round, senders of version 0: the epoch counts', () => {
    const run = three().handle(follows(2, { version: 0 }), leads({ epoch: 1, version: 0 }));
    expect(run.process.main.at).toBe('poll');
  });

  it('this round: its own LOOKING vote helps if all four fields agree', () => {
    const run = three().handle(message(1), message(2, { leader: 3 }), message(1, { leader: 3 }));
    expect(run.process.main.at).toBe('final');
    const late = three()
      .handle(message(2, { leader: 3 }))
      .receive(message(1, { leader: 3 }));
    expect(late.do({ type: 'Handle' }).process.main.at).toBe('final');
    const joined = new Run(configOf(1, ensemble(3))).begun().handle(message(1, { leader: 3 }), leads());
    expect(joined.process.main.at).toBe('decided');
  });

  it('this round: no word from the leader itself, no joining', () => {
    const run = new Run(configOf(1, ensemble(5))).begun();
    run.handle(...[2, 4, 5].map((from) => follows(from)));
    expect(run.process.main.at).toBe('poll');
    expect(run.whats).toEqual([]);
  });

  it('stored twice: with version 0 for the round, with its own version for any round', () => {
    const run = three().handle(follows(2));
    expect(run.call.recvset.get(sid(2))?.version).toBe(0);
    expect(run.call.outofelection.get(sid(2))?.version).toBe(2);
  });

  it('another round: the epoch must agree; zxid and round are free; the clock may go down', () => {
    const run = three().handle(message(2, { round: 9 }));
    run.handle(follows(2, { round: 4, epoch: 2, zxid: 8 }), leads({ round: 5, epoch: 2 }));
    expect(run.process.logicalclock).toBe(5n);
    expect(run.process.main).toMatchObject({ at: 'decided', endVote: { leader: 3n, round: 5n, epoch: 2n, zxid: 0n } });
    const half = three().handle(
      message(2, { round: 9 }),
      follows(2, { round: 5, epoch: 1 }),
      leads({ round: 5, epoch: 2 }),
    );
    expect(half.process.main.at).toBe('poll');
  });

  it('LEADING that decides nothing prints the oracle line, FOLLOWING prints nothing', () => {
    expect(three().handle(leads({ round: 7 })).lines).toEqual([{ what: 'oracle', follow: false }]);
    expect(three().handle(follows(2, { round: 7 })).lines).toEqual([]);
  });

  it('everybody follows me: LEADING in my round, not in another (ZOOKEEPER-1514)', () => {
    const mine = (from: number, round: number): ReturnType<typeof message> =>
      message(from, { leader: 3, state: 'FOLLOWING', round });
    const run = three(3).handle(mine(1, 1), mine(2, 1));
    expect(run.process.state).toBe('LEADING');
    expect(run.whats).toEqual(['stateChanged', 'leavingElection']);
    const other = three(3).handle(mine(1, 6), mine(2, 6));
    expect(other.process.main.at).toBe('poll');
    expect(other.process.logicalclock).toBe(1n);
  });

  it('an observer joins as OBSERVING; the proposal is not touched by joining', () => {
    const run = new Run(configOf(4, ensemble(3, 1))).begun().handle(follows(2, { round: 3 }), leads({ round: 3 }));
    expect(run.process.state).toBe('OBSERVING');
    expect(run.lines[0]).toEqual({ what: 'learningState', myId: 4n, observer: true });
    expect(run.process.proposal.leader).toBe(LONG_MIN);
  });

  it('a server of weight 0 or without zxid can join', () => {
    const run = new Run(configOf(1, ensemble(3)), { zxid: -1 }).begun().handle(follows(2), leads());
    expect(run.process.state).toBe('FOLLOWING');
  });

  it('the oracle: needed and not saying 1, a LEADING sender is followed; the clock stays', () => {
    const two = ensemble(2, 0, { kind: 'oracle', oraclePath: '/o' });
    const led = message(2, { state: 'LEADING', round: 9 });
    const run = new Run(configOf(1, two)).begun().receive(led).do({ type: 'Handle', oracleSays: false });
    expect(run.lines[0]).toEqual({ what: 'oracle', follow: true });
    expect(run.process.state).toBe('FOLLOWING');
    expect(run.process.logicalclock).toBe(1n);
    // Saying 1, the one report is a quorum by the oracle's word: the join of any round takes the clock along.
    const granted = new Run(configOf(1, two)).begun().receive(led).do({ type: 'Handle', oracleSays: true });
    expect(granted.process.logicalclock).toBe(9n);
  });

  it('OBSERVING notifications are dropped', () => {
    const run = three().handle(message(2, { state: 'OBSERVING', leader: 3 }));
    expect(run.lines).toEqual([{ what: 'observerNotification', from: 2n }]);
    expect(run.call.recvset.size + run.call.outofelection.size).toBe(0);
  });
});
