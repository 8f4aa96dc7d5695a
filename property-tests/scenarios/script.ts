/**
 * The text of a scenario: prose, servers, commands, and below each command what came of it. Only the outcomes are
 * ever rewritten; the lines that begin with `=` say what must be true, and are written by hand.
 */
import type { InitialSituation as Setup } from '../../spec/init.js';
import { asConfigVersion, asPeerEpoch, asSid, asZxid } from '../../types/ids.js';
import { parseHexInt64 } from '../../types/int64.js';

export interface Item {
  readonly kind: 'prose' | 'command' | 'fact' | 'mark';
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Where a section begins: with servers that are down, or where another section set a mark. */
export type Beginning =
  | { readonly kind: 'servers'; readonly setup: Setup }
  | { readonly kind: 'after'; readonly id: string; readonly mark: string };

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly beginning: Beginning;
  readonly items: readonly Item[];
}

export interface Scenario {
  readonly file: string;
  readonly title: string;
  readonly prose: readonly string[];
  readonly sections: readonly Section[];
  readonly lines: readonly string[];
}

interface Draft {
  readonly id: string;
  readonly title: string;
  beginning: Beginning | null;
  readonly items: Item[];
}

const ITEMS: readonly (readonly [string, Item['kind']])[] = [
  ['#', 'prose'],
  ['>', 'command'],
  ['=', 'fact'],
  ['mark', 'mark'],
];

/** Reads a file. An error names the line. */
export function parseScenario(file: string, text: string): Scenario {
  const lines = text.split('\n');
  const prose: string[] = [];
  const drafts: Draft[] = [];
  let title = '';
  lines.forEach((content, index) => {
    const line = index + 1;
    const draft = drafts.at(-1);
    const [, word = '', rest = ''] = /^(\S+) ?(.*)$/.exec(content) ?? [];
    const kind = ITEMS.find(([sign]) => sign === word)?.[1];
    if (content === '' || (content.startsWith('  ') && draft !== undefined)) return;
    if (word === 'title') title = rest;
    else if (word === 'section') drafts.push(newSection(rest));
    else if (draft === undefined && kind === 'prose') prose.push(rest);
    else if (draft !== undefined && (word === 'servers' || word === 'after')) draft.beginning = beginning(content);
    else if (draft !== undefined && kind !== undefined) draft.items.push({ kind, text: rest, line });
    else throw new Error(`${file}:${line}: what is "${content}"?`);
  });
  return { file, title, prose, lines, sections: drafts.map((draft) => finished(file, draft)) };
}

function newSection(text: string): Draft {
  const [id = '', title = ''] = text.split(': ', 2);
  return { id, title, beginning: null, items: [] };
}

function finished(file: string, { id, title, beginning: first, items }: Draft): Section {
  if (first === null) throw new Error(`${file}: section ${id} does not say where it begins`);
  return { id, title, beginning: first, items };
}

/** `servers 1 2 3 (zxid 0x0, epoch 0)`, or `after main at led`. */
function beginning(text: string): Beginning {
  const [, id, mark] = /^after (\S+) at (.+)$/.exec(text) ?? [];
  if (id !== undefined && mark !== undefined) return { kind: 'after', id, mark };
  const [, ids, zxidText, epochText] = /^servers ([\d ]+) \(zxid 0x([0-9a-f]+), epoch (\d+)\)$/.exec(text) ?? [];
  const zxid = parseHexInt64(zxidText ?? '');
  if (ids === undefined || epochText === undefined || !zxid.ok) throw new Error(`what is "${text}"?`);
  const epoch = asPeerEpoch(BigInt(epochText));
  const sids = ids.split(' ').map((one) => asSid(BigInt(one)));
  const members = sids.map((sid) => ({ sid, type: 'PARTICIPANT', addresses: [], clientAddress: null }) as const);
  const disk = { zxid: asZxid(zxid.value), currentEpoch: epoch, acceptedEpoch: epoch };
  const setup: Setup = {
    servers: sids.map((sid) => ({ sid, ...disk })),
    config: { version: asConfigVersion(0n), members, quorumSystem: { kind: 'majority' } },
    laterConfigs: [],
    oracle: false,
  };
  return { kind: 'servers', setup };
}

/** The text with these outcomes, by the line of their command, in the place of those it had. */
export function printScenario({ lines }: Scenario, outcomes: ReadonlyMap<number, readonly string[]>): string {
  const printed = lines.flatMap((content, index) => {
    if (content.startsWith('  ')) return [];
    return [content, ...(outcomes.get(index + 1) ?? []).map((outcome) => `  ${outcome}`)];
  });
  return printed.join('\n');
}
