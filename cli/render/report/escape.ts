/** Foreign text inside XML and HTML. */
import { harmless } from '../harmless.js';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Shows as it is written, whatever it holds: marks are escaped, control characters become their numbers. */
export function escaped(text: string): string {
  return harmless(text)
    .replaceAll(/[&<>"']/g, (mark) => ENTITIES.get(mark) ?? mark)
    .replaceAll(/[\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
}
