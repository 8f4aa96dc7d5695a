/**
 * Goal: both machines explain every recorded election, and tell it as its servers told it.
 * Method: each log is judged by itself; the last role of each server, and whom it follows, must be those of the last
 * picture in truth.json, which the servers were asked for (`srvr`) and which no part of zabcheck computed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { specMachine } from '../models/spec-machine.js';
import type { Verdict, VerdictKind } from '../traces/verdict.js';
import { corpusTable, type Picture, truthOf } from './corpus-table.js';
import { judgeLines, readRecorded, recordedNames, recordedScenarios } from './recorded-log.js';

interface Both {
  readonly impl: Verdict;
  readonly spec: Verdict;
}

const verdicts = new Map<string, Promise<Both>>();

/** Judged once, for both tests. */
function judged(name: string): Promise<Both> {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const lines = readRecorded(name);
  const both = Promise.all([judgeLines(name, lines), judgeLines(name, lines, { machine: specMachine })]);
  const fresh = both.then(([impl, spec]) => ({ impl, spec }));
  verdicts.set(name, fresh);
  return fresh;
}

function roleIn({ leader, followers, observers }: Picture, sid: string): string {
  if (sid === leader) return 'LEADING';
  if (followers.includes(sid)) return 'FOLLOWING';
  return observers.includes(sid) ? 'OBSERVING' : 'not there';
}

it('there are eleven scenarios of each release', () => {
  const releases = recordedScenarios.map((name) => name.slice(0, name.indexOf('/')));
  const counts = ['3.8.0', '3.9.5'].map((release) => releases.filter((one) => one === release).length);
  expect([counts, releases.length]).toEqual([[11, 11], 22]);
});

describe.each(recordedScenarios)('%s', (scenario) => {
  const picture = truthOf(scenario).elections.at(-1);
  if (picture === undefined) throw new Error(`${scenario}: truth.json has no picture`);

  it.each(recordedNames(scenario))('%s is accepted by both machines, who tell what happened', async (name) => {
    const { impl, spec } = await judged(name);
    expect(impl.kind, impl.divergence?.reason ?? impl.notes.join('; ')).toBe('accepted');
    const sid = name.slice(name.lastIndexOf('-') + 1);
    const last = impl.elections.at(-1);
    expect([last?.state, String(last?.leader)]).toEqual([roleIn(picture, sid), picture.leader]);
    expect(spec).toEqual(impl);
  });
});

it('the table in traces/recorded/README.md is up to date', async () => {
  const path = fileURLToPath(new URL('../traces/recorded/README.md', import.meta.url));
  const rows = await Promise.all(
    recordedScenarios.map(async (scenario) => {
      const both = await Promise.all(recordedNames(scenario).map(judged));
      const kinds = (of: (one: Both) => Verdict): readonly VerdictKind[] => both.map((one) => of(one).kind);
      return { scenario, impl: kinds(({ impl }) => impl), spec: kinds(({ spec }) => spec) };
    }),
  );
  const text = readFileSync(path, 'utf8');
  const [before = '', after = ''] = text.split(/<!-- table -->[^]*<!-- end of table -->/);
  const page = `${before}<!-- table -->\n\n${corpusTable(rows)}\n<!-- end of table -->${after}`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, page);
  expect(readFileSync(path, 'utf8')).toBe(page);
});
