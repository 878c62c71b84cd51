import { z } from 'zod';
import { type Chart, chartId, counted, namesText, type Series } from '../../report/figures/chart.js';
import { plainNumber } from '../../report/numbers.js';
import { select } from '../../store/connection.js';
import { differentialCapacitySql, usualBinVolt } from '../../store/views/differential-capacity.js';
import { perOf, plotCells } from './cells.js';
import { conditionOf, directionOption, linesOf, told, usualCycles } from './curves.js';
import { byOption, capacityUnit, cyclesOption, kind, perOption } from './kind.js';

interface Row {
  cell_id: string;
  cell_cycle: number;
  step_type: string;
  voltage_volt: number;
  dq_dv: number | null;
  peak_voltage_volt: number | null;
}

/** Reads `5mV` as a width in volt. */
const stepOption = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3})?(mV)?$/, 'is a width such as 5mV')
  .transform((text) => Number.parseFloat(text) / 1000)
  .refine((volt) => volt >= 0.0005 && volt <= 0.2, 'lies between 0.5mV and 200mV')
  .optional();

const perSql = {
  g: '1e6 * q.q / l.active_mass_mg',
  cm2: '1e3 * q.q / l.electrode_area_cm2',
  cell: '1e3 * q.q',
};

export const dqdv = kind({
  name: 'dqdv',
  title: 'Differential capacity',
  summary: 'dQ/dV over voltage, smoothed, of chosen cycles, with the voltages of its peaks',
  subject: 'cell',
  options: z.object({
    cycles: cyclesOption,
    dir: directionOption,
    step: stepOption,
    per: perOption,
    by: byOption,
  }),
  async draw(connection, { subjects, options }) {
    const cells = await plotCells(connection, subjects);
    const per = perOf(options.per, cells);
    const cycles = options.cycles ?? (await usualCycles(connection, subjects));
    const bin = options.step ?? usualBinVolt;
    const condition = conditionOf(subjects, cycles, options.dir);
    // The view has bins of the usual width; for other widths the same statement is made with another one.
    const source =
      bin === usualBinVolt
        ? `(SELECT * FROM differential_capacity WHERE ${condition})`
        : `(${differentialCapacitySql(bin, condition)})`;
    const dqDv = perSql[per].replace('q.q', 'q.smoothed_dq_dv_ah_per_volt');
    const sql = `SELECT q.cell_id, q.cell_cycle, q.step_type, q.voltage_volt,
  CASE q.step_type WHEN 'discharge' THEN -1 ELSE 1 END * ${dqDv} AS dq_dv, q.peak_voltage_volt
FROM ${source} q LEFT JOIN cells l USING (cell_id)
ORDER BY q.cell_id, q.cell_cycle, q.step_type, q.voltage_volt`;
    const rows = await select<Row>(connection, sql);
    const which = `${cycles.length === 1 ? 'cycle' : 'cycles'} ${namesText(cycles.map(String), 8)}`;
    if (rows.length === 0)
      return { sql, charts: [], empty: `${namesText(subjects)}: no record of ${which} is stored` };
    const unit = `${capacityUnit[per]}/V`;
    const lines = linesOf(
      rows,
      cells,
      (row) => row.voltage_volt,
      (row) => row.dq_dv,
    );
    const { series, colours } = told(lines, options.by);
    const peaks = rows.filter(({ peak_voltage_volt }) => peak_voltage_volt !== null);
    const marks: Series = {
      name: 'peak',
      tone: 'fit',
      mark: 'triangle',
      x: peaks.map(({ peak_voltage_volt }) => peak_voltage_volt as number),
      y: peaks.map(({ dq_dv }) => dq_dv),
      titles: peaks.map(
        (row) =>
          `${row.cell_id}, cycle ${row.cell_cycle}, ${row.step_type}: peak at ${plainNumber(row.peak_voltage_volt as number, 4)} V`,
      ),
    };
    const named = peaks
      .slice(0, 8)
      .map(
        (row) =>
          `cycle ${row.cell_cycle}, ${row.step_type}: ${plainNumber(row.peak_voltage_volt as number, 4)} V`,
      );
    const chart: Chart = {
      id: chartId('dqdv', subjects),
      title: `${namesText(subjects)}: differential capacity, ${which}`,
      words: `Steps of ${plainNumber(1000 * bin)} mV, smoothed by a moving mean over three steps, twice; discharge counts downwards. ${peaks.length === 0 ? 'No peak stands out.' : `${counted(peaks.length, 'peak')}: ${named.join('; ')}${peaks.length > 8 ? ' and more' : ''}.`} Ends of a half cycle, where a constant voltage gathers charge, are outside the scale.`,
      x: { label: 'voltage (V)' },
      ...(colours === undefined ? {} : { colours }),
      panels: [
        {
          y: { label: `dQ/dV (${unit})`, domain: innerDomain(lines.map((one) => one.series.y)) },
          series: peaks.length > 0 ? [...series, marks] : series,
          height: 300,
        },
      ],
    };
    return { sql, charts: [chart] };
  },
});

/** The range between the ends of each half cycle, with some margin. */
function innerDomain(lines: readonly (readonly (number | null)[])[]): [number, number] {
  let [low, high] = [0, 0];
  for (const y of lines) {
    const cut = Math.min(4, Math.floor(y.length / 8));
    for (const value of y.slice(cut, y.length - cut)) {
      low = Math.min(low, value ?? 0);
      high = Math.max(high, value ?? 0);
    }
  }
  const room = 0.08 * (high - low) || 1;
  return [low - (low < 0 ? room : room / 4), high + room];
}
