import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../store/connection.js';

/** How many channels are in a state of `channel_status`: growing, new, still or gone. */
export interface ChannelCount {
  state: string;
  n: number;
}

/**
 * Channels whose latest test holds more than the records of an impedance sweep; `c` is the row of `channel_status`.
 */
export const noSweep = `c.test_id NOT IN (
  SELECT t.test_id FROM tests t JOIN spectra s USING (file_id)
  WHERE NOT EXISTS (SELECT 1 FROM steps p WHERE p.test_id = t.test_id AND p.step_type IN ('charge', 'discharge')))`;

/** Counts channels by state, for page, digest and status alike; a state that no channel has is left out. */
export const channelCounts = (connection: DuckDBConnection): Promise<ChannelCount[]> =>
  select<ChannelCount>(
    connection,
    `SELECT state, count(*) AS n FROM channel_status c WHERE ${noSweep} GROUP BY state
     ORDER BY list_position(['growing', 'new', 'still', 'gone'], state)`,
  );

/** `Channels: 1 growing, 9 new`; nothing where there is no channel. */
export const channelsText = (counts: readonly ChannelCount[]): string =>
  counts.length === 0 ? '' : `Channels: ${counts.map(({ state, n }) => `${n} ${state}`).join(', ')}`;
