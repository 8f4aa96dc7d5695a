import { defineConfig } from 'vitest/config';

/** The tests of the predicates: what mutation testing runs, once for each mutant. */
export default defineConfig({
  test: {
    include: [
      'impl/predicates.test.ts',
      'impl/quorums.test.ts',
      'impl/old-predicates.test.ts',
      'impl/election.test.ts',
      'impl/election-waits.test.ts',
      'spec/order.test.ts',
      'spec/quorums.test.ts',
      'spec/vote-agreement.test.ts',
      'property-tests/agreement/agreement.test.ts',
    ],
    testTimeout: 30_000,
  },
});
