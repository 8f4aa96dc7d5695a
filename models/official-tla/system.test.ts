import { describe, expect, it } from 'vitest';
import { encodeRow } from '../../checker/encode.js';
import type { System, Value } from '../../checker/system.js';
import { isChannelWithin, isServerWithin, type TlaLimits } from './constraint.js';
import {
  initialState,
  type LocalState,
  noVotes,
  type Notification,
  notificationOf,
  type ReceivedVotes,
  type Vote,
} from './local-state.js';
import { put } from './received-votes.js';
import { officialTla } from './system.js';
import { areEqualVotes, isGreaterVote, isGreaterZxid } from './vote-order.js';

type Row = readonly Value[];

/** As TLC counts: a successor outside the constraint is generated, but not stored; the initial state has depth 1. */
function explore(system: System): { distinct: number; generated: number; depth: number } {
  const seen = new Set<string>();
  const isNew = (row: Row): boolean => {
    const key = encodeRow(row);
    if (seen.has(key) || !row.every((value, slot) => system.within?.(kindOf(system, slot), value) ?? true))
      return false;
    seen.add(key);
    return true;
  };
  let generated = system.initial.length;
  let depth = 0;
  for (let level = system.initial.filter(isNew); level.length > 0; depth += 1) {
    const found = level.flatMap((row) => successors(system, row));
    generated += found.length;
    level = found.filter(isNew);
  }
  return { distinct: seen.size, generated, depth };
}

/** `name`: by the rule of this name only. */
function successors(system: System, row: Row, name?: string): readonly Row[] {
  const rules = system.rules.filter((rule) => name === undefined || rule.name === name);
  return rules.flatMap(({ reads, step }) =>
    step(reads.map((slot) => row[slot])).map(({ writes, updates }) => {
      const after = [...row];
      reads.forEach((slot, place) => (after[slot] = writes[place]));
      for (const { slot, operation } of updates)
        after[slot] = system.update(kindOf(system, slot), after[slot], operation);
      return after;
    }),
  );
}

function kindOf({ slots }: System, slot: number): string {
  return slots[slot]?.kind ?? '';
}

describe('officialTla', () => {
  // Counted by TLC.
  it.each([
    { servers: 2, C: 1, E: 0, I: 0, Q: 1, V: 1, distinct: 782, generated: 2_408, depth: 26 },
    { servers: 2, C: 2, E: 0, I: 0, Q: 2, V: 2, distinct: 13_006, generated: 42_086, depth: 51 },
  ])(
    'counts as TLC does: $servers servers, C $C, E $E, I $I, Q $Q, V $V',
    ({ distinct, generated, depth, ...bounds }) => {
      expect(explore(officialTla(bounds))).toEqual({ distinct, generated, depth });
    },
  );

  it('has a slot for each server and each ordered pair', () => {
    const { slots } = officialTla({ servers: 2, C: 0, E: 0, I: 0, Q: 1, V: 1 });
    expect(slots.map(({ name }) => name)).toEqual([
      'server 1',
      'server 2',
      'electionMsgs 1>1',
      'electionMsgs 1>2',
      'electionMsgs 2>1',
      'electionMsgs 2>2',
    ]);
  });

  it('names steps after the actions of the module', () => {
    const { rules } = officialTla({ servers: 2, C: 0, E: 0, I: 0, Q: 1, V: 1 });
    expect(rules.map(({ name }) => name)).toEqual([
      'ZabTimeout(1)',
      'ZabTimeout(2)',
      'ReceiveNotmsg(1, 2)',
      'ReceiveNotmsg(2, 1)',
      'NotmsgTimeout(1)',
      'NotmsgTimeout(2)',
      'HandleNotmsg(1)',
      'HandleNotmsg(2)',
      'WaitNewNotmsg(1)',
      'WaitNewNotmsg(2)',
      'LeaderAdvanceEpoch(1)',
      'LeaderAdvanceEpoch(2)',
      'FollowerUpdateEpoch(1, 2)',
      'FollowerUpdateEpoch(2, 1)',
      'LeaderAdvanceZxid(1)',
      'LeaderAdvanceZxid(2)',
      'FollowerUpdateZxid(1, 2)',
      'FollowerUpdateZxid(2, 1)',
    ]);
  });

  it('shows values in words', () => {
    const system = officialTla({ servers: 2, C: 0, E: 0, I: 0, Q: 1, V: 1 });
    const told = ['NotmsgTimeout(1)', 'HandleNotmsg(1)', 'ReceiveNotmsg(2, 1)', 'HandleNotmsg(2)'].reduce<Row>(
      (row, name) => successors(system, row, name)[0] ?? [],
      system.initial[0] ?? [],
    );
    expect(told.map((value, slot) => system.show(kindOf(system, slot), value))).toEqual([
      'LOOKING, logicalClock 0, currentVote (1, 0:0, 0), currentEpoch 0, lastProcessed 0 0:0',
      'LOOKING, logicalClock 0, currentVote (1, 0:0, 0), currentEpoch 0, lastProcessed 0 0:0, ' +
        'receiveVotes {1: LOOKING, round 0, vote (1, 0:0, 0), version 1}, waitNotmsg',
      'empty',
      'empty',
      '[from 2, LOOKING, round 0, vote (1, 0:0, 0)]',
      'empty',
    ]);
  });
});

