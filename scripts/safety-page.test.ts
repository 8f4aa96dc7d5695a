/** docs/safety.md is what the specification's lists and the kept witnesses make of it, and its tokens play. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { parseToken } from '../cli/fuzz/token.js';
import { implSubject } from '../models/conformance/impl-subject.js';
import { tellScript } from '../models/fuzz/tell.js';
import { FALSE_CLAIMS } from '../spec/properties/index.js';
import { safetyPage } from './safety-page.js';

const PATH = fileURLToPath(new URL('../docs/safety.md', import.meta.url));

it('the page is up to date', async () => {
  const page = await format(safetyPage(), { ...(await resolveConfig(PATH)), filepath: PATH });
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PATH, page);
  expect(readFileSync(PATH, 'utf8')).toBe(page);
});

it('every token in it refutes the claim above it', () => {
  const text = readFileSync(PATH, 'utf8');
  const found = [...text.matchAll(/### (W\d+):[^#]*?(zab1\.[\w-]+)/g)];
  expect(found.map(([, id]) => id)).toEqual(FALSE_CLAIMS.map(({ id }) => id));
  for (const [, id, token] of found) {
    const script = parseToken(token ?? '');
    if (!script.ok) throw new Error(script.error);
    const { refuted, violation } = tellScript(implSubject, script.value);
    expect(violation).toBeNull();
    expect(refuted.map((one) => one.id)).toContain(id);
  }
});
