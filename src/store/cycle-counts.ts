import type { DuckDBConnection } from '@duckdb/node-api';
import { cyclingMessages as say } from '../messages/cycling.js';
import type { Message } from '../messages/message.js';
import { select } from './connection.js';

/** Own and vendor's count of a test may differ by this much (share, and cycles). */
const allowed = { share: 0.02, cycles: 2 };

/** A test whose number of cycles by turning points differs from that of the vendor. */
export interface CountDifference {
  test_id: number;
  cell_id: string | null;
  own: number;
  vendors: number;
}

/** Tests whose own count of cycles differs from the vendor's by more than 2 % and more than two cycles. */
export const countDifferences = (connection: DuckDBConnection): Promise<CountDifference[]> =>
  select<CountDifference>(
    connection,
    `SELECT c.test_id, t.cell_id, own, vendors
     FROM (SELECT test_id, count(*) FILTER (cycle_count > 0)::INTEGER AS own FROM cycles GROUP BY test_id) c
     JOIN (SELECT test_id, count(DISTINCT vendor_cycle_count)::INTEGER AS vendors FROM steps
       WHERE step_type IN ('charge', 'discharge') GROUP BY test_id) v ON v.test_id = c.test_id
     JOIN tests t ON t.test_id = c.test_id
     WHERE vendors > 0 AND abs(own - vendors) > greatest(${allowed.cycles}, ${allowed.share} * vendors)
     ORDER BY c.test_id`,
  );

/** The difference as a message. */
export const countDifference = ({ own, vendors }: Pick<CountDifference, 'own' | 'vendors'>): Message =>
  say('COUNTS_DIFFER', { own, vendors });

/** The same in words. */
export const countDifferenceText = (difference: Pick<CountDifference, 'own' | 'vendors'>): string =>
  countDifference(difference).message;
