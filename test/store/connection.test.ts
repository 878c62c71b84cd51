import { expect, it } from 'vitest';
import { openInMemory, select } from '../../src/store/connection.js';

it('never holds every row of an ASOF join against every other, however few rows the engine expects', async () => {
  const { connection, close } = await openInMemory();
  try {
    await connection.run('CREATE TABLE few AS SELECT range AS x FROM range(10)');
    const [plan] = await select<{ explain_value: string }>(
      connection,
      'EXPLAIN SELECT count(*) FROM few a ASOF JOIN few b ON a.x >= b.x',
    );
    expect(plan?.explain_value).toContain('ASOF_JOIN');
  } finally {
    close();
  }
});
