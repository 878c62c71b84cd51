import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, inTransaction, run, select } from '../../store/connection.js';
import { pendingTests, renumberTests } from '../../store/derive/derive.js';
import { assignAll } from './assign.js';
import type { LabFolders } from './labs.js';
import { namePartsOf } from './part-names.js';
import { findImplausible } from './plausibility.js';
import { plausibleOf, storeLabs } from './store.js';

/** What the numbering of the cycles of a test depends on apart from its records, as one text per test. */
async function numberingInputs(connection: DuckDBConnection): Promise<Map<number, string>> {
  const rows = await select<{ test_id: number; inputs: string }>(
    connection,
    `SELECT t.test_id,
       concat_ws('|', t.cell_id, c.cell_type, c.nominal_capacity_mah, c.lower_cutoff_volt, c.upper_cutoff_volt,
         c.formation_cycles, t.part_name) AS inputs
     FROM tests t LEFT JOIN cells c USING (cell_id)`,
  );
  return new Map(rows.map(({ test_id, inputs }) => [test_id, inputs]));
}

async function metaValue(connection: DuckDBConnection, key: string): Promise<string | undefined> {
  const [row] = await select<{ value: string }>(connection, 'SELECT value FROM meta WHERE key = $1', [key]);
  return row?.value;
}

async function setMeta(connection: DuckDBConnection, key: string, value: string): Promise<void> {
  await run(connection, 'DELETE FROM meta WHERE key = $1', [key]);
  await insertRows(connection, 'meta', [{ key, value }]);
}

const appliedKey = 'lab_applied';

/**
 * Has the metadata applied to everything again by the next `applyLab`: stored tests changed without a new file. To be
 * called in the transaction of the change, so that a killed run leaves it to be done.
 */
export async function haveLabApplied(connection: DuckDBConnection): Promise<void> {
  await run(connection, 'DELETE FROM meta WHERE key = $1', [appliedKey]);
}

function signatureOf({ notices: _notices, ...lab }: LabFolders): string {
  const text = JSON.stringify(lab, (_key, value) => (value instanceof RegExp ? String(value) : value));
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Brings the stored data into line with the metadata: tables, the cell and conditions of every test and spectrum, and
 * the numbering of cycles where it depends on them or is still missing. Does nothing if neither files nor metadata
 * have changed since the last time and nobody called `haveLabApplied`; after an interrupted run, the next one completes the work.
 *
 * @returns whether there was anything to do
 */
export async function applyLab(connection: DuckDBConnection, labs: LabFolders): Promise<boolean> {
  const signature = signatureOf(labs);
  const [newest] = await select<{ file_id: number | null }>(
    connection,
    'SELECT max(file_id) AS file_id FROM files',
  );
  const state = `${newest?.file_id ?? 0}/${signature}`;
  if ((await metaValue(connection, appliedKey)) === state) return false;
  await inTransaction(connection, async () => {
    // What follows for files is only looked for where there are some: a new database has none before its first run.
    if (newest?.file_id != null) await applyToFiles(connection, labs);
    else await storeLabs(connection, labs);
    await findImplausible(connection, plausibleOf(labs));
    await setMeta(connection, appliedKey, state);
  });
  return true;
}

/** Stores the metadata, and brings cells, conditions and numbers of everything that is stored into line with them. */
async function applyToFiles(connection: DuckDBConnection, labs: LabFolders): Promise<void> {
  const before = await numberingInputs(connection);
  await storeLabs(connection, labs);
  await assignAll(connection, labs);
  await namePartsOf(connection);
  const after = await numberingInputs(connection);
  const changed = [...after].filter(([test, inputs]) => before.get(test) !== inputs).map(([test]) => test);
  // A test that moved to another cell leaves a gap in the life of its former cell.
  const left = new Set(changed.map((test) => before.get(test)?.split('|')[0]));
  const leftBehind = [...after].filter(([, inputs]) => left.has(inputs.split('|')[0])).map(([test]) => test);
  const pending = await pendingTests(connection);
  await renumberTests(connection, [...new Set([...changed, ...leftBehind, ...pending])]);
}
