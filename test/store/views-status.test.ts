import { afterEach, beforeEach, expect, test } from 'vitest';
import { utcOf } from '../../src/ingest/ledger/utc.js';
import { type Database, insertRows, select } from '../../src/store/connection.js';
import { addTest, cycle, derive, emptyDatabase, records, repeat, type Segment } from './derive/fixture.js';

/** What the views say of clocks: which channels are silent, and between which cycles a spectrum was measured. */

let database: Database;
beforeEach(async () => {
  database = await emptyDatabase();
});
afterEach(() => database.close());

test('a wall clock in a zone is the instant it names, before and after a change of the clocks', () => {
  const utc = (wall: string, zone: string) =>
    utcOf(new Date(`${wall}Z`), zone)
      .toISOString()
      .slice(0, 19);
  expect(utc('2026-01-12T09:00:00', 'UTC')).toBe('2026-01-12T09:00:00');
  expect(utc('2026-01-12T09:00:00', '+02:00')).toBe('2026-01-12T07:00:00');
  expect(utc('2026-01-12T09:00:00', '-0330')).toBe('2026-01-12T12:30:00');
  expect(utc('2026-01-12T09:00:00', 'Europe/Berlin')).toBe('2026-01-12T08:00:00');
  expect(utc('2026-07-12T09:00:00', 'Europe/Berlin')).toBe('2026-07-12T07:00:00');
  // Shown twice in autumn: the first; not at all in spring: as if the clock had not been changed yet.
  expect(utc('2026-10-25T02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00');
  expect(utc('2026-03-29T02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00');
});

/** A test whose last record is so many seconds old. */
async function addAged(testId: number, segments: readonly Segment[], age: number, unixOnly = false) {
  const rows = records(segments, { testId });
  const end = rows.at(-1)!.test_time_second as number;
  const at = new Date(Date.now() - 1000 * (age + end));
  await addTest(database.connection, rows, { testId, startedAt: at.toISOString() });
  await insertRows(database.connection, 'files', [
    { file_id: testId, path: `${testId}.csv`, modified_at: new Date() },
  ]);
  await insertRows(database.connection, 'test_files', [
    { test_id: testId, file_id: testId, first_record_index: 1, first_line: 2 },
  ]);
  await database.connection.run(
    `UPDATE tests SET channel = '${testId}', vendor = 'Maker', started_at_utc = started_at,
     time_zone = '${unixOnly ? 'UTC' : 'Europe/Berlin'}' WHERE test_id = ${testId}`,
  );
  await derive(database.connection, [testId]);
}

test('which channels have been silent for longer than three times their own longest pause, and since when', async () => {
  const [charge] = cycle();
  const whole = repeat(3, () => cycle());
  const cut = [...whole, { ...charge!, seconds: 1200, volt: [3, 3.4] as const }];
  await addAged(1, cut, 90);
  await addAged(2, whole, 86_400);
  await addAged(3, cut, 86_400, true);
  // The same, logged every half hour: silent only after three of its pauses.
  const slow = cut.map((segment) => ({ ...segment, every: Math.min(segment.seconds, 1800) }));
  await addAged(4, slow, 4000);
  const rows = await select<{ channel: string; activity: string; since: Date }>(
    database.connection,
    `SELECT channel, activity, last_record_at_utc AS since, silent_second > 3 * longest_pause_second AS is_long
     FROM channel_status ORDER BY channel`,
  );
  expect(rows.map(({ channel, activity }) => [channel, activity])).toEqual([
    ['1', 'running'],
    ['2', 'finished'],
    ['3', 'silent'],
    ['4', 'running'],
  ]);
  expect(Math.abs(rows[2]!.since.getTime() - (Date.now() - 86_400_000))).toBeLessThan(60_000);
});

test('a spectrum is placed between the cycles of its cell by UTC, by the time within one file, or not at all', async () => {
  const { connection } = database;
  await insertRows(connection, 'cells', [{ cell_id: 'cell', cell_type: 'full', batch: 'B1' }]);
  await addTest(
    connection,
    records(
      repeat(3, () => cycle()),
      { cellId: 'cell' },
    ),
    {
      cellId: 'cell',
      startedAt: '2026-01-01T00:00:00Z',
    },
  );
  await connection.run('UPDATE tests SET file_id = 7, started_at_utc = started_at, time_zone = $$UTC$$');
  await derive(connection, [1]);
  const [{ length } = { length: 0 }] = await select<{ length: number }>(
    connection,
    'SELECT end_time_second AS length FROM steps WHERE step_count = 4',
  );
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * second);
  const spectrum = (spectrum_id: number, second: number | null, more = {}) => ({
    spectrum_id,
    cell_id: 'cell',
    file_id: spectrum_id + 100,
    sweep_index: 1,
    time_zone: second === null ? null : 'Europe/Berlin',
    // The analyser's clock is an hour ahead; UTC is what counts.
    sweep_started_at: second === null ? null : at(second + 3600),
    sweep_started_at_utc: second === null ? null : at(second),
    ...more,
  });
  await insertRows(connection, 'spectra', [
    spectrum(1, -600),
    // Its clock is some seconds behind the cycler's.
    spectrum(2, length - 20),
    spectrum(3, 1.5 * length),
    spectrum(4, 4 * length),
    spectrum(5, null),
    spectrum(6, null, { file_id: 7 }),
  ]);
  await insertRows(connection, 'impedance', [
    { spectrum_id: 6, point_index: 1, frequency_hertz: 1, test_time_second: 2 * length },
  ]);
  const rows = await select(
    connection,
    `SELECT spectrum_id AS id, test_id, cell_cycle, is_during_cycle AS during, after_cell_cycle AS after,
       before_cell_cycle AS before, told_by FROM cell_spectra WHERE cell_id = 'cell' ORDER BY id`,
  );
  const place = (id: number, ...values: unknown[]) =>
    Object.fromEntries(
      ['id', 'test_id', 'cell_cycle', 'during', 'after', 'before', 'told_by'].map((name, i) => [
        name,
        [id, ...values][i],
      ]),
    );
  expect(rows).toEqual([
    place(1, null, null, false, null, 1, 'UTC'),
    place(2, 1, 1, false, 1, 2, 'UTC'),
    place(3, 1, 2, true, 1, 3, 'UTC'),
    place(4, 1, 3, false, 3, null, 'UTC'),
    place(5, null, null, false, null, null, null),
    place(6, 1, 2, false, 2, 3, 'file'),
  ]);
  const points = await select(
    connection,
    'SELECT cell_cycle, batch FROM spectra_points WHERE spectrum_id = 6',
  );
  expect(points).toEqual([{ cell_cycle: 2, batch: 'B1' }]);
});

test('cell_cycles gives energies of the whole cell where its mass and volume are known', async () => {
  const { connection } = database;
  await insertRows(connection, 'cells', [
    { cell_id: 'cell', cell_type: 'full', batch: 'B1', cell_mass_g: 20, cell_volume_cm3: 8 },
    { cell_id: 'bare', cell_type: 'full' },
  ]);
  for (const [index, cellId] of ['cell', 'bare'].entries()) {
    await addTest(
      connection,
      records(
        repeat(2, () => cycle()),
        { cellId, testId: index + 1 },
      ),
      {
        cellId,
        testId: index + 1,
      },
    );
  }
  await derive(connection, [1, 2]);
  const rows = await select(
    connection,
    `SELECT cell_id, batch, round(discharging_energy_wh, 6) AS wh, round(cell_specific_energy_wh_per_kg, 4) AS per_kg,
       round(cell_energy_density_wh_per_l, 4) AS per_l FROM cell_cycles WHERE cell_cycle = 2 ORDER BY cell_id DESC`,
  );
  // 1 Ah from 4.1 to 2.8 V.
  expect(rows).toEqual([
    { cell_id: 'cell', batch: 'B1', wh: 3.45, per_kg: 172.5, per_l: 431.25 },
    { cell_id: 'bare', batch: null, wh: 3.45, per_kg: null, per_l: null },
  ]);
});
