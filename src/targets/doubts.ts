import {
  confirmedNames,
  type ImplausibleValue,
  implausible,
  implausibleCell,
  implausibleMaterial,
  type LabBounds,
} from '../analysis/plausibility/index.js';
import { decidedBy, type Verdict, type VerdictNote } from '../analysis/verdict/index.js';
import type { CellRecord } from '../fits/cells.js';
import { coded, type Message } from '../messages/message.js';
import { targetMessages as say } from '../messages/targets.js';
import type { LabData, MaterialRecord } from './lab-data.js';
import type { CellMeasurement } from './metrics/index.js';

/** What is implausible about a number or the metadata it was made with, and whether the laboratory confirmed it. */
export interface Doubt {
  what: Message;
  /** The name that `confirmed` must contain. */
  quantity: string;
  isConfirmed: boolean;
}

const asDoubt = (of: string, { quantity, what, isConfirmed }: ImplausibleValue): Doubt => ({
  what: say('IMPLAUSIBLE', { of, what }),
  quantity,
  isConfirmed,
});

const blocking = (found: readonly ImplausibleValue[], metric: string) =>
  found.filter(({ blocks }) => blocks.includes(metric));

/** Quantities of a measurement that have plausible bounds: the metric itself, and others reported with it. */
function resultsOf(
  metric: string,
  cell: CellRecord,
  measurement: CellMeasurement,
): Record<string, number | null> {
  const { goodness, conditions, value } = measurement;
  const number = (of: unknown) => (typeof of === 'number' ? of : null);
  const { nominal_capacity_mah: nominal, active_mass_mg: mass } = cell;
  const own = metric === 'specific_capacity' && nominal !== null && mass !== null && value !== null;
  return {
    [metric]: value,
    Ea_eV: number(goodness.Ea_ln_sigma_eV),
    areal_capacity_mah_per_cm2: number(conditions.areal_capacity_mah_per_cm2),
    // mAh/g times mg is µAh.
    ...(own ? { capacity_over_nominal: (value * mass) / 1000 / nominal } : {}),
  };
}

/** Findings whose words begin with the cell. */
const nameTheirCell: readonly string[] = ['TEMPERATURE_LOOKS_KELVIN', 'SAME_RECORDS', 'TESTS_OVERLAP'];

const againstReference = 'VOLTAGE_AGAINST_REFERENCE';

/** What `confirmed` has to name for a finding of the ingest to stand back; else the temperature. */
const confirmedBy: Readonly<Record<string, string>> = {
  [againstReference]: 'voltage_volt',
  SIGN_FLIPPED: 'current_ampere',
  COUNTERS_SWAPPED: 'current_ampere',
  UNIT_IMPLAUSIBLE: 'current_ampere',
  TIME_SCALE: 'test_time_second',
  SAME_RECORDS: 'records',
  TESTS_OVERLAP: 'records',
};

/** Findings about the records of a cycler: they say nothing of what was read from spectra. */
const ofCycling: readonly string[] = [
  'SIGN_FLIPPED',
  'COUNTERS_SWAPPED',
  'UNIT_IMPLAUSIBLE',
  'TIME_SCALE',
  'TESTS_OVERLAP',
];
const fromSpectra: readonly string[] = [
  'conductivity_25c',
  'conductivity',
  'activation_energy',
  'interfacial_asr',
];

/** Whether a metric needs the voltage of the whole cell; for a half cell the potential against lithium is enough. */
const needsCellVoltage = (metric: string, { cell_type }: CellRecord) =>
  ['round_trip_efficiency', 'specific_energy', 'energy_density', 'voltage_fade'].includes(metric) &&
  cell_type !== 'cathode_half' &&
  cell_type !== 'anode_half';

/** Everything doubtful that prevents the value of a cell from being judged, confirmed or not. */
export function cellDoubts(
  lab: LabData,
  metric: string,
  cell: CellRecord,
  measurement: CellMeasurement,
): Doubt[] {
  const ofMetadata = blocking(implausibleCell(cell, lab.plausible), metric);
  const ofResults = Object.entries(resultsOf(metric, cell, measurement)).flatMap(([quantity, value]) => {
    const of = quantity === 'specific_capacity' ? cell.category : cell.cell_type;
    return implausible({ quantity, of, value }, cell.confirmed, lab.plausible) ?? [];
  });
  const ofReadings = lab.doubtfulReadings
    .filter(({ cell_id }) => cell_id === cell.cell_id)
    .filter(({ code }) => code !== againstReference || needsCellVoltage(metric, cell))
    .filter(({ code }) => !ofCycling.includes(code) || !fromSpectra.includes(metric))
    .map(({ cell_id: _cell, ...said }): Doubt => {
      const { code } = said;
      const quantity = confirmedBy[code] ?? 'temperature_celsius';
      return {
        what: nameTheirCell.includes(code)
          ? said
          : coded(code, say('CELL_LACKS', { cell: cell.cell_id, what: said })),
        quantity,
        isConfirmed: confirmedNames(cell.confirmed).has(quantity),
      };
    });
  const found = [...ofMetadata, ...blocking(ofResults, metric)].map((one) => asDoubt(cell.cell_id, one));
  return [...found, ...ofReadings, ...(fromSpectra.includes(metric) ? leadDoubts(lab, cell) : [])];
}

/** Leads lie in series with the cell: they have less than the real part of its impedance at any frequency. */
function leadDoubts(lab: LabData, cell: CellRecord): Doubt[] {
  const lead = cell.lead_resistance_ohm;
  if (lead === null || lead === 0 || cell.lead_file_pattern !== null) return [];
  const least = lab.fits.spectra
    .filter(({ spectrum }) => spectrum.cell_id === cell.cell_id)
    .reduce(
      (so_far, { spectrum }) => Math.min(so_far, ...Array.from(spectrum.points.real_impedance_ohm)),
      Infinity,
    );
  if (least > lead) return [];
  const quantity = 'lead_resistance_ohm';
  const what = say('LEADS_EXCEED', { cell: cell.cell_id, lead, least: least.toPrecision(3) });
  return [{ what, quantity, isConfirmed: confirmedNames(cell.confirmed).has(quantity) }];
}

/** The same for the entries of a material. */
export function materialDoubts(material: MaterialRecord, metric: string, own: LabBounds): Doubt[] {
  return blocking(implausibleMaterial(material, own), metric).map((one) =>
    asDoubt(material.material_id, one),
  );
}

/** There is no verdict on implausible numbers until they are confirmed; then it has a note. */
export function withDoubts(verdict: Verdict, doubts: readonly Doubt[]): Verdict {
  if (doubts.length === 0) return verdict;
  const open = doubts.filter(({ isConfirmed }) => !isConfirmed);
  const notes: VerdictNote[] = [
    ...verdict.notes,
    ...doubts.map(({ what, isConfirmed }) => (isConfirmed ? say('CONFIRMED', { what }) : what)),
  ];
  if (open.length === 0 || verdict.verdict === 'INSUFFICIENT DATA') return { ...verdict, notes };
  const names = [...new Set(open.map(({ quantity }) => quantity))];
  const needs = say('MEND_OR_CONFIRM', { names });
  return { ...decidedBy(verdict, 'INCONCLUSIVE', say('IMPLAUSIBLE_CONFIRM'), needs), notes };
}
