import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../checker/system.js';
import { transition } from '../../impl/transition.js';
import { P380, profileForRelease } from '../../impl/release-profile.js';
import { specSystem } from './spec-system.js';
import { implSystem } from './impl-system.js';
import { lockstepSystem } from './lockstep-system.js';
import type { ElectionSystem } from './system.js';
import { bounds, reach } from './testing.js';

type Row = readonly unknown[];

/** The row after the outcome of that text. */
function after(system: ElectionSystem, row: Row, text: string): Row {
  for (const { reads, step } of system.rules) {
    const outcome = step(reads.map((slot) => row[slot])).find(({ label }) => label.text === text);
    if (outcome !== undefined) return applied(system, row, { reads, outcome });
  }
  throw new Error(`${text} is not possible`);
}

function applied(
  system: ElectionSystem,
  row: Row,
  { reads, outcome }: { readonly reads: readonly number[]; readonly outcome: Outcome },
): Row {
  const next = [...row];
  reads.forEach((slot, i) => (next[slot] = outcome.writes[i]));
  for (const { slot, operation } of outcome.updates) {
    expect(reads).not.toContain(slot);
    next[slot] = system.update(system.slots[slot]?.kind ?? '', next[slot], operation);
  }
  return next;
}

const possible = (system: ElectionSystem, row: Row): readonly string[] =>
  system.rules.flatMap(({ reads, step }) => step(reads.map((slot) => row[slot])).map(({ label }) => label.text));

const shown = (system: ElectionSystem, row: Row): Readonly<Record<string, string>> =>
  Object.fromEntries(system.slots.map(({ name, kind }, slot) => [name, system.show(kind, row[slot])]));

const first = (system: ElectionSystem): Row => system.initial[0] as Row;

describe('the beginning', () => {
  test('cold: all have begun, their votes are on the way', () => {
    const system = specSystem(bounds({ servers: '2', observers: '1', nq: '2' }));
    expect(shown(system, first(system))).toEqual({
      'server 1': 'LOOKING, waits for votes, round 1, proposes 1 (zxid 0x0, epoch 0), recvset {}',
      'server 2': 'LOOKING, waits for votes, round 1, proposes 2 (zxid 0x0, epoch 0), recvset {}',
      'server 3': 'LOOKING, waits for votes, round 1, proposes MIN (zxid MIN, epoch MIN), recvset {}',
      'channel 1>2': 'LOOKING vote for 1 (zxid 0x0, epoch 0), round 1',
      'channel 2>1': 'LOOKING vote for 2 (zxid 0x0, epoch 0), round 1',
      'channel 1>3': 'nothing',
      'channel 2>3': 'nothing',
      'channel 3>1': 'LOOKING vote for MIN (zxid MIN, epoch MIN), round 1',
      'channel 3>2': 'LOOKING vote for MIN (zxid MIN, epoch MIN), round 1',
      'own 1': 'LOOKING vote for 1 (zxid 0x0, epoch 0), round 1',
      'own 2': 'LOOKING vote for 2 (zxid 0x0, epoch 0), round 1',
      budget: 'nothing left',
    });
  });

  test('established: the highest voter leads in epoch 1, nothing is on the way', () => {
    const system = specSystem(bounds({ observers: '1', nq: '2', start: 'established', full: '1' }));
    const words = shown(system, first(system));
    const vote = 'vote 3 (zxid 0x0, epoch 1) of round 1';
    expect(words).toMatchObject({
      'server 1': `FOLLOWING, round 1, ${vote}; zxid 0x0, currentEpoch 1, acceptedEpoch 1`,
      'server 3': `LEADING, round 1, ${vote}; zxid 0x100000000 (on disk 0x0), currentEpoch 1, acceptedEpoch 1`,
      'server 4': expect.stringMatching('^OBSERVING') as string,
      'channel 1>2': 'nothing',
      budget: 'left: full 1',
      epochs: '1 acknowledged by 3, 1 established by 3',
    });
    expect(system.outcome(first(system))).toContain('3 leads (round 1, epoch 1) [zxid 0x100000000, logged 0x0');
  });
});

