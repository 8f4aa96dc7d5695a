/**
 * A smallest set of items that still contradicts: none of them can be left out. Method: QuickXplain (U. Junker, 2004), which asks about
 * k · log(n / k) questions for k of n. Adding items to a contradiction leaves it one; where that is not so, the last pass still sees to it
 * that no single one can be left out.
 */

export interface Minimal<T> {
  readonly items: readonly T[];
  /** False: the bound was met, or a question could not be decided; some of the items may be superfluous. */
  readonly isMinimal: boolean;
  readonly asked: number;
}

/** True: they contradict. Null: it cannot be told. */
export type Contradicts<T> = (items: readonly T[]) => Promise<boolean | null>;

/** Precondition: all items together contradict. Where there is a choice, earlier ones are kept. */
export async function minimalContradiction<T>(
  items: readonly T[],
  contradicts: Contradicts<T>,
  { questionsMax, isOver }: { readonly questionsMax: number; readonly isOver: () => boolean },
): Promise<Minimal<T>> {
  let asked = 0;
  let isMinimal = true;
  const ask = async (some: readonly T[]): Promise<boolean> => {
    if (asked >= questionsMax || isOver()) {
      isMinimal = false;
      return false;
    }
    asked += 1;
    const answer = await contradicts(some);
    if (answer === null) isMinimal = false;
    return answer === true;
  };
  /** Of `rest`, what is needed besides `kept`; `changed`: was anything added to `kept` since it was last asked of? */
  const needed = async (kept: readonly T[], changed: boolean, rest: readonly T[]): Promise<readonly T[]> => {
    if (changed && (await ask(kept))) return [];
    if (rest.length <= 1) return rest;
    const half = Math.ceil(rest.length / 2);
    const [near, far] = [rest.slice(0, half), rest.slice(half)];
    const ofFar = await needed([...kept, ...near], true, far);
    const ofNear = await needed([...kept, ...ofFar], ofFar.length > 0, near);
    return [...ofNear, ...ofFar];
  };
  if (items.length > 0 && (await ask([]))) return { items: [], isMinimal, asked };
  let found = await needed([], false, items);
  // Each once more: a question about more items may, seldom, have been harder to decide.
  for (const one of found) {
    const rest = found.filter((other) => other !== one);
    if (await ask(rest)) found = rest;
  }
  return { items: found, isMinimal, asked };
}
