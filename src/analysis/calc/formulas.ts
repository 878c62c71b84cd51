/** The formulas of `cellar calc`: inputs, outputs and source of each. */
import { ELEMENTARY_CHARGE_COULOMB } from '../constants.js';
import {
  compositeConductivity,
  flightTimeHour,
  heatGeneration,
  nernstEinsteinDiffusivity,
  powerBounds,
  specificEnergy,
} from '../materials/index.js';
import { economics } from './economics.js';
import {
  anySign,
  type Formula,
  type FormulaInput,
  list,
  type MeaninglessFormula,
  one,
  positive,
} from './formula.js';

const current = positive('current', 'I', 'current', 'A');
const voltage = positive(
  'voltage',
  'V',
  'voltage; for energy the mean of the discharge, energy over charge',
  'V',
);
const capacity = positive('capacity', 'Q', 'discharge capacity', 'Ah');
const resistance = positive('resistance', 'R', 'resistance', 'ohm');
const conductivity = positive('conductivity', 'σ', 'conductivity', 'S/cm');
const carriers = positive('carriers', 'n', 'mobile carriers per volume', '1/cm3');
const mass = positive('mass', 'm', 'mass of the whole cell, packaging included', 'kg');
const temperature = positive('temperature', 'T', 'temperature', 'K');
const valence: FormulaInput = {
  ...positive('valence', 'z', 'charges of a carrier; q = z·e', '1'),
  assumed: 1,
};

const transport: readonly Formula[] = [
  {
    name: 'layer-resistance',
    title: 'Resistance of a layer times its area',
    form: 'R_int = δ/σ',
    source: "Ohm's law for a plane layer",
    inputs: [positive('thickness', 'δ', 'thickness of the layer', 'cm'), conductivity],
    outputs: [{ name: 'area_specific_resistance', meaning: 'R_int', unit: 'ohm cm2' }],
    remarks: ['An area-specific resistance: divide by the area for ohm.'],
    compute: (v) => ({ area_specific_resistance: one(v, 'thickness') / one(v, 'conductivity') }),
  },
  {
    name: 'total-resistance',
    title: 'Resistances in series',
    form: 'R_total = Σ Rᵢ',
    source: "Kirchhoff's voltage law",
    inputs: [
      {
        ...resistance,
        name: 'resistances',
        symbol: 'Rᵢ',
        meaning: 'each resistance',
        isList: true,
        range: 'not negative',
      },
    ],
    outputs: [{ name: 'resistance', meaning: 'R_total', unit: 'ohm' }],
    remarks: ['Holds for a direct current through all layers in series; layers in parallel do not add up.'],
    compute: (v) => ({ resistance: list(v, 'resistances').reduce((sum, r) => sum + r, 0) }),
  },
  {
    name: 'conductivity',
    title: 'Conductivity of mobile carriers',
    form: 'σ = n·q·µ',
    source: 'P. Drude, Ann. Phys. 306 (1900) 566',
    inputs: [carriers, positive('mobility', 'µ', 'mobility', 'cm2/(V s)'), valence],
    outputs: [{ name: 'conductivity', meaning: 'σ', unit: 'S/cm' }],
    remarks: ['One kind of carrier; several add up.'],
    compute: (v) => ({
      conductivity: one(v, 'carriers') * one(v, 'valence') * ELEMENTARY_CHARGE_COULOMB * one(v, 'mobility'),
    }),
  },
  {
    name: 'diffusivity',
    title: 'Charge diffusivity of mobile carriers (Nernst–Einstein)',
    form: 'D = σ·k·T/(n·q²)',
    source: 'N. F. Mott & R. W. Gurney, Electronic Processes in Ionic Crystals (1940)',
    inputs: [conductivity, temperature, carriers, valence],
    outputs: [{ name: 'diffusivity', meaning: 'D', unit: 'cm2/s' }],
    remarks: [
      'With the density of all ions, not the mobile ones, it is a lower bound of the tracer value over the Haven ratio.',
    ],
    compute: (v) => ({
      diffusivity: nernstEinsteinDiffusivity(
        one(v, 'conductivity'),
        one(v, 'temperature'),
        one(v, 'carriers'),
        one(v, 'valence'),
      ),
    }),
  },
  {
    name: 'composite-conductivity',
    title: 'Conductivity of a composite, with its bounds',
    form: 'σ_comp = Σ φᵢ·σᵢ',
    source: 'O. Wiener, Abh. Sächs. Akad. Wiss. 32 (1912) 509; D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636',
    inputs: [
      { ...positive('fractions', 'φᵢ', 'volume fractions, together 1', '1'), isList: true, range: 'share' },
      {
        ...conductivity,
        name: 'conductivities',
        symbol: 'σᵢ',
        meaning: 'conductivity of each',
        isList: true,
      },
    ],
    outputs: [
      { name: 'upper_bound', meaning: 'Σφσ, phases side by side', unit: 'S/cm' },
      { name: 'bruggeman', meaning: 'effective medium of spherical grains', unit: 'S/cm' },
      { name: 'lower_bound', meaning: '1/Σ(φ/σ), phases one behind another', unit: 'S/cm' },
    ],
    remarks: [
      'Σφσ is the most that any arrangement of the phases can reach, not what a composite has.',
      'An uncertain fraction changes all others, since together they are 1.',
    ],
    check: (v) => {
      const [fractions, conductivities] = [list(v, 'fractions'), list(v, 'conductivities')];
      const total = fractions.reduce((sum, phi) => sum + phi, 0);
      if (Math.abs(total - 1) > 0.01) throw new RangeError(`the fractions add up to ${total}, not to 1`);
      if (fractions.length !== conductivities.length) {
        throw new RangeError(
          `${fractions.length} fractions and ${conductivities.length} conductivities: give one of each for every phase`,
        );
      }
    },
    compute: (v) => {
      const fractions = list(v, 'fractions');
      const total = fractions.reduce((sum, phi) => sum + phi, 0);
      const { upper_parallel, bruggeman, lower_series } = compositeConductivity(
        fractions.map((phi) => phi / total),
        list(v, 'conductivities'),
      );
      return { upper_bound: upper_parallel, bruggeman, lower_bound: lower_series };
    },
  },
];

