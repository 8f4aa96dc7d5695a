import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**', 'coverage/**', '.cache/**'],
    reporters: ['default', './scripts/closing-reporter.ts'],
    // Property tests and real servers are slow on a small machine: a timeout must mean "hangs", not "busy".
    // Two files at a time even where there are two cores: much of a test is waiting for processes.
    maxWorkers: '100%',
    // No file leaves anything behind that another could see; a world of its own for each would take a tenth of the time.
    isolate: false,
    // Compiled already, and started as users start it.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
