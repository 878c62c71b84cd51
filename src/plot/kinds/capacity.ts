import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { DecayFit } from '../../analysis/decay/index.js';
import {
  type Chart,
  chartId,
  counted,
  namesText,
  rangeText,
  type Series,
} from '../../report/figures/chart.js';
import { plainNumber } from '../../report/numbers.js';
import { extent, padded } from '../../report/plot/scale.js';
import { literal, select } from '../../store/connection.js';
import { groupOf, type PlotCell, perOf, plotCells, tonesOf } from './cells.js';
import { among, byOption, capacityIn, capacityUnit, kind, type Per, perOption } from './kind.js';

interface Row {
  cell_id: string;
  cell_cycle: number;
  label: string | null;
  current_direction: string | null;
  charging_capacity: number | null;
  discharging_capacity: number | null;
  coulombic_efficiency: number | null;
}

type Grouping = 'cell' | 'batch' | 'material';

const PERCENT = 100;
const LEFT_OUT = ['partial', 'interrupted', 'pulse'];
const shapes: Readonly<Record<string, Series['mark']>> = { formation: 'triangle', checkup: 'diamond' };
const shapeOf = (label: string | null): Series['mark'] =>
  LEFT_OUT.includes(label ?? '') ? 'cross' : (shapes[label ?? ''] ?? 'dot');

const statement = (cells: readonly string[], per: Per, hideFormation: boolean) =>
  `SELECT c.cell_id, c.cell_cycle, c.label, c.current_direction,
  ${capacityIn(per, 'c.charging_capacity_ah')} AS charging_capacity,
  ${capacityIn(per, 'c.discharging_capacity_ah')} AS discharging_capacity, c.coulombic_efficiency
FROM cell_cycles c LEFT JOIN cells l USING (cell_id)
WHERE c.cell_id ${among(cells)}${hideFormation ? " AND c.label <> 'formation'" : ''}
ORDER BY c.cell_id, c.cell_cycle`;

/** One series per shape, so that labels can be distinguished without colour. */
function byShape(
  rows: readonly Row[],
  of: (row: Row) => number | null,
  base: Pick<Series, 'tone'> & { name: string; isQuiet?: boolean },
  unit: string,
  shape: (row: Row) => Series['mark'] = ({ label }) => shapeOf(label),
): Series[] {
  const marks = [...new Set(rows.map(shape))];
  return marks.map((mark) => {
    const own = rows.filter((row) => shape(row) === mark && of(row) !== null);
    const labels = [...new Set(own.map(({ label }) => label ?? 'no label'))].join(', ');
    return {
      ...base,
      name: mark === 'dot' || mark === 'ring' ? base.name : `${base.name}: ${labels}`,
      mark,
      x: own.map(({ cell_cycle }) => cell_cycle),
      y: own.map(of),
      of: own.map(({ cell_cycle }) => cell_cycle),
      titles: own.map(
        (row) =>
          `${row.cell_id}, cycle ${row.cell_cycle}: ${plainNumber(of(row) as number, 6)} ${unit}, ${row.label ?? ''}`,
      ),
    };
  });
}

/** The stored decay law of a cell as a line, in the unit of the chart. */
async function lawOf(
  connection: DuckDBConnection,
  cell: PlotCell,
  rows: readonly Row[],
  per: Per,
): Promise<Series[]> {
  const [stored] = await select<{ result: string | null }>(
    connection,
    `SELECT result FROM fits WHERE kind = 'decay' AND subject = ${literal(cell.cell_id)} ORDER BY run_id DESC LIMIT 1`,
  );
  if (stored?.result == null || rows.length === 0) return [];
  const fit = JSON.parse(stored.result) as DecayFit;
  const D = fit.results.find(({ quantity }) => quantity === 'D')?.value;
  const kept = rows.filter(({ current_direction }) => current_direction !== 'unknown');
  const excluded = new Set(fit.excluded.map(({ index }) => index));
  const first = kept.find((_, i) => !excluded.has(i))?.cell_cycle;
  if (D == null || first === undefined) return [];
  // The fit is in mAh/g where the mass is known, else in mAh.
  const mass = cell.active_mass_mg;
  const perGram = per === 'g' || mass === null ? 1 : mass / 1000;
  const scale = per === 'cm2' ? perGram / (cell.electrode_area_cm2 ?? Number.NaN) : perGram;
  const last = rows.at(-1)?.cell_cycle ?? first;
  const x = Array.from({ length: 61 }, (_, i) => first + ((last - first) * i) / 60);
  const y = x.map((cycle) => scale * fit.log_ols.Q0 * (1 - D) ** (cycle - first));
  return [{ name: `fit, ${plainNumber(PERCENT * D, 3)} % per cycle`, tone: 'fit', mark: 'line', x, y }];
}

