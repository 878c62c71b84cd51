import type { DuckDBConnection } from '@duckdb/node-api';
import { findingMessages as say } from '../../messages/findings.js';
import type { Message } from '../../messages/message.js';
import { select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';

/**
 * One measurement under two names: the records of two cells, or of two tests of one cell, that agree to the last digits
 * of an export. Specimens never do, whatever the protocol: their voltages differ by more than a tenth of a millivolt and
 * their impedances by more than a ten-thousandth. Counted as two it makes a mean look known better than it is, or lets
 * every cycle count twice.
 */
export interface SameRecords extends Message {
  file_id: number;
  test_id: number | null;
}

/** Fewer records, or voltages, than this may agree by chance. */
const fewestRecords = 20;
const fewestPoints = 5;
/** Share of the records that have to agree: exports differ in a line or two. */
const leastShare = 0.95;
const voltSlack = 1e-4;
/** A clock that was cut to whole seconds. */
const secondSlack = 1.1;
const impedanceSlack = 1e-4;

interface Pair {
  one: number;
  other: number;
  file_id: number;
  cell: string;
  other_cell: string;
  path: string;
  other_path: string;
}

/** Every measurement that is stored twice, the later one named. */
export async function sameRecords(connection: DuckDBConnection): Promise<SameRecords[]> {
  // Most databases that are just begun have nothing to compare, and to plan the comparison takes longer than to know it.
  const [has] = await select<{ tests: boolean; spectra: boolean }>(
    connection,
    `SELECT (SELECT count(*) FROM tests WHERE cell_id IS NOT NULL) > 1 AS tests,
       (SELECT count(*) FROM spectra WHERE cell_id IS NOT NULL) > 1 AS spectra`,
  );
  const tests = has?.tests === true ? await alikeTests(connection) : [];
  const spectra = has?.spectra === true ? await alikeSpectra(connection) : [];
  return [
    ...tests.map((pair) => ({ ...told(pair), file_id: pair.file_id, test_id: pair.one })),
    ...spectra.map((pair) => ({ ...told(pair), file_id: pair.file_id, test_id: null })),
  ];
}

const told = ({ cell, other_cell, path, other_path }: Pair): Message =>
  cell === other_cell
    ? say('SAME_RECORDS/tests', { cell, path, other_path })
    : say('SAME_RECORDS/cells', { cell, path, other_path, other_cell });

/**
 * Records at the beginning of two tests that are looked at first, and the share of them that has to agree: of copies nearly
 * all do, of cells whose voltages scatter by 0.4 mV around one curve less than half.
 */
const firstRecords = 30;
const leastFirstShare = 0.8;

const recordsOf = (testId: number) => `
  SELECT record_index, voltage_volt AS v, test_time_second - min(test_time_second) OVER () AS t
  FROM measurements WHERE test_id = ${testId}`;

interface Extent {
  test_id: number;
  file_id: number;
  cell: string;
  path: string;
  record_count: number;
  lasted: number;
  /** Voltages at the two ends, and the highest and the lowest. */
  volts: readonly (number | null)[];
}

const isNear = (one: number | null, other: number | null, slack: number) =>
  one !== null && other !== null && Math.abs(one - other) <= slack;

/** How many voltages are the same in both. */
const agreeing = (one: readonly (number | null)[], other: readonly (number | null)[]) =>
  one.filter((volt, at) => isNear(volt, other[at] ?? null, voltSlack)).length;

/** Whether the extents of two tests allow that they are one measurement, or that one of a cell begins another of it. */
const mayBeOne = (earlier: Extent, later: Extent): boolean =>
  earlier.record_count === later.record_count
    ? isNear(earlier.lasted, later.lasted, secondSlack + 1e-3 * earlier.lasted) &&
      agreeing(earlier.volts, later.volts) === later.volts.length
    : earlier.cell === later.cell && isNear(earlier.volts[0] ?? null, later.volts[0] ?? null, voltSlack);

/** Pairs of tests that may be one measurement: only among those of as many records, and among those of one cell. */
function likelyPairs(tests: readonly Extent[]): { later: Extent; earlier: Extent }[] {
  const [ofCount, ofCell] = [new Map<number, Extent[]>(), new Map<string, Extent[]>()];
  return tests.flatMap((later) => {
    const alike = ofCount.get(later.record_count) ?? [];
    const own = ofCell.get(later.cell) ?? [];
    const before = [...alike, ...own.filter(({ record_count }) => record_count !== later.record_count)];
    ofCount.set(later.record_count, [...alike, later]);
    ofCell.set(later.cell, [...own, later]);
    return before
      .filter((earlier) => mayBeOne(earlier, later))
      .sort((a, b) => a.test_id - b.test_id)
      .map((earlier) => ({ later, earlier }));
  });
}

/**
 * Tests of as many records that took as long, between the same voltages, or tests of one cell that begin with the same
 * one; then by their first records, which sorts out almost all that follow one protocol; at last record by record. How an
 * export counts steps does not matter.
 */
async function alikeTests(connection: DuckDBConnection): Promise<Pair[]> {
  const tests = await select<Extent>(
    connection,
    `WITH own AS (
       SELECT test_id, cell_id, file_id, record_count FROM tests
       WHERE cell_id IS NOT NULL AND record_count >= ${fewestRecords}
       QUALIFY count(*) OVER (PARTITION BY record_count) > 1 OR count(*) OVER (PARTITION BY cell_id) > 1
     ),
     extent AS (
       SELECT test_id, max(end_time_second) - min(start_time_second) AS lasted,
         [arg_min(start_voltage_volt, step_count), arg_max(end_voltage_volt, step_count), max(maximum_voltage_volt),
           min(minimum_voltage_volt)] AS volts
       FROM steps WHERE test_id IN (SELECT test_id FROM own) GROUP BY test_id
     )
     SELECT test_id, file_id, cell_id AS cell, path, record_count, lasted, volts
     FROM own JOIN files USING (file_id) JOIN extent USING (test_id) ORDER BY test_id`,
  );
  const likely = likelyPairs(tests);
  const beginnings = await firstVolts(
    connection,
    likely.flatMap(({ later, earlier }) => [later, earlier]),
  );
  const alike: Pair[] = [];
  for (const { later, earlier } of likely) {
    const { test_id: one, file_id, cell, path } = later;
    const { test_id: other, cell: other_cell, path: other_path } = earlier;
    const [volts = [], others = []] = [beginnings.get(one), beginnings.get(other)];
    if (agreeing(volts, others) < leastFirstShare * volts.length || alike.some((pair) => pair.one === one))
      continue;
    if (!(await areOneRecordByRecord(connection, one, other))) continue;
    alike.push({ one, other, file_id, cell, other_cell, path, other_path });
  }
  return alike;
}

/** The voltages of the first records of some tests, by test. */
async function firstVolts(
  connection: DuckDBConnection,
  tests: readonly Extent[],
): Promise<Map<number, (number | null)[]>> {
  const ids = [...new Set(tests.map(({ test_id }) => test_id))];
  if (ids.length === 0) return new Map();
  const rows = await select<{ test_id: number; volts: (number | null)[] }>(
    connection,
    `SELECT test_id, list(voltage_volt ORDER BY record_index) AS volts FROM measurements
     WHERE record_index <= ${firstRecords} AND ${idCondition('test_id', ids)} GROUP BY test_id`,
  );
  return new Map(rows.map(({ test_id, volts }) => [test_id, volts]));
}

async function areOneRecordByRecord(
  connection: DuckDBConnection,
  one: number,
  other: number,
): Promise<boolean> {
  const [counted] = await select<{ share: number | null; voltages: number }>(
    connection,
    `WITH n AS (${recordsOf(one)}), o AS (${recordsOf(other)})
     SELECT avg(CASE WHEN abs(n.v - o.v) <= ${voltSlack} AND abs(n.t - o.t) <= ${secondSlack}
         THEN 1.0 ELSE 0.0 END) AS share, count(DISTINCT o.v) AS voltages
     FROM n JOIN o USING (record_index)`,
  );
  return (counted?.share ?? 0) >= leastShare && (counted?.voltages ?? 0) >= fewestRecords;
}

/** Whether the points n and o are one. */
const isSamePoint = `abs(n.frequency_hertz - o.frequency_hertz) <= ${impedanceSlack} * abs(o.frequency_hertz)
  AND abs(n.real_impedance_ohm - o.real_impedance_ohm) + abs(n.imaginary_impedance_ohm - o.imaginary_impedance_ohm)
    <= ${impedanceSlack} * sqrt(o.real_impedance_ohm ** 2 + o.imaginary_impedance_ohm ** 2)`;

/**
 * Spectra whose first points agree, of different cells; then point by point. The first points are looked up by their
 * size, to a thousandth, so that an archive of many spectra costs no more than its number.
 */
async function alikeSpectra(connection: DuckDBConnection): Promise<Pair[]> {
  const pairs = await select<Pair>(
    connection,
    `WITH first AS (
       SELECT s.spectrum_id, s.cell_id, s.file_id, s.point_count, f.path, i.frequency_hertz,
         i.real_impedance_ohm, i.imaginary_impedance_ohm,
         CAST(round(1000 * ln(greatest(abs(i.real_impedance_ohm) + abs(i.imaginary_impedance_ohm), 1e-300))) AS BIGINT)
           AS size
       FROM spectra s JOIN files f USING (file_id)
         JOIN impedance i ON i.spectrum_id = s.spectrum_id AND i.point_index = 1
       WHERE s.cell_id IS NOT NULL AND s.point_count >= ${fewestPoints}
     ),
     likely AS (
       SELECT n.spectrum_id AS one, o.spectrum_id AS other, n.file_id, n.cell_id AS cell, o.cell_id AS other_cell,
         n.path, o.path AS other_path, n.point_count
       FROM first n JOIN (SELECT *, unnest([size - 1, size, size + 1]) AS near FROM first) o
         ON n.point_count = o.point_count AND n.size = o.near AND n.spectrum_id > o.spectrum_id
       WHERE n.cell_id <> o.cell_id AND ${isSamePoint}
     )
     SELECT one, min(other) AS other, any_value(file_id) AS file_id, any_value(cell) AS cell,
       arg_min(other_cell, other) AS other_cell, any_value(path) AS path, arg_min(other_path, other) AS other_path
     FROM (
       SELECT l.* FROM likely l
       WHERE l.point_count = (
         SELECT count(*) FROM impedance n JOIN impedance o USING (point_index)
         WHERE n.spectrum_id = l.one AND o.spectrum_id = l.other AND ${isSamePoint})
     ) GROUP BY one ORDER BY one`,
  );
  return pairs;
}
