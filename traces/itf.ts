/**
 * Traces in the Informal Trace Format of Apalache (ADR 015): one variable, `observation`, whose values are the lines of a trace as
 * `traces/ndjson.ts` writes them; 64-bit numbers as `{"#bigint": "…"}`.
 */
import { err, ok, type Result } from '../base/result.js';
import { parseDecimalInt64 } from '../types/int64.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** `lines`: NDJSON, one observation each. Error: the line that is no JSON object. */
export function itfOf(lines: readonly string[]): Result<string> {
  const states: string[] = [];
  for (const [index, line] of lines.entries()) {
    let json: Json;
    try {
      json = JSON.parse(line) as Json;
    } catch {
      return err(`line ${index + 1} is not JSON`);
    }
    states.push(itfState(index, { observation: json }));
  }
  return ok([itfBegin(['observation']), states.join(',\n'), ITF_END].join('\n'));
}

/** The text before the states, which are separated by commas. `params` are set in the first of them only. */
export function itfBegin(vars: readonly string[], params: readonly string[] = []): string {
  const meta = { format: 'ITF', 'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html' };
  const head = JSON.stringify({ '#meta': meta, ...(params.length === 0 ? {} : { params }), vars });
  return `${head.slice(0, -1)},"states":[`;
}

export const ITF_END = ']}';

/** A state in one line. Values are those of JSON and bigint; a text of digits is a 64-bit number, unless its name says otherwise. */
export function itfState(index: number, variables: Readonly<Record<string, unknown>>): string {
  const json = JSON.parse(JSON.stringify(variables, withBigint)) as Json;
  return JSON.stringify({ '#meta': { index }, ...(outward(json) as object) });
}

const withBigint = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

/** A function from servers, say, to values. */
export function itfMap<K, V>(entries: Iterable<readonly [K, V]>): { readonly '#map': readonly (readonly [K, V])[] } {
  return { '#map': [...entries] };
}

/** The observations of an ITF document as NDJSON lines. Error: one sentence that says where the document is another. */
export function linesOfItf(text: string): Result<readonly string[]> {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return err('the document is not JSON');
  }
  const states = isRecord(json) ? json['states'] : undefined;
  if (!Array.isArray(states)) return err('the document has no list "states"');
  const lines: string[] = [];
  for (const [index, state] of (states as readonly Json[]).entries()) {
    const observation = isRecord(state) ? state['observation'] : undefined;
    if (observation === undefined || !isRecord(observation)) {
      return err(`state ${index} has no record "observation"`);
    }
    const plain = inward(observation);
    if (!plain.ok) return err(`state ${index}: ${plain.error}`);
    lines.push(JSON.stringify(plain.value));
  }
  return ok(lines);
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names stay text although they may look like numbers. */
const TEXTS: ReadonlySet<string> = new Set([
  'schema',
  'what',
  'file',
  'time',
  'text',
  'why',
  'reason',
  'phase',
  'sync',
  'which',
  'rule',
]);

function outward(value: Json, key = ''): Json {
  if (value === null) return { '#unserializable': 'null' };
  if (typeof value === 'string') {
    return !TEXTS.has(key) && parseDecimalInt64(value).ok ? { '#bigint': value } : value;
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => outward(one));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, outward(one, name)]));
}

function inward(value: Json): Result<Json> {
  if (Array.isArray(value)) return listInward(value as readonly Json[]);
  if (!isRecord(value)) return ok(value);
  const big = value['#bigint'];
  if (big !== undefined) {
    return typeof big === 'string' ? ok(big) : err('"#bigint" must be a string');
  }
  const set = value['#set'] ?? value['#tup'];
  if (set !== undefined) return Array.isArray(set) ? listInward(set as readonly Json[]) : err('"#set" must be a list');
  if (value['#unserializable'] !== undefined) return ok(null);
  const fields: [string, Json][] = [];
  for (const [name, one] of Object.entries(value)) {
    const plain = inward(one);
    if (!plain.ok) return plain;
    fields.push([name, plain.value]);
  }
  return ok(Object.fromEntries(fields));
}

function listInward(list: readonly Json[]): Result<Json> {
  const values: Json[] = [];
  for (const one of list) {
    const plain = inward(one);
    if (!plain.ok) return plain;
    values.push(plain.value);
  }
  return ok(values);
}
