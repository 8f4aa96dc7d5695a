/** A played scenario as a page: prose as it stands, what happened as Mermaid, the collections as tables. */
import type { Arrow } from '../../models/threads/scenario-arrows.js';
import type { PlayedItem } from '../../models/threads/scenario-play.js';

const THREADS = [
  ['LI', 'Listener'],
  ['CP', 'connection pool'],
  ['RW', 'RecvWorker'],
  ['SW', 'SendWorker'],
  ['WS', 'WorkerSender'],
  ['WR', 'WorkerReceiver'],
  ['QP', 'QuorumPeer'],
] as const;

export function printPage(file: string, items: readonly PlayedItem[]): string {
  const lines = [`<!-- Generated from ${file}: UPDATE_GOLDEN=1 npx vitest run property-tests/thread-scenarios -->`, ''];
  let focus = 0;
  for (const item of items) {
    if (item.kind === 'text') lines.push(item.text);
    if (item.kind === 'section') {
      ({ focus } = item);
      lines.push(`## ${item.heading}`);
    }
    if (item.kind === 'arrows') lines.push('', '```mermaid', ...diagram(item.arrows, focus), '```', '');
    if (item.kind === 'table') lines.push('', ...table(item), '');
  }
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** Participants that nothing happens to are left out. */
function diagram(arrows: readonly Arrow[], focus: number): readonly string[] {
  const named = new Set(
    arrows.flatMap(({ from, to, server }) => [from ?? `Server ${server}`, ...(to === null ? [] : [to])]),
  );
  const servers = [...named].filter((name) => name.startsWith('Server ') && name !== `Server ${focus}`).sort();
  const threads = THREADS.filter(([, name]) => named.has(name));
  const own = named.has(`Server ${focus}`) && threads.length === 0 ? [`Server ${focus}`] : [];
  const ids = new Map<string, string>([
    ...[...servers, ...own].map((name) => [name, name.replace('Server ', 'S')] as const),
    ...threads.map(([id, name]) => [name, id] as const),
  ]);
  const first = ids.values().next().value ?? '';
  const idOf = (name: string): string => ids.get(name) ?? first;
  return [
    'sequenceDiagram',
    ...[...ids].map(
      ([name, id]) => `  participant ${id} as ${name.startsWith('Server ') ? name : `${name} of ${focus}`}`,
    ),
    ...arrows.map((arrow) => `  ${lineOf(arrow, { idOf, last: [...ids.values()].at(-1) ?? first, first })}`),
  ];
}

function lineOf(
  { from, to, server, text }: Arrow,
  { idOf, first, last }: { readonly idOf: (name: string) => string; readonly first: string; readonly last: string },
): string {
  if (from === null) return `Note over ${first === last ? first : `${first},${last}`}: Server ${server} ${text}`;
  return to === null ? `Note over ${idOf(from)}: ${text}` : `${idOf(from)}->>${idOf(to)}: ${text}`;
}

function table({ focus, rows }: Extract<PlayedItem, { kind: 'table' }>): readonly string[] {
  const cells = [
    [`of server ${focus}`, 'holds'],
    ...[...rows].map(([name, value]) => [name === 'state' ? name : `\`${name}\``, value]),
  ];
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = cells;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)];
}
