import { z } from 'zod';
import type { ImpedanceQuantity } from '../../analysis/impedance/result.js';
import type { AnalysisWarning } from '../../analysis/result.js';
import { fromScatter, type UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import { type PooledEstimate, poolSamples } from '../../analysis/verdict/index.js';
import { type CellRecord, contactArea, geometryWarnings } from '../../fits/cells.js';
import { reasonToDistrust } from '../../fits/kinds/trust.js';
import type { SpectrumRecord } from '../../fits/spectra.js';
import { areaComponent } from '../../fits/uncertainty.js';
import { oncePerCode } from '../group.js';
import type { LabData } from '../lab-data.js';
import {
  type CellMeasurement,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  temperatureConditions,
  unmeasured,
} from './definition.js';

/** One spectrum of a cell with its interface's resistance, or why it gives none. */
interface Candidate {
  spectrum: SpectrumRecord;
  asr: ImpedanceQuantity | null;
  reason: string | null;
  warnings: AnalysisWarning[];
}

const spectrumCodes = [
  'KK_MARGINAL',
  'POOR_FIT',
  'NO_GEOMETRY',
  'ARC_OUTSIDE_BAND',
  'CAPACITANCE_NOT_MEANINGFUL',
];

function candidates(lab: LabData, cell: CellRecord, celsius: number, tolerance: number): Candidate[] {
  const { spectra, impedance, material } = lab.fits;
  const derived = new Map(material.map((fit) => [fit.subject, fit.result]));
  return spectra.flatMap(({ spectrum }, i): Candidate[] => {
    if (spectrum.cell_id !== cell.cell_id) return [];
    const own = derived.get(String(spectrum.spectrum_id));
    const asr = own?.results.find(({ quantity }) => quantity === 'interfacial_asr_ohm_cm2') ?? null;
    const warnings = [...(impedance[i]?.result?.warnings ?? []), ...(own?.warnings ?? [])];
    const reason =
      wrongTemperature(spectrum, celsius, tolerance) ??
      reasonToDistrust(impedance[i]) ??
      (asr?.value == null
        ? (warnings.find(({ code }) => code.startsWith('NO_'))?.message ?? 'no interface resolved')
        : null);
    return [{ spectrum, asr, reason, warnings: warnings.filter(({ code }) => spectrumCodes.includes(code)) }];
  });
}

function wrongTemperature(
  { temperature_celsius: at }: SpectrumRecord,
  celsius: number,
  tolerance: number,
): string | null {
  if (at === null) return 'temperature not known: give it in conditions.csv';
  if (Math.abs(at - celsius) <= tolerance) return null;
  return `measured at ${at} °C, not at ${celsius} °C`;
}

function conditionsOf(
  cell: CellRecord,
  used: readonly Candidate[],
  celsius: number,
): CellMeasurement['conditions'] {
  const pressures = new Set(used.map(({ spectrum }) => spectrum.pressure_mpa));
  return {
    temperature_celsius: celsius,
    pressure_mpa: pressures.size === 1 ? ([...pressures][0] ?? null) : null,
    relative_density: cell.relative_density,
    batch: cell.batch,
    cell_type: cell.cell_type,
    interface_count: cell.interface_count ?? (cell.cell_type === 'symmetric' ? 2 : 1),
    area_cm2: contactArea(cell).area_cm2,
  };
}

/** Relative scatter of a cell's own spectra: of the fit where there is one, else between them. */
function ownScatter(row: ImpedanceQuantity, count: number, pooled: PooledEstimate): UncertaintyComponent {
  if (count > 1) return fromScatter('spectra', pooled.standard_error ?? Number.NaN, count - 1);
  const relative = (row.standard_error_adjusted ?? Number.NaN) / (row.value as number);
  return fromScatter('circuit fit', relative, row.dof ?? 0);
}

export const interfacialAsr = defineCellMetric({
  id: 'interfacial_asr',
  level: 'cell',
  title: 'area-specific resistance of one interface',
  formula: 'ASR = R_interface·area/interfaces, R_interface the arcs with the capacitance of an interface',
  units: { 'ohm cm2': 1, 'ohm m2': 1e-4 },
  pooling: 'log',
  cellTypes: ['symmetric', 'anode_half', 'cathode_half', 'li_cu'],
  settings: z.strictObject({
    ...cellConditions,
    ...temperatureConditions,
    temperature_celsius: temperatureConditions.temperature_celsius.default(25),
  }),
  measure(lab, cell, { temperature_celsius: celsius, temperature_tolerance_kelvin: tolerance }) {
    const all = candidates(lab, cell, celsius, tolerance);
    const used = all.filter(({ reason }) => reason === null);
    const excluded: Exclusion[] = all.flatMap(({ spectrum, reason }) =>
      reason === null ? [] : [{ spectrum_id: spectrum.spectrum_id, reason }],
    );
    const conditions = conditionsOf(cell, used, celsius);
    const warnings = [
      ...oncePerCode(used.flatMap((candidate) => candidate.warnings)),
      ...geometryWarnings(cell),
    ];
    if (used.length === 0) {
      const why = excluded[0]?.reason;
      const missing =
        why === undefined ? `no impedance spectrum at ${celsius} °C` : `no usable spectrum: ${why}`;
      return unmeasured(cell.cell_id, missing, { excluded, conditions, warnings });
    }
    const area = areaComponent(cell);
    const rows = used.map(({ asr }) => asr as ImpedanceQuantity);
    const pooled = poolSamples(
      rows.map(({ value }) => value as number),
      { log: true, shared: [area] },
    );
    const [first] = rows as [ImpedanceQuantity];
    // Spectra of one cell are repeats inside it: one alone has the interval of its fit.
    const { value, ci95_low, ci95_high, bound95_low, bound95_high } = rows.length === 1 ? first : pooled;
    return {
      ...unmeasured(cell.cell_id, '', { excluded, conditions, warnings }),
      value,
      ci95_low,
      ci95_high,
      bound95_low,
      bound95_high,
      standard_error:
        rows.length === 1 ? first.standard_error_adjusted : pooled.value * (pooled.standard_error ?? 0),
      components: [ownScatter(first, rows.length, pooled), area],
      n: rows.length,
      dof: rows.length === 1 ? first.dof : rows.length - 1,
      method: first.method,
      supports: 'verdict',
      missing: null,
      sources: { spectrum_ids: used.map(({ spectrum }) => spectrum.spectrum_id), test_ids: [] },
    };
  },
});
