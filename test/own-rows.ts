import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, identifier, select } from '../src/store/connection.js';

/**
 * A connection to a database that several tests fill, on which every table and view of the schema has only rows of one
 * of them: temporary views with their names stand before them. `main.TABLE` with the catalogue is the whole table.
 */
export class OwnRows {
  private readonly connection: DuckDBConnection;
  private readonly catalog: string;
  /** For each table that has no view yet, the condition on its rows. */
  private readonly conditions: Map<string, string>;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(connection: DuckDBConnection, catalog: string, conditions: Map<string, string>) {
    this.connection = connection;
    this.catalog = catalog;
    this.conditions = conditions;
  }

  /**
   * @param byColumn conditions on the rows of tables that have a column; the first that fits a table counts, and a table
   *   that none fits has all its rows
   * @param byTable conditions on the rows of tables with these names
   */
  static async open(
    { instance }: Database,
    byColumn: readonly (readonly [column: string, condition: string])[],
    byTable: Readonly<Record<string, string>> = {},
  ): Promise<OwnRows> {
    const connection = await instance.connect();
    const tables = await select<{ catalog: string; name: string; columns: string[] }>(
      connection,
      `SELECT database_name AS catalog, table_name AS name, list(column_name) AS columns FROM duckdb_columns()
       WHERE database_name = current_database() AND schema_name = 'main' GROUP BY ALL`,
    );
    const conditions = new Map<string, string>();
    for (const { name, columns } of tables) {
      const condition = byTable[name] ?? byColumn.find(([column]) => columns.includes(column))?.[1];
      if (condition !== undefined) conditions.set(name, condition);
    }
    return new OwnRows(connection, tables[0]!.catalog, conditions);
  }

  /** Rows of a query; one query waits for the other. */
  select<Row>(sql: string): Promise<Row[]> {
    const rows = this.turn.then(async () => {
      await this.showOwn(sql);
      return select<Row>(this.connection, sql);
    });
    this.turn = rows.catch(() => undefined);
    return rows;
  }

  close(): void {
    this.connection.closeSync();
  }

  /** Makes the views of the tables that a query names. */
  private async showOwn(sql: string): Promise<void> {
    for (const [table, condition] of this.conditions) {
      if (!new RegExp(`\\b${table}\\b`).test(sql)) continue;
      this.conditions.delete(table);
      const whole = `${identifier(this.catalog)}.main.${identifier(table)}`;
      await this.connection.run(
        `CREATE TEMP VIEW ${identifier(table)} AS SELECT * FROM ${whole} WHERE ${condition}`,
      );
    }
  }
}
