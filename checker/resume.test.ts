/**
 * Goal: a search that is cut off anywhere and resumed answers what an undisturbed one does. Method: random systems and toys;
 * whatever a search hands out is kept, and every run goes on from one of these snapshots, several times in a row.
 */
import { describe, expect, test } from 'vitest';
import { makeRng, type Rng } from '../base/rng.js';
import { manyOf, THOROUGH } from '../scripts/thorough.js';
import { type Checkpoints, type Resumed, type SearchRecord, type Snapshot, STREAMS } from './checkpoints.js';
import { OwnCrew } from './crew.js';
import { checkNaively } from './naive.js';
import { randomSystem } from './random-system.js';
import { search } from './search.js';
import type { System } from './system.js';
import { linearEquation } from './toys.js';

const OTHER = new Uint8Array([1]);
const PLENTY = { maxBytes: 2 ** 26 };

/** A snapshot as a disk keeps it: nothing is shared with the run that made it. */
interface Copy {
  readonly record: SearchRecord;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

function copyOf({ record, streams }: Snapshot): Copy {
  const bytes = new Map(
    STREAMS.map((name) => [name, new Uint8Array(streams[name].bytes, 0, streams[name].length).slice()]),
  );
  return { record: JSON.parse(JSON.stringify(record)) as SearchRecord, bytes };
}

function isAsCopied(snapshot: Snapshot, copy: Copy): boolean {
  const now = copyOf(snapshot);
  const same = STREAMS.every(
    (name) => Buffer.compare(now.bytes.get(name) ?? OTHER, copy.bytes.get(name) ?? OTHER) === 0,
  );
  return same && JSON.stringify(now.record) === JSON.stringify(copy.record);
}

function resumedFrom({ record, bytes }: Copy): Resumed {
  return {
    record,
    textBytes: bytes.get('texts')?.length ?? 0,
    fill: async (name, into) => new Uint8Array(into).set(bytes.get(name) ?? new Uint8Array()),
  };
}

/** Takes a checkpoint before each phase, and what was handed out is written only later: as slowly as a disk may be. */
function keeping(copies: Copy[]): Checkpoints & { readonly snapshots: Snapshot[] } {
  const snapshots: Snapshot[] = [];
  return {
    snapshots,
    begin: () => undefined,
    isDue: () => true,
    take: (snapshot) => void (snapshots.push(snapshot), copies.push(copyOf(snapshot))),
  };
}

/** Is asked before each phase: due at these times. */
function dueAt(times: readonly number[]): () => boolean {
  let asked = 0;
  return () => times.includes((asked += 1));
}

/** Runs to the end, keeping everything; then again from some snapshot of that run, and again from one of the new run. */
async function resumedAgain(system: System, rng: Rng, times: number) {
  let from: Copy | undefined;
  const answers = [];
  for (let i = 0; i <= times; i += 1) {
    const copies: Copy[] = [];
    const kept = keeping(copies);
    const resumed = from === undefined ? undefined : resumedFrom(from);
    answers.push(await search(system, new OwnCrew(system), { ...PLENTY, checkpoints: kept, resumed }));
    // What is handed out does not change afterwards, although the search went on.
    expect(kept.snapshots.every((snapshot, at) => isAsCopied(snapshot, copies[at] as Copy))).toBe(true);
    from = copies[rng.below(Math.max(1, copies.length))] ?? from;
  }
  return answers;
}

describe('a search that is resumed', () => {
  test('random systems: the same answer, whatever it went on from', async () => {
    const verdicts = new Set<string>();
    for (let seed = 0; seed < manyOf(100); seed += 1) {
      const system = randomSystem(makeRng(seed));
      const naive = checkNaively(system);
      verdicts.add(naive.verdict);
      for (const answer of await resumedAgain(system, makeRng(seed), 2)) {
        const { bytesPerState, interrupted, collisions, untold, ...told } = answer;
        expect(told, `seed ${seed}`).toEqual(naive);
        expect([interrupted, collisions, untold, bytesPerState > 0]).toEqual([false, null, [], true]);
      }
    }
    expect([...verdicts].sort()).toEqual(['holds', 'violated']);
  });

  test('halves are packed anew before and after', async () => {
    const equation = linearEquation({ a: 2, b: 10, c: 14, m: 512 });
    const copies: Copy[] = [];
    const kept = keeping(copies);
    const checkpoints = { ...kept, isDue: dueAt([10, 300]) };
    const bound = await search(equation, new OwnCrew(equation), {
      ...PLENTY,
      maxDepth: 400,
      checkpoints,
    });
    expect(bound).toMatchObject({ verdict: 'inconclusive', bound: 'depth 400' });
    expect(copies).toHaveLength(3);
    // Who appends to what was written must hear that it was written anew.
    expect(kept.snapshots.map(({ streams }) => [streams.left.age, streams.states.age])).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
    ]);
    for (const [at, from] of copies.entries()) {
      if (at === 1 && !THOROUGH) continue;
      const widths = from.record.widths.join();
      expect(widths).toBe(at === 0 ? '8' : '10');
      const told = await search(equation, new OwnCrew(equation), { ...PLENTY, resumed: resumedFrom(from) });
      expect(told).toMatchObject({ verdict: 'holds', distinct: 2 ** 18, generated: 2 ** 19 + 1, depth: 1023 });
    }
  });

