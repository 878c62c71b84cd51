import type { DuckDBConnection } from '@duckdb/node-api';
import type { Quantity } from '../../analysis/result.js';
import type { UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import { usageError } from '../../errors.js';
import type { FitSet } from '../../fits/fit-set.js';
import { arrhenius } from '../../fits/kinds/arrhenius.js';
import { impedance } from '../../fits/kinds/impedance.js';
import { impedanceSeries } from '../../fits/kinds/impedance-series.js';
import type { PelletFit } from '../../fits/making/arrhenius.js';
import { type Conductivity, conductivitiesOf } from '../../fits/making/conductivities.js';
import type { Message } from '../../messages/message.js';
import { insertRows, run, select } from '../../store/connection.js';
import { formatOption } from '../support/ingest-options.js';
import { shortNumber, valueWithInterval } from '../support/numbers.js';
import { write, writeJson, writeTable } from '../support/output.js';
import type { Session } from '../support/session.js';
import { checkCircuit } from './circuit-options.js';
import type { FitCommandOptions } from './kinds/definition.js';
import { saveFigures } from './save-figures.js';

/** Name of the pellet, which has none of its own. */
const cellId = 'pellet';

interface SpectrumFile {
  spectrum_id: number;
  path: string;
  temperature_celsius: number | null;
  temperature_source: string | null;
}

/** Reads `--temperature FILE=25`; a file is found by the end of its path. */
function statedTemperatures(given: readonly string[]): { file: string; celsius: number }[] {
  return given.map((text) => {
    const [, file, celsius] = /^(.+)=([-+]?\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (file === undefined) {
      throw usageError(
        `--temperature ${text} is not FILE=CELSIUS`,
        'write it such as --temperature cold.csv=-20',
      );
    }
    return { file: file.replaceAll('\\', '/'), celsius: Number(celsius) };
  });
}

/** Gives every spectrum its temperature: as stated, else from the file, else from its name. */
async function giveTemperatures(
  connection: DuckDBConnection,
  given: readonly string[],
): Promise<SpectrumFile[]> {
  const { guessedTemperature } = await import('../../ingest/lab/name-guesses.js');
  const spectra = await select<SpectrumFile>(
    connection,
    `SELECT s.spectrum_id, f.path, s.temperature_celsius, s.temperature_source
     FROM spectra s JOIN files f USING (file_id) ORDER BY s.spectrum_id`,
  );
  const stated = statedTemperatures(given);
  const endsWith = (path: string, file: string) => `/${path.replaceAll('\\', '/')}`.endsWith(`/${file}`);
  for (const { file } of stated) {
    if (!spectra.some(({ path }) => endsWith(path, file))) {
      throw usageError(`--temperature names ${file}, which is none of the files with a spectrum`);
    }
  }
  for (const spectrum of spectra) {
    const own = stated.find(({ file }) => endsWith(spectrum.path, file));
    const guess = guessedTemperature(spectrum.path.replaceAll('\\', '/').split('/').slice(-2).join('/'));
    const celsius = own?.celsius ?? spectrum.temperature_celsius ?? guess ?? null;
    const source =
      own !== undefined
        ? 'stated'
        : spectrum.temperature_celsius !== null
          ? spectrum.temperature_source
          : guess === undefined
            ? null
            : 'file name';
    Object.assign(spectrum, { temperature_celsius: celsius, temperature_source: source });
    await run(
      connection,
      'UPDATE spectra SET cell_id = $1, temperature_celsius = $2, temperature_source = $3 WHERE spectrum_id = $4',
      [cellId, celsius, source, spectrum.spectrum_id],
    );
  }
  return spectra;
}

/** Writes one pellet, and what is left out of its spectra, into the tables of metadata. */
async function describePellet(connection: DuckDBConnection, options: FitCommandOptions): Promise<void> {
  const { thicknessUm, diameterMm, leadOhm, circuit, minHertz, maxHertz, exclude } = options;
  await insertRows(connection, 'cells', [
    {
      cell_id: cellId,
      cell_type: 'pellet',
      thickness_um: thicknessUm ?? null,
      diameter_mm: diameterMm ?? null,
      lead_resistance_ohm: leadOhm ?? null,
      circuit: circuit ?? null,
      temperature_half_width_kelvin: options.temperatureHalfWidth ?? null,
      temperature_at_sample: options.temperatureAtSample ?? null,
    },
  ]);
  await insertRows(connection, 'conditions', [
    {
      file_pattern: '**',
      min_hertz: minHertz ?? null,
      max_hertz: maxHertz ?? null,
      exclude_hertz: exclude?.join(' ') ?? null,
    },
  ]);
}

interface Outcome {
  set: FitSet;
  files: SpectrumFile[];
  readings: readonly Conductivity[];
  pellet: PelletFit | null;
  refusal: Message | null;
  /** σ at 25 °C, how it was obtained, and its uncertainty. */
  sigma25: {
    value: number | null;
    ci95_low: number | null;
    ci95_high: number | null;
    method: string;
    missing: string | null;
    components: UncertaintyComponent[];
    warnings: { code: string; message: string }[];
  };
}

async function analyse(paths: readonly string[], options: FitCommandOptions): Promise<Outcome> {
  const { ingestInMemory } = await import('../../ingest/in-memory.js');
  const { formatsOfLab, labFolderOf } = await import('../../ingest/lab-formats.js');
  const { makeFits } = await import('../../fits/fit-set.js');
  const { readLabData } = await import('../../targets/lab-data.js');
  const { conductivity25c } = await import('../../targets/metrics/conductivity-25c.js');
  const folder = labFolderOf(paths[0] as string, options.lab);
  const format = await formatOption(options.format, folder);
  const { database } = await ingestInMemory(paths, format, await formatsOfLab(folder));
  try {
    const { connection } = database;
    await describePellet(connection, options);
    const files = await giveTemperatures(connection, options.temperature ?? []);
    if (files.length === 0) throw usageError(`there is no spectrum in ${paths.join(', ')}`);
    const set = await makeFits(connection);
    const [cell] = set.cells;
    const lab = await readLabData(connection, set);
    const measured = conductivity25c.measure(lab, cell!, { temperature_celsius: 25 } as never);
    const [fit] = set.of(arrhenius);
    return {
      set,
      files,
      readings: conductivitiesOf(set).get(cellId) ?? [],
      pellet: fit?.result ?? null,
      refusal: fit?.refusal ?? null,
      sigma25: { ...measured, missing: measured.missing?.message ?? null },
    };
  } finally {
    database.close();
  }
}

/** Nyquist plots of all readings and the conductivities over temperature, as one page or SVG. */
async function draw({ set, readings, pellet, refusal }: Outcome, file: string): Promise<void> {
  const { arrheniusAxes, arrheniusFigure } = await import('../../report/figures/arrhenius.js');
  const { nyquistFigure } = await import('../../report/figures/nyquist.js');
  const { fittedSpectrum } = await import('../../report/figures/fitted-spectrum.js');
  const { seriesBySpectrum } = await import('../../fits/making/impedance-series.js');
  const axes = arrheniusAxes([readings], null);
  const overTemperature = arrheniusFigure(
    { cell_id: cellId, conductivities: readings, pellet, refusal },
    axes,
    null,
  );
  const series = seriesBySpectrum(set.of(impedanceSeries));
  const spectra = set.spectra.flatMap(({ cell, spectrum }, i) => {
    const fit = set.of(impedance)[i]?.result;
    if (fit == null) return [];
    const ofSeries = series.get(spectrum.spectrum_id) ?? null;
    return [nyquistFigure(fittedSpectrum(cell, spectrum, fit, ofSeries))];
  });
  await saveFigures([...(overTemperature === null ? [] : [overTemperature]), ...spectra], file);
}

const baseName = (path: string) => path.split(/[/\\]/).at(-1) as string;

function readingLine({ files, readings }: Outcome, file: SpectrumFile): string[] {
  const reading = readings.find(({ spectrum_id }) => spectrum_id === file.spectrum_id);
  const { temperature_celsius: at, temperature_source: source } = file;
  const sigma = reading?.sigma;
  const counted = (reading?.arcs ?? []).filter(({ role, below_band }) => role !== 'interface' && !below_band);
  const names =
    files.length > 0
      ? counted.map(({ resistor, role }) => (role === 'ambiguous' ? `${resistor}?` : resistor))
      : [];
  return [
    baseName(file.path),
    at === null ? 'not known' : `${at} °C${source === 'file name' ? ' ASSUMED from the name' : ''}`,
    reading?.circuit ?? '',
    names.join(' + '),
    sigma == null ? '' : valueWithInterval(sigma.value, sigma.ci95_low, sigma.ci95_high, 'S/cm'),
    reading?.excluded_reason ?? (sigma?.status === 'ok' ? '' : (sigma?.status ?? '')),
  ];
}

/** Ea in both forms, σ at 25 °C and the sources of its uncertainty. */
function summaryLines({ pellet, refusal, sigma25 }: Outcome): string[] {
  const text = (row: Quantity | undefined) =>
    row === undefined ? 'no value' : valueWithInterval(row.value, row.ci95_low, row.ci95_high, row.unit);
  const judged = pellet?.fit.results.find(({ quantity }) => quantity === 'Ea_eV');
  const ofForm = pellet?.fit.forms.ln_sigma_T.results.find(({ quantity }) => quantity === 'Ea_eV');
  const total = sigma25.components.reduce((sum, { standard_uncertainty: u }) => sum + u * u, 0);
  const budget = sigma25.components
    .filter(({ standard_uncertainty: u }) => Number.isFinite(u) && u > 0)
    .sort((a, b) => b.standard_uncertainty - a.standard_uncertainty)
    .map(
      ({ component, kind, standard_uncertainty: u, assumed }) =>
        `  ${component} ${shortNumber(100 * u)} % (${kind}, ${Math.round((100 * u * u) / total)} % of the variance)${assumed ? `: ${assumed}` : ''}`,
    );
  return [
    ...(pellet === null
      ? [`no Arrhenius fit: ${refusal?.message ?? 'no reading has a temperature and a conductivity'}`]
      : [`Ea (ln σ): ${text(judged)}`, `Ea (ln σT): ${text(ofForm)}`]),
    sigma25.value === null
      ? `σ(25 °C): no value: ${sigma25.missing ?? ''}`
      : `σ(25 °C): ${valueWithInterval(sigma25.value, sigma25.ci95_low, sigma25.ci95_high, 'S/cm')}${sigma25.missing === null ? '' : `; ${sigma25.missing}`}`,
    ...(budget.length > 0 ? ['relative standard uncertainty of σ(25 °C) from:', ...budget] : []),
  ];
}

/** `cellar fit conductivity`: from spectra of one pellet to σ over temperature, Ea and σ at 25 °C. */
export async function runConductivity(
  session: Session,
  options: FitCommandOptions & { json?: boolean },
  files: readonly string[],
): Promise<void> {
  if (options.circuit !== undefined) await checkCircuit(options.circuit);
  if (options.thicknessUm === undefined || options.diameterMm === undefined) {
    throw usageError(
      'a conductivity needs the thickness and the diameter of the pellet',
      'give --thickness-um and --diameter-mm',
    );
  }
  const outcome = await analyse(files, options);
  if (options.output !== undefined) await draw(outcome, options.output);
  const warnings = [...outcome.sigma25.warnings];
  if (outcome.files.some(({ temperature_source }) => temperature_source === 'file name')) {
    warnings.push({
      code: 'TEMPERATURE_ASSUMED',
      message:
        'temperatures are those that the names of the files suggest; state them with --temperature FILE=CELSIUS',
    });
  }
  if (options.json === true) {
    const { components, value, ci95_low, ci95_high, method, missing } = outcome.sigma25;
    await writeJson({
      schema: 'cellar.fit/1',
      kind: 'conductivity',
      input: { files, thickness_um: options.thicknessUm, diameter_mm: options.diameterMm },
      readings: outcome.files.map((file) => {
        const own = outcome.readings.find(({ spectrum_id }) => spectrum_id === file.spectrum_id);
        return { ...file, ...own, temperature_source: file.temperature_source };
      }),
      series: outcome.set.of(impedanceSeries).map(({ subject, result }) => ({ subject, ...result })),
      results: outcome.pellet?.fit.results ?? [],
      forms: outcome.pellet?.fit.forms ?? null,
      sigma25: { value, ci95_low, ci95_high, unit: 'S/cm', method, missing, components },
      warnings,
      refusal: outcome.refusal?.message ?? null,
    });
    return;
  }
  await writeTable(
    [
      { name: 'file' },
      { name: 'temperature' },
      { name: 'circuit' },
      { name: 'arcs' },
      { name: 'σ [95 % interval]' },
      { name: 'note' },
    ],
    outcome.files.map((file) => readingLine(outcome, file)),
    session.options,
  );
  const lines = [
    '',
    ...summaryLines(outcome),
    '',
    ...warnings.map(({ code, message }) => `${code}: ${message}`),
  ];
  await write(`${lines.join('\n')}\n`);
}
