/** The kinds of properties, brought to two. */
import type { Property } from './system.js';

/** `never` is `always` of the contrary; the others are what they are. */
export function asAlways(property: Property): Property {
  if (property.kind !== 'never') return property;
  return { ...property, kind: 'always', holds: (seen) => !property.holds(seen) };
}
