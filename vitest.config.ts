import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every core: most of a test's time is DuckDB's and child processes'.
    maxWorkers: '100%',
    // Files share what they import: no test changes it, and to load DuckDB for each takes half a minute in all.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
