/**
 * The range in which a value is accepted without a question. A value outside is shown but not judged until the
 * laboratory confirms it. The bounds are policy: wide enough for every published record that was known when they were
 * set, and tight enough to catch a wrong unit (a factor of ten or a thousand).
 */
import { type Message, named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';

/** What a bound applies to, where it does not apply to everything: a cell type, a category of materials. */
export type BoundOf = 'pellet' | 'symmetric' | 'li_rich_cathode' | 'current_collector';

export interface PlausibleBound {
  /** A column of the metadata, a metric, or a quantity made of them; `confirmed` and `[plausible]` use this name. */
  quantity: string;
  of: BoundOf | null;
  lower: number;
  upper: number;
  unit: string;
  /** Where the bounds come from. */
  source: string;
  /** Metrics that are not judged while the value is outside. */
  blocks: readonly string[];
}

const conductivity = ['conductivity_25c', 'conductivity', 'activation_energy'];
const resistance = ['interfacial_asr', 'critical_current_density'];
const capacity = ['specific_capacity', 'specific_energy', 'energy_density'];
const ratios = ['coulombic_efficiency', 'round_trip_efficiency'];

/** The one table of plausible bounds. */
export const plausibleBounds: readonly PlausibleBound[] = [
  {
    quantity: 'conductivity_25c',
    of: null,
    lower: 1e-10,
    upper: 0.05,
    unit: 'S/cm',
    source:
      '465 room-temperature values of a public table of lithium conductors (C. J. Hargreaves et al., npj Comput. Mater. 9 (2023) 9): none above 0.025; literature record about 0.03',
    blocks: conductivity,
  },
  {
    quantity: 'Ea_eV',
    of: null,
    lower: 0.05,
    upper: 1.5,
    unit: 'eV',
    source: 'the same table',
    blocks: conductivity,
  },
  {
    quantity: 'thickness_um',
    of: 'pellet',
    lower: 50,
    upper: 3000,
    unit: 'µm',
    source: 'pressed pellets of 200 to 1500 µm',
    blocks: conductivity,
  },
  {
    quantity: 'thickness_um',
    of: 'symmetric',
    lower: 3,
    upper: 3000,
    unit: 'µm',
    source: 'separators from 5 µm, pellets to 1500 µm',
    blocks: resistance,
  },
  {
    quantity: 'diameter_mm',
    of: null,
    lower: 3,
    upper: 60,
    unit: 'mm',
    source: 'dies of 5 to 20 mm',
    blocks: [...conductivity, ...resistance],
  },
  {
    quantity: 'cell_constant_per_cm',
    of: 'pellet',
    lower: 0.01,
    upper: 1,
    unit: '1/cm',
    source: 'thickness over area of such pellets and dies',
    blocks: conductivity,
  },
  {
    quantity: 'relative_density',
    of: null,
    lower: 0.4,
    upper: 1.02,
    unit: '1',
    source: 'cold-pressed powders from 0.6; more than 1 is a percent value',
    blocks: conductivity,
  },
  {
    quantity: 'interface_count',
    of: 'symmetric',
    lower: 1,
    upper: 2,
    unit: '1',
    source: 'a separator has two sides',
    blocks: resistance,
  },
  {
    quantity: 'interfacial_asr',
    of: null,
    lower: 0.05,
    upper: 2e4,
    unit: 'Ω·cm²',
    source: 'published interfaces from about 1 Ω·cm²',
    blocks: resistance,
  },
  {
    quantity: 'specific_capacity',
    of: 'li_rich_cathode',
    lower: 60,
    upper: 480,
    unit: 'mAh/g',
    source: 'Li2MnO3 holds 459 mAh/g',
    blocks: capacity,
  },
  {
    quantity: 'capacity_over_nominal',
    of: null,
    lower: 0.3,
    upper: 1.6,
    unit: '1',
    source: 'what a nominal capacity is for',
    blocks: capacity,
  },
  {
    quantity: 'areal_capacity_mah_per_cm2',
    of: null,
    lower: 0.05,
    upper: 12,
    unit: 'mAh/cm²',
    source: 'published electrodes',
    blocks: capacity,
  },
  {
    quantity: 'active_loading_mg_per_cm2',
    of: null,
    lower: 0.2,
    upper: 80,
    unit: 'mg/cm²',
    source: 'published electrodes',
    blocks: capacity,
  },
  {
    quantity: 'areal_mass_mg_per_cm2',
    of: 'current_collector',
    lower: 0.3,
    upper: 25,
    unit: 'mg/cm²',
    source: '6 µm copper weighs 5.4, 20 µm 17.9 mg/cm²',
    blocks: ['mass_reduction'],
  },
  {
    quantity: 'reference_areal_mass_mg_per_cm2',
    of: 'current_collector',
    lower: 1,
    upper: 25,
    unit: 'mg/cm²',
    source: '6 µm copper weighs 5.4, 20 µm 17.9 mg/cm²',
    blocks: ['mass_reduction'],
  },
  {
    quantity: 'specific_energy',
    of: null,
    lower: 40,
    upper: 750,
    unit: 'Wh/kg',
    source: '711 Wh/kg published (Chin. Phys. Lett. 40 (2023) 048201)',
    blocks: ['specific_energy'],
  },
  {
    quantity: 'energy_density',
    of: null,
    lower: 80,
    upper: 1800,
    unit: 'Wh/L',
    source: '1654 Wh/L published (Chin. Phys. Lett. 40 (2023) 048201)',
    blocks: ['energy_density'],
  },
  {
    quantity: 'round_trip_efficiency',
    of: null,
    lower: 0.2,
    upper: 1,
    unit: '1',
    source: 'no cell gives back more energy than it took',
    blocks: ['round_trip_efficiency'],
  },
  {
    quantity: 'current_accuracy_relative',
    of: null,
    lower: 1e-5,
    upper: 0.01,
    unit: '1',
    source: 'data sheets of cyclers; more is a percent value',
    blocks: [...ratios, ...capacity],
  },
  {
    quantity: 'charge_ratio_half_width',
    of: null,
    lower: 1e-6,
    upper: 0.01,
    unit: '1',
    source: 'data sheets of cyclers; more is a percent value',
    blocks: ratios,
  },
  {
    quantity: 'cost_ratio',
    of: null,
    lower: 0.01,
    upper: 20,
    unit: '1',
    source: 'two costs of one basis',
    blocks: ['cost_reduction', 'cost_ratio'],
  },
];

/** Bounds that a laboratory sets itself, by quantity. */
export type LabBounds = Readonly<Record<string, readonly [number, number]>>;

/** Names that `[plausible]` and `confirmed` may use. */
export const boundedQuantities: readonly string[] = [
  ...new Set(plausibleBounds.map(({ quantity }) => quantity)),
];

/** The bound of a quantity for a kind of cell or material, the laboratory's own first; null where it has none. */
export function boundOf(quantity: string, of: string | null, own: LabBounds = {}): PlausibleBound | null {
  const declared = plausibleBounds.find(
    (bound) => bound.quantity === quantity && (bound.of === null || bound.of === of),
  );
  if (declared === undefined) return null;
  const [lower, upper] = own[quantity] ?? [declared.lower, declared.upper];
  return own[quantity] === undefined
    ? declared
    : { ...declared, lower, upper, source: '[plausible] in cellar.toml' };
}

/** A value outside the bounds of its quantity, or one that contradicts another. */
export interface ImplausibleValue {
  /** The name that `confirmed` must contain for it to be judged. */
  quantity: string;
  value: number;
  /** What is wrong with it: in words, and as a message. */
  message: string;
  what: Message;
  blocks: readonly string[];
  isConfirmed: boolean;
}

/** Quantities and columns that are confirmed: names separated by spaces or commas. */
export const confirmedNames = (confirmed: string | null): ReadonlySet<string> =>
  new Set((confirmed ?? '').split(/[\s,;]+/).filter((name) => name !== ''));

/** What is implausible about one value; null where it is plausible. */
export function implausible(
  { quantity, of, value }: { quantity: string; of: string | null; value: number | null },
  confirmed: string | null,
  own: LabBounds = {},
): ImplausibleValue | null {
  const bound = value === null ? null : boundOf(quantity, of, own);
  if (value === null || bound === null || (value >= bound.lower && value <= bound.upper)) return null;
  const { lower, upper, unit, source, blocks } = bound;
  const inUnit = unit === '1' ? '' : ` ${unit}`;
  const what = say('OUTSIDE_PLAUSIBLE', {
    quantity,
    value: Number(value.toPrecision(4)),
    unit: inUnit,
    lower,
    upper,
    source: named(source, source),
  });
  return {
    quantity,
    value,
    message: what.message,
    what,
    blocks,
    isConfirmed: confirmedNames(confirmed).has(quantity),
  };
}
