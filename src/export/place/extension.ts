import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { literal, select } from '../../store/connection.js';

/**
 * Loads an extension of DuckDB: from the folder in `CELLAR_EXTENSIONS`, else the one DuckDB has installed for this
 * user, else it has DuckDB fetch it. Called only when a user asks for something that needs it.
 *
 * @throws CellarError (usage) where it is not available
 */
export async function loadExtension(connection: DuckDBConnection, name: string): Promise<void> {
  const folder = process.env.CELLAR_EXTENSIONS;
  const wanted = folder === undefined ? name : literal(join(folder, `${name}.duckdb_extension`));
  const [engine] = await select<{ version: string }>(connection, 'SELECT version() AS version');
  try {
    await connection.run(`LOAD ${wanted}`).catch(async (error: unknown) => {
      if (folder !== undefined) throw error;
      await connection.run(`INSTALL ${name}`);
      await connection.run(`LOAD ${name}`);
    });
  } catch (error) {
    throw usageError(
      `DuckDB's extension ${name} cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      `It is fetched when it is first needed. Where that is not possible, put ${name}.duckdb_extension of DuckDB ${engine?.version} for this system into a folder and name the folder in CELLAR_EXTENSIONS.`,
    );
  }
}
