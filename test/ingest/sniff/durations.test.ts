import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { durationSeconds, durationSecondsSql, durationSyntax } from '../../../src/ingest/sniff/durations.js';
import { type Database, literal, openInMemory, select } from '../../../src/store/connection.js';

let database: Database;
beforeAll(async () => {
  database = await openInMemory();
});
afterAll(() => database.close());

describe('elapsed times', () => {
  it.each([
    ['00:01:02', 'hms', 62],
    ['144:02:18', 'hms', 518538],
    ['00:00:01.250', 'hms', 1.25],
    ['1:2:3', 'hms', 3723],
    ['  0d 00:00:5.05000019073486', 'dhms', 5.05000019073486],
    ['2d 01:00:00', 'dhms', 176400],
    [':1:02:03:04', 'excel', 93784],
    ['12:30', 'ms', 750],
  ] as const)('%j (%s) is %d s', async (text, syntax, seconds) => {
    expect(durationSyntax(text)).toBe(syntax);
    expect(durationSeconds(text)).toBeCloseTo(seconds, 9);
    const [row] = await select<{ seconds: number }>(
      database.connection,
      `SELECT ${durationSecondsSql(literal(text), syntax)} AS seconds`,
    );
    expect(row!.seconds).toBeCloseTo(seconds, 9);
  });

  it.each([
    ['12.5', 12.5],
    ['1e3', 1000],
    ['0,5', 0.5],
  ])('%j is a plain number', (text, value) => {
    expect(durationSyntax(text)).toBe('number');
    expect(durationSeconds(text)).toBe(value);
  });

  it.each(['', 'x', '1:2:3:4:5', '2024-01-01', '1h 5m'])('%j is none', (text) => {
    expect(durationSyntax(text)).toBeUndefined();
    expect(durationSeconds(text)).toBeUndefined();
  });

  it('is NULL in SQL where a value is written otherwise', async () => {
    const [row] = await select<{ seconds: number | null }>(
      database.connection,
      `SELECT ${durationSecondsSql(literal('ERR'), 'hms')} AS seconds`,
    );
    expect(row!.seconds).toBeNull();
  });
});
