import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/start-test-server.ts'],
    // On a shared machine a deadline may pass for want of processor time; what fails twice in a row fails.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**'],
          testTimeout: 60_000,
          // Most tests wait for a database or a process more than they compute.
          maxWorkers: Math.max(3, availableParallelism()),
          // Closing down waits for work of a database that may be slow to answer.
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // A window on a busy machine takes its time; a second, the usual, is an assertion about time.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
