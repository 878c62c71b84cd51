import { z } from 'zod';
import { fitDrt } from '../../analysis/impedance/index.js';
import { NotComputable } from '../../analysis/result.js';
import { namesText } from '../../report/figures/chart.js';
import { drtFigure } from '../../report/figures/drt.js';
import { plainNumber } from '../../report/numbers.js';
import type { Figure } from '../../report/plot/figure.js';
import { select } from '../../store/connection.js';
import { among, amongNumbers, kind } from './kind.js';

interface Spectrum {
  spectrum_id: number;
  cell_id: string | null;
  temperature_celsius: number | null;
  frequency_hertz: number[];
  real_impedance_ohm: number[];
  imaginary_impedance_ohm: number[];
}

/** A distribution is computed for each spectrum; more of them would keep others waiting. */
const MOST_SPECTRA = 12;

const isNumber = (text: string) => /^\d{1,9}$/.test(text);

const titleOf = ({ spectrum_id, cell_id, temperature_celsius: at }: Spectrum) =>
  `${cell_id ?? 'no cell'}, spectrum ${spectrum_id}${at === null ? '' : `, ${plainNumber(at)} °C`}`;

export const drt = kind({
  name: 'drt',
  title: 'Distribution of relaxation times',
  summary:
    'distribution of relaxation times of spectra, as `cellar fit drt` computes it; no verdict rests on it',
  subject: 'spectrum',
  options: z.object({}),
  async draw(connection, { subjects }) {
    const condition = subjects.every(isNumber)
      ? `spectrum_id ${amongNumbers(subjects.map(Number))}`
      : `cell_id ${among(subjects)}`;
    const list = (name: string) => `list(${name} ORDER BY point_index) AS ${name}`;
    const spectra = await select<Spectrum>(
      connection,
      `SELECT spectrum_id, any_value(cell_id) AS cell_id, any_value(temperature_celsius) AS temperature_celsius,
         ${['frequency_hertz', 'real_impedance_ohm', 'imaginary_impedance_ohm'].map(list).join(', ')}
       FROM spectra_points WHERE ${condition} GROUP BY spectrum_id
       ORDER BY cell_id, temperature_celsius, spectrum_id LIMIT ${MOST_SPECTRA}`,
    );
    const figures: Figure[] = [];
    const rows: string[] = [];
    let refusal = 'no spectrum is stored';
    for (const one of spectra) {
      try {
        const fit = fitDrt(one, {});
        figures.push(drtFigure(titleOf(one), fit));
        rows.push(
          ...fit.tau_s.map((tau, k) => `(${one.spectrum_id}, ${tau}::DOUBLE, ${fit.R_k_ohm[k]}::DOUBLE)`),
        );
      } catch (error) {
        if (!(error instanceof NotComputable)) throw error;
        refusal = error.message;
      }
    }
    // What is drawn is computed and not stored, so the statement contains it.
    const values = rows.length === 0 ? '(NULL, NULL, NULL)' : rows.join(',\n  ');
    const sql = `SELECT * FROM (VALUES\n  ${values}) AS drt (spectrum_id, tau_second, resistance_ohm)`;
    return {
      sql,
      charts: [],
      figures,
      ...(figures.length === 0 ? { empty: `${namesText(subjects)}: ${refusal}` } : {}),
    };
  },
});
