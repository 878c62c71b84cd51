import { z } from 'zod';
import type { AssignedArc } from '../../analysis/impedance/index.js';
import type { ImpedanceQuantity, OtherResistances } from '../../analysis/impedance/result.js';
import type { AnalysisWarning } from '../../analysis/result.js';
import { mean } from '../../analysis/statistics/descriptive.js';
import {
  boundsFrom,
  fromScatter,
  ofReading,
  type UncertaintyComponent,
} from '../../analysis/uncertainty/index.js';
import {
  type OneSided,
  type OtherChoice,
  type PooledEstimate,
  poolSamples,
  settledBy,
} from '../../analysis/verdict/index.js';
import { type CellRecord, contactArea, geometryWarnings } from '../../fits/cells.js';
import { impedance } from '../../fits/kinds/impedance.js';
import { impedanceMaterial } from '../../fits/kinds/impedance-material.js';
import { reasonToDistrust } from '../../fits/making/trust.js';
import type { SpectrumRecord } from '../../fits/spectra.js';
import { areaComponent } from '../../fits/uncertainty.js';
import { type Message, withWords } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { oncePerCode } from '../group.js';
import type { LabData } from '../lab-data.js';
import {
  type CellMeasurement,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  leftOut,
  measurementOf,
  methodOf,
  temperatureConditions,
  unmeasured,
} from './definition.js';
import { stationarityOf, stationarityRuling } from './stationarity.js';

/** One spectrum of a cell with the resistance of its interface, or why there is none. */
interface Candidate {
  spectrum: SpectrumRecord;
  asr: ImpedanceQuantity | null;
  /** The value without arcs that may be grain boundary or interface (ohm·cm²); null where there are none. */
  if_electrolyte: number | null;
  /** Whether `asr` is only a lower bound. */
  is_open: boolean;
  /** The circuit, and the resistors whose sum may be the resistance of the interface. */
  sum: { circuit: string; resistors: string[] } | null;
  others: OtherResistances[];
  /** Relative standard uncertainty from the choice of circuit. */
  u_circuit: number;
  reason: Message | null;
  warnings: AnalysisWarning[];
}

const spectrumCodes = [
  'KK_MARGINAL',
  'POOR_FIT',
  'NO_GEOMETRY',
  'ARC_OUTSIDE_BAND',
  'CAPACITANCE_NOT_MEANINGFUL',
  'MISFIT',
  'ASSIGNMENT_AMBIGUOUS',
  'ARC_NOT_CLOSED',
  'END_POINTS_TRIMMED',
];

/** Warnings that say why there is no value. */
const withoutValue = [
  'NO_GEOMETRY',
  'NO_INTERFACE_ARC',
  'NO_RESISTANCE',
  'NO_ADMISSIBLE_CIRCUIT',
  'ARC_NOT_CLOSED',
];

function candidates(lab: LabData, cell: CellRecord, celsius: number, tolerance: number): Candidate[] {
  const ownFits = lab.fits.of(impedance);
  return lab.fits.spectra.flatMap(({ spectrum }, i): Candidate[] => {
    if (spectrum.cell_id !== cell.cell_id) return [];
    const own = lab.fits.find(impedanceMaterial, String(spectrum.spectrum_id))?.result;
    const row = (name: string) => own?.results.find(({ quantity }) => quantity === name) ?? null;
    const bound = row('interfacial_asr_lower_bound_ohm_cm2');
    const warnings = [...(ownFits[i]?.result?.warnings ?? []), ...(own?.warnings ?? [])];
    const is_open = warnings.some(({ code }) => code === 'ARC_NOT_CLOSED');
    const asr = is_open ? bound : row('interfacial_asr_ohm_cm2');
    const reason =
      wrongTemperature(spectrum, celsius, tolerance) ??
      reasonToDistrust(ownFits[i]) ??
      (asr?.value == null
        ? (warnings.find(({ code }) => withoutValue.includes(code)) ?? say('NO_INTERFACE'))
        : null);
    return [
      {
        spectrum,
        asr,
        if_electrolyte: row('interfacial_asr_if_electrolyte_ohm_cm2')?.value ?? null,
        is_open,
        sum:
          own?.circuit == null
            ? null
            : { circuit: own.circuit, resistors: interfaceResistors(own.arcs ?? []) },
        others: own?.other_resistances ?? [],
        u_circuit: circuitUncertainty(asr, own?.circuit_spread?.R_interface_ohm ?? null),
        reason,
        warnings: warnings.filter(({ code }) => spectrumCodes.includes(code)),
      },
    ];
  });
}

