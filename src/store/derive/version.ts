import { createHash } from 'node:crypto';
import { duckdb } from './dialect.js';
import { derivedTests } from './numbering.js';
import { cyclesQuery, numberingStages, recordStages, stepsQuery } from './queries.js';
import { sortedRecords } from './records.js';

const digest = (...parts: unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/**
 * The text of the derivation is its version: when it changes, everything is derived again, and nobody has to raise a
 * number. `recordsVersion` is the version of what reads the records of a test, `numberingVersion` that of what follows
 * from the steps.
 */
export const recordsVersion = digest(recordStages(duckdb, sortedRecords('measurements')));
export const numberingVersion = digest(
  derivedTests({ where: 'TRUE', running: [] }),
  numberingStages(duckdb),
  stepsQuery,
  cyclesQuery,
);

/** The content of `derivation_version` in `meta`: both versions, that of the records first. */
export const derivationVersion = `${recordsVersion}/${numberingVersion}`;
