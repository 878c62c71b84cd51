import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { type CellRecord, readCells } from '../../fits/cells.js';
import { seriesBySpectrum } from '../../fits/making/impedance-series.js';
import type { StoredImpedanceFit } from '../../fits/making/spectrum-fit.js';
import type { SpectrumRecord } from '../../fits/spectra.js';
import { bodeFigure } from '../../report/figures/bode.js';
import {
  type Chart,
  counted,
  MOST_IN_KEY,
  namesText,
  rangeText,
  type Series,
  scaleTone,
  toneOf,
} from '../../report/figures/chart.js';
import { fittedSpectrum, spectrumTitle } from '../../report/figures/fitted-spectrum.js';
import { nyquistFigure } from '../../report/figures/nyquist.js';
import { slug } from '../../report/html.js';
import { plainNumber } from '../../report/numbers.js';
import type { Figure } from '../../report/plot/figure.js';
import { literal, select } from '../../store/connection.js';
import { among, amongNumbers, kind } from './kind.js';

interface Point {
  spectrum_id: number;
  cell_id: string | null;
  temperature_celsius: number | null;
  state_of_charge: number | null;
  branch: string | null;
  measured_at: Date | null;
  after_cell_cycle: number | null;
  frequency_hertz: number;
  real_impedance_ohm: number;
  imaginary_impedance_ohm: number;
  impedance_modulus_ohm: number;
  phase_degree: number;
}

type Part = 'both' | 'nyquist' | 'bode';

/** Most spectra that are drawn into one figure. */
const MOST_SPECTRA = 60;

const isNumber = (text: string) => /^\d{1,9}$/.test(text);

function statement(subjects: readonly string[]): string {
  const condition = subjects.every(isNumber)
    ? `spectrum_id ${amongNumbers(subjects.map(Number))}`
    : `cell_id ${among(subjects)}`;
  return `SELECT spectrum_id, cell_id, temperature_celsius, state_of_charge, branch, measured_at, after_cell_cycle,
  frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm, impedance_modulus_ohm, phase_degree
FROM spectra_points
WHERE ${condition}
ORDER BY cell_id, temperature_celsius, measured_at, spectrum_id, point_index`;
}

/** The stored fit of one spectrum with its arcs, as the report draws it; nothing where none is stored. */
async function fittedFigures(
  connection: DuckDBConnection,
  points: readonly Point[],
  part: Part,
): Promise<Figure[]> {
  const [first] = points;
  if (first === undefined) return [];
  const [stored] = await select<{ result: string | null }>(
    connection,
    `SELECT result FROM fits WHERE kind = 'impedance' AND subject = '${first.spectrum_id}'
     ORDER BY run_id DESC LIMIT 1`,
  );
  const cell = (await readCells(connection)).find(({ cell_id }) => cell_id === first.cell_id);
  if (stored?.result == null || cell === undefined) return [];
  const series = await select<{ result: string }>(
    connection,
    `SELECT result FROM fits WHERE kind = 'impedance_series' AND cell_id = ${literal(cell.cell_id)}
AND result IS NOT NULL ORDER BY run_id`,
  );
  const bySpectrum = seriesBySpectrum(series.map(({ result }) => ({ result: JSON.parse(result) })));
  const subject = fittedSpectrum(
    cell as CellRecord,
    first as unknown as SpectrumRecord,
    JSON.parse(stored.result) as StoredImpedanceFit,
    bySpectrum.get(first.spectrum_id) ?? null,
  );
  return [
    ...(part === 'bode' ? [] : [nyquistFigure(subject)]),
    ...(part === 'nyquist' ? [] : [bodeFigure(subject)]),
  ];
}

/**
 * What follows the resistances is shown up to this multiple of them, because the tail of a blocking electrode has no
 * end.
 */
const SHOWN = 1.9;
/** Height over width of the part of the plane that is shown. */
const HIGHEST = 0.65;

/**
 * Up to where on the real axis a spectrum is of interest, Ω: if it ends in a steep rise, a little beyond the minimum
 * before it.
 */
