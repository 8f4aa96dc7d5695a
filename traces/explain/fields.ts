/** The fields of a line, those of its message among them, and how two lines differ. */
import { printSaid } from '../say.js';
import type { ObservedLine, ReadLine } from '../observation.js';

type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(said: ReadLine): Fields {
  if (said.what === 'notification') return { myState: said.myState, ...said.notification };
  return Object.fromEntries(Object.entries(said).filter(([name]) => name !== 'what'));
}

/** The line with other values. Precondition: it has these fields. */
export function withFields(said: ReadLine, values: Fields): ReadLine {
  if (said.what !== 'notification') return { ...said, ...values } as ReadLine;
  const { myState = said.myState, ...rest } = values;
  return { ...said, myState, notification: { ...said.notification, ...rest } } as ReadLine;
}

/** The names of fields in which `b` is not as `a`. Precondition: both are of one kind. */
export function differing(a: ReadLine, b: ReadLine): readonly string[] {
  const [here, there] = [fieldsOf(a), fieldsOf(b)];
  return Object.keys(here).filter((name) => here[name] !== there[name]);
}

/** `zxid=0x5 round=0x2`: what the line says in these fields. */
export function fieldWords(said: ReadLine, names: readonly string[]): string {
  const words = printSaid(said).split(' ').slice(1);
  return words.filter((word) => names.includes(word.slice(0, word.indexOf('=')))).join(' ');
}

/** Do they say the same, each field by its value? */
export function sameLine(a: ObservedLine, b: ObservedLine): boolean {
  if (a === b) return true;
  if (a.what === 'leftOut' || b.what === 'leftOut' || a.what !== b.what) return false;
  return differing(a, b).length === 0 && differing(b, a).length === 0;
}
