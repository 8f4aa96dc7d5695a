/** Sets of states by their numbers. */

/** [start, end) pairs, one behind the other. */
export type Ranges = readonly number[];

/** States that a hand takes at once. */
const CHUNK = 256;

function chunksIn(ranges: Ranges, range: number): number {
  return Math.ceil(((ranges[range + 1] as number) - (ranges[range] as number)) / CHUNK);
}

/** The chunks whose numbers `take` gives, ascending, until it gives null or there are no more. */
export function* chunksOf(ranges: Ranges, take: () => number | null): Generator<readonly [number, number]> {
  let range = 0;
  let passed = 0;
  for (let chunk = take(); chunk !== null; chunk = take()) {
    while (range < ranges.length && chunk >= passed + chunksIn(ranges, range)) {
      passed += chunksIn(ranges, range);
      range += 2;
    }
    if (range >= ranges.length) return;
    const start = (ranges[range] as number) + (chunk - passed) * CHUNK;
    yield [start, Math.min(start + CHUNK, ranges[range + 1] as number)];
  }
}

/** What is left over of `ranges` once `taken` chunks were taken. */
export function untaken(ranges: Ranges, taken: number): Ranges {
  const left: number[] = [];
  let passed = 0;
  for (let range = 0; range < ranges.length; range += 2) {
    const [start, end] = [ranges[range] as number, ranges[range + 1] as number];
    const first = start + Math.max(0, taken - passed) * CHUNK;
    if (first < end) left.push(first, end);
    passed += chunksIn(ranges, range);
  }
  return left;
}

/** The same numbers, ascending, in as few ranges as can be. No number may be in two of them. */
export function joined(parts: readonly Ranges[]): Ranges {
  const starts: number[] = [];
  const endOf = new Map<number, number>();
  for (const ranges of parts) {
    for (let i = 0; i < ranges.length; i += 2) {
      starts.push(ranges[i] as number);
      endOf.set(ranges[i] as number, ranges[i + 1] as number);
    }
  }
  const all: number[] = [];
  for (const start of starts.sort((a, b) => a - b)) {
    const end = endOf.get(start) as number;
    if (all.at(-1) === start) all[all.length - 1] = end;
    else all.push(start, end);
  }
  return all;
}

export function* numbersOf(ranges: Ranges): Generator<number> {
  for (let i = 0; i < ranges.length; i += 2) {
    for (let number = ranges[i] as number; number < (ranges[i + 1] as number); number += 1) yield number;
  }
}

export function countOf(ranges: Ranges): number {
  let count = 0;
  for (let i = 0; i < ranges.length; i += 2) count += (ranges[i + 1] ?? 0) - (ranges[i] ?? 0);
  return count;
}
