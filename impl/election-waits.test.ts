/** The waits of lookForLeader of 3.8.0, case by case. Expected values are read off the Java. */
import { describe, expect, it } from 'vitest';
import { asPeerEpoch } from '../types/ids.js';
import type { ElectionLine } from '../types/election-line.js';
import { configOf, ensemble, message, Run } from './testing.js';

const three = (me = 1): Run => new Run(configOf(me, ensemble(3))).begun();

describe('time-outs', () => {
  const timeOut = { type: 'TimeOut', haveDelivered: true } as const;

  it('doubles up to the cap, prints the next wait after sending again', () => {
    const run = three();
    const printed: number[] = [];
    for (let index = 0; index < 10; index += 1) {
      run.do(timeOut);
      const line = run.lines.at(-1) as Extract<ElectionLine, { what: 'timedOut' }>;
      printed.push(line.nextTimeoutMs);
    }
    expect(printed).toEqual([400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
    expect(run.whats).toEqual(['sending', 'sending', 'sending', 'timedOut']);
    expect(run.effects.at(-1)).toEqual({ type: 'setTimer', timer: 'notification', ms: 60_000 });
  });

  it('nothing delivered: connects to all, sends nothing', () => {
    const run = three().do({ type: 'TimeOut', haveDelivered: false });
    expect(run.effects.map(({ type }) => type)).toEqual(['connectAll', 'log', 'setTimer']);
  });

  it('a received vote does not lower the wait; a new call starts at 200', () => {
    const run = three().do(timeOut, timeOut).handle(message(2));
    expect(run.call.notTimeoutMs).toBe(800);
    run
      .handle(message(1, { leader: 2 }))
      .do({ type: 'Silence' }, { type: 'FinalEnd' }, { type: 'Publish' }, { type: 'Leave' }, { type: 'Begin' });
    expect(run.call.notTimeoutMs).toBe(200);
  });

  it('the oracle is asked again about the last count, once the wait has grown', () => {
    const two = ensemble(2, 0, { kind: 'oracle', oraclePath: '/o' });
    const run = new Run(configOf(1, two)).begun();
    run.do({ ...timeOut, oracleSays: true });
    expect(run.process.main.at).toBe('poll');
    run.handle(message(1)).do({ ...timeOut, oracleSays: false });
    expect(run.process.main.at).toBe('poll');
    run.do({ ...timeOut, oracleSays: true });
    expect(run.process.state).toBe('LEADING');
    expect(run.whats).not.toContain('timedOut');
  });
});

describe('the finalize wait', () => {
  const final = (): Run => three(2).handle(message(2), message(1, { leader: 2 }));

  it('a better vote goes to the TAIL of recvqueue and ends the wait', () => {
    const run = final()
      .receive(message(3), message(1, { leader: 2 }))
      .do({ type: 'FinalStep' });
    expect(run.process.main.at).toBe('poll');
    expect(run.process.recvqueue.map(({ from }) => from)).toEqual([1n, 3n]);
    expect(run.whats).toEqual(['compared']);
  });

  it('any other vote is dropped, whatever its state and round; the wait starts again', () => {
    for (const dropped of [
      message(1, { round: 9 }),
      message(1, { state: 'LEADING', round: 3 }),
      message(1, { state: 'OBSERVING' }),
    ]) {
      const run = final().receive(dropped).do({ type: 'FinalStep' });
      expect(run.process.main.at).toBe('final');
      expect(run.process.recvqueue).toEqual([]);
      expect(run.process.logicalclock).toBe(1n);
      expect(run.effects.at(-1)).toEqual({ type: 'setTimer', timer: 'finalize', ms: 200 });
    }
  });

  it('there is no gate: a better vote for a stranger ends it too, and is dropped afterwards', () => {
    const run = final()
      .receive(message(3, { leader: 77 }))
      .do({ type: 'FinalStep' });
    expect(run.process.main.at).toBe('poll');
    expect(run.do({ type: 'Handle' }).whats).toEqual(['ignoredLeader']);
    expect(run.process.main.at).toBe('poll');
  });

  it('silence decides for the proposal; recvqueue is emptied, the vote not yet published', () => {
    const run = final().do({ type: 'Silence' }, { type: 'FinalEnd' });
    expect(run.process.state).toBe('LEADING');
    expect(run.process.main).toEqual({ at: 'decided', endVote: { leader: 2n, zxid: 0n, round: 1n, epoch: 0n } });
    expect(run.process.currentVote.round).toBe(-1n);
    expect(run.lines).toEqual([
      { what: 'stateChanged', state: 'LEADING' },
      { what: 'leavingElection', leader: 2n, zxid: 0n, myId: 2n, myState: 'LEADING' },
    ]);
  });

  it('a better vote queued after the silence comes too late and is wiped', () => {
    const run = final().do({ type: 'Silence' }).receive(message(3)).do({ type: 'FinalEnd' });
    expect(run.process.main).toEqual({ at: 'decided', endVote: { leader: 2n, zxid: 0n, round: 1n, epoch: 0n } });
    expect(run.process.recvqueue).toEqual([]);
  });

  it('an exit empties recvqueue', () => {
    const run = three().handle(message(2, { leader: 3, state: 'FOLLOWING' }));
    run.receive(message(3, { state: 'LEADING' }), message(2)).do({ type: 'Handle' });
    expect(run.process.main.at).toBe('decided');
    expect(run.process.recvqueue).toEqual([]);
  });
});

describe('the epoch of a vote is the server’s currentEpoch', () => {
  it('is sent and compared', () => {
    const run = new Run(configOf(1, ensemble(3)), { currentEpoch: 4, zxid: 2 }).begun();
    expect(run.sent[0]?.epoch).toBe(asPeerEpoch(4n));
    run.handle(message(3, { epoch: 3, zxid: 99 }));
    expect(run.process.proposal.leader).toBe(1n);
  });
});
