/** Releases by age, where one number is not enough: two lines of ZooKeeper are mended side by side. */

/** What came to 3.9 with another patch than to 3.8. */
const IN_3_9: Readonly<Record<string, string>> = { '3.8.5': '3.9.2' };
/** What came to 3.4 and to 3.5. */
const IN_3_5: Readonly<Record<string, string>> = { '3.4.13': '3.5.4' };

/** Does `release` (3.4.6 to 3.10) have what came with `since`? */
export function isFrom(release: string, since: string): boolean {
  const place = placeOf(release);
  const [minor] = place;
  const due = minor >= 9 ? (IN_3_9[since] ?? since) : minor === 5 ? (IN_3_5[since] ?? since) : since;
  const [dueMinor, duePatch] = placeOf(due);
  return minor > dueMinor || (minor === dueMinor && place[1] >= duePatch);
}

function placeOf(release: string): readonly [minor: number, patch: number] {
  const [, minor, patch] = /^3\.(\d+)(?:\.(\d+))?/.exec(release) ?? [];
  return [Number(minor ?? 0), Number(patch ?? 99)];
}