function rightEnd(points: readonly Point[]): number {
  const sorted = [...points].sort((a, b) => a.frequency_hertz - b.frequency_hertz);
  const height = (i: number) => -(sorted[i]?.imaginary_impedance_ohm ?? 0);
  let valley = 0;
  while (valley + 1 < sorted.length && height(valley + 1) < height(valley)) valley++;
  const resistance = sorted[valley]?.real_impedance_ohm ?? 0;
  const isTailed = resistance > 0 && height(0) > 2 * resistance;
  return isTailed ? SHOWN * resistance : Math.max(...points.map((point) => point.real_impedance_ohm));
}

/** What a scale of colours represents: the temperature if it differs, else the cycle, else the order. */
interface Scale {
  label: string;
  /** Distinct values in order; equal values have the same colour, whatever the cell. */
  values: readonly number[];
  of(first: Point): number | null;
  text(value: number): string;
}

/** Null where there are so few spectra that each has its own colour and line in the key. */
function scaleOf(spectra: readonly (readonly Point[])[]): Scale | null {
  if (spectra.length <= MOST_IN_KEY) return null;
  const firsts = spectra.map(([first]) => first as Point);
  const distinct = (of: Scale['of']) =>
    [...new Set(firsts.flatMap((first) => of(first) ?? []))].sort((a, b) => a - b);
  const scale = (label: string, of: Scale['of'], text: Scale['text']) => ({
    label,
    values: distinct(of),
    of,
    text,
  });
  const byTemperature = scale(
    'temperature,',
    ({ temperature_celsius }) => temperature_celsius,
    (value) => `${plainNumber(value)} °C`,
  );
  if (byTemperature.values.length > 1) return byTemperature;
  const byCycle = scale('after cycle', ({ after_cell_cycle }) => after_cell_cycle, String);
  if (byCycle.values.length > 1) return byCycle;
  return scale('spectrum', ({ spectrum_id }) => spectrum_id, String);
}

function coloursOf(scale: Scale | null): Pick<Chart, 'colours'> {
  const [low, high] = [scale?.values[0], scale?.values.at(-1)];
  if (scale === null || low === undefined || high === undefined) return {};
  return { colours: { label: scale.label, low: scale.text(low), high: scale.text(high) } };
}

/** Marks of the cells where colours represent something else. */
const cellMarks: readonly Series['mark'][] = ['dot', 'ring', 'triangle', 'diamond'];

/** One series per spectrum, each with its own colour or, where there are many, with one from a scale of colours. */
function seriesOf(
  spectra: readonly (readonly Point[])[],
  scale: Scale | null,
  x: (point: Point) => number,
  y: (point: Point) => number,
): Series[] {
  const cells = [...new Set(spectra.map(([first]) => first?.cell_id))];
  return spectra.flatMap((points, i): Series[] => {
    const [first] = points;
    if (first === undefined) return [];
    const after = first.after_cell_cycle === null ? '' : `after cycle ${first.after_cell_cycle}, `;
    const name = `${first.cell_id ?? 'no cell'}, ${after}${spectrumTitle(first as unknown as SpectrumRecord)}`;
    const tone =
      scale === null
        ? toneOf(i)
        : scaleTone(Math.max(0, scale.values.indexOf(scale.of(first) ?? 0)), scale.values.length);
    const mark = scale === null ? 'dot' : (cellMarks[cells.indexOf(first.cell_id)] ?? 'dot');
    const shared = { tone, x: points.map(x), y: points.map(y) };
    return [
      { ...shared, name, mark: 'line', isQuiet: true },
      {
        ...shared,
        name,
        mark,
        isQuiet: scale !== null,
        of: points.map(() => first.spectrum_id),
        titles: points.map(
          (point) =>
            `${name}, ${plainNumber(point.frequency_hertz)} Hz: ${plainNumber(point.real_impedance_ohm)} ${point.imaginary_impedance_ohm < 0 ? '−' : '+'} ${plainNumber(Math.abs(point.imaginary_impedance_ohm))}i Ω`,
        ),
      },
    ];
  });
}