/**
 * |difference|/√3 between circuits that describe the spectrum about equally well, where it exceeds the statistical
 * interval.
 */
function circuitUncertainty(asr: ImpedanceQuantity | null, spread: number | null): number {
  if (asr?.value == null || asr.ci95_high === null || spread === null) return 0;
  return spread > Math.log(asr.ci95_high / asr.value) ? spread / Math.sqrt(3) : 0;
}

/** The value under other choices: each spectrum with an alternative changes by its own factor. */
function otherValues(
  used: readonly Candidate[],
  value: number,
  components: UncertaintyComponent[],
): OtherChoice[] {
  const factors = (of: (candidate: Candidate) => number | null) => {
    const found = used.map(of);
    return found.every((factor) => factor === null)
      ? []
      : [value * Math.exp(mean(found.map((factor) => Math.log(factor ?? 1))))];
  };
  const chosen = (wanted: OtherResistances['choice'], alternative: string) =>
    factors(({ others }) => others.find(({ choice }) => choice === wanted)?.R_interface_factor ?? null).map(
      (other): OtherChoice => ({ choice: wanted, alternative, value: other, components }),
    );
  const asElectrolyte = factors(({ if_electrolyte, asr }) =>
    if_electrolyte === null || asr?.value == null || !(if_electrolyte > 0)
      ? null
      : if_electrolyte / asr.value,
  ).map(
    (other): OtherChoice => ({
      choice: 'assignment',
      alternative: 'arcs that may be either as electrolyte',
      value: other,
      components,
    }),
  );
  return [
    ...chosen('circuit', 'the next best circuit'),
    ...asElectrolyte,
    ...chosen('points', 'with trimmed points'),
  ];
}

const interfaceResistors = (arcs: readonly AssignedArc[]): string[] =>
  arcs
    .filter(({ role, resolved, below_band }) => role !== 'electrolyte' && resolved && !below_band)
    .map(({ resistor }) => resistor);

/** How the first reading was obtained, as a message where it is known. */
function methodOfInterface(
  method: string,
  [first]: readonly Candidate[],
  count: number | string | null | undefined,
): Pick<CellMeasurement, 'method' | 'how'> {
  const values = { count: count ?? 1 };
  const sums = first?.sum == null ? [] : [say('METHOD/sum', first.sum), say('METHOD/sum_leads', first.sum)];
  const how = [
    ...sums.map((sum) => say('METHOD/interfaces', { ...values, method: sum })),
    ...sums.map((sum) => say('METHOD/interfaces_open', { ...values, method: sum })),
    say('METHOD/lower_bound', values),
  ].find(({ message }) => message === method);
  return how === undefined ? { method } : methodOf(how);
}

/** Why the number can only lie on one side of the truth. */
function oneSidedBy(used: readonly Candidate[]): OneSided | null {
  const open = used.find(({ is_open }) => is_open);
  const warningOf = (candidate: Candidate, code: string) =>
    candidate.warnings.find((warning) => warning.code === code);
  if (open !== undefined) {
    return {
      bound: 'lower',
      code: 'ARC_NOT_CLOSED',
      reason: warningOf(open, 'ARC_NOT_CLOSED') ?? say('LOWER_FREQUENCY'),
      needed: say('LOWER_FREQUENCY'),
    };
  }
  const ambiguous =
    used.find(({ if_electrolyte }) => if_electrolyte !== null) ??
    used.find((candidate) => warningOf(candidate, 'ASSIGNMENT_AMBIGUOUS') !== undefined);
  if (ambiguous?.asr?.value == null) return null;
  const { if_electrolyte } = ambiguous;
  const which = warningOf(ambiguous, 'ASSIGNMENT_AMBIGUOUS')?.values?.which ?? '';
  return {
    bound: 'upper',
    code: 'ASSIGNMENT_AMBIGUOUS',
    reason:
      if_electrolyte === null
        ? say('AMBIGUOUS_GRAIN/none', { which })
        : say('AMBIGUOUS_GRAIN', { which, ohm: if_electrolyte.toPrecision(3) }),
    needed: settledBy('assignment'),
    ...(if_electrolyte === null ? {} : { factor: if_electrolyte / ambiguous.asr.value }),
  };
}

