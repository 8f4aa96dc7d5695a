import { describe, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { manyOf } from '../../scripts/thorough.js';
import { randomSystem } from '../random-system.js';
import { graph, peterson } from '../toys.js';
import type { System } from '../system.js';
import { checkLive } from './check.js';
import { checkLiveNaively } from './naive.js';
import { randomQuestion, withoutClaims } from './random-question.js';
import type { FairSteps, LiveKind, LiveProperty, LiveQuestion, LiveResult } from './question.js';
import { storyOfLasso } from './story.js';
import { validateLasso } from './validate-lasso.js';

const MUCH = { maxBytes: 2 ** 30 };
const STATES_MOST = 120;

const at = (...nodes: readonly number[]): LiveProperty['goal'] => ({
  project: (node) => String(node),
  holds: ([node]) => nodes.includes(Number(node)),
});
const property = (kind: LiveKind, goal: LiveProperty['goal'], from?: LiveProperty['goal']): LiveProperty => ({
  name: 'goal',
  sentence: 'it is missed',
  kind,
  goal,
  ...(from && { from }),
});
const fair = (kind: FairSteps['kind'], ...texts: readonly string[]): FairSteps => ({
  name: texts.join(),
  kind,
  has: ({ text }) => texts.includes(text),
});
const paths = (...edges: readonly (readonly [number, number])[]): System =>
  withoutClaims(graph({ initial: [0], edges: edges.map(([from, to]) => ({ from, to })) }));

/** Verdict, texts of the steps, where the loop begins. Whatever is violated is checked again. */
async function asked(system: System, question: Partial<LiveQuestion> & Pick<LiveQuestion, 'property'>) {
  const whole: LiveQuestion = { fairness: [], restrictions: [], ...question };
  const result: LiveResult = await checkLive(system, whole, MUCH);
  if (result.lasso !== null) expect(validateLasso(system, whole, result.lasso)).toBeNull();
  return [
    result.verdict,
    result.lasso?.steps.map(({ label }) => label.text).join(' ') ?? null,
    result.lasso?.loop ?? null,
  ];
}

describe('graphs drawn by hand', () => {
  const inAndOut = paths([0, 1], [1, 0], [0, 2]);

  it('without fairness everything may stand still', async () => {
    expect(await asked(inAndOut, { property: property('eventually', at(2)) })).toEqual(['violated', '', 0]);
    expect(await asked(inAndOut, { property: property('eventually', at(0)) })).toEqual(['holds', null, null]);
  });

  it('weak fairness is content with what is not always possible, strong fairness is not', async () => {
    const eventually = property('eventually', at(2));
    const weak = [fair('weak', '0>2'), fair('weak', '0>1'), fair('weak', '1>0')];
    expect(await asked(inAndOut, { property: eventually, fairness: weak })).toEqual(['violated', '0>1 1>0', 0]);
    const strong = [fair('strong', '0>2'), fair('weak', '0>1'), fair('weak', '1>0')];
    expect(await asked(inAndOut, { property: eventually, fairness: strong })).toEqual(['holds', null, null]);
  });

  it('a strongly fair step is owed only where the loop comes by: the component is taken apart', async () => {
    // Two loops that touch in 1. From 2 there is a way out to 3; the loop of 0 and 1 avoids it.
    const eight = paths([0, 1], [1, 0], [1, 2], [2, 1], [2, 3]);
    const goesOn = fair('weak', '0>1', '1>0', '1>2', '2>1', '2>3');
    const away = property('eventually', at(3));
    expect(await asked(eight, { property: away, fairness: [goesOn, fair('strong', '2>3')] })).toEqual([
      'violated',
      '0>1 1>0',
      0,
    ]);
    const both = [goesOn, fair('strong', '2>3'), fair('strong', '1>2')];
    expect(await asked(eight, { property: away, fairness: both })).toEqual(['holds', null, null]);
  });

  it('a loop does all that it owes, by the fewest steps', async () => {
    // From 1 there are loops by 2 (two steps) and by 3 and 4 (three); both are owed.
    const flower = paths([0, 1], [1, 2], [2, 1], [1, 3], [3, 4], [4, 1]);
    const owed = [fair('strong', '1>2'), fair('strong', '1>3'), fair('weak', '0>1', '2>1', '3>4', '4>1')];
    const told = await asked(flower, { property: property('again and again', at(0)), fairness: owed });
    expect([told[0], told[2], String(told[1]).split(' ').length]).toEqual(['violated', 1, 1 + 2 + 3]);
  });

  it('a loop comes by where a weakly fair step is not possible', async () => {
    // 0>3 and 1>3 are owed together: to go between 0 and 1 for ever would not be fair, between 1 and 2 it is.
    const out = paths([0, 1], [1, 0], [1, 2], [2, 1], [0, 3], [1, 3]);
    const owed = [fair('weak', '0>3', '1>3'), fair('weak', '0>1', '1>0', '1>2', '2>1')];
    expect(await asked(out, { property: property('eventually', at(3)), fairness: owed })).toEqual([
      'violated',
      '0>1 1>2 2>1',
      1,
    ]);
  });

  it('leads to: the goal is asked for from where it is owed', async () => {
    const line = paths([0, 1], [1, 2], [2, 3]);
    const goesOn = [fair('weak', '0>1', '1>2', '2>3')];
    expect(await asked(line, { property: property('leads to', at(3), at(1)), fairness: goesOn })).toEqual([
      'holds',
      null,
      null,
    ]);
    expect(await asked(line, { property: property('leads to', at(1), at(0)), fairness: goesOn })).toEqual([
      'holds',
      null,
      null,
    ]);
    expect(await asked(line, { property: property('leads to', at(0), at(1)), fairness: goesOn })).toEqual([
      'violated',
      '0>1 1>2 2>3',
      3,
    ]);
  });

  it('in the end: it may be missed for a while, and not again and again', async () => {
    const ring = paths([0, 1], [1, 2], [2, 1]);
    const goesOn = [fair('weak', '0>1', '1>2', '2>1')];
    expect(await asked(ring, { property: property('in the end', at(1, 2)), fairness: goesOn })).toEqual([
      'holds',
      null,
      null,
    ]);
    expect(await asked(ring, { property: property('in the end', at(1)), fairness: goesOn })).toEqual([
      'violated',
      '0>1 1>2 2>1',
      1,
    ]);
  });

  it('a restriction takes a step away, and with it what is owed', async () => {
    const line = paths([0, 1], [1, 2]);
    const question = { property: property('eventually', at(2)), fairness: [fair('weak', '0>1', '1>2')] };
    expect(await asked(line, question)).toEqual(['holds', null, null]);
    const restrictions = [{ name: 'not from 1', sentence: '', has: () => true, when: at(0) }];
    expect(await asked(line, { ...question, restrictions })).toEqual(['violated', '0>1', 1]);
  });

  it('what is cut off proves nothing, but a lasso beside it is one', async () => {
    const cut = withoutClaims(graph({ initial: [0], edges: [{ from: 0, to: 1 }], outside: [1] }));
    const goal = property('eventually', at(1));
    expect(await asked(cut, { property: goal, fairness: [fair('weak', '0>1')] })).toEqual(['inconclusive', null, null]);
    expect(await asked(cut, { property: goal })).toEqual(['violated', '', 0]);
  });

  it('tells the story: the way, the loop, and why nothing is owed', async () => {
    const question = {
      property: property('eventually', at(2)),
      fairness: [fair('weak', '0>2'), fair('weak', '0>1'), fair('weak', '1>0')],
      restrictions: [],
    };
    const { lasso } = await checkLive(inAndOut, question, MUCH);
    const story = lasso === null ? '' : storyOfLasso(inAndOut, question, lasso);
    expect(story.split('\n').filter((line) => !line.startsWith('        '))).toEqual([
      '   0  the beginning',
      '      for ever, again and again:',
      '   1  walker: 0>1',
      '   2  walker: 1>0',
      '      as after step 0: again from step 1',
      'fair: taken again and again: 0>1, 1>0',
      'fair: possible, but not always: 0>2',
      'fair: 0 of 3 that are owed something are never possible there',
      'violated: goal: it is missed',
    ]);
  });
});

describe("Peterson's algorithm", () => {
  const waits = (process: number): LiveProperty => ({
    ...property('leads to', { slots: [process], project: String, holds: (seen) => seen[process] === 'critical' }),
    from: { slots: [process], project: String, holds: (seen) => seen[process] === 'waiting' },
  });
  const fairTo = (...actions: readonly string[]): readonly FairSteps[] =>
    [0, 1].flatMap((process) => actions.map((action) => fair('weak', `${process} ${action}`)));

  it('nothing is said where buffers are cut off, and nothing else is wrong', async () => {
    const fairness = fairTo('flush', 'waiting', 'critical', 'idle');
    for (const process of [0, 1]) {
      const { verdict, cut } = await checkLive(
        withoutClaims(peterson({ fence: true })),
        { property: waits(process), fairness, restrictions: [] },
        MUCH,
      );
      expect([verdict, cut > 0]).toEqual(['inconclusive', true]);
    }
  });

  it('lets nobody in if the other may stay inside', async () => {
    const fairness = fairTo('flush', 'waiting', 'critical');
    const told = await asked(withoutClaims(peterson({ fence: true })), { property: waits(1), fairness });
    expect(told[0]).toBe('violated');
  });
});

describe('what is checked again', () => {
  const ring = paths([0, 1], [1, 2], [2, 1], [2, 3]);
  const question: LiveQuestion = {
    property: property('eventually', at(3)),
    fairness: [fair('weak', '0>1', '1>2', '2>1')],
    restrictions: [],
  };

  it('refuses loops that do not close, steps that do not exist, goals that are met, and debts', async () => {
    const { lasso } = await checkLive(ring, question, MUCH);
    if (lasso === null) throw new Error('there is one');
    expect(validateLasso(ring, question, lasso)).toBeNull();
    expect(validateLasso(ring, question, { ...lasso, loop: 0 })).toBe('the loop does not lead back to where it begins');
    expect(validateLasso(ring, question, { ...lasso, initial: [1] })).toBe(
      'step 0: this is no initial state of the system',
    );
    const other = lasso.steps.with(0, { ...(lasso.steps[0] as (typeof lasso.steps)[0]), row: [2] });
    expect(validateLasso(ring, question, { ...lasso, steps: other })).toContain('step 1: no step 0>1 is possible here');
    const met = { ...question, property: property('eventually', at(1)) };
    expect(validateLasso(ring, met, lasso)).toBe('the goal holds on the way');
    const owed = { ...question, fairness: [fair('strong', '2>3')] };
    expect(validateLasso(ring, owed, lasso)).toBe('2>3 is possible in the loop again and again and never taken');
    const still = { ...lasso, steps: lasso.steps.slice(0, 1), loop: 1 };
    expect(validateLasso(ring, question, still)).toBe('0>1,1>2,2>1 is always possible in the loop and never taken');
  });
});

describe('random systems with random fairness', () => {
  it('both ways agree on states, verdict, and the length of the shortest lasso', async () => {
    const seen = { holds: 0, violated: 0, inconclusive: 0, standing: 0, long: 0 };
    for (let seed = 1, done = 0; done < manyOf(200); seed += 1) {
      const rng = makeRng(seed);
      const system = withoutClaims(randomSystem(rng));
      const question = randomQuestion(rng);
      const result = await checkLive(system, question, MUCH);
      if (result.distinct > STATES_MOST) continue;
      done += 1;
      const naive = checkLiveNaively(system, question);
      const told = [seed, result.distinct, result.cut, result.lasso !== null, result.lasso?.steps.length ?? null];
      expect(told).toEqual([seed, naive.distinct, naive.cut, naive.isViolated, naive.shortest]);
      expect(result.isShortest).toBe(true);
      if (result.lasso !== null) expect(validateLasso(system, question, result.lasso)).toBeNull();
      seen[result.verdict] += 1;
      if (result.lasso === null) continue;
      const loop = result.lasso.steps.length - result.lasso.loop;
      seen.standing += loop === 0 ? 1 : 0;
      seen.long += loop > 2 ? 1 : 0;
    }
    expect(Math.min(seen.holds, seen.violated, seen.inconclusive, seen.standing)).toBeGreaterThan(0);
  });
});
