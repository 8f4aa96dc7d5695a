/** Goal: several readers share one reading, one item at a time. Method: readers of different speed, errors, early ends. */
import { describe, expect, it } from 'vitest';
import { inStep } from './validate-in-step.js';

async function* counted(taken: number[], failAt = Infinity): AsyncGenerator<number> {
  for (let item = 0; item < 5; item += 1) {
    if (item === failAt) throw new Error('unreadable');
    taken.push(item);
    yield item;
  }
}

async function readAll(items: AsyncIterable<number>, onItem: (item: number) => Promise<void>): Promise<number[]> {
  const seen: number[] = [];
  for await (const item of items) {
    await onItem(item);
    seen.push(item);
  }
  return seen;
}

const slowly = (): Promise<void> => new Promise((done) => setTimeout(done, 2));
const atOnce = (): Promise<void> => Promise.resolve();

describe('inStep', () => {
  it('gives everything to each, and takes no item before all have asked for it', async () => {
    const taken: number[] = [];
    const [slow, fast] = inStep(counted(taken), 2);
    if (slow === undefined || fast === undefined) throw new Error('two readers');
    const ahead: number[] = [];
    const seen = await Promise.all([
      readAll(slow, async (item) => {
        await slowly();
        ahead.push(taken.length - item);
      }),
      readAll(fast, atOnce),
    ]);
    expect(seen).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect(ahead).toEqual([1, 1, 1, 1, 1]);
  });

  it('tells an error to each', async () => {
    const readers = inStep(counted([], 2), 2).map((items) => readAll(items, atOnce));
    const ends = await Promise.allSettled(readers);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('goes on for the others when one stops', async () => {
    const [first, second] = inStep(counted([]), 2);
    if (first === undefined || second === undefined) throw new Error('two readers');
    const stopping = readAll(first, () => Promise.reject(new Error('enough')));
    expect(await readAll(second, atOnce)).toEqual([0, 1, 2, 3, 4]);
    await expect(stopping).rejects.toThrow('enough');
  });
});
