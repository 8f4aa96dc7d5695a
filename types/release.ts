/** Groups of releases whose election behaves alike. What each does is judged elsewhere, twice. */

/** P346: 3.4.6 to 3.4.14; P350: 3.5.0 to 3.5.4; P355: 3.5.5 to 3.5.10; P360: 3.6 and 3.7; P380: 3.8 to 3.10. */
export type ProfileName = 'P346' | 'P350' | 'P355' | 'P360' | 'P380';

/**
 * The profile of a release such as `3.5.7`, `3.6.0-SNAPSHOT` or `3.4.10-39d3a4f2`; null: none of these (3.4.5 and older),
 * or no release.
 */
export function profileOfRelease(release: string): ProfileName | null {
  const match = /^3\.(\d{1,3})(?:\.(\d{1,3}))?(?!\d)/.exec(release);
  if (match === null) return null;
  const minor = Number(match[1]);
  const patch = match[2] === undefined ? null : Number(match[2]);
  if (minor === 4) return patch === null || patch >= 6 ? 'P346' : null;
  if (minor === 5) return patch !== null && patch < 5 ? 'P350' : 'P355';
  if (minor === 6 || minor === 7) return 'P360';
  return minor >= 8 && minor <= 10 ? 'P380' : null;
}
