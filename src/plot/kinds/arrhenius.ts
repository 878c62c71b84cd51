import { z } from 'zod';
import type { ImpedanceQuantity } from '../../analysis/impedance/result.js';
import type { PelletFit } from '../../fits/making/arrhenius.js';
import type { ConductivityReading } from '../../fits/making/conductivities.js';
import { withWords } from '../../messages/message.js';
import { type ArrheniusSubject, arrheniusAxes, arrheniusFigure } from '../../report/figures/arrhenius.js';
import { namesText } from '../../report/figures/chart.js';
import type { LeftOut } from '../../report/left-out.js';
import { select } from '../../store/connection.js';
import { among, kind } from './kind.js';

interface Row {
  spectrum_id: number;
  cell_id: string;
  temperature_celsius: number | null;
  temperature_source: string | null;
  branch: string | null;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  standard_error: number | null;
  unit: string;
  status: string;
  excluded: string;
}

/** A stored conductivity in the form that the figure needs. */
function conductivityOf(row: Row): ConductivityReading {
  const [excluded] = JSON.parse(row.excluded) as LeftOut[];
  return {
    spectrum_id: row.spectrum_id,
    temperature_celsius: row.temperature_celsius,
    temperature_source: row.temperature_source,
    branch: row.branch,
    sigma: row.value === null ? null : (row as unknown as ImpedanceQuantity),
    excluded_reason: excluded?.reason ?? null,
    excluded_why: excluded === undefined ? null : withWords(excluded.reason, excluded.why),
  };
}

export const arrhenius = kind({
  name: 'arrhenius',
  title: 'Conductivity over temperature',
  summary: 'conductivities of pellets over 1000/T with the fitted line, as in the report',
  subject: 'cell',
  options: z.object({}),
  async draw(connection, { subjects }) {
    const sql = `SELECT c.cell_id, c.spectrum_id, c.temperature_celsius, s.temperature_source, c.branch, c.value,
  c.ci95_low, c.ci95_high, c.standard_error, c.unit, c.status, c.excluded
FROM conductivities c LEFT JOIN spectra s USING (spectrum_id)
WHERE c.cell_id ${among(subjects)}
ORDER BY c.cell_id, c.temperature_celsius, c.spectrum_id`;
    const rows = await select<Row>(connection, sql);
    const fits = await select<{ subject: string; result: string | null; refusal: string | null }>(
      connection,
      `SELECT subject, arg_max(result, run_id) AS result, arg_max(refusal, run_id) AS refusal
       FROM fits WHERE kind = 'arrhenius' AND subject ${among(subjects)} GROUP BY subject`,
    );
    const pellets = subjects.map((cell_id): ArrheniusSubject => {
      const fit = fits.find(({ subject }) => subject === cell_id);
      return {
        cell_id,
        conductivities: rows.filter((row) => row.cell_id === cell_id).map(conductivityOf),
        pellet: fit?.result == null ? null : (JSON.parse(fit.result) as PelletFit),
        refusal: fit?.refusal == null ? null : { code: 'REFUSED', message: fit.refusal },
      };
    });
    const axes = arrheniusAxes(
      pellets.map(({ conductivities }) => conductivities),
      null,
    );
    const figures = pellets.flatMap((pellet) => arrheniusFigure(pellet, axes, null) ?? []);
    return {
      sql,
      charts: [],
      figures,
      ...(figures.length === 0
        ? {
            empty: `${namesText(subjects)}: no conductivity is stored; \`cellar analyze\` fits spectra of pellets`,
          }
        : {}),
    };
  },
});
