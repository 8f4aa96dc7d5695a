/** Scripts as JSON: exact both ways, and refused with the place of the fault. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { asSid } from '../../types/ids.js';
import { parseScript, printScript } from './script-codec.js';
import { ANY_SETUP, randomSetup, setupsOf } from './setups.js';

describe('scripts as JSON', () => {
  it('are read back as they were, whatever the ensemble', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const style = { ...ANY_SETUP, extreme: 0.5, reconfigured: 0.5, grouped: 0.5 };
        const script = {
          setup: randomSetup(makeRng(seed), style),
          actions: [{ name: 'Begin', s: asSid(1n) } as const],
        };
        const text = printScript(script);
        const parsed = parseScript(text);
        if (!parsed.ok) throw new Error(parsed.error);
        expect(printScript(parsed.value)).toBe(text);
        expect(parsed.value.setup.servers).toEqual(script.setup.servers);
        expect(parsed.value.setup.config.members).toEqual(script.setup.config.members);
        expect(parsed.value.actions).toEqual(script.actions);
      }),
      { numRuns: 500 },
    );
  });

  it('carry their release', () => {
    const setup = randomSetup(makeRng(1), setupsOf('3.4.14'));
    const parsed = parseScript(printScript({ setup, actions: [] }));
    expect(parsed.ok && parsed.value.setup.release).toBe('3.4.14');
  });

  const good = printScript({ setup: randomSetup(makeRng(1), ANY_SETUP), actions: [{ name: 'OracleFlip' }] });
  const change = (edit: (json: Record<string, unknown>) => void): string => {
    const json = JSON.parse(good) as Record<string, unknown>;
    edit(json);
    return JSON.stringify(json);
  };

  it.each([
    ['no JSON', good.slice(0, -1), 'the script is not JSON'],
    ['another schema', change((json) => (json['schema'] = 'x/1')), 'the script is wrong at schema'],
    ['an unknown key', change((json) => (json['extra'] = 1)), 'the script is wrong at its top'],
    ['a missing key', change((json) => delete json['oracle']), 'the script is wrong at oracle'],
    ['no servers', change((json) => (json['servers'] = [])), 'the script is wrong at servers'],
    [
      'a number beyond 64 bits',
      change((json) => Object.assign((json['servers'] as object[])[0] ?? {}, { zxid: '9223372036854775808' })),
      'the script is wrong at servers.0.zxid',
    ],
    [
      'a number that is no text',
      change((json) => ((json['config'] as Record<string, unknown>)['version'] = 5)),
      'the script is wrong at config.version',
    ],
    ['a release that is not covered', change((json) => (json['release'] = '3.3.6')), 'release 3.3.6 is not covered'],
    [
      'an oracle before 3.8',
      change((json) => {
        json['release'] = '3.7.2';
        (json['config'] as Record<string, unknown>)['quorums'] = { kind: 'oracle' };
      }),
      'servers of 3.7.2 have no oracle',
    ],
    [
      'another configuration before 3.5',
      change((json) => {
        json['release'] = '3.4.14';
        json['laterConfigs'] = [{ version: '5', voters: ['1'], observers: [], quorums: { kind: 'majority' } }];
      }),
      'servers of 3.4.14 cannot change their configuration',
    ],
    ['no action', change((json) => (json['actions'] = ['Jump 1'])), '"Jump 1" is no action'],
  ])('refuse %s', (_, text, message) => {
    expect(parseScript(text)).toMatchObject({ ok: false, error: expect.stringContaining(message) as string });
  });
});
