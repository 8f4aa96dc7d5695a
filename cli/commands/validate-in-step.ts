/** One reading of a log for several readers. */

/**
 * Hands every item to each of `count` readers. They go in step: the next item is taken when every reader that has not
 * stopped asks for it, so one item is held at a time. An error of the source reaches all of them.
 */
export function inStep<T>(source: AsyncIterable<T>, count: number): readonly AsyncIterable<T>[] {
  if (count === 1) return [source];
  const iterator = source[Symbol.asyncIterator]();
  let reading = count;
  let waiting: ((item: Promise<IteratorResult<T>>) => void)[] = [];
  const advance = (): void => {
    if (waiting.length < reading) return;
    const item = iterator.next();
    const asked = waiting;
    waiting = [];
    for (const give of asked) give(item);
  };
  const stop = async (): Promise<IteratorResult<T>> => {
    reading -= 1;
    if (reading > 0) advance();
    else await iterator.return?.();
    return { done: true, value: undefined };
  };
  const reader = (): AsyncIterator<T> => ({
    next: () =>
      new Promise((give) => {
        waiting.push(give);
        advance();
      }),
    return: stop,
  });
  return Array.from({ length: count }, () => ({ [Symbol.asyncIterator]: reader }));
}
