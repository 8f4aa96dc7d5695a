/** The table of traces/recorded/README.md: every recorded scenario, what happened by truth.json, and the verdicts. */
import type { VerdictKind } from '../traces/verdict.js';
import { readOfScenario } from './recorded-log.js';

/** One picture of truth.json: who had which role after what was done last. */
export interface Picture {
  readonly after: string;
  readonly leader: string;
  readonly followers: readonly string[];
  readonly observers: readonly string[];
}

interface Truth {
  readonly sentence: string;
  readonly zookeeper: string;
  readonly servers: readonly unknown[];
  readonly elections: readonly Picture[];
}

export interface ScenarioVerdicts {
  /** `release/scenario`. */
  readonly scenario: string;
  readonly impl: readonly VerdictKind[];
  readonly spec: readonly VerdictKind[];
}

export function truthOf(scenario: string): Truth {
  return JSON.parse(readOfScenario(scenario, 'truth.json')) as Truth;
}

/** A Markdown table with aligned columns. */
export function corpusTable(all: readonly ScenarioVerdicts[]): string {
  const head = ['scenario', 'release', 'what happens', 'elections', 'logs', 'impl', 'spec'];
  const rows = [head, ...all.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), line(rule), ...rows.slice(1).map(line), ''].join('\n');
}

function row({ scenario, impl, spec }: ScenarioVerdicts): readonly string[] {
  const [release = '', name = ''] = scenario.split('/');
  const { sentence, elections } = truthOf(scenario);
  const told = elections.map(pictureWords).filter((words, index, list) => words !== list[index - 1]);
  return [`\`${name}\``, release, sentence, told.join('; then '), String(impl.length), kinds(impl), kinds(spec)];
}

function pictureWords({ leader, followers, observers }: Picture): string {
  const watching = observers.length > 0 ? `, ${observers.join(', ')} observing` : '';
  return `${leader} leads ${followers.join(', ')}${watching}`;
}

function kinds(verdicts: readonly VerdictKind[]): string {
  const other = verdicts.filter((kind) => kind !== 'accepted');
  return other.length === 0 ? 'all accepted' : `${verdicts.length - other.length} accepted, ${other.join(', ')}`;
}
