import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**', 'coverage/**', '.cache/**'],
    reporters: ['default', './scripts/closing-reporter.ts'],
    // Property tests and real servers are slow on a small machine: a timeout must mean "hangs", not "busy".
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
