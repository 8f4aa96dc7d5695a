/** Goal: the earliest comes out first, and of two equal times the one that entered first. Method: against a sorted list. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeHeap } from './heap.js';

test('as a list that is sorted stably', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(20), fc.constant(null))), (moves) => {
      const heap = new TimeHeap<number>();
      let list: { time: number; item: number }[] = [];
      moves.forEach((time, item) => {
        if (time === null) {
          expect(heap.time()).toBe(list[0]?.time ?? null);
          if (list.length > 0) expect(heap.pop()).toBe(list[0]?.item);
          list = list.slice(1);
        } else {
          heap.push(time, item);
          list = [...list, { time, item }].sort((a, b) => a.time - b.time);
        }
        expect(heap.size).toBe(list.length);
      });
    }),
  );
});
