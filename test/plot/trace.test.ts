import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawKind } from '../../src/plot/draw.js';
import { trace } from '../../src/plot/kinds/trace.js';
import type { Series } from '../../src/report/figures/chart.js';
import { type Database, select } from '../../src/store/connection.js';
import { emptyDatabase } from '../store/derive/fixture.js';

/** A trace never loses a spike, and where few records are shown it shows exactly them. */

const RECORDS = 300_000;
const SPIKE = 123_457;
let database: Database;

beforeAll(async () => {
  database = await emptyDatabase();
  const { connection } = database;
  await connection.run(
    `INSERT INTO tests BY NAME SELECT 1 AS test_id, 'A' AS cell_id, ${RECORDS} AS record_count`,
  );
  await connection.run(`INSERT INTO measurements BY NAME
    SELECT 1 AS test_id, range + 1 AS record_index, CAST(range AS DOUBLE) AS test_time_second, 1 AS step_count,
      CASE WHEN range = ${SPIKE} THEN 9 ELSE 3.7 + 0.3 * sin(range / 5000) END AS voltage_volt,
      CASE WHEN range BETWEEN 200000 AND 200999 THEN NULL ELSE 0.001 END AS current_ampere
    FROM range(${RECORDS}) WHERE range NOT BETWEEN 250000 AND 259999`);
  await connection.run(`INSERT INTO steps BY NAME SELECT 1 AS test_id, 1 AS step_count, 0.0 AS start_time_second,
    ${RECORDS - 1}.0 AS end_time_second, 1 AS first_record_index, ${RECORDS} AS last_record_index`);
});
afterAll(() => database.close());

async function draw(options: Record<string, string> = {}) {
  const { charts } = await drawKind(database.connection, trace, ['1'], { y: 'v,i', px: '1000', ...options });
  const [chart] = charts;
  if (chart === undefined) throw new Error('nothing is drawn');
  return { chart, series: chart.panels.map((panel) => panel.series[0] as Series) };
}

const known = ({ y }: Series) => y.filter((value) => value !== null);

describe('a trace', () => {
  it.each([
    [0, RECORDS - 1],
    [100_000, 150_000],
    [120_000, 125_000],
    [123_400, 123_500],
  ])('from %i to %i s has the extremes of its records', async (from, to) => {
    const { series } = await draw({ from: String(from), to: String(to) });
    const [truth] = await select<{ low: number; high: number }>(
      database.connection,
      `SELECT min(voltage_volt) AS low, max(voltage_volt) AS high FROM measurements WHERE test_time_second BETWEEN ${from} AND ${to}`,
    );
    const volts = known(series[0] as Series);
    expect([Math.min(...volts), Math.max(...volts)]).toEqual([truth!.low, truth!.high]);
    expect(Math.max(...volts)).toBe(9);
  });

  it('draws at most four points per pixel of a long window, and says so', async () => {
    const { chart, series } = await draw();
    expect(chart.decimated).toBe(true);
    expect(chart.words).toContain('lowest and highest');
    expect((series[0] as Series).x.length).toBeLessThanOrEqual(4 * 1000 + 10);
    const times = (series[0] as Series).x;
    expect(times.every((time, i) => i === 0 || time >= (times[i - 1] as number))).toBe(true);
  });

  it('draws every record of a short one, with its number', async () => {
    const { chart, series } = await draw({ from: '123400', to: '123500' });
    expect(chart.decimated).toBe(false);
    expect((series[0] as Series).of).toEqual(Array.from({ length: 101 }, (_, i) => 123_401 + i));
  });

  it('leaves gaps open: no record, no value', async () => {
    const { series } = await draw({ from: '240000', to: '270000' });
    const { x, y } = series[0] as Series;
    const open = x.flatMap((time, i) => (y[i] === null ? [time] : []));
    expect(open).toHaveLength(1);
    expect(open[0]).toBeGreaterThan(250_000);
    expect(open[0]).toBeLessThan(260_000);
    const current = (await draw({ from: '199900', to: '201100' })).series[1] as Series;
    expect(current.y.filter((value) => value === null)).toHaveLength(1_000);
  });

  it('says what is wrong with its window', async () => {
    await expect(draw({ from: '5', to: '5' })).rejects.toThrow('window is empty');
    await expect(draw({ px: '5' })).rejects.toThrow('between 50 and 4000');
    await expect(drawKind(database.connection, trace, ['7'], {})).rejects.toThrow('has no test');
  });
});
