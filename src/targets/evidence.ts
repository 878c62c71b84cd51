import type { CellRecord } from '../fits/cells.js';
import type { Message } from '../messages/message.js';
import type { FileLines } from '../store/place.js';
import type { LabData } from './lab-data.js';
import type { CellMeasurement, CellRuling, MaterialMetric, Metric, Sources } from './metrics/index.js';
import type { Target } from './schema.js';

/** A file that a number comes from, with its physical lines, or the unit of its lines. */
export interface SourceFile extends FileLines {
  path: string;
  first_line: number | null;
  last_line: number | null;
  spectrum_id?: number;
  test_id?: number;
}

/** One cell behind a verdict; numbers in the target's unit. */
export interface CellEvidence {
  cell_id: string;
  excluded_reason: string | null;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  bound95_low: number | null;
  bound95_high: number | null;
  standard_error: number | null;
  n: number | null;
  method: string;
  supports: CellMeasurement['supports'];
  missing: string | null;
  ruling: string | null;
  /** The method, what is missing and the ruling as codes with values; absent in rows of older versions. */
  messages?: { method: Message | null; missing: Message | null; ruling: Message | null };
  conditions: CellMeasurement['conditions'];
  goodness: CellMeasurement['goodness'];
  warnings: CellMeasurement['warnings'];
  excluded: CellMeasurement['excluded'];
  files: SourceFile[];
}

/** The evidence of a verdict. */
export interface Evidence {
  formula: string;
  metric_title: string;
  /** Unit of the figures in `goodness`; everything else is in the unit of the target. */
  metric_unit: string;
  conditions: Target['conditions'];
  source: string | null;
  pooling: Record<string, unknown> | null;
  /** The estimate with the excluded cells; null where none is excluded. */
  without_exclusions: object | null;
  cells: CellEvidence[];
  /** Numbers of a bought or weighed metric, as materials.csv states them. */
  inputs: object | null;
}

/** The unit a metric computes in. */
export const ownUnit = (metric: Pick<Metric, 'units'>): string => Object.keys(metric.units)[0] ?? '';

/** Where numbers come from, as files and lines. */
export function sourceFiles(lab: LabData, { spectrum_ids, test_ids }: Sources): SourceFile[] {
  const wanted = new Set(spectrum_ids);
  const ofSpectra = lab.fits.spectra.flatMap(({ spectrum }): SourceFile[] =>
    wanted.has(spectrum.spectrum_id)
      ? [
          {
            path: spectrum.path,
            first_line: spectrum.first_line,
            last_line: spectrum.last_line,
            ...spectrum.lines,
            spectrum_id: spectrum.spectrum_id,
          },
        ]
      : [],
  );
  const ofTests = test_ids.flatMap((test_id): SourceFile[] =>
    (lab.tests.get(test_id)?.files ?? []).map(({ path, first_line, lines }) => ({
      path,
      first_line,
      last_line: null,
      ...lines,
      test_id,
    })),
  );
  return [...ofSpectra, ...ofTests];
}

export function cellEvidence(
  lab: LabData,
  cell: CellRecord,
  measurement: CellMeasurement,
  ruling: CellRuling,
  scale: number,
): CellEvidence {
  const of = (value: number | null) => (value === null ? null : value * scale);
  const ruled = ruling.fails ?? ruling.blocks?.reason ?? null;
  return {
    cell_id: cell.cell_id,
    excluded_reason: cell.exclusion,
    value: of(measurement.value),
    ci95_low: of(measurement.ci95_low),
    ci95_high: of(measurement.ci95_high),
    bound95_low: of(measurement.bound95_low),
    bound95_high: of(measurement.bound95_high),
    standard_error: of(measurement.standard_error),
    n: measurement.n,
    method: measurement.method,
    supports: measurement.supports,
    missing: measurement.missing?.message ?? null,
    ruling: ruled?.message ?? null,
    messages: { method: measurement.how ?? null, missing: measurement.missing, ruling: ruled },
    conditions: measurement.conditions,
    goodness: measurement.goodness,
    warnings: measurement.warnings,
    excluded: measurement.excluded,
    files: sourceFiles(lab, measurement.sources),
  };
}

export function metadataEvidence(metric: MaterialMetric, target: Target, inputs: object): Evidence {
  return {
    formula: metric.formula,
    metric_title: metric.title,
    metric_unit: ownUnit(metric),
    conditions: target.conditions,
    source: target.source,
    pooling: null,
    without_exclusions: null,
    cells: [],
    inputs,
  };
}
