import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clockSyntax, type DateOrder, parseClock, provenDateOrder } from '../../../src/ingest/sniff/clock.js';
import { type Database, literal, openInMemory, select } from '../../../src/store/connection.js';
import { clockSecondsSql } from '../../reference/sql.js';

let database: Database;
beforeAll(async () => {
  database = await openInMemory();
});
afterAll(() => database.close());

async function bySql(text: string, order: DateOrder | undefined): Promise<number | null> {
  const [row] = await select<{ seconds: number | null }>(
    database.connection,
    `SELECT ${clockSecondsSql(literal(text), clockSyntax(text)!, order)} AS seconds`,
  );
  return row!.seconds;
}

/** Forms seen in exports, with the moment they mean. */
const forms: [string, string, DateOrder?][] = [
  ['2022-05-18 16:27:52', '2022-05-18T16:27:52Z'],
  ['2025-06-17 09:26:39.383', '2025-06-17T09:26:39.383Z'],
  ['2022-04-11 10:58:07 AM', '2022-04-11T10:58:07Z'],
  ['2022-04-11 1:58:07 PM', '2022-04-11T13:58:07Z'],
  ['2022/05/18 16:27:52', '2022-05-18T16:27:52Z'],
  ['2024-11-20T11:38:41.707', '2024-11-20T11:38:41.707Z'],
  ['09/20/2024 08:32:34.558', '2024-09-20T08:32:34.558Z', 'month-first'],
  ['\t09/20/2024 08:32:34', '2024-09-20T08:32:34Z', 'month-first'],
  ['5/11/2021 3:40:24 PM', '2021-05-11T15:40:24Z', 'month-first'],
  ['5/11/21 3:40:24 PM', '2021-05-11T15:40:24Z', 'month-first'],
  ['12/31/2021 12:00:01 AM', '2021-12-31T00:00:01Z', 'month-first'],
  ['19.06.2023 17:56:53', '2023-06-19T17:56:53Z', 'day-first'],
  ['26.02.2025, 15:11', '2025-02-26T15:11:00Z', 'day-first'],
  ['10-12-2018 15:58:00', '2018-10-12T15:58:00Z', 'month-first'],
  ['23-Nov-23 3:56:11 PM', '2023-11-23T15:56:11Z'],
  ['11 December 2020, 12:22:12 PM', '2020-12-11T12:22:12Z'],
  ['1499006353', '2017-07-02T14:39:13Z'],
  ['1613958215000', '2021-02-22T01:43:35Z'],
  ['16139582150000000', '2021-02-22T01:43:35Z'],
  ['637495550150000000', '2021-02-22T01:43:35Z'],
  ['43374.42', '2018-10-01T10:04:48Z'],
  ['737792.442372685', '2020-01-02T10:37:01Z'],
];

describe('clocks', () => {
  it.each(forms)('%j is %s', async (text, moment, order) => {
    const expected = Date.parse(moment);
    expect(Math.abs(parseClock(text, order)! - expected)).toBeLessThan(500);
    expect(Math.abs((await bySql(text, order))! * 1000 - expected)).toBeLessThan(500);
  });

  it.each([
    ['Feb. 20, 2020   15:55:08', '2020-02-20T15:55:08Z'],
    ['Wednesday, November 2, 2016 15:58', '2016-11-02T15:58:00Z'],
    ['14 December 2020', '2020-12-14T00:00:00Z'],
    ['28-Nov-23', '2023-11-28T00:00:00Z'],
  ])('%j of a preamble is %s', (text, moment) => {
    expect(parseClock(text, undefined)).toBe(Date.parse(moment));
  });

  it('reads the wall clock of a time with an offset, and the moment where that is asked for', async () => {
    const text = '2026-01-20T09:15:00+01:00';
    expect(clockSyntax(text)).toEqual({ kind: 'iso', hasZone: true });
    expect(parseClock(text, undefined)).toBe(Date.parse('2026-01-20T09:15:00Z'));
    expect(await bySql(text, undefined)).toBe(Date.parse(text) / 1000);
    expect(clockSyntax('2026-01-20 09:15:00')).toEqual({ kind: 'iso' });
  });

  it('takes no date whose order nothing tells', async () => {
    expect(parseClock('05/06/2021 10:00:00', undefined)).toBeUndefined();
    expect(await bySql('05/06/2021 10:00:00', undefined)).toBeNull();
  });

  it.each(['1/1/0001 0:00', 'DD/MM/YYYY', '31/02/2024 10:00:00', ''])('%j is no moment', (text) => {
    expect(parseClock(text, 'day-first')).toBeUndefined();
  });

  it('has no place in the database for a date of the first century', async () => {
    expect(await bySql('1/1/0001 0:00:00', 'month-first')).toBeNull();
  });

  it('finds the order that a part above 12 proves', () => {
    expect(provenDateOrder(['01/02/2024', '01/13/2024'])).toBe('month-first');
    expect(provenDateOrder(['01.02.2024', '13.01.2024'])).toBe('day-first');
    expect(provenDateOrder(['01/02/2024', '2024-01-13'])).toBeUndefined();
  });
});