const energyAndPower: readonly Formula[] = [
  {
    name: 'power',
    title: 'Power that a resistance leaves',
    form: 'P = V²/R',
    source: 'M. H. von Jacobi (1840), the matched load',
    inputs: [
      { ...voltage, meaning: 'open-circuit voltage' },
      { ...resistance, meaning: 'internal resistance for direct current' },
    ],
    outputs: [
      { name: 'attainable', meaning: 'V²/(4R), the most that a load can take', unit: 'W' },
      {
        name: 'short_circuit',
        meaning: "V²/R, the source's form: a short circuit turns this into heat",
        unit: 'W',
      },
    ],
    remarks: [
      'V²/R never leaves the cell. At V²/(4R) the terminals hold half of the voltage, often below the limit.',
    ],
    compute: (v) => {
      const { matched_load_watt, short_circuit_watt } = powerBounds(one(v, 'voltage'), one(v, 'resistance'));
      return { attainable: matched_load_watt, short_circuit: short_circuit_watt };
    },
  },
  {
    name: 'specific-power',
    title: 'Power per mass',
    form: 'P_d = I·V/m',
    source: 'definition',
    inputs: [current, { ...voltage, meaning: 'voltage at this current, not at rest' }, mass],
    outputs: [{ name: 'specific_power', meaning: 'P_d', unit: 'W/kg' }],
    remarks: ['State the length of the pulse and the state of charge with it.'],
    compute: (v) => ({ specific_power: (one(v, 'current') * one(v, 'voltage')) / one(v, 'mass') }),
  },
  {
    name: 'specific-energy',
    title: 'Energy per mass',
    form: 'E = Q·V/m',
    source: 'definition',
    inputs: [capacity, voltage, mass],
    outputs: [{ name: 'specific_energy', meaning: 'E', unit: 'Wh/kg' }],
    remarks: ['With the mass of the active material it is not a value of the cell.'],
    compute: (v) => ({
      specific_energy: specificEnergy(one(v, 'capacity'), one(v, 'voltage'), one(v, 'mass')),
    }),
  },
  {
    name: 'energy-density',
    title: 'Energy per volume',
    form: 'E = Q·V/v',
    source: 'definition',
    inputs: [
      capacity,
      voltage,
      positive('volume', 'v', 'volume of the whole cell, swollen at the end of charge', 'L'),
    ],
    outputs: [{ name: 'energy_density', meaning: 'E', unit: 'Wh/L' }],
    remarks: [],
    compute: (v) => ({ energy_density: (one(v, 'capacity') * one(v, 'voltage')) / one(v, 'volume') }),
  },
  {
    name: 'heat',
    title: 'Heat that a cell gives off',
    form: 'Q_gen = I²·R + dH_rxn',
    source: 'D. Bernardi, E. Pawlikowski, J. Newman, J. Electrochem. Soc. 132 (1985) 5',
    inputs: [
      { ...anySign('current', 'I', 'current; positive charges', 'A') },
      { ...resistance, range: 'not negative' },
      temperature,
      anySign('entropic_coefficient', 'dU/dT', 'change of the open-circuit voltage with temperature', 'V/K'),
      {
        ...anySign('reaction', 'dH_rxn', 'heat that other reactions give off (decomposition)', 'W'),
        isOptional: true,
      },
    ],
    outputs: [
      { name: 'joule', meaning: 'I²R', unit: 'W' },
      { name: 'reversible', meaning: 'I·T·dU/dT', unit: 'W' },
      { name: 'total', meaning: 'Q_gen; positive: the cell warms', unit: 'W' },
    ],
    remarks: [
      'Charging with a positive entropic coefficient warms, discharging cools; heat of mixing and of phase change is left out.',
    ],
    compute: (v) => {
      const { joule_watt, reversible_watt, total_watt } = heatGeneration(
        one(v, 'current'),
        one(v, 'resistance'),
        one(v, 'temperature'),
        one(v, 'entropic_coefficient'),
      );
      const reaction = v.reaction === undefined ? 0 : one(v, 'reaction');
      return { joule: joule_watt, reversible: reversible_watt, total: total_watt + reaction };
    },
  },
  {
    name: 'flight-time',
    title: 'Flight time',
    form: 't = η·E/P',
    source: 'definition',
    inputs: [
      { ...positive('efficiency', 'η', 'from the battery to the propeller', '1'), range: 'share' },
      positive('energy', 'E', 'usable energy, not the nominal one', 'Wh'),
      positive('power', 'P', 'mean power of the flight', 'W'),
    ],
    outputs: [{ name: 'time', meaning: 't', unit: 'h' }],
    remarks: ['Landing reserve, cold and ageing reduce the usable energy.'],
    compute: (v) => ({ time: flightTimeHour(one(v, 'efficiency'), one(v, 'energy'), one(v, 'power')) }),
  },
];

/** Every formula, in the order of the list. */
export const formulas: readonly Formula[] = [...transport, ...energyAndPower, ...economics];

/** Formulas that are in use but cannot be computed. */
export const meaninglessFormulas: readonly MeaninglessFormula[] = [
  {
    name: 'cycle-number',
    title: 'Number of cycles from a loss of charge',
    form: 'N = ΔQ/Q₀',
    why: 'ΔQ/Q₀ is a charge over a charge: the share of the capacity that was lost. It does not hold a number of cycles.',
    instead:
      'Fit the decay and project the life: cellar fit decay. With a constant rate D it is N = ln(0.8)/ln(1 − D) to 80 %.',
  },
  {
    name: 'ion-velocity',
    title: 'Velocity of ions from a current density',
    form: 'v = (J/zF)·µ',
    why: 'J/(zF) is a flux in mol/(cm²·s); times a mobility in cm²/(V·s) it is in mol/(V·s²), not a velocity in cm/s.',
    instead:
      'The drift velocity is v = µ·E with the field E = J/σ, or v = J/(z·F·c) with the concentration c of the ions.',
  },
];
