import { open } from 'node:fs/promises';
import { identifier, openInMemory, pathLiteral, run, select } from '../../store/connection.js';
import { ContainerRefusal } from './record-table.js';
import { type TextView, viewPath } from './view.js';

/** Parquet files, read by the engine: columns by their names, rows in the order of the file. */

const footer = 'PAR1';

/** Whether the file ends as it has to: its description stands there. */
async function checkEnd(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    if (size < 12 || buffer.toString('latin1') !== footer) {
      throw new ContainerRefusal(
        'incomplete parquet file: the end of the file is missing (still being copied?)',
      );
    }
  } finally {
    await handle.close();
  }
}

/** SQL for a column as text that loses nothing; undefined for what is no column of values. */
function textSql(name: string, type: string): string | undefined {
  const column = identifier(name);
  if (/^(STRUCT|MAP|UNION|BLOB|BIT|GEOMETRY)|\[\d*\]$/.test(type)) return undefined;
  if (type === 'FLOAT') return `CAST(${column} AS DOUBLE)`;
  if (type.startsWith('TIMESTAMP WITH TIME ZONE')) {
    return `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f') || '+00:00'`;
  }
  if (type.startsWith('TIMESTAMP')) return `strftime(CAST(${column} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f')`;
  if (type === 'INTERVAL') return `epoch(${column})`;
  if (type === 'BOOLEAN') return `CAST(${column} AS INTEGER)`;
  if (type === 'VARCHAR' || type.startsWith('ENUM')) {
    return `regexp_replace(CAST(${column} AS VARCHAR), '[[:cntrl:]"]', ' ', 'g')`;
  }
  return column;
}

/**
 * Writes the columns of a Parquet file as text.
 *
 * @throws ContainerRefusal where it is cut or damaged
 */
export async function writeParquet(path: string): Promise<TextView> {
  await checkEnd(path);
  const database = await openInMemory();
  const view = viewPath();
  try {
    const { connection } = database;
    const source = `read_parquet(${pathLiteral(path)})`;
    const columns = await select<{ column_name: string; column_type: string }>(
      connection,
      `DESCRIBE SELECT * FROM ${source}`,
    );
    const shown = columns.flatMap(({ column_name: name, column_type: type }) => {
      const sql = textSql(name, type);
      const header = name.replace(/[\p{Cc}"]/gu, ' ');
      return sql === undefined ? [] : [`${sql} AS ${identifier(header)}`];
    });
    if (shown.length === 0) throw new ContainerRefusal('a Parquet file without a column of values');
    await run(
      connection,
      `COPY (SELECT ${shown.join(', ')} FROM ${source}) TO ${pathLiteral(view)}
       (FORMAT csv, DELIMITER '\t', HEADER true, QUOTE '', ESCAPE '')`,
    );
  } catch (error) {
    if (error instanceof ContainerRefusal) throw error;
    const [reason] = (error as Error).message.split('\n');
    throw new ContainerRefusal(`damaged Parquet file: ${reason}`);
  } finally {
    database.close();
  }
  return { path: view, unit: 'record', heads: [{ line: 1, count: 1 }], sheets: [], notes: [] };
}
