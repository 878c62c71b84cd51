import type { DuckDBConnection } from '@duckdb/node-api';
import { auditMessages as say } from '../../messages/audit.js';
import { run, select } from '../../store/connection.js';
import { type Finding, type FindingMessage, insertFindings } from '../findings.js';
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
  const scaled = (factor: number) => ({
    cell: cell_id,
    nominal: brief(1000 * nominal),
    factor: brief(factor),
  });
  const finding = (message: FindingMessage, columns: string[], factor: number): Finding => ({
    ...message,
    testId: facts.test_id,
    repair: { kind: 'scale', columns, ...scaledBy(factor) },
  });
  const factor = integrated !== null && counted !== null ? unitFactor(integrated / counted) : undefined;
  if (factor !== undefined) {
    if (isPlausible(counted, nominal) && !isPlausible(integrated, nominal)) {
      const what = Math.abs(factor) >= 1000 || factor <= 1e-3 ? 'current' : 'time';
      const column = what === 'current' ? 'current_ampere' : 'test_time_second';
      return finding(say(`UNIT_IMPLAUSIBLE/cell-${what}`, scaled(1 / factor)), [column], 1 / factor);
    }
    if (isPlausible(integrated, nominal) && !isPlausible(counted, nominal)) {
      return finding(say('UNIT_IMPLAUSIBLE/cell-counters', scaled(factor)), capacities, factor);
    }
    return undefined;
  }
  const largest = Math.max(integrated ?? 0, counted ?? 0);
  if (largest < impossibleShare * nominal) return undefined;
  const columns = [
    ...(integrated === null ? [] : ['current_ampere']),
    ...(counted === null ? [] : [...capacities, ...energies]),
  ];
  const times = Math.round(largest / nominal);
  return finding(
    say('UNIT_IMPLAUSIBLE/cell-both', { ...scaled(1 / 1000), largest: brief(largest), times }),
    columns,
    1 / 1000,
  );
}

/** Earlier versions stored the words only. */
const isAboutCell = `coalesce(starts_with(message_values ->> '$.wording', 'UNIT_IMPLAUSIBLE/cell-'),
  contains(message, 'the nominal capacity of '))`;

/**
 * Audits that need to know the cell: units are compared with its nominal capacity, and findings about the sign from
 * the voltage are withdrawn where the cell has no polarity. They run when cells are assigned, and need `steps`.
 */
export async function auditAgainstCells(connection: DuckDBConnection): Promise<Map<number, Finding[]>> {
  await run(
    connection,
    `DELETE FROM findings WHERE NOT repaired AND (
       (code = 'UNIT_IMPLAUSIBLE' AND ${isAboutCell})
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
