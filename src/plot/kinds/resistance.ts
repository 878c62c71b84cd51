import { z } from 'zod';
import {
  type Chart,
  chartId,
  counted,
  namesText,
  rangeText,
  type Series,
} from '../../report/figures/chart.js';
import { plainNumber } from '../../report/numbers.js';
import { select } from '../../store/connection.js';
import { groupOf, type PlotCell, plotCells, tonesOf } from './cells.js';
import { among, byOption, kind } from './kind.js';

interface Row {
  cell_id: string;
  cell_cycle: number | null;
  step_count: number;
  step_type: string;
  delay_second: number | null;
  delta_second: number;
  resistance_ohm: number;
  rest_voltage_volt: number;
}

const delayOption = z.enum(['first', '1', '10', '30']).optional();
const delayText = (delay: number | null) => (delay === null ? 'first record' : `after ${delay} s`);
const marks: Readonly<Record<string, Series['mark']>> = { charge: 'ring', discharge: 'dot' };

function statement(cells: readonly string[], delay: z.infer<typeof delayOption>): string {
  const delayed = delay === 'first' ? ' AND delay_second IS NULL' : ` AND delay_second = ${delay}`;
  return `SELECT cell_id, cell_cycle, test_id, step_count, step_type, delay_second, delta_second, resistance_ohm,
  rest_voltage_volt, current_ampere
FROM dc_resistances
WHERE cell_id ${among(cells)}${delay === undefined ? '' : delayed}
ORDER BY cell_id, test_id, step_count, delay_second NULLS FIRST`;
}

/** One series per direction and delay for a single cell, or per group for several. */
function seriesOver(
  x: (row: Row) => number | null,
  rows: readonly Row[],
  cells: readonly PlotCell[],
  by: z.infer<typeof byOption>,
): Series[] {
  const isOne = cells.length === 1;
  const delays = [...new Set(rows.map(({ delay_second }) => delay_second))].sort(
    (a, b) => (a ?? 0) - (b ?? 0),
  );
  const nameOf = (row: Row) => {
    const cell = cells.find(({ cell_id }) => cell_id === row.cell_id);
    return isOne || cell === undefined ? delayText(row.delay_second) : groupOf(cell, by);
  };
  const tones = tonesOf(isOne ? delays.map(delayText) : cells.map((cell) => groupOf(cell, by)));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (x(row) === null) continue;
    const key = JSON.stringify([nameOf(row), row.step_type]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const names = [...tones.keys()];
  const inOrder = [...groups]
    .map(([key, own]) => ({
      name: (JSON.parse(key) as string[])[0] as string,
      direction: own[0]?.step_type ?? '',
      own,
    }))
    .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name) || (a.direction < b.direction ? -1 : 1));
  return inOrder.map(({ name, direction, own }) => {
    own.sort((a, b) => (x(a) as number) - (x(b) as number));
    return {
      name: `${name}, ${direction}`,
      tone: tones.get(name) as string,
      mark: marks[direction] ?? 'dot',
      x: own.map((row) => x(row) as number),
      y: own.map((row) => row.resistance_ohm),
      titles: own.map(
        (row) =>
          `${row.cell_id}, cycle ${row.cell_cycle ?? '?'}, step ${row.step_count}: ${plainNumber(row.resistance_ohm, 5)} Ω ${plainNumber(row.delta_second, 3)} s after the rest`,
      ),
    };
  });
}

export const resistance = kind({
  name: 'resistance',
  title: 'Direct-current resistance',
  summary: 'resistance where a rest turns into a load, over cycles and over the voltage of the rest before',
  subject: 'cell',
  options: z.object({ delay: delayOption, by: byOption }),
  async draw(connection, { subjects, options }) {
    const cells = await plotCells(connection, subjects);
    const sql = statement(subjects, options.delay);
    const rows = await select<Row>(connection, sql);
    if (rows.length === 0) {
      return {
        sql,
        charts: [],
        empty: `${namesText(subjects)}: no load follows a rest of 10 s with records near enough`,
      };
    }
    const isOne = cells.length === 1;
    const range = rangeText(
      rows.map(({ resistance_ohm }) => resistance_ohm),
      'Ω',
    );
    const words = `${counted(rows.length, 'value')}, ${range}; different delays are different quantities.${isOne ? '' : ' Every delay asked for is drawn.'}`;
    const chart = (
      id: string,
      title: string,
      label: string,
      x: (row: Row) => number | null,
      isWhole: boolean,
    ): Chart => ({
      id: chartId(id, subjects),
      title: `${namesText(subjects)}: ${title}`,
      words,
      x: { label, isWhole },
      panels: [
        { y: { label: 'resistance (Ω)' }, series: seriesOver(x, rows, cells, options.by), height: 230 },
      ],
    });
    return {
      sql,
      charts: [
        chart(
          'resistance',
          'direct-current resistance over cycles',
          'cycle of the cell’s life',
          (row) => row.cell_cycle,
          true,
        ),
        chart(
          'resistance-voltage',
          'direct-current resistance over the voltage of the rest before',
          'voltage before (V)',
          (row) => row.rest_voltage_volt,
          false,
        ),
      ],
    };
  },
});