/** What is drawn for each cell: capacities (of a single cell also those of its charges) and efficiencies. */
function seriesOf(
  cells: readonly PlotCell[],
  rows: readonly Row[],
  unit: string,
  by: Grouping,
): { capacity: Series[]; efficiency: Series[] } {
  const isOne = cells.length === 1;
  const tones = tonesOf(cells.map((cell) => groupOf(cell, by)));
  const capacity: Series[] = [];
  const efficiency: Series[] = [];
  for (const cell of cells) {
    const own = rows.filter(({ cell_id }) => cell_id === cell.cell_id);
    const group = groupOf(cell, by);
    const tone = isOne ? 's0' : (tones.get(group) as string);
    if (isOne) {
      capacity.push(
        ...byShape(
          own,
          (row) => row.charging_capacity,
          { name: 'charge', tone: 's1' },
          unit,
          ({ label }) => (shapeOf(label) === 'dot' ? 'ring' : shapeOf(label)),
        ),
      );
    }
    capacity.push(
      ...byShape(own, (row) => row.discharging_capacity, { name: isOne ? 'discharge' : group, tone }, unit),
    );
    const percent = ({ coulombic_efficiency: value }: Row) => (value === null ? null : PERCENT * value);
    efficiency.push(...byShape(own, percent, { name: 'efficiency', tone, isQuiet: true }, '%'));
  }
  return { capacity, efficiency };
}

function chartOf(
  cells: readonly PlotCell[],
  rows: readonly Row[],
  per: Per,
  by: Grouping,
  law: Series[],
): Chart {
  const ids = cells.map(({ cell_id }) => cell_id);
  const unit = capacityUnit[per];
  const isOne = cells.length === 1;
  const { capacity, efficiency } = seriesOf(cells, rows, unit, by);
  const inner = rows
    .flatMap(({ coulombic_efficiency: value }) => (value === null ? [] : [PERCENT * value]))
    .sort((a, b) => a - b);
  const at = (share: number) => inner[Math.round(share * (inner.length - 1))] ?? 0;
  // Formation and interrupted cycles would flatten the rest.
  const [low, high] = [at(0.05), at(0.95)];
  const room = Math.max(0.3 * (high - low), 0.15);
  const outside = inner.filter((value) => value < low - room || value > high + room).length;
  // An interrupted cycle does not matter for the scale.
  const whole = rows
    .filter(({ label }) => !LEFT_OUT.includes(label ?? ''))
    .flatMap((row) => [row.discharging_capacity, ...(isOne ? [row.charging_capacity] : [])]);
  const span = extent([...whole, ...law.flatMap(({ y }) => y)]);
  const below =
    span === null
      ? 0
      : rows.filter((row) => row.discharging_capacity !== null && row.discharging_capacity < padded(span)[0])
          .length;
  const excluded = cells.filter(({ excluded_reason }) => excluded_reason !== null);
  return {
    id: chartId('capacity', ids),
    title: `${namesText(ids)}: capacity and coulombic efficiency over cycles`,
    words: [
      `${counted(rows.length, 'cycle')} of ${namesText(ids)}; discharge capacity ${rangeText(
        rows.map((row) => row.discharging_capacity),
        unit,
      )}.`,
      ...(below > 0 ? [`${counted(below, 'broken cycle')} below the scale.`] : []),
      ...(outside > 0 ? [`${counted(outside, 'efficiency', 'efficiencies')} outside the scale.`] : []),
      ...excluded.map(
        ({ cell_id, excluded_reason }) => `${cell_id} is excluded from verdicts: ${excluded_reason}.`,
      ),
    ].join(' '),
    x: { label: 'cycle of the cell’s life', isWhole: true },
    panels: [
      {
        y: { label: `capacity (${unit})`, ...(span === null ? {} : { domain: padded(span) }) },
        series: [...capacity, ...law],
        height: 210,
      },
      {
        y: {
          label: 'coulombic efficiency (%)',
          ...(inner.length > 0 ? { domain: [low - room, high + room] as const } : {}),
        },
        series: efficiency,
        height: 96,
      },
    ],
  };
}

export const capacity = kind({
  name: 'capacity',
  title: 'Capacity over cycles',
  summary:
    'charge and discharge capacity over the cycles of a life, coulombic efficiency below, with the fitted decay',
  subject: 'cell',
  options: z.object({ per: perOption, by: byOption, hide: z.enum(['formation']).optional() }),
  async draw(connection, { subjects, options }) {
    const cells = await plotCells(connection, subjects);
    const per = perOf(options.per, cells);
    const sql = statement(subjects, per, options.hide === 'formation');
    const rows = await select<Row>(connection, sql);
    if (rows.length === 0) return { sql, charts: [], empty: `${namesText(subjects)}: no cycle is stored` };
    const [only] = cells;
    const law = cells.length === 1 && only !== undefined ? await lawOf(connection, only, rows, per) : [];
    return { sql, charts: [chartOf(cells, rows, per, options.by, law)] };
  },
});
