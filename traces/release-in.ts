/** The release at the beginning of a version text; null if it is none. */
export function releaseIn(text: string): string | null {
  return /^\d{1,9}(?:\.\d{1,9}){0,4}(?:-(?:SNAPSHOT|alpha|beta))?/i.exec(text)?.[0] ?? null;
}
