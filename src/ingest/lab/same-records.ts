import type { DuckDBConnection } from '@duckdb/node-api';
import { findingMessages as say } from '../../messages/findings.js';
import type { Message } from '../../messages/message.js';
import { select } from '../../store/connection.js';

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

/**
 * Tests of as many records that took as long, between the same voltages; then by their first records, which sorts out
 * almost all that follow one protocol; at last record by record. How an export counts steps does not matter.
 */
async function alikeTests(connection: DuckDBConnection): Promise<Pair[]> {
  const candidates = await select<Pair>(
    connection,
    `WITH extent AS (
       SELECT test_id, max(end_time_second) - min(start_time_second) AS lasted, max(maximum_voltage_volt) AS highest,
         min(minimum_voltage_volt) AS lowest
       FROM steps GROUP BY test_id
     ),
     own AS (
       SELECT t.test_id, t.cell_id, t.file_id, t.record_count, f.path, e.lasted, e.highest, e.lowest
       FROM tests t JOIN files f USING (file_id) JOIN extent e USING (test_id)
       WHERE t.cell_id IS NOT NULL AND t.record_count >= ${fewestRecords}
     ),
     likely AS (
       SELECT n.test_id AS one, o.test_id AS other, n.file_id, n.cell_id AS cell, o.cell_id AS other_cell,
         n.path, o.path AS other_path
       FROM own n JOIN own o ON n.record_count = o.record_count AND n.test_id > o.test_id
       WHERE abs(n.highest - o.highest) <= ${voltSlack} AND abs(n.lowest - o.lowest) <= ${voltSlack}
         AND abs(n.lasted - o.lasted) <= ${secondSlack} + 1e-3 * o.lasted
     ),
     beginning AS (
       SELECT test_id, list(voltage_volt ORDER BY record_index) AS volts FROM measurements
       WHERE record_index <= ${firstRecords} AND test_id IN (SELECT one FROM likely UNION SELECT other FROM likely)
       GROUP BY test_id
     )
     SELECT likely.* FROM likely JOIN beginning a ON a.test_id = one JOIN beginning b ON b.test_id = other
     WHERE len(list_filter(list_zip(a.volts, b.volts), lambda pair: abs(pair[1] - pair[2]) <= ${voltSlack}))
       >= ${leastFirstShare} * len(a.volts)
     ORDER BY one, other`,
  );
  const alike: Pair[] = [];
  for (const pair of candidates) {
    if (alike.some(({ one }) => one === pair.one)) continue;
    const [counted] = await select<{ share: number; voltages: number }>(
      connection,
      `WITH n AS (${recordsOf(pair.one)}), o AS (${recordsOf(pair.other)})
       SELECT avg(CASE WHEN abs(n.v - o.v) <= ${voltSlack} AND abs(n.t - o.t) <= ${secondSlack}
           THEN 1.0 ELSE 0.0 END) AS share, count(DISTINCT o.v) AS voltages
       FROM n JOIN o USING (record_index)`,
    );
    if (Number(counted?.share ?? 0) < leastShare || Number(counted?.voltages) < fewestRecords) continue;
    alike.push(pair);
  }
  return alike;
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
