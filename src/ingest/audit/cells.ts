import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';
import type { Finding } from '../findings.js';
import { insertFindings } from '../findings.js';
import { brief, unitFactor } from './audit.js';
import { scaledBy } from './units.js';

/** The charge of the largest step of a test, and the nominal capacity of its cell (Ah). */
interface CellFacts {
  test_id: number;
  file_id: number;
  cell_id: string;
  nominal: number;
  integrated: number | null;
  counted: number | null;
}

/** A step may move this share of the nominal capacity: from a pulse up to a cell far better than its label. */
const plausibleShare = { least: 0.01, most: 3 };
/** More than this multiple of the nominal capacity is another unit, not a good cell. */
const impossibleShare = 50;

const isPlausible = (capacity: number | null, nominal: number) =>
  capacity !== null &&
  capacity >= plausibleShare.least * nominal &&
  capacity <= plausibleShare.most * nominal;

const capacities = ['charging_capacity_ah', 'discharging_capacity_ah', 'net_capacity_ah'];
const energies = ['charging_energy_wh', 'discharging_energy_wh', 'net_energy_wh'];

/** What the nominal capacity of a cell tells about the units of a test. */
export function judgeAgainstCell(facts: CellFacts): Finding | undefined {
  const { nominal, integrated, counted, cell_id } = facts;
  const beside = `beside the nominal capacity of ${cell_id}, ${brief(1000 * nominal)} mAh`;
  const finding = (message: string, columns: string[], factor: number): Finding => ({
    code: 'UNIT_IMPLAUSIBLE',
    message: `${message}; --repair UNIT_IMPLAUSIBLE scales it by ${brief(factor)}`,
    testId: facts.test_id,
    repair: { kind: 'scale', columns, ...scaledBy(factor) },
  });
  const factor = integrated !== null && counted !== null ? unitFactor(integrated / counted) : undefined;
  if (factor !== undefined) {
    if (isPlausible(counted, nominal) && !isPlausible(integrated, nominal)) {
      const what = Math.abs(factor) >= 1000 || factor <= 1e-3 ? 'the current' : 'the time';
      const column = what === 'the current' ? 'current_ampere' : 'test_time_second';
      return finding(
        `the counters are plausible ${beside}, and current over time is not: ${what} seems to be in another unit`,
        [column],
        1 / factor,
      );
    }
    if (isPlausible(integrated, nominal) && !isPlausible(counted, nominal)) {
      return finding(
        `current over time is plausible ${beside}, and the capacity counters are not: they seem to be in another unit`,
        capacities,
        factor,
      );
    }
    return undefined;
  }
  const largest = Math.max(integrated ?? 0, counted ?? 0);
  if (largest < impossibleShare * nominal) return undefined;
  const columns = [
    ...(integrated === null ? [] : ['current_ampere']),
    ...(counted === null ? [] : [...capacities, ...energies]),
  ];
  return finding(
    `a step moves ${brief(largest)} Ah, ${Math.round(largest / nominal)} times as much as can be ${beside}: current and capacity seem to be in thousandths`,
    columns,
    1 / 1000,
  );
}

/**
 * Audits that need to know the cell: units are compared with its nominal capacity, and findings about the sign from
 * the voltage are withdrawn where the cell has no polarity. They run when cells are assigned, and need `steps`.
 */
export async function auditAgainstCells(connection: DuckDBConnection): Promise<Map<number, Finding[]>> {
  await run(
    connection,
    `DELETE FROM findings WHERE NOT repaired AND (
       (code = 'UNIT_IMPLAUSIBLE' AND contains(message, 'the nominal capacity of '))
       OR (code IN ('SIGN_FLIPPED', 'SIGN_UNCERTAIN', 'CURRENT_DIRECTION_HINT') AND test_id IN (
         SELECT test_id FROM tests JOIN cells USING (cell_id) WHERE cell_type IN ('symmetric', 'pellet'))))`,
  );
  const rows = await select<CellFacts>(
    connection,
    `SELECT test_id, (SELECT max(tf.file_id) FROM test_files tf WHERE tf.test_id = t.test_id) AS file_id, cell_id,
       nominal_capacity_mah / 1000 AS nominal, integrated, counted
     FROM tests t JOIN cells USING (cell_id) JOIN (
       SELECT test_id,
         nullif(max(greatest(charging_capacity_integrated_ah, discharging_capacity_integrated_ah)), 0) AS integrated,
         nullif(max(greatest(charging_capacity_counter_ah, discharging_capacity_counter_ah)), 0) AS counted
       FROM steps GROUP BY test_id) USING (test_id)
     WHERE nominal_capacity_mah > 0`,
  );
  const found = new Map<number, Finding[]>();
  for (const facts of rows) {
    const finding = judgeAgainstCell(facts);
    if (finding !== undefined) found.set(facts.file_id, [...(found.get(facts.file_id) ?? []), finding]);
  }
  for (const [fileId, findings] of found) await insertFindings(connection, fileId, findings);
  return found;
}
