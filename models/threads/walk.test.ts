/**
 * Goal: every step of every thread refines the algorithm grain, and pairs of servers have the properties claimed of them; each
 * defect is caught, and by what. Method: random walks with faults; a defect must be met within a few of them.
 */
import { describe, expect, test } from 'vitest';
import { THREAD_DEFECTS, type ThreadDefect, withDefect } from '../../impl/threads/profile.js';
import { DEFAULT_BOUNDS } from '../election/bounds.js';
import { configOf } from '../election/ensemble.js';
import { manyOf } from '../../scripts/thorough.js';
import { walk, type WalkReport } from './walk.js';

const ensemble = (servers: number, observers = 0) => configOf({ ...DEFAULT_BOUNDS, servers, observers });

describe('without defects', () => {
  test.each([
    [2, 0],
    [3, 0],
    [3, 1],
    [4, 0],
    [5, 0],
  ])('%i servers, %i observers', (servers, observers) => {
    const report = walk({ config: ensemble(servers, observers), seed: servers, steps: manyOf(30_000) });
    expect(report.broken).toBeNull();
    expect(report.elections).toBeGreaterThan(manyOf(20));
    for (const step of ['Lose', 'Break', 'Replay'] as const) expect(report.channels.get(step), step).toBeGreaterThan(0);
    for (const fault of ['process dies', 'machine dies', 'connection cut', 'garbage arrives'])
      expect(report.faults.get(fault), fault).toBeGreaterThan(0);
  });

  test('every kind of step is taken', () => {
    const { taken } = walk({ config: ensemble(3), seed: 1, steps: 40_000 });
    expect([...taken.keys()].sort()).toEqual(EVERY_STEP);
  });

  test('equal seeds walk alike', () => {
    const once = walk({ config: ensemble(3), seed: 9, steps: 5_000 });
    expect(walk({ config: ensemble(3), seed: 9, steps: 5_000 })).toEqual(once);
  });
});

const CAUGHT_BY: Readonly<Record<ThreadDefect, RegExp>> = {
  'ZOOKEEPER-453': /^a knock is answered: /,
  'ZOOKEEPER-481': /^newest arrives: /,
  'ZOOKEEPER-822': /^registered: /,
  'ZOOKEEPER-880': /^registered: /,
  'send queue of two': /^send queue: /,
  'replay skipped': /^newest arrives: /,
  'replay although a message waits': /^SendWorker\.Start .* although a newer one waits$/,
  'tie-break by the smaller id': /^one connection: /,
  'recvqueue cleared at entry, not at exit': /^QuorumPeer\.\w+ of server \d: recvqueue/,
  'state published after the vote': /^QuorumPeer\.\w+ of server \d: state/,
};

describe('defects', () => {
  test.each(THREAD_DEFECTS)('%s', (defect) => {
    expect(firstBroken(defect)?.broken?.why).toMatch(CAUGHT_BY[defect]);
  });
});

function firstBroken(defect: ThreadDefect): WalkReport | null {
  for (let seed = 1; seed <= 12; seed += 1) {
    const report = walk({ config: ensemble(3), seed, steps: 30_000, profile: withDefect(defect) });
    if (report.broken !== null) return report;
  }
  return null;
}

const EVERY_STEP = [
  'Listener.Accept',
  'Listener.Answer',
  'Listener.Bind',
  'Listener.ReadInitial',
  'QuorumConnectionReqThread.Connect',
  'QuorumConnectionReqThread.Decide',
  'QuorumConnectionReqThread.Introduce',
  'QuorumConnectionReqThread.Retire',
  'QuorumPeer.Begin',
  'QuorumPeer.FinalEnd',
  'QuorumPeer.FinalStep',
  'QuorumPeer.Handle',
  'QuorumPeer.Leave',
  'QuorumPeer.Publish',
  'QuorumPeer.Silence',
  'QuorumPeer.TimeOut',
  'RecvWorker.Append',
  'RecvWorker.FinishReceiving',
  'RecvWorker.Read',
  'SendWorker.FinishSending',
  'SendWorker.Note',
  'SendWorker.Poll',
  'SendWorker.Start',
  'SendWorker.Write',
  'WorkerReceiver.CompareRound',
  'WorkerReceiver.Enqueue',
  'WorkerReceiver.Receive',
  'WorkerReceiver.SendReply',
  'WorkerReceiver.TestState',
  'WorkerSender.HandOver',
  'WorkerSender.Take',
];
