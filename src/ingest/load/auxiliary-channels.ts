import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows, run, select } from '../../store/connection.js';
import type { TablePlan } from '../sniff/plan.js';

/** Stores the auxiliary channels of tests. */
export async function storeChannels(
  connection: DuckDBConnection,
  tests: readonly { testId: number | undefined; plan: TablePlan }[],
): Promise<void> {
  await insertRows(
    connection,
    'auxiliary_channels',
    tests.flatMap(({ testId, plan }) =>
      testId === undefined
        ? []
        : plan.auxiliary.map(({ name, unit = null, kind }, index) => ({
            test_id: testId,
            channel_index: index + 1,
            name,
            unit,
            kind,
          })),
    ),
  );
}

/** The channels of a test in their order, each by its name and unit. */
export async function channelsOf(connection: DuckDBConnection, testId: number): Promise<string[]> {
  const rows = await select<{ channel: string }>(
    connection,
    `SELECT concat_ws(' ', name, unit) AS channel FROM auxiliary_channels WHERE test_id = ${testId}
     ORDER BY channel_index`,
  );
  return rows.map(({ channel }) => channel);
}

/** Whether two tests have the same auxiliary channels in the same order. */
export async function haveSameChannels(
  connection: DuckDBConnection,
  oldTest: number,
  newTest: number,
): Promise<boolean> {
  const [old, fresh] = [await channelsOf(connection, oldTest), await channelsOf(connection, newTest)];
  return old.join('\n') === fresh.join('\n');
}

/** Whether a test has every channel of another, and more. */
export async function hasMoreChannels(
  connection: DuckDBConnection,
  newTest: number,
  oldTest: number,
): Promise<boolean> {
  const [old, fresh] = [await channelsOf(connection, oldTest), await channelsOf(connection, newTest)];
  return fresh.length > old.length && old.every((channel) => fresh.includes(channel));
}

/**
 * Gives the records of a test the channels of the test that they continue, and that test the new channels; readings
 * move to the position of their channel there.
 */
export async function joinChannels(
  connection: DuckDBConnection,
  oldTest: number,
  newTest: number,
): Promise<void> {
  const [old, fresh] = [await channelsOf(connection, oldTest), await channelsOf(connection, newTest)];
  if (old.join('\n') !== fresh.join('\n')) {
    const added = fresh.filter((channel) => !old.includes(channel));
    const places = [...old, ...added].map((channel) => {
      const at = fresh.indexOf(channel);
      return at === -1 ? 'NULL::DOUBLE' : `auxiliary[${at + 1}]`;
    });
    await run(
      connection,
      `UPDATE measurements SET auxiliary = [${places.join(', ')}] WHERE test_id = ${newTest}`,
    );
    for (const [index, channel] of added.entries()) {
      await run(
        connection,
        `UPDATE auxiliary_channels SET test_id = ${oldTest}, channel_index = ${old.length + index + 1}
         WHERE test_id = ${newTest} AND channel_index = ${fresh.indexOf(channel) + 1}`,
      );
    }
  }
  await run(connection, `DELETE FROM auxiliary_channels WHERE test_id = ${newTest}`);
}

/** Replaces the channels of one test by those of another. */
export async function replaceChannels(
  connection: DuckDBConnection,
  oldTest: number,
  newTest: number,
): Promise<void> {
  await run(connection, `DELETE FROM auxiliary_channels WHERE test_id = ${oldTest}`);
  await run(connection, `UPDATE auxiliary_channels SET test_id = ${oldTest} WHERE test_id = ${newTest}`);
}
