/**
 * Goal: an excerpt is the smallest set of lines that contradict each other, whatever the others say.
 * Method: lines of legal logs are let go at random, and what is left must never contradict itself; excerpts of doctored logs must
 * contradict by themselves, and no longer when one more line is let go; and what is let go is made something else, and a search through
 * every schedule of real peers that shares nothing with the judge must still find no way to print it.
 */
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeRng, type Rng } from '../base/rng.js';
import { canPrint } from '../models/brute-force.js';
import { implMachine } from '../models/impl-machine.js';
import { corrupt, CORRUPTIONS } from '../models/simulated-log/corrupt.js';
import { generateEnsemble } from '../models/simulated-log/ensemble.js';
import { excerptOfEnsemble } from '../traces/explain/excerpt.js';
import { reasonsOfEnsemble, reasonsOfServer } from '../traces/explain/explain.js';
import type { HeldLog } from '../traces/explain/held.js';
import { Follower } from '../traces/explain/follow.js';
import { minimalContradiction } from '../traces/explain/minimal.js';
import { Excerptible } from '../traces/explain/parts.js';
import type { Excerpt } from '../traces/explain/reasons.js';
import type { Observation } from '../traces/observation.js';
import type { Sid } from '../types/ids.js';
import { manyOf } from '../scripts/thorough.js';
import { doctor } from './doctor.js';
import { PROVABLE } from './doctored-cases.js';
import { SEEDED_CAUSES } from './ensemble-causes.js';
import { judgeLogs, readCause } from './ensemble-judging.js';
import {
  commonOf,
  contradictsItself,
  contradictionOf,
  heldLines,
  heldLog,
  isAt,
  keptParts,
  PATIENCE,
} from './explaining.js';

describe('a smallest set', () => {
  it('is found among sets that contradict each other, whichever they are', async () => {
    const rng = makeRng(7);
    for (let round = 0; round < 200; round += 1) {
      const items = Array.from({ length: 1 + rng.below(20) }, (_, index) => index);
      const sets = Array.from({ length: 1 + rng.below(3) }, () => items.filter(() => rng.below(5) === 0));
      const contradicts = (some: readonly number[]): boolean =>
        sets.some((set) => set.every((one) => some.includes(one)));
      const found = await minimalContradiction(items, (some) => Promise.resolve(contradicts(some)), {
        ...PATIENCE,
        questionsMax: 1000,
      });
      expect(found.isMinimal && contradicts(found.items), JSON.stringify({ sets, found })).toBe(true);
      for (const one of found.items) expect(contradicts(found.items.filter((other) => other !== one))).toBe(false);
    }
  });

  it('is not called smallest if a bound is met', async () => {
    const items = Array.from({ length: 16 }, (_, index) => index);
    const contradicts = (some: readonly number[]): Promise<boolean> => Promise.resolve(some.includes(3));
    const few = await minimalContradiction(items, contradicts, { ...PATIENCE, questionsMax: 2 });
    expect([few.isMinimal, few.items.includes(3), few.asked]).toEqual([false, true, 2]);
    const unsure = await minimalContradiction(items, () => Promise.resolve(null), { ...PATIENCE, questionsMax: 99 });
    expect([unsure.isMinimal, unsure.items]).toEqual([false, items]);
  });
});