function wrongTemperature(
  { temperature_celsius: at }: SpectrumRecord,
  celsius: number,
  tolerance: number,
): Message | null {
  if (at === null) return say('TEMPERATURE_UNKNOWN');
  if (Math.abs(at - celsius) <= tolerance) return null;
  return say('OTHER_TEMPERATURE', { celsius: at, wanted: celsius });
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

/** Relative scatter of the spectra of a cell: that of the fit for a single one, else between them. */
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
  rule: (_lab, measurement, limit) => stationarityRuling(measurement, limit),
  measure(lab, cell, { temperature_celsius: celsius, temperature_tolerance_kelvin: tolerance }) {
    const all = candidates(lab, cell, celsius, tolerance);
    // If the arc of a cell closes in some sweeps, only those give the number.
    const fit = all.filter(({ reason }) => reason === null);
    const closed = fit.filter(({ is_open }) => !is_open);
    const used = closed.length > 0 ? closed : fit;
    const excluded: Exclusion[] = all.flatMap(({ spectrum, reason }) =>
      reason === null ? [] : [leftOut({ spectrum_id: spectrum.spectrum_id }, reason)],
    );
    const conditions = conditionsOf(cell, used, celsius);
    const warnings = [
      ...oncePerCode(used.flatMap((candidate) => candidate.warnings)),
      ...geometryWarnings(cell),
    ];
    if (used.length === 0) {
      const [first] = excluded;
      const missing =
        first === undefined
          ? say('NO_SPECTRUM_AT', { celsius })
          : say('NO_USABLE_SPECTRUM', { why: withWords(first.reason, first.why) });
      return unmeasured(cell.cell_id, missing, { excluded, conditions, warnings });
    }
    const area = areaComponent(cell);
    const stationarity = stationarityOf(used.map(({ spectrum, asr }) => ({ spectrum, row: asr })));
    const rows = used.map(({ asr }) => asr as ImpedanceQuantity);
    const pooled = poolSamples(
      rows.map(({ value }) => value as number),
      { log: true, shared: [area] },
    );
    const [first] = rows as [ImpedanceQuantity];
    const isBound = used.every(({ is_open }) => is_open);
    const u_circuit = Math.max(...used.map((candidate) => candidate.u_circuit));
    const components = [
      ...(isBound ? [] : [ownScatter(first, rows.length, pooled)]),
      area,
      ...(u_circuit > 0 ? [ofReading('choice of circuit', u_circuit)] : []),
      ...stationarity.components,
    ];
    // Spectra of one cell are repetitions within the cell; a single one has the interval of its fit.
    const value = rows.length === 1 ? (first.value as number) : pooled.value;
    return {
      ...measurementOf(cell.cell_id, {
        excluded,
        conditions,
        warnings: [...warnings, ...stationarity.warnings],
      }),
      value,
      ...boundsFrom(value, components, 'ln'),
      one_sided: oneSidedBy(used),
      goodness: { stationarity_tested: stationarity.tested, open: isBound },
      standard_error:
        rows.length === 1 ? first.standard_error_adjusted : pooled.value * (pooled.standard_error ?? 0),
      components,
      alternatives: isBound ? [] : otherValues(used, value, components),
      n: rows.length,
      dof: rows.length === 1 ? first.dof : rows.length - 1,
      ...methodOfInterface(first.method, used, conditions.interface_count),
      supports: 'verdict',
      missing: null,
      sources: { spectrum_ids: used.map(({ spectrum }) => spectrum.spectrum_id), test_ids: [] },
    };
  },
});
