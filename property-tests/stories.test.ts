/**
 * Goal: the nearest legal story undoes what made a log false, or is as near.
 * Method: edits that are known are put into recorded logs; the story is applied, and what it makes of the log is compared with the log as it
 * was recorded. `npm run evidence -- reasons` does so for every doctored log and many more, and shows every story.
 */
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { describeDivergence } from '../traces/divergence.js';
import { reasonsOfEnsemble, reasonsOfServer } from '../traces/explain/explain.js';
import { Follower } from '../traces/explain/follow.js';
import type { HeldLog } from '../traces/explain/held.js';
import type { Reasons } from '../traces/explain/reasons.js';
import type { SourcePosition } from '../traces/observation.js';
import { doctor } from './doctor.js';
import type { DoctoredCase } from './doctored-case.js';
import { PROVABLE } from './doctored-cases.js';
import { OVER_THE_CORPUS } from './doctored-corpus.js';
import { SEEDED_CAUSES, type SeededCause } from './ensemble-causes.js';
import { judgeLogs, namesOfCause, readCause, readEnsemble } from './ensemble-judging.js';
import { commonOf, heldLines, heldLog, PATIENCE } from './explaining.js';
import { readRecorded, recordedNames, recordedScenarios } from './recorded-log.js';
import { type EditKind, editedLog, EDITS, outcomeOf } from './seeded-edits.js';

/** A file to which every story is added, as JSON lines: then all of them are asked for. */
const SHOWN = process.env['ZABCHECK_REASONS'];

type Outcome = ReturnType<typeof outcomeOf>;

interface Row {
  readonly table: string;
  readonly what: string;
  readonly reason: string;
  readonly reasons: Reasons;
  readonly outcome: Outcome;
}

function show({ table, what, reason, reasons, outcome }: Row): void {
  if (SHOWN === undefined) return;
  const { excerpt, story, bounds } = reasons;
  const size = excerpt?.lines.length ?? null;
  const row = {
    table,
    what,
    reason,
    story: story?.sentence ?? null,
    size,
    minimal: excerpt?.isMinimal,
    bounds,
    outcome,
  };
  appendFileSync(SHOWN, `${JSON.stringify(row)}\n`);
}

/** Where the log diverges; null: it does not. */
async function divergenceOf(held: HeldLog): Promise<{ readonly line: SourcePosition; readonly reason: string } | null> {
  const limits = { hypothesesMax: 20_000, charactersMax: 1_000_000 };
  const end = await new Follower(implMachine, held.hints, { ...PATIENCE, limits }).follow(held.log);
  if (end.kind !== 'refused' || !end.certain) return null;
  const refused = end.states.flatMap((hypothesis) => {
    const outcome = implMachine.observe(hypothesis, end.observation, NOTHING_AHEAD);
    return outcome.ok ? [] : [{ state: implMachine.describe(hypothesis), refusal: outcome.refusal }];
  });
  return { line: end.observation.at, reason: describeDivergence(end.observation, refused).reason };
}

const NOTHING_AHEAD = {
  nextMain: () => null,
  nextElectionZxid: () => null,
  ownNotification: () => null,
  nextSending: () => null,
  nextPrinted: () => null,
  nextOwn: () => null,
};

const GOOD: readonly Outcome[] = ['undone', 'as near'];

async function ofDoctored(one: DoctoredCase): Promise<Outcome> {
  const held = heldLines(one.log, doctor(one).lines);
  const found = await divergenceOf(held);
  if (found === null) throw new Error('the log diverges');
  const reasons = await reasonsOfServer(implMachine, held, { line: found.line, options: PATIENCE });
  const outcome = outcomeOf(reasons.story, heldLines(one.log, readRecorded(one.log)));
  show({ table: 'doctored', what: one.title, reason: found.reason, reasons, outcome });
  return outcome;
}

const DOCTORED =
  SHOWN === undefined ? PROVABLE.filter((_, index) => index % 3 === 0) : [...PROVABLE, ...OVER_THE_CORPUS];

describe('a false statement in a log', () => {
  it.each(DOCTORED.map((one) => [one.title, one] as const))(
    'is undone, or something as near told: %s',
    async (_, one) => {
      expect(GOOD).toContain(await ofDoctored(one));
    },
  );
});

async function ofCause(one: SeededCause): Promise<Outcome> {
  const before = readEnsemble(namesOfCause(one.scenario));
  const { logs, ensemble } = readCause(one);
  const { divergence } = await judgeLogs(logs, ensemble);
  if (divergence === null) throw new Error('the logs contradict each other');
  const held = [...logs].map(([sid, log]) => heldLog(sid, log, ensemble));
  const reasons = await reasonsOfEnsemble(implMachine, held, {
    divergence,
    common: commonOf(ensemble),
    options: PATIENCE,
  });
  const sid = reasons.story?.sid ?? divergence.line.sid;
  const outcome = outcomeOf(reasons.story, heldLog(sid, before.logs.get(sid) ?? [], ensemble));
  show({ table: 'causes', what: one.cause, reason: divergence.reason, reasons, outcome });
  return outcome;
}

const CAUSES = SHOWN === undefined ? SEEDED_CAUSES.filter((_, index) => index % 6 === 1) : SEEDED_CAUSES;

describe('a false statement in the logs of an ensemble', () => {
  it.each(CAUSES)('is undone, or something as near told: $cause', async (one) => {
    expect(GOOD).toContain(await ofCause(one));
  });
});

/** Of every recorded log at INFO one edit of each kind, if it makes the log diverge. */
async function ofEdits(names: readonly string[], kinds: readonly EditKind[]): Promise<ReadonlyMap<Outcome, number>> {
  const counts = new Map<Outcome, number>();
  for (const [index, name] of names.entries()) {
    for (const kind of kinds) {
      const edit = editedLog(name, kind, index + 1);
      const found = edit === null ? null : await divergenceOf(edit.held);
      if (edit === null || found === null) continue;
      const reasons = await reasonsOfServer(implMachine, edit.held, { line: found.line, options: PATIENCE });
      const isReleased = reasons.story?.kind === 'release' && reasons.story.explainsAll;
      const released = kind === 'another release given' && isReleased;
      const outcome = released ? 'undone' : outcomeOf(reasons.story, edit.original);
      show({ table: kind, what: name, reason: found.reason, reasons, outcome });
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  }
  return counts;
}

describe('an edit of a recorded log', () => {
  it(
    'is undone, or something as near told, in nine of ten logs that diverge',
    async () => {
      const info = recordedScenarios.flatMap(recordedNames).filter((name) => name.includes('/info/'));
      const counts = await ofEdits(SHOWN === undefined ? info.filter((_, index) => index % 24 === 0) : info, EDITS);
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const good = GOOD.reduce((sum, outcome) => sum + (counts.get(outcome) ?? 0), 0);
      expect(all).toBeGreaterThan(8);
      expect(good / all, JSON.stringify([...counts])).toBeGreaterThanOrEqual(0.9);
    },
    SHOWN === undefined ? 30_000 : 1_200_000,
  );
});
