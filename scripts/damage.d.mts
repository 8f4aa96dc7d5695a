import type { Rng } from '../base/rng.js';

export const DAMAGES: Readonly<
  Record<string, (folder: string, options: { readonly rng: Rng; readonly other: string }) => string>
>;
