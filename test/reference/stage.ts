import type { DuckDBConnection } from '@duckdb/node-api';
import type { Format } from '../../src/ingest/formats/definition.js';
import type { Dialect } from '../../src/ingest/sniff/dialect.js';
import type { LayerPositions } from '../../src/ingest/sniff/layers.js';
import type { TablePlan } from '../../src/ingest/sniff/plan.js';
import { identifier, literal, pathLiteral, run } from '../../src/store/connection.js';
import { cleanLine, type LineFile, nulMark, openQuoteMark } from './normalise.js';
import {
  type FieldSource,
  isMessageSql,
  isStaleSql,
  mayHoldImpedance,
  type Requirement,
  requirements,
  rowColumns,
  rowExpressions,
  wordSql,
} from './select.js';

/**
 * The careful reading: every physical line is one row, cut and judged by SQL, so that each line is either loaded,
 * structural, or rejected with its reason, and none can be lost. The fast reading is taken only where it gives
 * exactly the same.
 */

/** SQL that reads a file's lines with their physical numbers. Control character 1 does not occur (`isPlain`), so no line is cut. */
export function linesSql(file: LineFile): string {
  const compression = file.isGzip ? `, compression='gzip'` : '';
  return `SELECT row_number() OVER () AS line_number, coalesce(line, '') AS line
    FROM read_csv(${pathLiteral(file.path)}, auto_detect=false, header=false, delim='\u0001', quote='', escape='', new_line='\\n', max_line_size=16777216, columns={'line': 'VARCHAR'}${compression})`;
}

/** SQL that cuts `line` into a list of fields. */
function cutSql(delimiter: LineFile['delimiter']): string {
  return delimiter === 'whitespace'
    ? `regexp_split_to_array(trim(line, ' \t'), '[ \t]+')`
    : `string_split(line, ${literal(delimiter)})`;
}

/**
 * The number a text states, or NULL. DuckDB's own cast takes more than any instrument writes (1_000, +-1), so only
 * plain decimal notation is let through.
 */
function numberSql(text: string, decimal: Dialect['decimal'], isQuoted: boolean): string {
  const plain = '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?';
  const withPoint = decimal === ',' ? `replace(${text}, ',', '.')` : text;
  const cast = `CASE WHEN regexp_full_match(${withPoint}, '${plain}') THEN TRY_CAST(${withPoint} AS DOUBLE) END`;
  const guarded = decimal === ',' ? `CASE WHEN NOT contains(${text}, '.') THEN ${cast} END` : cast;
  if (!isQuoted || decimal === ',') return guarded;
  // "5,577,644.47": commas that group thousands, in a quoted field only.
  return `CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?') THEN TRY_CAST(replace(${text}, ',', '') AS DOUBLE) ELSE ${guarded} END`;
}

/** Fields of a line as text and number; a missing field is NULL. */
function fieldSource(file: LineFile, plan: TablePlan): FieldSource {
  const text = (index: number) => `trim(f[${index + 1}], ' \t')`;
  const isQuoted = file.delimiter !== plan.dialect.delimiter;
  return {
    text: (index) => wordSql(text(index)),
    number: (index) => numberSql(text(index), plan.dialect.decimal, isQuoted),
  };
}

/** What a line is by its shape alone: blank, a row, or damaged. */
function shapeSql(
  file: LineFile,
  plan: TablePlan,
  lastLine: { number: number; isTerminated: boolean },
): string {
  const expected = plan.fieldCount;
  const allowed = plan.lastFieldOptional ? [expected, expected - 1] : [expected];
  // One empty surplus field is a trailing delimiter.
  const fits = `(n IN (${allowed.join(', ')}) OR (n = ${expected + 1} AND trim(f[${expected + 1}], ' \t') = ''))`;
  const repeated =
    plan.headerText === undefined ? 'false' : `trim(line, ' \t') = ${literal(headerAsStaged(file, plan))}`;
  const cutOff = lastLine.isTerminated
    ? 'false'
    : `line_number = ${lastLine.number} AND n < ${Math.min(...allowed)}`;
  const comment =
    plan.comments === undefined ? 'false' : `regexp_matches(line, ${literal(plan.comments.source)})`;
  return `CASE
      WHEN trim(line, ' \t,;\u001f') = '' OR ${comment} THEN 'blank'
      WHEN contains(line, ${literal(nulMark)}) THEN 'NUL bytes'
      WHEN starts_with(line, ${literal(openQuoteMark)}) THEN 'a quote is not closed'
      WHEN ${repeated} THEN 'header repeated'
      WHEN ${cutOff} THEN 'incomplete last line'
      WHEN NOT ${fits} THEN n || ' fields instead of ${expected}'
      ELSE 'row' END`;
}