describe('vote order', () => {
  const vote = (proposedEpoch: number, proposedZxid: readonly [number, number], proposedLeader: number): Vote => ({
    proposedLeader,
    proposedZxid,
    proposedEpoch,
  });
  const ascending = [
    vote(0, [0, 0], 3),
    vote(0, [0, 0], 2),
    vote(0, [0, 0], 1),
    vote(0, [0, 2], 3),
    vote(0, [1, 0], 3),
    vote(0, [1, 1], 2),
    vote(1, [0, 0], 3),
    vote(1, [0, 1], 3),
  ];

  it('goes by epoch, then by zxid, then by id, of which that of server 1 is the greatest', () => {
    for (const [i, one] of ascending.entries())
      for (const [j, other] of ascending.entries()) expect(isGreaterVote(one, other), `${i} and ${j}`).toBe(i > j);
  });

  it('compares zxids by epoch, then by counter', () => {
    expect(isGreaterZxid([1, 0], [0, 9])).toBe(true);
    expect(isGreaterZxid([1, 1], [1, 0])).toBe(true);
    expect(isGreaterZxid([1, 1], [1, 1])).toBe(false);
    expect(isGreaterZxid([0, 9], [1, 0])).toBe(false);
  });

  it('votes are equal with equal leader, zxid, epoch and round', () => {
    const one = { vote: vote(1, [1, 1], 1), round: 1 };
    expect(areEqualVotes(one, { vote: vote(1, [1, 1], 1), round: 1 })).toBe(true);
    expect(areEqualVotes(one, { ...one, round: 2 })).toBe(false);
    expect(areEqualVotes(one, { vote: vote(2, [1, 1], 1), round: 1 })).toBe(false);
    expect(areEqualVotes(one, { vote: vote(1, [0, 1], 1), round: 1 })).toBe(false);
    expect(areEqualVotes(one, { vote: vote(1, [1, 0], 1), round: 1 })).toBe(false);
    expect(areEqualVotes(one, { vote: vote(1, [1, 1], 2), round: 1 })).toBe(false);
  });

  it('the initial vote is compared with none', () => {
    expect(() => isGreaterVote(vote(0, [0, 0], 0), vote(0, [0, 0], 1))).toThrow(/only votes for servers/);
  });
});

describe('constraint', () => {
  const limits: TlaLimits = { C: 1, E: 2, I: 3, Q: 2, V: 4 };
  const message: Notification = notificationOf(1, initialState(1, 2));
  const versioned = (version: number): ReceivedVotes =>
    Array.from({ length: version }).reduce<ReceivedVotes>((votes) => put(votes, message), noVotes(2));
  const atLimit: LocalState = {
    ...initialState(1, 2),
    logicalClock: 1,
    currentEpoch: 2,
    lastProcessed: { index: 3, zxid: [9, 9] },
    recvQueue: [message, message],
    receiveVotes: versioned(4),
    outOfElection: versioned(4),
  };

  it('lets everything reach its limit', () => {
    expect(isServerWithin(limits, atLimit)).toBe(true);
    expect(isChannelWithin(limits, [message, message])).toBe(true);
  });

  it.each<Partial<LocalState>>([
    { logicalClock: 2 },
    { currentEpoch: 3 },
    { lastProcessed: { index: 4, zxid: [0, 0] } },
    { recvQueue: [message, message, message] },
    { receiveVotes: versioned(5) },
    { outOfElection: versioned(5) },
  ])('nothing goes beyond: %o', (beyond) => {
    expect(isServerWithin(limits, { ...atLimit, ...beyond })).toBe(false);
  });

  it('holds of channels, too', () => {
    expect(isChannelWithin(limits, [message, message, message])).toBe(false);
  });
});
