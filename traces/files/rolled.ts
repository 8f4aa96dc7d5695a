/** Names of rolled log files: which belong together and which is older. Only names, no files. */

/** A log file's name, taken apart. */
export interface RolledName {
  /** The name that all parts of one log share: without date, number and `.gz`. */
  readonly stem: string;
  /** `2021-01-01`, `2021-01-01-15` or `20210101`; null without. */
  readonly date: string | null;
  /** The number at the end; null without. */
  readonly index: number | null;
}

const DATE = String.raw`\d{4}-\d\d-\d\d(?:[-_.T]\d\d(?:[-_.:]?\d\d){0,2})?`;
const DATE_BEHIND = new RegExp(String.raw`^(.+)[._-](${DATE})(?:\.(\d{1,4}))?$`);
/** What logrotate appends with `dateext`. */
const DATE_ROTATED = /^(.+)-(20\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?:\d\d)?)$/;
const DATE_INSIDE = new RegExp(String.raw`^(.+?)[._-](${DATE})(?:[._-](\d{1,4}))?(\.(?:log|out|txt))$`);
const NUMBER_BEHIND = /^(.+)\.(\d{1,4})$/;

/**
 * Takes a file name apart: `zookeeper.log.2`, `zookeeper.log.2021-01-01`, `zookeeper.log.2021-01-01.1`,
 * `zookeeper-2021-01-01.log`, `zookeeper.log-20210101`, each also with `.gz`. A number before the extension (`server-1.log`) is no part
 * number: it names a server more often.
 */
export function rolledName(fileName: string): RolledName {
  const name = fileName.replace(/\.gz$/i, '');
  const inside = DATE_INSIDE.exec(name);
  if (inside !== null) {
    const [, stem = '', date = '', index, extension = ''] = inside;
    return { stem: stem + extension, date, index: index === undefined ? null : Number(index) };
  }
  const behind = DATE_BEHIND.exec(name);
  if (behind !== null) {
    const [, stem = '', date = '', index] = behind;
    return { stem, date, index: index === undefined ? null : Number(index) };
  }
  const rotated = DATE_ROTATED.exec(name);
  if (rotated !== null) return { stem: rotated[1] ?? name, date: rotated[2] ?? null, index: null };
  const number = NUMBER_BEHIND.exec(name);
  if (number !== null) return { stem: number[1] ?? name, date: null, index: Number(number[2]) };
  return { stem: name, date: null, index: null };
}

/**
 * Orders parts of one log oldest first: by date; within a date by rising number (both loggers count up there);
 * without date by falling number (the highest is the oldest); the part without date and number is the newest.
 */
export function compareRolled(a: RolledName, b: RolledName): number {
  if (a.date !== b.date) {
    if (a.date === null) return 1;
    if (b.date === null) return -1;
    return a.date < b.date ? -1 : 1;
  }
  if (a.index === b.index) return 0;
  if (a.date !== null) return (a.index ?? Infinity) - (b.index ?? Infinity);
  return (b.index ?? -1) - (a.index ?? -1);
}

/** How many parts are missing between two neighbours in order; 0 where the names do not tell. */
export function missingBetween(older: RolledName, newer: RolledName): number {
  if (older.date !== null || newer.date !== null || older.index === null) return 0;
  return Math.max(0, older.index - (newer.index ?? 0) - 1);
}
