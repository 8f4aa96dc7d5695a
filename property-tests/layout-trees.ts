/** The recordings in many shapes on disk: one file a server or one for all, in every layout, rolled, compressed. */
import { gzipSync } from 'node:zlib';
import {
  DEBIAN,
  type Layout,
  type LogEvent,
  mergedByTime,
  printed,
  type Recording,
  ROLLED,
  SHIPPED,
  SILENT,
  TELLING,
} from './layouts.js';

/** `path`: inside the folder of the recording. */
export interface PlacedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

type Shape = (recording: Recording) => readonly PlacedFile[];

export const asText = (lines: readonly string[], end = '\n'): string => lines.join(end) + end;

const apart =
  (filesOf: (sid: number, events: readonly LogEvent[]) => readonly PlacedFile[]): Shape =>
  ({ servers }) =>
    servers.flatMap(({ sid, events }) => filesOf(sid, events));

const oneFileEach = (layout: Layout, end?: string): Shape =>
  apart((sid, events) => [{ path: `server-${sid}.log`, content: asText(printed(events, layout), end) }]);

const inOneFile =
  (layout: Layout, order = mergedByTime): Shape =>
  ({ servers }) => [{ path: 'all.log', content: asText(printed(order(servers.map(({ events }) => events)), layout)) }];

/** Cuts a log into parts, oldest first, of uneven length; a stack trace may be cut off its record. */
function parts(lines: readonly string[], count: number, shift: number): readonly (readonly string[])[] {
  const cuts = Array.from(
    { length: count - 1 },
    (_, k) => Math.floor(((k + 1) * lines.length) / count) + (k % 3) * shift,
  );
  return [0, ...cuts].map((start, k) => lines.slice(start, cuts[k] ?? lines.length));
}

const rolled = ({ layout, name }: (typeof ROLLED)[string]): Shape =>
  apart((sid, events) => {
    const all = parts(printed(events, layout), 12, sid);
    return all.map((lines, k) => {
      const file = name(k, all.length - 1);
      const text = asText(lines);
      return { path: `node${sid}/${file}`, content: file.endsWith('.gz') ? gzipSync(text) : text };
    });
  });

const named = <T>(all: Readonly<Record<string, T>>, prefix: string, shape: (one: T) => Shape): Record<string, Shape> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [`${prefix} ${name}`, shape(one)]));

export const TREES: Readonly<Record<string, Shape>> = {
  original: oneFileEach({ ...SHIPPED, by: 'log4j' }),
  ...named(TELLING, 'apart', (layout) => oneFileEach(layout)),
  ...named(SILENT, 'apart', (layout) => oneFileEach(layout)),
  threads: apart((sid, events) => [{ path: `host-${'abcd'[sid - 1]}.out`, content: asText(printed(events, DEBIAN)) }]),
  crlf: oneFileEach(SHIPPED, '\r\n'),
  ...named(ROLLED, 'rolled', rolled),
  ...named(TELLING, 'merged', (layout) => inOneFile(layout)),
  ...named(SILENT, 'mixed', (layout) => inOneFile(layout)),
  concatenated: inOneFile(SHIPPED, (logs) => logs.flat()),
  'concatenated by threads': inOneFile(DEBIAN, (logs) => logs.flat()),
};
