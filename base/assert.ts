/** Stops on a programming error: `why` says what should have been impossible. Never used for bad input. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${why}`);
}

/** Closes a switch over a union: reaching it means a member was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`internal error: unexpected value ${String(value)}`);
}