describe('faults', () => {
  test('a crash loses own copies; what was sent stays, or goes while the sender is down', () => {
    const system = specSystem(bounds({ servers: '2', crashes: '1' }));
    const down = after(system, first(system), 'Crash 1');
    expect(shown(system, down)).toMatchObject({
      'server 1': 'down',
      'own 1': 'nothing',
      'channel 1>2': 'LOOKING vote for 1 (zxid 0x0, epoch 0), round 1',
      'channel 2>1': 'LOOKING vote for 2 (zxid 0x0, epoch 0), round 1',
      budget: 'nothing left',
    });
    expect(possible(system, down)).toContain('Lose 1->2 #0');
    expect(possible(system, down)).not.toContain('Lose 2->1 #0');
    expect(possible(system, down)).not.toContain('Crash 2');
    const gone = after(system, down, 'Lose 1->2 #0');
    expect(shown(system, gone)).toMatchObject({ 'channel 1>2': 'nothing' });
    const up = after(system, gone, 'Restart 1, then Begin');
    expect(up).toEqual(after(system, down, 'Restart 1, then Begin'));
    expect(possible(system, up)).not.toContain('Lose 1->2 #0');
  });

  test('a loss takes any message; a drop never the newest', () => {
    const lossy = specSystem(bounds({ servers: '2', losses: '1' }));
    expect(shown(lossy, after(lossy, first(lossy), 'Lose 1->2 #0'))).toMatchObject({
      'channel 1>2': 'nothing',
      budget: 'nothing left',
    });
    const two = specSystem(bounds({ servers: '2', channel: 'f2' }));
    expect(possible(two, first(two))).not.toContain('Lose 1->2 #0');
    const adopting = after(two, after(two, first(two), 'Receive 2->1'), 'Handle 1');
    expect(shown(two, adopting)['channel 1>2']).toContain(', then LOOKING vote for 2');
    expect(shown(two, after(two, adopting, 'Lose 1->2 #0'))['channel 1>2']).toMatch(/^LOOKING vote for 2/);
    expect(possible(two, adopting)).not.toContain('Lose 1->2 #1');
  });

  test('Receive waits while recvqueue is full', () => {
    const system = specSystem(bounds({ nq: '1', reduce: 'none' }));
    const one = after(system, first(system), 'Receive 2->1');
    expect(possible(system, one)).not.toContain('Receive 3->1');
    expect(possible(system, after(system, one, 'Handle 1'))).toContain('Receive 3->1');
  });

  test('roles end within the bound of rounds only', () => {
    const { labels } = reach(specSystem(bounds({ servers: '2', leaves: '2', rounds: '2', crashes: '1' })));
    expect(labels).toContain('Leave 1, then Begin');
    const system = specSystem(bounds({ servers: '2', leaves: '3', rounds: '2', start: 'established' }));
    const left = after(system, first(system), 'Leave 1, then Begin');
    expect(shown(system, left)['server 1']).toContain('round 2');
    expect(possible(system, left)).not.toContain('Leave 1, then Begin');
  });

  test('activations go as far as the budget says, and epochs are noted', () => {
    const system = specSystem(bounds({ servers: '2', start: 'established', crashes: '1', partial: '1', full: '1' }));
    const down = after(system, first(system), 'Crash 2');
    expect(possible(system, first(system)).filter((text) => text.startsWith('Activate'))).toEqual([]);
    const { labels, all } = reach(system);
    const activations = [...labels].filter((text) => text.startsWith('Activate 2 with 1'));
    expect(activations.map((text) => text.split(' ').at(-1)).sort()).toEqual(
      ['accepted', 'committed', 'synchronized', 'upToDate'].sort(),
    );
    expect(shown(system, down)['server 2']).toBe(
      'down; zxid 0x100000000 (on disk 0x0), currentEpoch 1, acceptedEpoch 1',
    );
    expect([...all].some((text) => text.includes('epoch 2'))).toBe(true);
  });
});

describe('a peer that is wrong is found', () => {
  test('by the refinement: it never answers', () => {
    const mute: typeof transition = (config, peer, event) => {
      const result = transition(config, peer, event);
      return event.type === 'SendReply' ? { ...result, effects: [] } : result;
    };
    const { broken } = reach(lockstepSystem(bounds({ servers: '2', crashes: '1' }), { transition: mute }));
    expect(broken[0]).toMatchObject({ property: 'refinement' });
    expect(broken[0]?.why).toMatch(/^after SendReply: messages sent: nothing where the specification has to \d/);
  });

  test('by the refinement: it cannot do what it should', () => {
    const stuck: typeof transition = (config, peer, event) => {
      if (event.type === 'FinalEnd') throw new Error('out of order');
      return transition(config, peer, event);
    };
    const { broken } = reach(lockstepSystem(bounds({ servers: '2' }), { transition: stuck }));
    expect(broken[0]).toEqual({
      property: 'no exception',
      why: expect.stringContaining('threw at FinalEnd: out of order') as string,
    });
  });

  test('by a property of its own steps: it publishes another round', () => {
    const late: typeof transition = (config, peer, event) => {
      const { peer: next, effects } = transition(config, peer, event);
      if (event.type !== 'Publish' || next.process === null) return { peer: next, effects };
      const { currentVote, logicalclock } = next.process;
      const process = { ...next.process, currentVote, logicalclock: (logicalclock + 1n) as typeof logicalclock };
      return { peer: { ...next, process }, effects };
    };
    const { broken } = reach(implSystem(bounds({ servers: '2' }), { transition: late }));
    expect(broken[0]).toMatchObject({ property: 'I10' });
  });

  test('by the refinement: its messages have another format', () => {
    const profile = { ...P380, messageVersion: 1 };
    expect(reach(implSystem(bounds({ servers: '2' }), { profile })).states).toBe(48);
    const { broken, labels } = reach(lockstepSystem(bounds({ servers: '2' }), { profile }));
    expect(broken[0]).toMatchObject({ property: 'refinement' });
    expect(broken[0]?.why).toMatch('after Begin: messages sent: to 1 LOOKING');
    expect([...labels].sort()).toContain('Begin 1');
  });
});

describe('a release', () => {
  const joining = (release: string): ReturnType<typeof bounds> =>
    bounds({ servers: '3', start: 'established', crashes: '1', release });

  test.each(['3.4.14', '3.5.0', '3.5.10', '3.7.2', '3.9.5'])('%s: peer and specification do the same', (release) => {
    expect(reach(lockstepSystem(joining(release))).broken).toEqual([]);
  });

  test.each([
    ['3.4.14', { votesKeepRound: false }],
    ['3.5.0', { votesKeepRound: true }],
    ['3.5.10', { joinsWithinRound: true }],
    ['3.7.2', { joinsWithinRound: false }],
  ])('%s: a peer with %o is found out', (release, turned) => {
    const own = profileForRelease(release);
    if (own === null) throw new Error(`no profile for ${release}`);
    const { broken } = reach(lockstepSystem(joining(release), { profile: { ...own, ...turned } }));
    expect(broken[0]).toMatchObject({ property: 'refinement' });
  });
});
