const text = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return `${one}n`;
    return one instanceof Map
      ? [...one]
          .map(([key, held]) => [`${String(key)}`, held as unknown])
          .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
      : one;
  });

const texts = new WeakMap<object, string>();

/** A text that is equal for equal values, whatever the order of their fields. */
export function textOf(value: object): string {
  let known = texts.get(value);
  if (known === undefined) {
    const sorted =
      'what' in value ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
    known = text(
      'notification' in sorted
        ? {
            ...sorted,
            notification: Object.entries(sorted.notification as object).sort(([a], [b]) => (a < b ? -1 : 1)),
          }
        : sorted,
    );
    texts.set(value, known);
  }
  return known;
}

export const sameText = (a: object, b: object): boolean =>
  textOf({ what: '', notification: a }) === textOf({ what: '', notification: b });