/** The header line as the normalised file writes it. */
function headerAsStaged(file: LineFile, plan: TablePlan): string {
  const text = cleanLine(plan.headerText!.replace(/^\uFEFF/, ''));
  if (file.delimiter === plan.dialect.delimiter) return text.trim();
  return plan.header
    .map((field) => cleanLine(field.text))
    .join(file.delimiter)
    .trim();
}

/** SQL for the first requirement a row misses: its role, or NULL. */
function missingSql(needs: readonly Requirement[]): string {
  const tests = needs.map(
    ({ column, role }) => `WHEN NOT coalesce(isfinite(${column}), false) THEN ${literal(role)}`,
  );
  return tests.length === 0 ? 'NULL' : `CASE ${tests.join(' ')} END`;
}

function missingRoleSql(plan: TablePlan): string {
  const { measurement, impedance } = requirements(plan);
  if (plan.kind === 'impedance' && !plan.mapping.has('voltage_volt')) {
    // Without a voltage a row with frequency 0 is no measurement either.
    return `CASE WHEN is_point THEN ${missingSql(impedance)} ELSE 'frequency_hertz' END`;
  }
  if (!mayHoldImpedance(plan)) return missingSql(measurement);
  return `CASE WHEN is_point THEN ${missingSql(impedance)} ELSE ${missingSql(measurement)} END`;
}

/** SQL for the text of the field that feeds a role. */
function rawValueSql(plan: TablePlan): string {
  const cases = [...plan.mapping].map(
    ([role, { field }]) => `WHEN ${literal(role)} THEN f[${field.index + 1}]`,
  );
  return `CASE missing_role ${cases.join(' ')} END`;
}

function columnNameSql(plan: TablePlan): string {
  const cases = [...plan.mapping].map(
    ([role, { field }]) => `WHEN ${literal(role)} THEN ${literal(field.text)}`,
  );
  return `CASE missing_role ${cases.join(' ')} END`;
}

export interface StageOptions {
  /** Name of the temporary table to make. */
  table: string;
  lastLine: { number: number; isTerminated: boolean };
  layers?: LayerPositions | undefined;
}

/** Rows of an interleaved export: what kind each line is, and the cycle and step it belongs to. */
function layeredSql(lines: string, layers: LayerPositions): string {
  const { cycleFields, stepFields, stepIndex, stepNumber, stepType } = layers;
  const isInteger = (text: string) => `regexp_full_match(${text}, '[0-9]+')`;
  const cycle = `${isInteger('f[1]')} AND n IN (${cycleFields}, ${cycleFields + 1})`;
  const glued = `${isInteger('f[1]')} AND n IN (${cycleFields + stepFields - 1}, ${cycleFields + stepFields}) AND ${isInteger(`f[${cycleFields + stepIndex}]`)}`;
  const step = `f[1] = '' AND ${isInteger(`f[${stepIndex + 1}]`)} AND n IN (${stepFields}, ${stepFields + 1})`;
  // In a glued line the step's fields follow the cycle's without their leading empty one.
  const of = (position: number | undefined) =>
    position === undefined
      ? 'NULL'
      : `CASE layer WHEN 'glued' THEN nullif(trim(f[${cycleFields + position}]), '') WHEN 'step' THEN nullif(trim(f[${position + 1}]), '') END`;
  const latest = (value: string) =>
    `last_value(${value} IGNORE NULLS) OVER (ORDER BY line_number ROWS UNBOUNDED PRECEDING)`;
  return `
    SELECT line_number, line, f, n, layer,
      ${latest(`CASE WHEN layer IN ('glued', 'cycle') THEN TRY_CAST(f[1] AS DOUBLE) END`)} AS layer_cycle,
      ${latest(of(stepIndex))} AS layer_step,
      ${latest(of(stepNumber))} AS layer_step_number,
      ${latest(of(stepType))} AS layer_step_type
    FROM (SELECT *, CASE WHEN ${glued} THEN 'glued' WHEN ${cycle} THEN 'cycle' WHEN ${step} THEN 'step' END AS layer FROM (${lines}))`;
}

