import { expect, it } from 'vitest';
import { ZonedClock } from '../../../src/ingest/load/zoned-clock.js';
import { openInMemory, select } from '../../../src/store/connection.js';
import { withZonedClock } from '../../reference/wall-clock.js';

/** Wall clocks become the absolute times that DuckDB's time zones give, over both changes of a year. */

it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Asia/Shanghai'])(
  '%s',
  async (zone) => {
    const database = await openInMemory();
    // A record every 20 minutes of real time over a year, as the wall shows it.
    const rows = await select<{ clock: number; expected: number; real: number }>(
      database.connection,
      `WITH walls AS (
         SELECT i AS line_number, 1735689600 + i * 1200.25 AS real, epoch_us(timezone('${zone}', to_timestamp(1735689600 + i * 1200.25))) / 1e6 AS clock
         FROM range(26298) t(i) ORDER BY i)
       SELECT clock, real::DOUBLE AS real, zoned_clock AS expected FROM (${withZonedClock('SELECT * FROM walls ORDER BY line_number', zone)})
       ORDER BY line_number`,
    );
    database.close();
    const zoned = new ZonedClock(zone);
    const found = rows.map(({ clock }) => zoned.next(clock));
    expect(rows.filter(({ expected }, i) => found[i] !== expected)).toEqual([]);
    expect(rows.filter(({ real }, i) => Math.abs(found[i]! - real) > 1e-3)).toEqual([]);
    expect(rows).toHaveLength(26298);
  },
);
