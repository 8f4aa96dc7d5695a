/** Counterexamples for people and for other tools: numbered steps in words, a Mermaid diagram, ITF. */
import type { Counterexample } from './result.js';
import { encode } from './encode.js';
import type { System, Value } from './system.js';

/** Numbered steps, each with what it changed, and nothing else. */
export function storyOf(system: System, { property, why, initial, steps }: Counterexample): string {
  const lines = [`   0  the beginning`, ...changesOf(system, null, initial)];
  let before = initial;
  steps.forEach(({ label, row }, i) => {
    lines.push(`${String(i + 1).padStart(4)}  ${label.actor}: ${label.text}${label.fault ? '  [fault]' : ''}`);
    lines.push(...changesOf(system, before, row));
    before = row;
  });
  lines.push(`violated: ${property}: ${why}`);
  return lines.join('\n');
}

/** What a step changed, a line for each slot; `before` null: all that is not empty. */
export function changesOf(system: System, before: readonly Value[] | null, after: readonly Value[]): readonly string[] {
  return system.slots.flatMap(({ name, kind }, slot) => {
    if (before !== null && encode(before[slot]) === encode(after[slot])) return [];
    const now = system.show(kind, after[slot]);
    if (before === null) return now === '' ? [] : [`        ${name}: ${now}`];
    return [`        ${name}: ${now === '' ? 'empty' : now}`];
  });
}

/** A sequence diagram: one note over the actor for each step; the participants are the actors, in order of their names. */
export function mermaidOf({ property, why, steps }: Counterexample): string {
  const actors = [...new Set(steps.map(({ label }) => label.actor))].sort();
  const ids = new Map(actors.map((actor, i) => [actor, `p${i}`]));
  const lines = ['sequenceDiagram', ...actors.map((actor) => `  participant ${ids.get(actor)} as ${quiet(actor)}`)];
  steps.forEach(({ label }, i) => lines.push(`  Note over ${ids.get(label.actor)}: ${i + 1} ${quiet(label.text)}`));
  const [first, last] = [ids.get(actors[0] ?? ''), ids.get(actors.at(-1) ?? '')];
  if (first !== undefined)
    lines.push(`  Note over ${first === last ? first : `${first},${last}`}: ${quiet(`${property}: ${why}`)}`);
  return `${lines.join('\n')}\n`;
}

/** Mermaid ends a text at a semicolon or a hash. */
function quiet(text: string): string {
  return text.replaceAll(/[;#\n]/g, ' ');
}

/** The trace in the Informal Trace Format of Apalache: one state for each row, the slots its variables. */
export function itfOf(system: System, { initial, steps }: Counterexample): object {
  const vars = system.slots.map(({ name }) => name);
  const rows = [{ label: null, row: initial }, ...steps.map(({ label, row }) => ({ label: label.text, row }))];
  return {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      model: system.name,
    },
    vars: [...vars, 'action'],
    states: rows.map(({ label, row }, index) => ({
      '#meta': { index },
      ...Object.fromEntries(vars.map((name, slot) => [name, itfValue(row[slot])])),
      action: label ?? 'init',
    })),
  };
}

function itfValue(value: Value): unknown {
  if (typeof value === 'bigint') return { '#bigint': String(value) };
  if (typeof value === 'number') return { '#bigint': String(value) };
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(itfValue);
  if (value instanceof Map) return { '#map': [...value].map(([key, item]) => [itfValue(key), itfValue(item)]) };
  if (value instanceof Set) return { '#set': [...value].map(itfValue) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, itfValue(item)]));
}
