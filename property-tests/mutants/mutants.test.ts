/**
 * Goal: the suite finds what it is for. Method: each mutant is a copy of the peer with one change; the default
 * budget of `checkSubject` must find it, and the shrunk story must be short enough to read.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subject } from '../../models/conformance/peer.js';
import { checkSubject, SubjectFailure } from '../../models/fuzz/suite.js';
import { THOROUGH } from '../../scripts/thorough.js';
import { HISTORICAL, type Mutant, SLIPS } from './mutants.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PLACE = join(ROOT, '.cache', 'mutants');
const RUNS = 500;
const SHRINK_MS = 4000;
const found: { readonly name: string; readonly steps: number; readonly sentence: string }[] = [];

/** The mutated peer in a copy of all that it imports. */
async function subjectOf({ file, find, replace }: Mutant, index: number): Promise<Subject> {
  const place = join(PLACE, `${index}`);
  mkdirSync(join(place, 'models', 'conformance'), { recursive: true });
  for (const folder of ['base', 'types', 'impl']) cpSync(join(ROOT, folder), join(place, folder), { recursive: true });
  for (const name of ['peer.ts', 'impl-subject.ts']) {
    cpSync(join(ROOT, 'models', 'conformance', name), join(place, 'models', 'conformance', name));
  }
  const text = readFileSync(join(ROOT, file), 'utf8');
  expect(text.split(find), `${file} must hold the text to change exactly once`).toHaveLength(2);
  writeFileSync(
    join(place, file),
    text.replace(find, () => replace),
  );
  const url = pathToFileURL(join(place, 'models', 'conformance', 'impl-subject.ts')).href;
  const module = (await import(/* @vite-ignore */ url)) as { implSubject: Subject };
  return module.implSubject;
}

function failureOf(subject: Subject): SubjectFailure | null {
  try {
    let end: number | null = null;
    checkSubject(subject, { runs: RUNS, expired: () => Date.now() > (end ??= Date.now() + SHRINK_MS) });
    return null;
  } catch (error) {
    if (error instanceof SubjectFailure) return error;
    throw error;
  }
}

beforeAll(() => rmSync(PLACE, { recursive: true, force: true }));
afterAll(() => {
  rmSync(PLACE, { recursive: true, force: true });
  console.log(found.map(({ name, steps }) => `${String(steps).padStart(4)} steps  ${name}`).join('\n'));
});

describe('a peer with one change is caught', () => {
  const all = [...HISTORICAL, ...SLIPS].map((mutant, index) => ({ ...mutant, index }));
  it.each(all.filter(({ index }) => THOROUGH || index % 3 === 0))('$name', { timeout: 120_000 }, async (mutant) => {
    const failure = failureOf(await subjectOf(mutant, mutant.index));
    expect(failure).not.toBeNull();
    if (failure === null) return;
    found.push({ name: mutant.name, steps: failure.script.actions.length, sentence: failure.message });
    expect(failure.script.actions.length).toBeLessThan(200);
  });
});
