/** Values of flags: durations and ranges. */
import { UsageError } from '../usage-error.js';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `10m`, `1.5h`, `500ms`; a bare number means seconds. Milliseconds. */
export function parseDuration(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const unit = match?.[2] as keyof typeof UNITS | undefined;
  const value = match === null ? NaN : Number(match[1]) * UNITS[unit ?? 's'];
  if (Number.isFinite(value) && value > 0 && value < 1e10) return value;
  throw new UsageError(`${flag}: "${text}" is not a time; write 90s, 10m or 1h`);
}

/** `3` or `1-7`, within the bounds. */
export function parseRange(
  flag: string,
  text: string,
  [least, most]: readonly [number, number],
): readonly [number, number] {
  const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = match?.[2] === undefined ? from : Number(match[2]);
  if (match !== null && from >= least && to <= most && from <= to) return [from, to];
  throw new UsageError(`${flag}: "${text}" is not a number or range within ${least}-${most}`);
}
