import { z } from 'zod';
import { noSweep } from '../../digest/channels.js';
import { literal, select } from '../../store/connection.js';
import { route, text } from './route.js';

/** What every channel was doing when its file was last read; the client computes ages. */
export const channels = route({
  path: '/api/channels',
  name: 'channels',
  summary: 'channels with the state of their latest test',
  parameters: z.object({
    state: z.enum(['growing', 'still', 'new', 'gone']).optional(),
    vendor: text.optional(),
    sweeps: z.enum(['shown']).optional(),
  }),
  async answer({ connection, parameters: { state, vendor, sweeps } }) {
    // A test with only the records of a sweep does not count as channel in use.
    const own = sweeps === 'shown' ? 'TRUE' : noSweep;
    const rows = await select<{ state: string; vendor: string | null }>(
      connection,
      `SELECT c.*, epoch(c.last_record_at_utc) AS last_unix_second, p.file_id
       FROM channel_status c
       LEFT JOIN (SELECT test_id, arg_max(file_id, first_record_index) AS file_id FROM test_files GROUP BY test_id) p
         USING (test_id)
       WHERE ${own}
       ORDER BY CASE c.state WHEN 'growing' THEN 0 WHEN 'new' THEN 1 WHEN 'still' THEN 2 ELSE 3 END,
         c.vendor, c.channel, c.cell_id`,
    );
    const counts = await select(
      connection,
      `SELECT state, vendor, count(*) AS n FROM channel_status c WHERE ${own} GROUP BY ALL ORDER BY ALL`,
    );
    const [latest] = await select<{ at: Date | null }>(
      connection,
      `SELECT max(started_at) AS at FROM runs WHERE command = ${literal('ingest')}`,
    );
    return {
      channels: rows.filter(
        (row) =>
          (state === undefined || row.state === state) && (vendor === undefined || row.vendor === vendor),
      ),
      counts,
      latest_ingest: latest?.at ?? null,
    };
  },
});