/**
 * Makes a temporary table with one row per line of a table's body: `line_number`, `kind` (`row`, `blank`, `layer` or
 * `reject`), `is_point`, for rejects the reason, column, value and line, and for rows the row columns.
 */
export async function stageTable(
  connection: DuckDBConnection,
  file: LineFile,
  format: Format,
  plan: TablePlan,
  options: StageOptions,
): Promise<void> {
  const expressions = rowExpressions(plan, fieldSource(file, plan));
  const range = plan.lastLine === undefined ? '' : ` AND line_number <= ${plan.lastLine}`;
  const cut = `SELECT *, len(f) AS n FROM (SELECT line_number, line, ${cutSql(file.delimiter)} AS f FROM (${linesSql(file)}) WHERE line_number >= ${plan.firstLine}${range})`;
  const { layers } = options;
  const source = layers === undefined ? cut : layeredSql(cut, layers);
  if (layers !== undefined) {
    expressions.vendor_cycle_count = 'layer_cycle';
    expressions.step_id = 'layer_step';
    expressions.vendor_step_count = 'layer_step_number';
    expressions.vendor_step_type = 'layer_step_type';
  }
  const shape = shapeSql(file, plan, options.lastLine);
  const columns = rowColumns.map((name) => `${expressions[name]} AS ${name}`);
  await run(
    connection,
    `CREATE OR REPLACE TEMP TABLE ${identifier(options.table)} AS
     SELECT line_number,
       CASE WHEN shape IN ('blank', 'layer') THEN shape WHEN reason IS NULL THEN 'row' ELSE 'reject' END AS kind,
       is_point, reason,
       CASE WHEN reason IS NOT NULL THEN ${columnNameSql(plan)} END AS column_name,
       CASE WHEN reason IS NOT NULL THEN ${rawValueSql(plan)} END AS raw_value,
       CASE WHEN reason IS NOT NULL THEN line END AS raw_line,
       ${rowColumns.join(', ')}
     FROM (
       SELECT *, CASE
           WHEN shape IN ('blank', 'layer') THEN NULL
           WHEN shape <> 'row' THEN shape
           WHEN ${isMessageSql(format, plan)} THEN 'a message record, not a measurement'
           WHEN missing_role IS NOT NULL AND ${isCutSql(plan, options.lastLine)} THEN 'incomplete last line'
           WHEN missing_role IS NOT NULL THEN ${rejectionSql(plan)}
           WHEN is_stale THEN 'stale record: its test time jumps back'
         END AS reason
       FROM (
         SELECT *, ${format.rejectsStaleRecords ? isStaleSql('missing_role IS NULL') : 'false'} AS is_stale FROM (
         SELECT *, CASE WHEN shape = 'row' THEN ${missingRoleSql(plan)} END AS missing_role
         FROM (
           SELECT *, ${mayHoldImpedance(plan) ? 'coalesce(frequency_hertz > 0, false)' : 'false'} AS is_point
           FROM (
             SELECT line_number, line, f, n, ${layers === undefined ? shape : `CASE WHEN layer IS NOT NULL THEN 'layer' ELSE ${shape} END`} AS shape,
               ${columns.join(',\n               ')}
             FROM (${source})
           )
         )
         )
       )
     )`,
  );
}

/** Whether the value that is missing stands at the end of a line that is still being written. */
function isCutSql(plan: TablePlan, lastLine: StageOptions['lastLine']): string {
  if (lastLine.isTerminated) return 'false';
  const cases = [...plan.mapping].map(([role, { field }]) => `WHEN ${literal(role)} THEN ${field.index + 1}`);
  return `(line_number = ${lastLine.number} AND n = CASE missing_role ${cases.join(' ')} END)`;
}

/** Why a value does not load, in words. */
function rejectionSql(plan: TablePlan): string {
  const value = rawValueSql(plan);
  return `CASE WHEN missing_role = 'frequency_hertz' AND frequency_hertz <= 0 THEN 'a frequency of 0 or below is not an impedance point'
    WHEN coalesce(trim(${value}), '') = '' THEN replace(missing_role, '_', ' ') || ' is empty'
    ELSE replace(missing_role, '_', ' ') || ' is not a number that can be stored: ' || left(${value}, 80) END`;
}
