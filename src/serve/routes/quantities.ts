import { z } from 'zod';
import { intervalTexts } from '../../report/words.js';
import { select } from '../../store/connection.js';
import { numberList, route } from './route.js';

interface Row {
  spectrum_id: number;
  circuit: string;
  kramers_kronig: string | null;
  quantity: string;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  unit: string;
  status: string;
}

/** A unit of a fitted quantity as it is set: `ohm^-1 s^n` as Ω⁻¹·sⁿ. */
const unitText = (unit: string): string =>
  unit
    .replaceAll('ohm', 'Ω')
    .replaceAll('^-1', '⁻¹')
    .replaceAll('^2', '²')
    .replaceAll('^n', 'ⁿ')
    .replaceAll(' ', '·');

/** What was fitted to spectra, each number with its interval, as people write it. */
export const quantities = route({
  path: '/api/quantities',
  name: 'quantities',
  summary: 'fitted quantities of spectra with their intervals',
  parameters: z.object({ spectra: numberList(12) }),
  async answer({ connection, parameters: { spectra } }) {
    const rows = await select<Row>(
      connection,
      `SELECT spectrum_id, circuit, kramers_kronig, quantity, value, ci95_low, ci95_high, unit, status
       FROM impedance_fits WHERE spectrum_id IN (${spectra.length === 0 ? 'NULL' : spectra.join(', ')})
       QUALIFY run_id = max(run_id) OVER (PARTITION BY spectrum_id, quantity) ORDER BY spectrum_id, rowid`,
    );
    return {
      quantities: rows.map((row) => {
        if (row.value === null) return { ...row, text: 'not determined', interval: '' };
        const texts = intervalTexts({ value: row.value, ci95_low: row.ci95_low, ci95_high: row.ci95_high });
        return {
          ...row,
          text: row.unit === '' ? texts.value : `${texts.value}\u00a0${unitText(row.unit)}`,
          interval: texts.low === null ? '' : `${texts.low} to ${texts.high}`,
        };
      }),
    };
  },
});
