/** The parts of a time stamp, and the stamp that they make: `2026-01-01 10:00:00,000` with the zone that was printed. */

export interface TimeParts {
  readonly numbers: Partial<
    Record<'year' | 'shortYear' | 'month' | 'day' | 'hour' | 'hour12' | 'minute' | 'second', number>
  >;
  /** After noon; null: not printed. */
  afternoon: boolean | null;
  /** Digits behind the second. */
  fraction: string;
  zone: string;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** 1 to 12 by an English name or its first three letters; null: it is none. */
export function monthIn(name: string): number | null {
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? null : month;
}

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Null: no moment of any day, or no hour at all. Without a year the date is left out: it would tell nothing. */
export function stampOf({ numbers, afternoon, fraction, zone }: TimeParts): string | null {
  const { month = 1, day = 1, minute = 0, second = 0, shortYear } = numbers;
  const year = numbers.year ?? (shortYear === undefined ? null : 2000 + shortYear);
  const hour = numbers.hour ?? hourOf(numbers.hour12, afternoon);
  if (hour === null || hour > 23 || minute > 59 || second > 60 || month < 1 || month > 12 || day < 1 || day > 31) {
    return null;
  }
  const time = `${padded(hour)}:${padded(minute)}:${padded(second)}${fraction === '' ? '' : `,${fraction}`}${zone}`;
  return year === null ? time : `${padded(year, 4)}-${padded(month)}-${padded(day)} ${time}`;
}

function hourOf(hour12: number | undefined, afternoon: boolean | null): number | null {
  if (hour12 === undefined) return null;
  return (hour12 % 12) + (afternoon === true ? 12 : 0);
}

const DAY_MS = 86_400_000;

/** The stamp, in UTC, of so many milliseconds since 1970-01-01. */
export function stampOfEpoch(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const [hour, minute, second] = [
    Math.floor(rest / 3_600_000),
    Math.floor(rest / 60_000) % 60,
    Math.floor(rest / 1000) % 60,
  ];
  const time = `${padded(hour)}:${padded(minute)}:${padded(second)},${padded(rest % 1000, 3)}Z`;
  return `${dateOf(days)} ${time}`;
}

/** The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March. */
function dateOf(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
}
