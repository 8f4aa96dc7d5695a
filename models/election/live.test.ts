/**
 * Goal: what should happen in the end does, in models that are cut off nowhere; each assumption that matters is missed when it is
 * dropped; defects of old releases never settle. Every lasso is checked again by code that searches nothing.
 */
import { describe, expect, test } from 'vitest';
import { checkLive } from '../../checker/live/check.js';
import { validateLasso } from '../../checker/live/validate-lasso.js';
import { type ModelName, liveModelOf, parseChoice } from '../models.js';
import { type Assumption, ASSUMPTIONS, isAssumption } from './live-assumptions.js';
import { isLiveName, type LiveName } from './live.js';

interface Asked {
  readonly model?: ModelName;
  readonly bounds: Readonly<Record<string, string>>;
  readonly name?: LiveName;
  readonly without?: readonly Assumption[];
}

async function ask({ model = 'impl', bounds, name = 'agreed', without = [] }: Asked) {
  const choice = parseChoice(model, { nq: '2', resend: 'silence', leaves: 'any', rounds: '4', ...bounds }, null);
  if (!choice.ok) throw new Error(choice.error);
  const live = liveModelOf(choice.value, { name, without });
  if (live === null) throw new Error(`nothing is asked of ${model}`);
  const result = await checkLive(live.system, live.question, { maxBytes: 2 ** 29 });
  if (result.lasso !== null) expect(validateLasso(live.system, live.question, result.lasso)).toBeNull();
  const texts = result.lasso?.steps.map(({ label }) => label.text) ?? [];
  return { ...result, texts, way: texts.slice(0, result.lasso?.loop), again: texts.slice(result.lasso?.loop) };
}

const TWO = { servers: '2' };

describe('two servers that start together', () => {
  test.each<ModelName>(['spec', 'impl', 'lockstep'])('%s: agree, with nothing cut off', async (model) => {
    expect(await ask({ model, bounds: TWO })).toMatchObject({ verdict: 'holds', cut: 0, bound: null });
    for (const name of ['established', 'stable', 'answered'] as const)
      expect(await ask({ model, bounds: TWO, name })).toMatchObject({ verdict: 'holds', cut: 0 });
  });

  test('messages that are never received: nothing ever happens', async () => {
    expect(await ask({ bounds: TWO, without: ['delivery'] })).toMatchObject({
      verdict: 'violated',
      way: [],
      again: [],
    });
  });

  test('threads that may stop: they stop when every message is received', async () => {
    const { verdict, again, way } = await ask({ bounds: TWO, without: ['threads'] });
    expect([verdict, again]).toEqual(['violated', []]);
    expect(way.every((text) => text.startsWith('Receive'))).toBe(true);
  });

  test('roles that end too soon: nothing is proven, for rounds have no bound', async () => {
    const { verdict, cut } = await ask({ bounds: { ...TWO, rounds: '2' }, without: ['patience'] });
    expect([verdict, cut > 0]).toEqual(['inconclusive', true]);
  });

  test('a crash, and the other one is alone for ever; with a restart owed to nobody it may stay so', async () => {
    const { verdict, again } = await ask({ bounds: { ...TWO, crashes: '1' }, name: 'established' });
    expect([verdict, again.every((text) => text.startsWith('Resend') || text.startsWith('Receive'))]).toEqual([
      'violated',
      true,
    ]);
  });
});

describe('an ensemble whose members tell of different rounds (ZOOKEEPER-1732)', () => {
  const apart = { start: 'apart' };

  test('lets a server join, as it is now', async () => {
    expect(await ask({ bounds: apart })).toMatchObject({ verdict: 'holds', cut: 0 });
  });

  test('never lets it join if votes must agree in everything: it asks for ever and is answered for ever', async () => {
    const { verdict, again, isShortest } = await ask({ bounds: { ...apart, bug: 'ZOOKEEPER-1732' } });
    expect([verdict, isShortest]).toEqual(['violated', true]);
    // Server 1 asks; 2 and 3 answer; both answers and its own copy are read: no loop with a Resend is shorter.
    expect(again.toSorted()).toEqual([
      'Receive 1->1, then Handle',
      'Receive 1->2, then SendReply',
      'Receive 1->3, then SendReply',
      'Receive 2->1, then Handle',
      'Receive 3->1, then Handle',
      'Resend 1 delivered',
    ]);
  });

  test('without sending again it stands still instead', async () => {
    const { again } = await ask({ bounds: { ...apart, bug: 'ZOOKEEPER-1732' }, without: ['resend'] });
    expect(again).toEqual([]);
  });
});

describe('epochs that differ while zxids are equal (ZOOKEEPER-1419)', () => {
  test('two servers elect the one of the higher epoch', async () => {
    expect(await ask({ bounds: { ...TWO, start: 'split' } })).toMatchObject({ verdict: 'holds', cut: 0 });
  });

  test('an order that is none: they change their minds for ever', async () => {
    const { verdict, again } = await ask({
      bounds: { ...TWO, start: 'split', nq: '1', loopback: '2', bug: 'ZOOKEEPER-1419' },
    });
    expect([verdict, again.length > 0]).toEqual(['violated', true]);
    expect(again.some((text) => text.includes('Handle'))).toBe(true);
  });
});

describe('names', () => {
  test('are those that are documented, and no others', () => {
    expect(Object.keys(ASSUMPTIONS).every(isAssumption)).toBe(true);
    expect([isAssumption('toString'), isLiveName('toString'), isLiveName('agreed')]).toEqual([false, false, true]);
    const choice = parseChoice('official-tla', {}, null);
    expect(choice.ok && liveModelOf(choice.value, { name: 'agreed', without: [] })).toBeNull();
  });
});
