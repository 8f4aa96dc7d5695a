/**
 * Goal: spec/tla says what it seems to say, as far as that can be seen without TLC: each configuration has the bounds of its
 * named model and sets every constant, what it asks exists, no action and no property is forgotten silently, and docs/tla.md
 * tells the counts of the manifest. TLC itself is run by `npm run evidence -- tla`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BOUNDS, parseBounds } from '../models/election/bounds.js';
import { ALIASES } from '../spec/aliases.js';
import { PROPERTIES, QUORUM_PROPERTIES, VOTE_PROPERTIES } from '../spec/properties/index.js';
import {
  boundsOf,
  configNames,
  configText,
  moduleNames,
  moduleText,
  parseConfig,
  withoutComments,
} from './tla-files.mjs';

const at = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

interface Named {
  readonly name: string;
  readonly model: string;
  readonly bounds: Readonly<Record<string, string>>;
  readonly verdict: string;
  readonly liveness?: string;
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
}

const MANIFEST = JSON.parse(at('models/manifest.json')) as readonly Named[];
/** What is asked of the end has formulas of its own (live-*.cfg). */
const ELECTIONS = MANIFEST.filter(
  ({ model, verdict, liveness }) => /^(spec|lockstep)$/.test(model) && verdict === 'holds' && liveness === undefined,
);
/** Of no named model: what happens in the end, and false claims. */
const OTHERS = ['live-established', 'live-leaves', 'live-windowed', 'untimely', 'witnesses'];

const TEXTS = new Map(moduleNames().map((name) => [name, withoutComments(moduleText(name))]));
const WHOLE = [...TEXTS.values()].join('\n');
const DEFINED = new Set([...WHOLE.matchAll(/^(\w+)(?:\([^)]*\))? ==/gm)].map(([, name]) => name));
const PAGE = at('docs/tla.md');

/** All CONSTANTS that the modules declare. */
function declared(): readonly string[] {
  const parts = [...WHOLE.matchAll(/^CONSTANTS\n((?:[ \t]+.*\n|\n)*)/gm)];
  return parts.flatMap(([, names = '']) => [...names.matchAll(/\b([A-Z]\w*)\b/g)].map(([, name]) => name ?? ''));
}

describe('configurations', () => {
  it('one for every model of the specification that holds, and no others', () => {
    expect(configNames()).toEqual([...ELECTIONS.map(({ name }) => name), ...OTHERS].toSorted());
  });

  it.each(ELECTIONS)('$name has the bounds of the model', ({ name, bounds }) => {
    const parsed = parseBounds(boundsOf(parseConfig(configText(name)).constants));
    const wanted = parseBounds(bounds);
    expect(wanted.ok).toBe(true);
    expect(parsed).toEqual(wanted);
  });

  it.each(configNames())('%s sets every constant once, and asks what is defined', (name) => {
    const { constants, specification, invariants, properties, deadlock } = parseConfig(configText(name));
    expect(constants.map(([constant]) => constant).toSorted()).toEqual(declared().toSorted());
    expect(parseBounds(boundsOf(constants)).ok).toBe(true);
    expect(deadlock).toBe('FALSE');
    expect(invariants.length + properties.length).toBeGreaterThan(0);
    for (const asked of [specification, ...invariants, ...properties]) expect(DEFINED, asked).toContain(asked);
  });

  it('every bound but those of peers has a constant', () => {
    const { bug, release, ...rest } = DEFAULT_BOUNDS;
    expect([bug, release]).toEqual([[], null]);
    expect(Object.keys(boundsOf(parseConfig(configText('smoke')).constants)).toSorted()).toEqual(
      Object.keys(rest).toSorted(),
    );
  });

  it('a word without place, and a constant without value, are told', () => {
    expect(() => parseConfig('Servers = 2')).toThrow(/"Servers" stands in no place/);
    expect(() => parseConfig('CONSTANTS Servers =')).toThrow(/"Servers" has no value/);
    expect(() => boundsOf([['Servers', '2']])).toThrow(/constant \w+ is not set/);
  });
});

/** The words of the sentence of docs/tla.md that begins so. */
function listed(beginning: string): readonly string[] {
  const start = PAGE.indexOf(beginning);
  expect(start).toBeGreaterThan(0);
  return [...PAGE.slice(start, PAGE.indexOf('\n\n', start)).matchAll(/\b[A-Z]\w*\b/g)].map(([word]) => word);
}

describe('nothing is forgotten silently', () => {
  const election = TEXTS.get('Election') ?? '';
  const peer = TEXTS.get('Peer') ?? '';

  it.each(Object.keys(ALIASES))('action %s is a step, a part of one, or said to be left out', (name) => {
    const isStep = new RegExp(`^${name}\\(`, 'm').test(election);
    const isPart =
      !isStep && new RegExp(`^May${name}\\(`, 'm').test(peer) && listed('Parts of other steps').includes(name);
    const isStart = name === 'CatchUp' && DEFINED.has('CaughtUp') && listed('Parts of other steps').includes(name);
    const isLeftOut = listed('Left out, as in the models').includes(name);
    expect([isStep, isPart, isStart, isLeftOut].filter(Boolean)).toHaveLength(1);
  });

  it.each([...PROPERTIES, ...VOTE_PROPERTIES, ...QUORUM_PROPERTIES].map(({ id }) => id))(
    'property %s is asked, or said to be left out',
    (id) => {
      const asked = ELECTIONS.every(({ name }) => {
        const { invariants, properties } = parseConfig(configText(name));
        return invariants.includes(id) || properties.includes(id) || WHOLE.includes(`ASSUME ${id}\n`);
      });
      expect([asked, listed('Left out of the properties').includes(id)].filter(Boolean)).toHaveLength(1);
    },
  );
});

describe('docs/tla.md', () => {
  it('tells the counts of the manifest, by TLC and by us', () => {
    const rows = [...PAGE.matchAll(/^\| ([a-z0-9-]+) +\|([^|]*\d[^|]*)((?:\| +[\d,]+ +){6})\|$/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(10);
    for (const [, name = '', , counts = ''] of rows) {
      const named = ELECTIONS.find((each) => each.name === name);
      const told = counts
        .split('|')
        .slice(1)
        .map((count) => Number(count.replaceAll(',', '')));
      const ours = [named?.distinct, named?.generated, named?.depth];
      expect(told, name).toEqual([...ours, ...ours]);
    }
  });
});
