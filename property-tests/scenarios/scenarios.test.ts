/**
 * Goal: whole elections that a reader can follow, exactly as told. `UPDATE_GOLDEN=1` rewrites the outcomes below the
 * commands and the pages in docs/scenarios; commit such a change only if every line of it can be explained. Lines that
 * begin with `=` are written by hand, from ZooKeeper's code.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { implSubject } from '../../models/conformance/impl-subject.js';
import { printPage } from './page.js';
import { playScenario } from './runner.js';
import { parseScenario, printScenario, type Scenario } from './script.js';

const SCRIPTS = 'property-tests/scenarios';
const PAGES = 'docs/scenarios';
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';
const FILES = readdirSync(SCRIPTS).filter((name) => name.endsWith('.txt'));

function read(file: string): Scenario {
  return parseScenario(file, readFileSync(`${SCRIPTS}/${file}`, 'utf8'));
}

function keepOrCompare(path: string, text: string): void {
  if (UPDATE) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe.each(FILES)('%s', (file) => {
  it('happens as told, and every fact holds', () => {
    const scenario = read(file);
    const played = playScenario(implSubject, scenario);
    keepOrCompare(`${SCRIPTS}/${file}`, printScenario(scenario, played.outcomes));
    expect(played.failures).toEqual([]);
  });

  it('is what its page tells', () => {
    mkdirSync(PAGES, { recursive: true });
    keepOrCompare(`${PAGES}/${file.replace('.txt', '.md')}`, printPage(playScenario(implSubject, read(file))));
  });

  it('has diagrams of participants, arrows and notes only', () => {
    for (const { diagram } of playScenario(implSubject, read(file)).sections) {
      const [head, ...lines] = diagram.trimEnd().split('\n');
      expect(head).toBe('sequenceDiagram');
      for (const line of lines) {
        expect(line).toMatch(
          /^ {2}(participant S\d+ as Server \d+|S\d+-(>>|x)S\d+: [^;#]+|Note over S\d+(,S\d+)?: [^;#]+)$/,
        );
      }
    }
  });

  it('ends every section with a fact', () => {
    for (const { id, items } of read(file).sections)
      expect(items.findLast(({ kind }) => kind !== 'mark')?.kind, id).toBe('fact');
  });
});
