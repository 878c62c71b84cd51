import { basename } from 'node:path';
import { fitArrhenius } from '../../analysis/arrhenius/index.js';
import { NotComputable } from '../../analysis/result.js';
import { assumedValues } from '../../analysis/uncertainty/index.js';
import type { PelletFit } from '../../fits/making/arrhenius.js';
import type { ConductivityReading } from '../../fits/making/conductivities.js';
import type { PlotFigures } from '../../plot/draw.js';
import { type ArrheniusSubject, arrheniusAxes, arrheniusFigure } from '../../report/figures/arrhenius.js';
import { literal } from '../../store/connection.js';
import { numberColumn, optionalNumbers, readColumns, requireColumns, textColumn } from '../fit/columns.js';

const columns = ['temperature_celsius', 'conductivity_siemens_per_centimeter'] as const;

/** Fields that a table does not have: nothing was left out, and no circuit was chosen. */
const ofTable = {
  spectrum_ids: [],
  sigma25_without_exclusions: null,
  free_circuits: null,
  if_interface: null,
  untrimmed: null,
  circuit: { u_Ea_eV: 0, u_ln_sigma25: 0, matters: false },
  warnings: [],
} satisfies Omit<PelletFit, 'fit'>;

async function readTable(path: string): Promise<ArrheniusSubject> {
  const table = await readColumns(path);
  requireColumns(table, [...columns]);
  const orNaN = (values: (number | null)[]) => values.map((value) => value ?? Number.NaN);
  const celsius = orNaN(numberColumn(table, columns[0]));
  const sigma = orNaN(numberColumn(table, columns[1]));
  const branch = textColumn(table, 'branch');
  const errors = optionalNumbers(table, 'conductivity_standard_error');
  const conductivities = celsius.flatMap((at, i): ConductivityReading[] => {
    const value = sigma[i] as number;
    if (!Number.isFinite(at) || !(value > 0)) return [];
    const error = errors?.[i] ?? null;
    const bounds =
      error === null ? { low: null, high: null } : { low: value - 1.96 * error, high: value + 1.96 * error };
    const row = {
      value,
      unit: 'S/cm',
      standard_error: error,
      ci95_low: bounds.low,
      ci95_high: bounds.high,
      status: 'ok',
    };
    return [
      {
        spectrum_id: i + 1,
        temperature_celsius: at,
        temperature_source: 'file',
        branch: branch?.[i] ?? null,
        sigma: row as ConductivityReading['sigma'],
        excluded_reason: null,
        excluded_why: null,
      },
    ];
  });
  const subject = { cell_id: basename(path), conductivities };
  try {
    const fit = fitArrhenius(
      {
        temperature_celsius: celsius,
        conductivity_siemens_per_centimeter: sigma,
        ...(branch === undefined ? {} : { branch }),
        ...(errors === undefined ? {} : { conductivity_standard_error: errors }),
      },
      { temperature_half_width_kelvin: assumedValues.temperature.value },
    );
    return { ...subject, pellet: { fit, ...ofTable }, refusal: null };
  } catch (error) {
    if (!(error instanceof NotComputable)) throw error;
    return { ...subject, pellet: null, refusal: error.why ?? { code: error.code, message: error.message } };
  }
}

/**
 * Conductivities of plain tables over 1000/T with the fitted line, one figure per file, all on the same axes.
 *
 * @throws CellarError (usage) where a file is not a table of temperatures (°C) and conductivities (S/cm)
 */
export async function arrheniusOfTables(paths: readonly string[]): Promise<PlotFigures> {
  const subjects = await Promise.all(paths.map(readTable));
  const axes = arrheniusAxes(
    subjects.map(({ conductivities }) => conductivities),
    null,
  );
  const figures = subjects.flatMap((subject) => arrheniusFigure(subject, axes, null) ?? []);
  const rows = subjects.flatMap(({ cell_id, conductivities }) =>
    conductivities.map(
      ({ temperature_celsius, sigma }) =>
        `(${literal(cell_id)}, ${temperature_celsius}::DOUBLE, ${sigma?.value}::DOUBLE)`,
    ),
  );
  const values = rows.length === 0 ? '(NULL, NULL, NULL)' : rows.join(',\n  ');
  const names = 'file, temperature_celsius, conductivity_siemens_per_centimeter';
  return {
    sql: `SELECT * FROM (VALUES\n  ${values}) AS conductivities (${names})`,
    charts: [],
    figures,
    all: figures,
  };
}
