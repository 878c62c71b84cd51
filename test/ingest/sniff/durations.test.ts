import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { durationSeconds, durationSyntax } from '../../../src/ingest/sniff/durations.js';
import { type Database, literal, openInMemory, select } from '../../../src/store/connection.js';
import { durationSecondsSql } from '../../reference/sql.js';

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
    ['1 days 03:46:40', 'dhms', 100_000],
    ['0 days 00:00:10.500000', 'dhms', 10.5],
    ['1 day, 3:46:40', 'dhms', 100_000],
    ['1.03:46:40', 'dotted-days', 100_000],
    ['12.00:00:00.2500000', 'dotted-days', 1_036_800.25],
    ['PT3H46M40S', 'iso', 13_600],
    ['P1DT3H46M40.5S', 'iso', 100_000.5],
    ['PT36H', 'iso', 129_600],
    ['PT90M', 'iso', 5400],
    ['P2D', 'iso', 172_800],
    ['1/1/1900 3:46:40', 'excel-date', 100_000],
    ['1/0/1900 3:46:40', 'excel-date', 13_600],
    ['1/2/1900 1:00:00 PM', 'excel-date', 219_600],
    ['3/1/1900 0:00', 'excel-date', 61 * 86_400],
    ['13/01/1900 00:00:10', 'excel-date', 1_123_210],
    ['02.01.1900 01:00:00', 'excel-date', 176_400],
    ['1900-01-01 03:46:40.500', 'excel-date', 100_000.5],
    ['1900-01-02', 'excel-date', 172_800],
    ['12/30/1899 03:46:40', 'excel-date', 13_600],
    ['1899-12-31T03:46:40', 'excel-date', 100_000],
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

  it.each(['', 'x', '1:2:3:4:5', '2024-01-01', '1h 5m', 'P', 'PT', 'P1M', 'P1Y2DT1S'])(
    '%j is none',
    (text) => {
      expect(durationSyntax(text)).toBeUndefined();
      expect(durationSeconds(text)).toBeUndefined();
    },
  );

  it('are read where the shape changes within a column', async () => {
    const rows = ['23:59:59', '1.00:00:00', '2 days 00:00:00', '1/1/1900 0:00:01'];
    const read = await select<{ seconds: number }>(
      database.connection,
      `SELECT ${durationSecondsSql('v', 'hms')} AS seconds FROM (VALUES ${rows.map((row) => `(${literal(row)})`).join(', ')}) AS t(v)`,
    );
    expect(read.map(({ seconds }) => seconds)).toEqual([86_399, 86_400, 172_800, 86_401]);
    expect(rows.map(durationSeconds)).toEqual([86_399, 86_400, 172_800, 86_401]);
  });

  it('is NULL in SQL where a value is written otherwise', async () => {
    const [row] = await select<{ seconds: number | null }>(
      database.connection,
      `SELECT ${durationSecondsSql(literal('ERR'), 'hms')} AS seconds`,
    );
    expect(row!.seconds).toBeNull();
  });
});
