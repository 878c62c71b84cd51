import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/sequencer.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/temporary.ts'],
    // More than cores: while one test waits for a disk or a child process, another goes on.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Files share what they import: no test changes it, and to load DuckDB for each takes half a minute in all.
    isolate: false,
    // Small tables gain nothing from a second thread, and the other test files need the cores.
    env: { CELLAR_THREADS: '1' },
    testTimeout: 90_000,
    hookTimeout: 240_000,
    // What tests of a file that run at the same time ask for is made together.
    maxConcurrency: 200,
  },
});
