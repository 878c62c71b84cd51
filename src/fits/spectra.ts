import type { DuckDBConnection } from '@duckdb/node-api';
import type { FrequencyWindow, Spectrum } from '../analysis/impedance/index.js';
import { select } from '../store/connection.js';
import { globMatches, relativePath } from '../store/path-patterns.js';
import { type FileLines, fileLines } from '../store/place.js';
import type { CellRecord } from './cells.js';

/** A spectrum with its place and conditions; points in the order of the file. */
export interface SpectrumRecord {
  spectrum_id: number;
  file_id: number;
  cell_id: string | null;
  temperature_celsius: number | null;
  /** file, conditions.csv or file name. */
  temperature_source: string | null;
  state_of_charge: number | null;
  pressure_mpa: number | null;
  branch: string | null;
  measured_at: Date | null;
  path: string;
  root: string;
  first_line: number;
  last_line: number;
  /** What the lines of the file are. */
  lines: FileLines;
  points: Spectrum;
  /** What the laboratory leaves out of it; null: nothing. */
  window: FrequencyWindow | null;
  /** How far a resistance may have drifted over the sweep (± fraction); null: not stated. */
  stationarity_relative: number | null;
}

interface WindowRow {
  file_pattern: string;
  min_hertz: number | null;
  max_hertz: number | null;
  exclude_hertz: string | null;
  stationarity_relative: number | null;
}

/** What the first line of conditions.csv that matches a file says about reading its spectra. */
function conditionsOf(rows: readonly WindowRow[], path: string, root: string) {
  const own = rows.find(({ file_pattern }) => globMatches(file_pattern, relativePath(path, root)));
  if (own === undefined) return { window: null, stationarity_relative: null };
  const { min_hertz, max_hertz, exclude_hertz, stationarity_relative } = own;
  const window =
    min_hertz === null && max_hertz === null && exclude_hertz === null
      ? null
      : { min_hertz, max_hertz, exclude_hertz: exclude_hertz?.split(/[\s;]+/).map(Number) ?? [] };
  return { window, stationarity_relative };
}

type Row = Omit<SpectrumRecord, 'points' | 'window' | 'stationarity_relative' | 'lines'> & {
  unit_of_lines: string | null;
  sheets: string | null;
  f: number[];
  re: number[];
  im: number[];
};

/** Every spectrum with its points. */
export async function readSpectra(connection: DuckDBConnection): Promise<SpectrumRecord[]> {
  const rows = await select<Row>(
    connection,
    `SELECT s.spectrum_id, s.file_id, s.cell_id, s.temperature_celsius, s.temperature_source,
       s.state_of_charge, s.pressure_mpa, s.branch,
       s.measured_at, f.path, f.root, f.unit_of_lines, f.sheets, p.first_line, p.last_line, p.f, p.re, p.im
     FROM spectra s
     JOIN files f USING (file_id)
     JOIN (
       SELECT spectrum_id, min(line_number) AS first_line, max(line_number) AS last_line,
         list(frequency_hertz ORDER BY point_index) AS f, list(real_impedance_ohm ORDER BY point_index) AS re,
         list(imaginary_impedance_ohm ORDER BY point_index) AS im
       FROM impedance GROUP BY spectrum_id
     ) p USING (spectrum_id)
     ORDER BY s.spectrum_id`,
  );
  const conditions = await select<WindowRow>(
    connection,
    'SELECT file_pattern, min_hertz, max_hertz, exclude_hertz, stationarity_relative FROM conditions',
  );
  return rows.map(({ f, re, im, unit_of_lines, sheets, ...row }) => ({
    ...row,
    lines: fileLines({ unit_of_lines, sheets }),
    ...conditionsOf(conditions, row.path, row.root ?? ''),
    first_line: Number(row.first_line),
    last_line: Number(row.last_line),
    points: { frequency_hertz: f, real_impedance_ohm: re, imaginary_impedance_ohm: im },
  }));
}

/** Whether a spectrum is a blank that some cell names for its leads, and so not a measurement of a cell. */
function isBlank(spectrum: SpectrumRecord, cells: readonly CellRecord[]): boolean {
  return cells.some((cell) => isLeadOf(cell, spectrum));
}

function isLeadOf({ lead_file_pattern: pattern }: CellRecord, { path, root }: SpectrumRecord): boolean {
  return pattern !== null && globMatches(pattern, relativePath(path, root ?? ''));
}

/** A spectrum of a cell together with what is to be subtracted from it. */
export interface CellSpectrum {
  cell: CellRecord;
  spectrum: SpectrumRecord;
  lead: number | Spectrum | null;
}

/**
 * The spectra of declared cells, without blanks. The spectrum of the leads, where there is one, takes precedence over
 * their resistance.
 */
export function cellSpectra(
  cells: readonly CellRecord[],
  spectra: readonly SpectrumRecord[],
): CellSpectrum[] {
  const byId = new Map(cells.map((cell) => [cell.cell_id, cell]));
  const measured = spectra.filter((spectrum) => !isBlank(spectrum, cells));
  return measured.flatMap((spectrum) => {
    const cell = spectrum.cell_id === null ? undefined : byId.get(spectrum.cell_id);
    if (cell === undefined) return [];
    const blank = spectra.find((candidate) => isLeadOf(cell, candidate));
    return [{ cell, spectrum, lead: blank?.points ?? cell.lead_resistance_ohm }];
  });
}
