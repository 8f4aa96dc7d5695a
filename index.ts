/** The library: what a program that imports `zabcheck` gets. */
export * from './types/election-line.js';
export * from './types/ensemble.js';
export * from './types/ids.js';
export * from './types/int64.js';
export * from './types/server-state.js';
export * from './types/vote.js';
