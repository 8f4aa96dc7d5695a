/** docs/safety.md: what Fast Leader Election promises and what it does not, written from the specification's lists. */
import { readFileSync } from 'node:fs';
import { printToken } from '../cli/fuzz/token.js';
import { implSubject } from '../models/conformance/impl-subject.js';
import { parseScript } from '../models/fuzz/script-codec.js';
import type { Script } from '../models/fuzz/script.js';
import { tellScript } from '../models/fuzz/tell.js';
import type { FalseClaim } from '../spec/properties/false-claim.js';
import {
  FALSE_CLAIMS,
  PROPERTIES,
  type Property,
  QUORUM_PROPERTIES,
  VOTE_PROPERTIES,
} from '../spec/properties/index.js';

const TOLD = readFileSync(new URL('../docs/safety-told.md', import.meta.url), 'utf8');

/** The whole page, not yet formatted. */
export function safetyPage(): string {
  const [before = '', after = ''] = TOLD.split('<!-- lists -->');
  return [
    '<!-- Written by `UPDATE_GOLDEN=1 npx vitest run scripts/safety-page.test.ts` from docs/safety-told.md, spec/properties and docs/witnesses. -->',
    '',
    before.trim(),
    '',
    ...promises(),
    ...refutations(),
    after.trim(),
    '',
  ].join('\n');
}

function promises(): readonly string[] {
  const claims = [...PROPERTIES, ...VOTE_PROPERTIES, ...QUORUM_PROPERTIES];
  return [
    '## What it promises',
    '',
    '`zabcheck fuzz` watches every one of these at every step. "Strict" ones are claimed only where receiving and answering, and deciding and publishing, are one step each.',
    '',
    '| | promise | why it holds | claimed |',
    '| --- | --- | --- | --- |',
    ...claims.map((claim) => `| ${claim.id} | ${cell(claim.sentence)} | ${cell(claim.why)} | ${cell(when(claim))} |`),
    '',
  ];
}

function when({ grain, assumes }: Pick<Property, 'grain' | 'assumes'>): string {
  const conditions = assumes.map(({ sentence }) => sentence.replace(/\.$/, ''));
  return [...(grain === 'strict' ? ['strict'] : []), ...conditions].join('; ') || 'always';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function refutations(): readonly string[] {
  return [
    '## What it does not promise',
    '',
    'Each claim below is tempting, and false. The token plays a run of real peers that refutes it; every step is one that ZooKeeper can take.',
    '',
    ...FALSE_CLAIMS.flatMap(refutation),
  ];
}

/** The script that refutes the claim. */
export function witnessOf(claim: FalseClaim): Script {
  const script = parseScript(readFileSync(new URL(`../docs/witnesses/${claim.id}.json`, import.meta.url), 'utf8'));
  if (!script.ok) throw new Error(script.error);
  return script.value;
}

function refutation(claim: FalseClaim): readonly string[] {
  const script = witnessOf(claim);
  const { text } = tellScript(implSubject, script);
  const lines = text.split('\n');
  const end = lines.findIndex((line) => line.includes(`refutes ${claim.id}:`));
  const steps = lines.slice(1, end).filter((line) => !line.includes(' refutes '));
  const last = steps.slice(-3).map((line) => line.trim());
  return [
    `### ${claim.id}: "${claim.claim}"`,
    '',
    `Tempting: ${claim.tempting} False: ${claim.whyFalse}`,
    '',
    `Refuted in ${script.actions.length} steps${claim.grain === 'windowed' ? ', and only where steps are cut finely' : ''}; they end:`,
    '',
    '```',
    ...last,
    '```',
    '',
    '```sh',
    `zabcheck replay ${printToken(script)}`,
    '```',
    '',
  ];
}