function chartsOf(spectra: readonly (readonly Point[])[], subjects: readonly string[], part: Part): Chart[] {
  const firsts = spectra.map(([first]) => first as Point);
  const cells = [...new Set(firsts.map(({ cell_id }) => cell_id ?? 'no cell'))];
  const temperatures = firsts.flatMap(({ temperature_celsius }) => temperature_celsius ?? []);
  const count = spectra.reduce((sum, { length }) => sum + length, 0);
  const scale = scaleOf(spectra);
  const colours = coloursOf(scale);
  const marks =
    scale === null || cells.length < 2 || cells.length > cellMarks.length
      ? ''
      : ` ${cells.map((cell, i) => `${cell}: ${cellMarks[i]}s`).join(', ')}.`;
  const ids =
    subjects.length <= 3
      ? subjects.map(slug).join('-')
      : `${slug(subjects[0] as string)}-and-${subjects.length - 1}`;
  const words = `${counted(spectra.length, 'spectrum', 'spectra')} of ${namesText(cells)}, ${counted(count, 'point')}${temperatures.length === 0 ? '' : `, ${rangeText(temperatures, '°C')}`}.${marks}`;
  const right = Math.max(...spectra.map(rightEnd));
  const isShown = (point: Point) =>
    point.real_impedance_ohm <= right && -point.imaginary_impedance_ohm <= HIGHEST * right;
  const inside = spectra.map((points) => points.filter(isShown));
  const outside = count - inside.reduce((sum, { length }) => sum + length, 0);
  const beyond =
    outside === 0 ? '' : ` ${counted(outside, 'point')} of low-frequency branches lie outside the view.`;
  const byFrequency = spectra.map((points) =>
    [...points].sort((a, b) => a.frequency_hertz - b.frequency_hertz),
  );
  const nyquist: Chart = {
    id: `nyquist-${ids}`,
    title: `${namesText(cells)}: Nyquist plot`,
    words: `${words} Both axes have one scale.${beyond}`,
    x: { label: 'Z′ (Ω)' },
    isEqual: true,
    ...colours,
    panels: [
      {
        y: { label: '−Z″ (Ω)' },
        height: 300,
        series: seriesOf(
          inside,
          scale,
          (point) => point.real_impedance_ohm,
          (point) => -point.imaginary_impedance_ohm,
        ),
      },
    ],
  };
  const bode: Chart = {
    id: `bode-${ids}`,
    title: `${namesText(cells)}: Bode plot`,
    words,
    x: { label: 'frequency (Hz)', isLog: true },
    ...colours,
    panels: [
      {
        y: { label: '|Z| (Ω)', isLog: true },
        height: 170,
        series: seriesOf(
          byFrequency,
          scale,
          (point) => point.frequency_hertz,
          (point) => point.impedance_modulus_ohm,
        ),
      },
      {
        y: { label: 'phase (°)' },
        height: 120,
        series: seriesOf(
          byFrequency,
          scale,
          (point) => point.frequency_hertz,
          (point) => point.phase_degree,
        ).map((one) => ({ ...one, isQuiet: true })),
      },
    ],
  };
  return [...(part === 'bode' ? [] : [nyquist]), ...(part === 'nyquist' ? [] : [bode])];
}

const spectrumKind = (name: string, title: string, summary: string, part: Part) =>
  kind({
    name,
    title,
    summary,
    subject: 'spectrum',
    options: z.object({}),
    async draw(connection, { subjects }) {
      const sql = statement(subjects);
      const points = await select<Point>(connection, sql);
      const ids = [...new Set(points.map(({ spectrum_id }) => spectrum_id))];
      if (ids.length === 0)
        return { sql, charts: [], empty: `${namesText(subjects)}: no spectrum is stored` };
      const shown = ids.slice(0, MOST_SPECTRA);
      const spectra = shown.map((id) => points.filter(({ spectrum_id }) => spectrum_id === id));
      const [only] = spectra;
      if (spectra.length === 1 && only !== undefined) {
        const figures = await fittedFigures(connection, only, part);
        if (figures.length > 0) return { sql, charts: [], figures };
      }
      return { sql, charts: chartsOf(spectra, subjects, part) };
    },
  });

export const spectrum = spectrumKind(
  'spectrum',
  'Impedance spectra',
  'Nyquist and Bode plots of spectra; of a single one with its fit, arcs and Kramers–Kronig residuals',
  'both',
);
export const nyquist = spectrumKind(
  'nyquist',
  'Nyquist plot',
  'spectra in the complex plane, both axes of one scale',
  'nyquist',
);
export const bode = spectrumKind('bode', 'Bode plot', 'modulus and phase of spectra over frequency', 'bode');
