/** Goal: machines that disagree are never passed over. Method: beside `impl` judges one with a planted fault. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { implMachine } from '../../models/impl-machine.js';
import { specMachine } from '../../models/spec-machine.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { KeptOutput } from '../output.js';
import { validate } from './validate.js';

const LOG = fileURLToPath(new URL('../../traces/recorded/3.8.0/three-start/info/server-1.log', import.meta.url));

type AnyMachine = typeof implMachine;

async function run(machines: readonly AnyMachine[], json: boolean): Promise<{ code: ExitCode; out: string }> {
  const output = new KeptOutput();
  const code = await validate([LOG], { json }, { machines, output, signal: new AbortController().signal });
  return { code, out: output.said.out };
}

/** Cannot enter a role. */
const refusing: AnyMachine = {
  ...specMachine,
  name: 'refusing',
  observe(state, observation, ahead) {
    if (observation.said.what !== 'roleEntered') return specMachine.observe(state, observation, ahead);
    return { ok: false, refusal: { reason: 'no roles here', method: 'Planted.fault', nearness: 30, legal: null } };
  },
};

/** Takes every leader for server 7. */
const misled: AnyMachine = {
  ...specMachine,
  name: 'misled',
  decision(state) {
    const decision = specMachine.decision(state);
    return decision === null ? null : { ...decision, leader: 7n as typeof decision.leader };
  },
};

describe('validate with two machines', () => {
  it('prints one verdict if they agree', async () => {
    const { code, out } = await run([implMachine, specMachine], false);
    expect(code).toBe(EXIT.accepted);
    expect(out).toMatch(/^accepted .*\n.* lines judged by impl and spec, /);
    expect(out).toMatch(/1 server log: 1 accepted/);
  });

  it('prints both if one diverges, exit code 1', async () => {
    const { code, out } = await run([implMachine, refusing], false);
    expect(code).toBe(EXIT.diverged);
    expect(out).toMatch(/^disagreement/);
    expect(out).toMatch(/impl: accepted[^]*refusing: diverged[^]*no roles here/);
    expect(out).toMatch(/1 server log: 1 disagreement/);
    const { servers, verdict } = JSON.parse((await run([implMachine, refusing], true)).out) as {
      verdict: string;
      servers: { verdict: string; machines: unknown[] }[];
    };
    expect(verdict).toBe('diverged');
    expect(servers[0]).toMatchObject({
      verdict: 'disagreement',
      machines: [
        { name: 'impl', verdict: 'accepted', divergence: null },
        { name: 'refusing', verdict: 'diverged', divergence: { reason: 'no roles here' } },
      ],
    });
  });

  it('is inconclusive if both accept but name different leaders', async () => {
    const { code, out } = await run([implMachine, misled], false);
    expect(code).toBe(EXIT.inconclusive);
    expect(out).toMatch(/^disagreement/);
    expect(out).toMatch(/impl: accepted\n\s+roles: FOLLOWING 3[^]*misled: accepted\n\s+roles: FOLLOWING 7/);
  });
});
