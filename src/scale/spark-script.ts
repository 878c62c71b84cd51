import { recordedColumns } from '../store/derive/columns.js';
import { type Stage, spark } from '../store/derive/dialect.js';
import { idCondition } from '../store/derive/id-condition.js';
import { derivedTests } from '../store/derive/numbering.js';
import { cyclesQuery, numberingStages, recordStages, stepsQuery } from '../store/derive/queries.js';
import { carriedCounters, sortedRecords } from '../store/derive/records.js';
import { withoutRepeats } from '../store/derive/repeats.js';
import { type ColumnType, tableDefinition } from '../store/tables/index.js';
import { batchFolder, derivedFolder, resultFolder, workFolder } from './folders.js';
import type { Batch, DerivationPlan } from './plan.js';

/** Beginning of a line by which the script reports that a part is done. */
export const marker = '@cellar';

/** A string as a literal of Spark SQL, where a backslash escapes. */
export function sparkLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const sparkType: Record<ColumnType, string> = {
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  DOUBLE: 'DOUBLE',
  'DOUBLE[]': 'ARRAY<DOUBLE>',
  BOOLEAN: 'BOOLEAN',
  VARCHAR: 'STRING',
  JSON: 'STRING',
  TIMESTAMP: 'TIMESTAMP_NTZ',
};

/** One part of the work: statements, and its name while it runs. */
interface Piece {
  what: string;
  statements: string[];
}

/** Reads what was written there, because a plan of deeply nested subqueries would be too large for the planner. */
const viewOf = (name: string, path: string) =>
  `CREATE OR REPLACE TEMPORARY VIEW ${name} USING parquet OPTIONS (path ${sparkLiteral(path)})`;

const writeTo = (path: string, query: string) =>
  `INSERT OVERWRITE DIRECTORY ${sparkLiteral(path)} USING parquet ${query}`;

const stagePiece = ({ name, sql }: Stage, path: string, what: string): Piece => ({
  what: `${what}: ${name}`,
  statements: [writeTo(path, sql), viewOf(name, path)],
});

/** Stages that nobody reads when the script has ended. */
export const stagesFolder = `${workFolder}/stages`;

const stageFolder = (lake: string, ...path: string[]) => [lake, stagesFolder, ...path].join('/');

/** The records of the lake with a declared schema, so that nothing is guessed from the names of folders. */
function recordsView(lake: string): string {
  const columns = tableDefinition('measurements')
    .columns.filter(({ name }) => name !== 'test_id')
    .map(({ name, type }) => `${name} ${sparkType[type]}`);
  const declared = [...columns, 'cell_id STRING', 'test_id INT'].join(', ');
  return `CREATE OR REPLACE TEMPORARY VIEW lake_measurements (${declared}) USING parquet OPTIONS (path ${sparkLiteral(`${lake}/measurements`)})`;
}

function batchPieces(batch: Batch, lake: string, what: string): Piece[] {
  const ids = batch.tests.map(({ testId }) => testId);
  const chosen = `CREATE OR REPLACE TEMPORARY VIEW measurements AS SELECT * FROM lake_measurements
    WHERE ${idCondition('test_id', ids)} AND ${withoutRepeats(batch.tests)}`;
  const records = sortedRecords(batch.isCarried ? carriedCounters(spark, 'measurements') : 'measurements');
  const stages = recordStages(spark, records);
  const pieces = stages.map((stage) => {
    const isLast = stage.name === 'step_rows';
    const path = isLast ? `${lake}/${batchFolder(batch.print)}` : stageFolder(lake, batch.print, stage.name);
    return stagePiece(stage, path, what);
  });
  pieces[0]?.statements.unshift(chosen);
  return pieces;
}

/** The step rows of every test that is numbered: of this run, of an interrupted one, and of the last derivation. */
function stepRowsView(plan: DerivationPlan, lake: string): string {
  const columns = recordedColumns.join(', ');
  const source = (path: string, ids: readonly number[]) =>
    `SELECT ${columns} FROM parquet.\`${path.replaceAll('`', '``')}\` WHERE ${idCondition('test_id', ids)}`;
  const sources = [
    ...plan.batches.map(({ print, tests }) =>
      source(
        `${lake}/${batchFolder(print)}`,
        tests.map(({ testId }) => testId),
      ),
    ),
    ...plan.done.map(({ print, testIds }) => source(`${lake}/${batchFolder(print)}`, testIds)),
  ];
  if (plan.kept.length > 0) {
    sources.push(
      source(
        `${lake}/${derivedFolder}/steps.parquet`,
        plan.kept.map(({ testId }) => testId),
      ),
    );
  }
  return `CREATE OR REPLACE TEMPORARY VIEW step_rows AS ${sources.join(' UNION ALL ')}`;
}

function numberingPieces(plan: DerivationPlan, lake: string): Piece[] {
  const what = `cycles of ${plan.numbered.length} tests`;
  const pieces = numberingStages(spark).map((stage) =>
    stagePiece(stage, stageFolder(lake, 'numbering', stage.name), what),
  );
  pieces[0]?.statements.unshift(stepRowsView(plan, lake));
  for (const [table, query] of [
    ['steps', stepsQuery],
    ['cycles', cyclesQuery],
  ] as const) {
    pieces.push({
      what: `${what}: ${table}`,
      statements: [writeTo(`${lake}/${resultFolder(table)}`, query)],
    });
  }
  return pieces;
}

export interface SparkScript {
  sql: string;
  /** The parts of the work, in order. */
  pieces: string[];
}

/**
 * The whole derivation as a script for `spark-sql`. `lake` is its address as the cluster sees it. Each finished piece
 * prints a line that begins with `marker`.
 */
export function sparkScript(plan: DerivationPlan, lake: string): SparkScript {
  const running = plan.numbered.filter(({ isRunning }) => isRunning).map(({ testId }) => testId);
  const where = idCondition(
    't.test_id',
    plan.numbered.map(({ testId }) => testId),
  );
  const tests = derivedTests({ where, running }, spark);
  const opening: Piece = {
    what: 'the cluster',
    statements: [
      ...['tests', 'cells'].map((table) => viewOf(table, `${lake}/${table}.parquet`)),
      recordsView(lake),
      ...stagePiece(tests, stageFolder(lake, tests.name), '').statements,
    ],
  };
  const pieces = [
    opening,
    ...plan.batches.flatMap((batch, at) =>
      batchPieces(batch, lake, `records ${at + 1} of ${plan.batches.length}`),
    ),
    ...numberingPieces(plan, lake),
  ];
  const sql = pieces
    .flatMap(({ statements }, at) => [...statements, `SELECT '${marker} ${at + 1}'`])
    .map((statement) => `${statement.trim()};\n`)
    .join('\n');
  return { sql, pieces: pieces.map(({ what }) => what) };
}
