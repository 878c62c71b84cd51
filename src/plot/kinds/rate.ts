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
import type { Tick } from '../../report/plot/scale.js';
import { select } from '../../store/connection.js';
import { groupOf, perOf, plotCells, tonesOf } from './cells.js';
import { among, byOption, capacityIn, capacityUnit, kind, perOption } from './kind.js';

interface Row {
  cell_id: string;
  rate_block: number;
  first_cell_cycle: number;
  last_cell_cycle: number;
  charging_c_rate: number;
  discharging_c_rate: number;
  capacity: number | null;
  capacity_share: number | null;
}

const PERCENT = 100;

/** `C/5`, `2C`, as in the program of a cycler. */
export function rateText(rate: number): string {
  return rate >= 1 ? `${plainNumber(rate, 2)}C` : `C/${plainNumber(1 / rate, 2)}`;
}

export const rate = kind({
  name: 'rate',
  title: 'Capacity by C-rate',
  summary:
    'capacity of the blocks of equal C-rate in the order of the test, and its share of the slowest one',
  subject: 'cell',
  options: z.object({ per: perOption, by: byOption }),
  async draw(connection, { subjects, options }) {
    const cells = await plotCells(connection, subjects);
    const per = perOf(options.per, cells);
    const sql = `SELECT r.cell_id, r.rate_block, r.first_cell_cycle, r.last_cell_cycle,
  r.charging_c_rate, r.discharging_c_rate,
  ${capacityIn(per, 'r.discharging_capacity_ah')} AS capacity, r.capacity_share
FROM rate_tests r LEFT JOIN cells l USING (cell_id)
WHERE r.cell_id ${among(subjects)}
ORDER BY r.cell_id, r.rate_block`;
    const rows = await select<Row>(connection, sql);
    if (rows.length === 0) {
      return {
        sql,
        charts: [],
        empty: `${namesText(subjects)}: no whole cycle has a C-rate; nominal_capacity_mah in cells.csv gives one`,
      };
    }
    const unit = capacityUnit[per];
    const tones = tonesOf(cells.map((cell) => groupOf(cell, options.by)));
    const series = cells.flatMap((cell): { capacity: Series; share: Series }[] => {
      const own = rows.filter(({ cell_id }) => cell_id === cell.cell_id);
      if (own.length === 0) return [];
      const group = groupOf(cell, options.by);
      const base = {
        name: group,
        tone: tones.get(group) as string,
        mark: 'dot' as const,
        x: own.map(({ rate_block }) => rate_block),
        titles: own.map(
          (row) =>
            `${row.cell_id}, cycles ${row.first_cell_cycle}–${row.last_cell_cycle}: ${row.capacity === null ? 'no capacity' : `${plainNumber(row.capacity, 5)} ${unit}`} at ${rateText(row.discharging_c_rate)}`,
        ),
      };
      return [
        {
          capacity: { ...base, y: own.map(({ capacity }) => capacity) },
          share: {
            ...base,
            isQuiet: true,
            y: own.map(({ capacity_share: share }) => (share === null ? null : PERCENT * share)),
          },
        },
      ];
    });
    const longest = cells
      .map((cell) => rows.filter(({ cell_id }) => cell_id === cell.cell_id))
      .reduce((a, b) => (b.length > a.length ? b : a), []);
    const every = Math.max(1, Math.ceil(longest.length / 12));
    const ticks: Tick[] = longest
      .filter((_, i) => i % every === 0)
      .map((row) => ({ value: row.rate_block, label: rateText(row.discharging_c_rate) }));
    const chart: Chart = {
      id: chartId('rate', subjects),
      title: `${namesText(subjects)}: capacity by C-rate`,
      words: `${counted(rows.length, 'block')} of equal rate, in the order of the test; capacity ${rangeText(
        rows.map(({ capacity }) => capacity),
        unit,
      )} from ${rateText(Math.min(...rows.map((row) => row.discharging_c_rate)))} to ${rateText(Math.max(...rows.map((row) => row.discharging_c_rate)))} of discharge. The share is of the block with the slowest discharge.`,
      x: {
        label: 'C-rate of discharge, in the order of the test',
        ticks,
        domain: [0.4, longest.length + 0.6],
      },
      panels: [
        { y: { label: `capacity (${unit})` }, series: series.map(({ capacity }) => capacity), height: 190 },
        { y: { label: 'share of the slowest (%)' }, series: series.map(({ share }) => share), height: 96 },
      ],
    };
    return { sql, charts: [chart] };
  },
});
