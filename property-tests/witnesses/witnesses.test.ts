/**
 * Goal: every tempting claim is refuted by a run that is kept, and that real peers play.
 * `UPDATE_WITNESSES=1` searches anew (minutes); commit only what reads better than before.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { implSubject } from '../../models/conformance/impl-subject.js';
import { playScript, type Script } from '../../models/fuzz/script.js';
import { parseScript, printScript } from '../../models/fuzz/script-codec.js';
import { FALSE_CLAIMS } from '../../spec/properties/index.js';
import type { FalseClaim } from '../../spec/properties/false-claim.js';
import { findWitness, refutes } from './search.js';

const FOLDER = 'docs/witnesses';
const UPDATE = process.env['UPDATE_WITNESSES'] === '1';
const RUNS = 4000;
const SEVERAL = 12;

function kept(claim: FalseClaim): Script {
  const path = `${FOLDER}/${claim.id}.json`;
  if (UPDATE) {
    const found = findWitness(claim, RUNS, SEVERAL);
    if (found === null) throw new Error(`no witness against ${claim.id} was found`);
    const old = existsSync(path) ? parseScript(readFileSync(path, 'utf8')) : null;
    const better = old === null || !old.ok || found.script.actions.length < old.value.actions.length;
    mkdirSync(FOLDER, { recursive: true });
    if (better) writeFileSync(path, `${printScript(found.script)}\n`);
    console.log(`${claim.id}: ${found.script.actions.length} steps, ${found.world}`);
  }
  const script = parseScript(readFileSync(path, 'utf8'));
  if (!script.ok) throw new Error(script.error);
  return script.value;
}

describe('a tempting claim is refuted by real peers', () => {
  it.each(FALSE_CLAIMS.map((claim) => ({ ...claim, claim })))(
    '$id',
    { timeout: UPDATE ? 600_000 : 30_000 },
    ({ claim }) => {
      const script = kept(claim);
      const played = playScript(implSubject, script, { watch: refutes(claim)(script.setup) });
      expect(played.violation?.sentence).toBe(`${claim.id} is refuted`);
      expect(played.taken).toHaveLength(script.actions.length);
    },
  );

  it('a step less refutes nothing', () => {
    for (const claim of FALSE_CLAIMS) {
      const { setup, actions } = kept(claim);
      const shorter = { setup, actions: actions.slice(0, -1) };
      expect(playScript(implSubject, shorter, { watch: refutes(claim)(setup) }).violation, claim.id).toBeNull();
    }
  });
});
