import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import type { Finding, FindingCode, Severity } from '../findings.js';
import { insertFindings } from '../findings.js';
import { applyRepair, type Repair } from '../repair.js';
import { auditCodes, auditTest, collectFacts } from './index.js';

/** Codes of findings that propose a repair, for `--repair`. */
export const repairableCodes: readonly FindingCode[] = [
  'CURRENT_DIRECTION_HINT',
  'SIGN_FLIPPED',
  'TIME_SCALE',
  'UNIT_IMPLAUSIBLE',
];

/** A repair that was done. */
export interface DoneRepair {
  path: string;
  test_id: number;
  code: string;
  message: string;
}

interface RepairProposal extends DoneRepair {
  file_id: number;
  line_number: number | null;
  repair: string;
}

async function proposals(
  connection: DuckDBConnection,
  codes: readonly FindingCode[],
  testIds: readonly number[],
): Promise<RepairProposal[]> {
  return select<RepairProposal>(
    connection,
    `SELECT n.file_id, n.test_id, n.code, n.message, n.line_number, n.repair::VARCHAR AS repair, f.path
     FROM findings n JOIN files f USING (file_id)
     WHERE NOT n.repaired AND n.repair IS NOT NULL AND n.code IN (${codes.map((code) => `'${code}'`).join(', ')})
       AND ${idCondition('n.test_id', testIds)} ORDER BY n.test_id, n.rowid`,
  );
}

/**
 * Makes the repairs that findings of these codes propose for these tests, records them, and audits the changed tests
 * again, so that findings that followed from the wrong unit or sign disappear.
 */
export async function repairTests(
  connection: DuckDBConnection,
  codes: readonly FindingCode[],
  testIds: readonly number[],
): Promise<DoneRepair[]> {
  if (codes.length === 0 || testIds.length === 0) return [];
  const repaired: DoneRepair[] = [];
  const done = new Set<string>();
  let found = await proposals(connection, codes, testIds);
  // One repair may show that another is not needed, so each is followed by a new audit.
  while (found[0] !== undefined) {
    const { repair, file_id, line_number, ...said } = found[0];
    await applyRepair(connection, said.test_id, JSON.parse(repair) as Repair);
    await run(
      connection,
      `UPDATE findings SET repaired = true WHERE test_id = ${said.test_id} AND code = $1 AND repair::VARCHAR = $2`,
      [said.code, repair],
    );
    repaired.push(said);
    await auditAgain(connection, said.test_id, file_id);
    done.add(`${said.test_id} ${repair}`);
    found = (await proposals(connection, codes, testIds)).filter(
      (proposed) => !done.has(`${proposed.test_id} ${proposed.repair}`),
    );
  }
  return repaired;
}

/** Replaces what the audits found in a test whose values have changed. */
async function auditAgain(connection: DuckDBConnection, testId: number, fileId: number): Promise<void> {
  const codes = auditCodes.map((code) => `'${code}'`).join(', ');
  await run(
    connection,
    `DELETE FROM findings WHERE test_id = ${testId} AND NOT repaired AND code IN (${codes})`,
  );
  const [test] = await select<{ current_direction: string; counter_scope: string; has_pair: boolean }>(
    connection,
    `SELECT current_direction, counter_scope, (
       SELECT coalesce(bool_or(
           (current_ampere = 0 AND charging_capacity_ah IS NOT NULL AND discharging_capacity_ah IS NOT NULL)
           OR (charging_capacity_ah > 0 AND discharging_capacity_ah > 0)), false)
       FROM measurements WHERE test_id = ${testId}) AS has_pair
     FROM tests WHERE test_id = ${testId}`,
  );
  if (test === undefined) return;
  const facts = (await collectFacts(connection, [testId], test.has_pair)).get(testId);
  if (facts === undefined) return;
  const findings = auditTest(facts, {
    headerOf: (column) => column,
    hasPair: test.has_pair,
    isDirectionKnown: test.current_direction === 'known',
    sensorless: 0,
    declaredScope: test.counter_scope,
    detectedScope: undefined,
  });
  await insertFindings(
    connection,
    fileId,
    findings.filter(({ code }) => auditCodes.includes(code)).map((finding) => ({ ...finding, testId })),
  );
}

/** The present findings of a file. */
export async function findingsOf(connection: DuckDBConnection, fileId: number): Promise<Finding[]> {
  const rows = await select<{
    code: FindingCode;
    severity: Severity;
    message: string;
    message_values: string | null;
    test_id: number | null;
    line_number: number | null;
    repaired: boolean;
    repair: string | null;
  }>(
    connection,
    `SELECT code, message, message_values, test_id, line_number, repaired, repair::VARCHAR AS repair
     FROM findings WHERE file_id = ${fileId} ORDER BY rowid`,
  );
  return rows.map(({ code, message, message_values, test_id, line_number, repaired, repair }) => ({
    code,
    message,
    ...JSON.parse(message_values ?? '{}'),
    testId: test_id ?? undefined,
    line: line_number ?? undefined,
    repaired,
    repair: repair === null ? undefined : (JSON.parse(repair) as Repair),
  }));
}

/** Stored tests that these files started or continued. */
export async function testsOfPaths(
  connection: DuckDBConnection,
  paths: ReadonlySet<string>,
): Promise<number[]> {
  const rows = await select<{ test_id: number; path: string }>(
    connection,
    `SELECT DISTINCT tf.test_id, f.path FROM test_files tf JOIN files f USING (file_id)`,
  );
  return [...new Set(rows.filter(({ path }) => paths.has(path)).map(({ test_id }) => test_id))];
}
