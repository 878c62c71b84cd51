import type { DuckDBConnection } from '@duckdb/node-api';
import { insertRows } from '../../store/connection.js';
import type { Reject } from './records.js';

/** How many bad rows of a table are kept in memory. */
const keptRejects = 20_000;

let spools = 0;

/**
 * Bad rows of one file beyond those kept in memory, since a gigabyte of bad rows would not fit. They wait in the
 * temporary storage of the engine, which moves to disk when it grows, and belong to the transaction.
 */
export class RejectSpool {
  count = 0;
  private readonly key = ++spools;
  private readonly connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  async add(rejects: readonly Reject[]): Promise<void> {
    if (this.count === 0)
      await this.connection.run('CREATE TEMP TABLE IF NOT EXISTS spooled_rejects AS FROM rejects LIMIT 0');
    this.count += rejects.length;
    const rows = rejects.map((reject) => ({ file_id: this.key, ...reject }));
    await insertRows(this.connection, 'rejects', rows, { catalog: 'temp', table: 'spooled_rejects' });
  }

  /** Moves them into the ledger as rejects of a file, `shift` lines further down. */
  async writeAs(fileId: number, shift = 0): Promise<void> {
    if (this.count === 0) return;
    await this.connection.run(
      `INSERT INTO rejects
       SELECT * REPLACE (${fileId} AS file_id, line_number + ${shift} AS line_number)
       FROM temp.spooled_rejects WHERE file_id = ${this.key}`,
    );
    await this.drop();
  }

  /** Discards them, where the file is read in another way. */
  async drop(): Promise<void> {
    if (this.count > 0)
      await this.connection.run(`DELETE FROM temp.spooled_rejects WHERE file_id = ${this.key}`);
    this.count = 0;
  }
}

/** Keeps the next bad rows of a table while there is room for them, and the others in the spool, if there is one. */
export async function keepOrSpool(
  rejects: readonly Reject[],
  kept: Reject[],
  spool: RejectSpool | undefined,
): Promise<void> {
  const room = spool === undefined ? rejects.length : Math.max(0, keptRejects - kept.length);
  for (const reject of rejects.slice(0, room)) kept.push(reject);
  if (rejects.length > room) await spool?.add(rejects.slice(room));
}
