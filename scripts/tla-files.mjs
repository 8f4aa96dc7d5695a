/** What stands in spec/tla: modules, configurations of TLC, and what a configuration says in terms of a model's bounds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const TLA_FOLDER = fileURLToPath(new URL('../spec/tla', import.meta.url));

const namesEndingIn = (end) =>
  readdirSync(TLA_FOLDER)
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .sort();

export const moduleNames = () => namesEndingIn('.tla');
export const configNames = () => namesEndingIn('.cfg');
export const moduleText = (name) => readFileSync(join(TLA_FOLDER, `${name}.tla`), 'utf8');
export const configText = (name) => readFileSync(join(TLA_FOLDER, `${name}.cfg`), 'utf8');

/** A text without comments: `\*` to the end of the line, `(* ... *)`. */
export const withoutComments = (text) => text.replaceAll(/\\\*.*$/gm, '').replaceAll(/\(\*[\s\S]*?\*\)/g, '');

const KEYWORDS = new Set([
  'SPECIFICATION',
  'CONSTANTS',
  'INVARIANT',
  'INVARIANTS',
  'PROPERTY',
  'PROPERTIES',
  'CHECK_DEADLOCK',
]);

/**
 * { specification, constants: [name, value] in their order, invariants, properties, deadlock }: names and values as
 * texts, quotation marks taken off. Throws on a word that stands in no place.
 */
export function parseConfig(text) {
  const found = { SPECIFICATION: [], CONSTANTS: [], INVARIANTS: [], PROPERTIES: [], CHECK_DEADLOCK: [] };
  const plural = { INVARIANT: 'INVARIANTS', PROPERTY: 'PROPERTIES' };
  let place = null;
  for (const word of withoutComments(text).split(/\s+/).filter(Boolean)) {
    if (KEYWORDS.has(word)) place = plural[word] ?? word;
    else if (place === null) throw new Error(`"${word}" stands in no place`);
    else found[place].push(word);
  }
  const words = found.CONSTANTS;
  const constants = [];
  for (let at = 0; at < words.length; at += 3) {
    if (words[at + 1] !== '=' || words[at + 2] === undefined) throw new Error(`"${words[at]}" has no value`);
    constants.push([words[at], words[at + 2].replaceAll('"', '')]);
  }
  return {
    specification: found.SPECIFICATION.join(' '),
    constants,
    invariants: found.INVARIANTS,
    properties: found.PROPERTIES,
    deadlock: found.CHECK_DEADLOCK.join(' '),
  };
}

/** Constants whose name is that of the bound, with a capital letter. */
const SAME = [
  'servers',
  'observers',
  'grain',
  'crashes',
  'losses',
  'leaves',
  'partial',
  'full',
  'rounds',
  'loopback',
  'channel',
  'start',
];

/** The options of `zabcheck check` that mean the same as these constants. */
export function boundsOf(constants) {
  const given = new Map(constants);
  const value = (name) => {
    const text = given.get(name);
    if (text === undefined) throw new Error(`constant ${name} is not set`);
    return text;
  };
  const reduce = [value('Merge') === 'TRUE' && 'merge', value('Dead') === 'TRUE' && 'dead'].filter(Boolean);
  return {
    ...Object.fromEntries(SAME.map((name) => [name, value(`${name[0].toUpperCase()}${name.slice(1)}`)])),
    nq: value('Nq') === '0' ? 'none' : value('Nq'),
    resend: value('Resends'),
    reduce: reduce.length === 0 ? 'none' : reduce.join(','),
  };
}
