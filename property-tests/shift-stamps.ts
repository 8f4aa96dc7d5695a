/** Sets the clock of a server's log, as Log4j and Logback print it: `2026-11-23 18:05:01,123`. */

const STAMP = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d),(\d{3})/;

/** Every stamp moved by so many milliseconds. */
export function shiftStamps(lines: readonly string[], ms: number): readonly string[] {
  return lines.map((line) =>
    line.replace(STAMP, (stamp) => {
      const moved = new Date(Date.parse(`${stamp.replace(' ', 'T').replace(',', '.')}Z`) + ms);
      return moved.toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
    }),
  );
}
