import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import {
  type Chart,
  chartId,
  counted,
  MOST_IN_KEY,
  namesText,
  rangeText,
  type Series,
  scaleTone,
  thinned,
  toneOf,
} from '../../report/figures/chart.js';
import { literal, select } from '../../store/connection.js';
import { groupOf, type PlotCell, perOf, plotCells, tonesOf } from './cells.js';
import {
  among,
  amongNumbers,
  byOption,
  capacityIn,
  capacityUnit,
  cyclesOption,
  kind,
  type Per,
  perOption,
} from './kind.js';

interface Row {
  cell_id: string;
  cell_cycle: number;
  step_type: string;
  capacity: number | null;
  voltage_volt: number | null;
}

export const directionOption = z.enum(['both', 'charge', 'discharge']).default('both');
/** Number of points of one line that a drawing of this width can show. */
const MOST_POINTS = 2_400;

/** Cycles that represent a life: the first ageing one, the middle one, the last complete one. */
export async function usualCycles(connection: DuckDBConnection, cells: readonly string[]): Promise<number[]> {
  const rows = await select<{ cycles: number[] }>(
    connection,
    `SELECT list(CAST(cell_cycle AS DOUBLE) ORDER BY cell_cycle) AS cycles FROM cell_cycles
     WHERE cell_id = ${literal(cells[0] ?? '')} AND label NOT IN ('partial', 'interrupted', 'pulse')`,
  );
  const cycles = rows[0]?.cycles ?? [];
  const chosen = [cycles[1] ?? cycles[0], cycles[Math.floor(cycles.length / 2)], cycles.at(-1)];
  return [...new Set(chosen.filter((cycle) => cycle !== undefined))].sort((a, b) => a - b);
}

/** Conditions that limit rows to cycles, cells and directions. */
export function conditionOf(
  cells: readonly string[],
  cycles: readonly number[],
  direction: 'both' | 'charge' | 'discharge',
): string {
  return [
    `cell_id ${among(cells)}`,
    cycles.length === 0 ? 'FALSE' : `cell_cycle ${amongNumbers(cycles)}`,
    ...(direction === 'both' ? [] : [`step_type = '${direction}'`]),
  ].join(' AND ');
}

export interface Line {
  cell: PlotCell;
  cycle: number;
  direction: string;
  series: Pick<Series, 'x' | 'y'>;
}

/** How lines of cells and cycles are distinguished: by cycle for one cell, by cell for several. */
export function told(
  lines: readonly Line[],
  by: 'cell' | 'batch' | 'material',
): { series: Series[]; colours?: Chart['colours'] } {
  const cells = [...new Set(lines.map(({ cell }) => cell))];
  const cycles = [...new Set(lines.map(({ cycle }) => cycle))].sort((a, b) => a - b);
  const isByCycle = cells.length === 1;
  const isScale = isByCycle && cycles.length > MOST_IN_KEY;
  const groups = tonesOf(cells.map((cell) => groupOf(cell, by)));
  const series = lines.map(({ cell, cycle, direction, series: own }): Series => {
    const index = cycles.indexOf(cycle);
    const tone = isByCycle
      ? isScale
        ? scaleTone(index, cycles.length)
        : toneOf(index)
      : (groups.get(groupOf(cell, by)) as string);
    const name = isByCycle
      ? `cycle ${cycle}`
      : `${groupOf(cell, by)}${cycles.length > 1 ? `, cycle ${cycle}` : ''}`;
    return {
      ...own,
      tone,
      name: `${name}, ${direction}`,
      mark: direction === 'charge' ? 'dashes' : 'line',
      isQuiet: isScale,
    };
  });
  if (!isScale) return { series };
  return { series, colours: { label: 'cycle', low: String(cycles[0]), high: String(cycles.at(-1)) } };
}

/** Rows as lines, in the order in which they come. */
export function linesOf<R extends Pick<Row, 'cell_id' | 'cell_cycle' | 'step_type'>>(
  rows: readonly R[],
  cells: readonly PlotCell[],
  x: (row: R) => number | null,
  y: (row: R) => number | null,
): Line[] {
  const lines = new Map<string, Line & { series: { x: number[]; y: (number | null)[] } }>();
  for (const row of rows) {
    const at = x(row);
    const cell = cells.find(({ cell_id }) => cell_id === row.cell_id);
    if (at === null || cell === undefined) continue;
    const key = `${row.cell_cycle} ${row.step_type} ${row.cell_id}`;
    const found = lines.get(key) ?? {
      cell,
      cycle: row.cell_cycle,
      direction: row.step_type,
      series: { x: [], y: [] },
    };
    found.series.x.push(at);
    found.series.y.push(y(row));
    lines.set(key, found);
  }
  return [...lines.values()];
}

const statement = (
  cells: readonly string[],
  cycles: readonly number[],
  per: Per,
  direction: z.infer<typeof directionOption>,
) =>
  `SELECT v.cell_id, v.cell_cycle, v.step_type, v.test_id, v.record_index,
  ${capacityIn(per, 'v.capacity_ah')} AS capacity, v.voltage_volt
FROM voltage_curves v LEFT JOIN cells l USING (cell_id)
WHERE ${conditionOf(cells, cycles, direction).replace('cell_id', 'v.cell_id')}
ORDER BY v.cell_id, v.cell_cycle, v.step_type, v.test_id, v.record_index`;

export const curves = kind({
  name: 'curves',
  title: 'Voltage over capacity',
  summary: 'voltage over the charge moved, of chosen cycles; charge dashed, discharge solid',
  subject: 'cell',
  options: z.object({ cycles: cyclesOption, dir: directionOption, per: perOption, by: byOption }),
  async draw(connection, { subjects, options }) {
    const cells = await plotCells(connection, subjects);
    const per = perOf(options.per, cells);
    const cycles = options.cycles ?? (await usualCycles(connection, subjects));
    const sql = statement(subjects, cycles, per, options.dir);
    const rows = await select<Row>(connection, sql);
    const which = `${cycles.length === 1 ? 'cycle' : 'cycles'} ${namesText(cycles.map(String), 8)}`;
    if (rows.length === 0)
      return { sql, charts: [], empty: `${namesText(subjects)}: no record of ${which} is stored` };
    const lines = linesOf(
      rows,
      cells,
      (row) => row.capacity,
      (row) => row.voltage_volt,
    );
    const decimated = lines.some(({ series }) => series.x.length > MOST_POINTS);
    const drawn = lines.map((one) => ({ ...one, series: thinned(one.series, MOST_POINTS) }));
    const unit = capacityUnit[per];
    const chart: Chart = {
      id: chartId('curves', subjects),
      title: `${namesText(subjects)}: voltage over capacity, ${which}`,
      words: `${counted(rows.length, 'record')} of ${which}; ${rangeText(
        rows.map((row) => row.voltage_volt),
        'V',
      )}, up to ${rangeText([Math.max(...rows.map((row) => row.capacity ?? 0))], unit)}.${options.dir === 'both' ? ' Charge is dashed, discharge solid.' : ''}${decimated ? ' Not every point is drawn: of each stretch the first, lowest, highest and last.' : ''}`,
      x: { label: `capacity (${unit})` },
      decimated,
      panels: [{ y: { label: 'voltage (V)' }, series: [], height: 300 }],
    };
    const { series, colours } = told(drawn, options.by);
    return {
      sql,
      charts: [
        {
          ...chart,
          panels: [{ ...chart.panels[0]!, series }],
          ...(colours === undefined ? {} : { colours }),
        },
      ],
    };
  },
});