describe('lines of a legal log that are let go', () => {
  it.each([
    { steps: 60, seeds: 60 },
    { steps: 300, seeds: 12 },
  ])('never make the others contradict each other ($seeds ensembles of $steps steps)', async ({ steps, seeds }) => {
    const machine = implMachine.ofExcerpts;
    if (machine === undefined) throw new Error('the machine can do without lines');
    const levels = new Set<boolean>();
    for (let seed = 1; seed <= seeds; seed += 1) {
      const rng = makeRng(seed);
      const { logs, ensemble } = generateEnsemble(seed, { steps, small: steps < 100 });
      for (const [sid, log] of logs) {
        const held = heldLog(sid, log, ensemble);
        levels.add(held.hints.debug);
        const excerptible = new Excerptible(sid, log);
        for (const ofTen of [2, 6, 9]) {
          const kept = new Set(excerptible.parts.filter(() => rng.below(10) >= ofTen).flat());
          const limits = { hypothesesMax: 4000, charactersMax: 1_000_000 };
          const end = await new Follower(machine, held.hints, { ...PATIENCE, limits }).follow(excerptible.only(kept));
          expect(end.kind, `seed ${seed}, server ${sid}, ${ofTen} of ten let go`).toBe('explained');
        }
      }
    }
    expect(levels.size).toBe(2);
  });

  it('nor those of other servers, all together and message by message', async () => {
    const machine = implMachine.ofExcerpts;
    if (machine === undefined) throw new Error('the machine can do without lines');
    const limits = { hypothesesMax: 4000, charactersMax: 1_000_000 };
    let asked = 0;
    for (let seed = 1; seed <= manyOf(240); seed += 1) {
      const rng = makeRng(seed);
      const { logs, ensemble } = generateEnsemble(seed, { steps: 400, small: true });
      const held = [...logs].map(([sid, log]) => heldLog(sid, log, ensemble));
      const kept = held.map(({ sid, log }): [Sid, readonly number[]] => {
        const ofTen = rng.below(10);
        const { parts } = new Excerptible(sid, log);
        return [sid, parts.filter(() => rng.below(10) >= ofTen).flat()];
      });
      const found = await contradictionOf(held, new Map(kept), ensemble);
      // What nobody printed is found missing only if nothing is let go: such a contradiction has no excerpt.
      const isOfMissing = found?.kind === 'rule' || found?.kind === 'absence';
      expect(isOfMissing ? null : found, `seed ${seed}`).toBeNull();
      for (const { sid, log } of held) {
        const received = log.filter(({ said }) => said.what === 'notification' && said.notification.from !== sid);
        const one = received[rng.below(received.length)];
        if (one === undefined) continue;
        const thinned = held.map((other) =>
          other.sid === sid
            ? other
            : { ...other, log: new Excerptible(other.sid, other.log).only(new Set(new Map(kept).get(other.sid))) },
        );
        const line = { sid, at: one.at, text: '' };
        for (const kind of ['message', 'order'] as const) {
          const divergence = { kind, line, reason: '', rule: '', evidence: [line], legal: [] };
          const options = { ...PATIENCE, limits, questionsMax: 2 };
          const excerpt = await excerptOfEnsemble(machine, thinned, {
            divergence,
            common: commonOf(ensemble),
            options,
          });
          expect(excerpt, `seed ${seed}: ${one.at.file}:${one.at.line} of server ${sid}, ${kind}`).toBeNull();
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(manyOf(600));
  });
});

/** Stories and sizes of all: `npm run evidence -- reasons`. */
const SOME = PROVABLE.filter((_, index) => index % 3 === 1);

describe('the excerpt of one log', () => {
  it.each(SOME.map((one) => [one.title, one] as const))('is smallest: %s', async (_, one) => {
    const held = heldLines(one.log, doctor(one).lines);
    const { excerpt, line } = await excerptOf(held);
    expect(excerpt.isMinimal).toBe(true);
    const kept = keptParts(held, excerpt);
    expect(await contradictsItself(held, kept.flat(), line)).toBe(true);
    for (const part of kept) {
      if (part.some((index) => held.log[index]?.at.line === line.line)) continue;
      const less = kept.filter((other) => other !== part).flat();
      expect(await contradictsItself(held, less, line), `without line ${held.log[part[0] ?? 0]?.at.line}`).toBe(false);
    }
  });
});

/** By the Java: these two lines, and nothing else, are of the same thread, one after the other, and cannot be. */
const OF_TWO_LINES: readonly (readonly [title: string, RegExp, RegExp])[] = [
  // lookForLeader prints 400 at the first time-out of an election.
  ['a back-off neither doubled nor capped', /^newElection /, /^timedOut nextTimeoutMs=700$/],
  // QuorumPeer.run calls lookForLeader, which prints "New election" before anything else.
  ['LOOKING without a new election: something else follows', /^looking$/, /^timedOut nextTimeoutMs=400$/],
  // QuorumPeer.run enters the role that lookForLeader set.
  ['a role line that contradicts the decision', /^stateChanged state=FOLLOWING$/, /^roleEntered role=LEADING$/],
  // lookForLeader alone decides, and a server in a role does not call it.
  ['a decision taken twice', /^roleEntered role=FOLLOWING$/, /^stateChanged state=FOLLOWING$/],
];

describe('two lines are the excerpt', () => {
  it.each(OF_TWO_LINES)('of %s', async (title, first, second) => {
    const one = PROVABLE.find((other) => other.title === title);
    if (one === undefined) throw new Error('there is such a log');
    const { excerpt } = await excerptOf(heldLines(one.log, doctor(one).lines));
    expect(excerpt.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(first),
      expect.stringMatching(second),
    ]);
  });
});

async function excerptOf(held: HeldLog): Promise<{ readonly excerpt: Excerpt; readonly line: Observation['at'] }> {
  const limits = { hypothesesMax: 20_000, charactersMax: 1_000_000 };
  const end = await new Follower(implMachine, held.hints, { ...PATIENCE, limits }).follow(held.log);
  if (end.kind !== 'refused') throw new Error('the log diverges');
  const line = end.observation.at;
  const { excerpt } = await reasonsOfServer(implMachine, held, { line, options: PATIENCE });
  if (excerpt === null) throw new Error('there is an excerpt');
  return { excerpt, line };
}

/** A message never sent, one in the wrong order, a circle. */
const ACROSS = [0, 5, 7].map((index) => SEEDED_CAUSES[index] as (typeof SEEDED_CAUSES)[number]);

describe('the excerpt of an ensemble', () => {
  it.each(ACROSS)('is smallest: $cause', async (cause) => {
    const { logs, ensemble } = readCause(cause);
    const { divergence } = await judgeLogs(logs, ensemble);
    if (divergence === null) throw new Error('the logs contradict each other');
    const held = [...logs].map(([sid, log]) => heldLog(sid, log, ensemble));
    const about = { divergence, common: commonOf(ensemble), options: PATIENCE };
    const { excerpt } = await reasonsOfEnsemble(implMachine, held, about);
    if (excerpt === null) throw new Error('there is an excerpt');
    const { at } = divergence.line;
    expect(excerpt.isMinimal).toBe(true);
    const parts = held.flatMap((one) => keptParts(one, excerpt).map((part) => ({ one, part })));
    const keptOf = (some: typeof parts): ReadonlyMap<Sid, readonly number[]> =>
      new Map(held.map((one) => [one.sid, some.filter((other) => other.one === one).flatMap(({ part }) => part)]));
    const whole = await contradictionOf(held, keptOf(parts), ensemble);
    expect(whole !== null && isAt(whole.line.at, at)).toBe(true);
    for (const one of parts) {
      const line = one.one.log[one.part[0] ?? 0];
      if (one.one.sid === divergence.line.sid && line?.at.line === at.line) continue;
      const less = keptOf(parts.filter((other) => other !== one));
      const other = await contradictionOf(held, less, ensemble);
      expect(other !== null && isAt(other.line.at, at), `without ${line?.at.file}:${line?.at.line}`).toBe(false);
    }
  });
});

const STATES_MAX = 2000;
/** A file to which figures are added: then many seeds are tried (`npm run evidence -- reasons`). */
const SHOWN = process.env['ZABCHECK_REASONS'];
const SEEDS = SHOWN === undefined ? 2 : 150;

describe('what an excerpt lets go', () => {
  it('may say anything: no schedule of real peers prints the lines that are kept', { timeout: 1_200_000 }, async () => {
    let asked = 0;
    const answers: Record<string, number> = {};
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const generated = generateEnsemble(seed, { steps: 60, small: true });
      const { ensemble, durable } = generated;
      for (const [index, kind] of CORRUPTIONS.entries()) {
        const rng = makeRng(seed * 31 + index);
        const wrong = corrupt(generated.logs, kind, rng);
        const ask = (logs: Logs): string => canPrint({ ensemble, durable, logs, statesMax: STATES_MAX });
        if (wrong === null || ask(wrong.logs) !== 'impossible') continue;
        for (const logs of await fillings(wrong.logs, ensemble, rng)) {
          const answer = ask(logs);
          asked += 1;
          answers[answer] = (answers[answer] ?? 0) + 1;
          expect(answer, `seed ${seed}: ${kind}`).not.toBe('possible');
        }
      }
    }
    expect(asked).toBeGreaterThan(SEEDS * 5);
    if (SHOWN !== undefined)
      appendFileSync(SHOWN, `${JSON.stringify({ table: 'fillings', seeds: SEEDS, asked, answers })}\n`);
  });
});

type Logs = ReadonlyMap<Sid, readonly Observation[]>;

/** The logs with some of the lines that their excerpt lets go made something else; none if it is not one server's. */
async function fillings(logs: Logs, ensemble: Parameters<typeof heldLog>[2], rng: Rng): Promise<readonly Logs[]> {
  const { divergence } = await judgeLogs(logs, ensemble);
  const log = divergence === null ? undefined : logs.get(divergence.line.sid);
  if (divergence?.kind !== 'server' || log === undefined) return [];
  const { sid } = divergence.line;
  const held = heldLog(sid, log, ensemble);
  const { excerpt } = await reasonsOfServer(implMachine, held, { line: divergence.line.at, options: PATIENCE });
  if (excerpt === null) return [];
  const kept = new Set(keptParts(held, excerpt).flat());
  const fillings = [1, 2].map((count) => {
    let changed = log;
    const free = [...log.keys()].filter((index) => !kept.has(index));
    const places = Array.from({ length: count }, () => free[rng.below(free.length)] ?? -1).sort((a, b) => b - a);
    for (const place of new Set(places)) changed = filled(changed, place, { sid, rng, logs });
    return changed;
  });
  // Which level is printed is known, whatever the lines say.
  const sameLevel = (changed: readonly Observation[]): boolean =>
    heldLog(sid, changed, ensemble).hints.debug === held.hints.debug;
  return fillings.filter(sameLevel).map((changed) => new Map(logs).set(sid, changed));
}

/** Another of its kind in the place of a line, or none. */
function filled(
  log: readonly Observation[],
  index: number,
  { sid, rng, logs }: { readonly sid: Sid; readonly rng: Rng; readonly logs: Logs },
): readonly Observation[] {
  const line = log[index];
  if (line === undefined) return log;
  const isOwn = ({ said }: Observation): boolean => said.what === 'notification' && said.notification.from === sid;
  const alike = [...logs.values()]
    .flat()
    .filter((one) => one.said.what === line.said.what && isOwn(one) === isOwn(line));
  const other = rng.below(3) === 0 ? undefined : alike[rng.below(alike.length)];
  const instead = other === undefined ? [] : [{ ...line, said: other.said }];
  return [...log.slice(0, index), ...instead, ...log.slice(index + 1)];
}
