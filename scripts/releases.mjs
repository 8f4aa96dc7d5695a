/** Releases that stand for all: each profile, and both sides of what changes inside one: in what servers do, or in how they print it. */
export const RELEASES = [
  '3.4.6',
  '3.4.14',
  '3.5.0-alpha',
  '3.5.4-beta',
  '3.5.5',
  '3.5.10',
  '3.6.0',
  '3.7.2',
  '3.8.0',
  '3.9.5',
];
