export const RELEASES: readonly string[];