  test('a number that no half has is of nobody, even if an equal row stands there', async () => {
    const equation = linearEquation({ a: 2, b: 10, c: 14, m: 128 });
    const copies: Copy[] = [];
    const checkpoints = { ...keeping(copies), isDue: () => false };
    await search(equation, new OwnCrew(equation), { ...PLENTY, maxDepth: 50, checkpoints });
    const { record, bytes } = copies[0] as Copy;
    // The first left half gets the last number; where it was is what a slower hand had left.
    const last = record.numbers.left;
    const left = bytes.get('left') ?? OTHER;
    const states = new Uint32Array((bytes.get('states') ?? OTHER).slice().buffer);
    for (let i = 0; i < states.length; i += 2) if (states[i] === 0) states[i] = last;
    const renumbered: Copy = {
      record: { ...record, numbers: { ...record.numbers, left: last + 1 }, unused: { left: [0], right: [] } },
      bytes: new Map([
        ...bytes,
        ['left', new Uint8Array([...left, ...left.slice(0, left.length / last)])],
        ['states', new Uint8Array(states.buffer)],
      ]),
    };
    const told = await search(equation, new OwnCrew(equation), { ...PLENTY, resumed: resumedFrom(renumbered) });
    expect(told).toMatchObject({ verdict: 'holds', distinct: 2 ** 14, generated: 2 ** 15 + 1 });
  });

  test('memory that is too little for what was kept is said to be', async () => {
    const equation = linearEquation({ a: 2, b: 10, c: 14, m: 256 });
    const copies: Copy[] = [];
    const checkpoints = { ...keeping(copies), isDue: () => false };
    await search(equation, new OwnCrew(equation), { ...PLENTY, maxDepth: 200, checkpoints });
    const resumed = resumedFrom(copies.at(-1) as Copy);
    const poor = search(equation, new OwnCrew(equation), { maxBytes: 2 ** 17, resumed });
    await expect(poor).rejects.toThrow('0 MB of memory is too little for what was kept');
  });

  test('the end by a bound is kept, and goes on with more', async () => {
    const equation = linearEquation({ a: 2, b: 10, c: 14, m: 256 });
    const copies: Copy[] = [];
    const checkpoints = { ...keeping(copies), isDue: () => false };
    const short = await search(equation, new OwnCrew(equation), { maxBytes: 2 ** 19, checkpoints });
    expect(short.verdict).toBe('inconclusive');
    expect(copies).toHaveLength(1);
    const told = await search(equation, new OwnCrew(equation), { ...PLENTY, resumed: resumedFrom(copies[0] as Copy) });
    expect(told).toMatchObject({ verdict: 'holds', distinct: 65_536, generated: 131_073, depth: 511 });
  });
});
