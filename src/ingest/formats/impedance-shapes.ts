import * as conversions from '../../analysis/impedance/impedance-conversions.js';
import type { Role } from './definition.js';

/** The pairs of columns in which analysers write an impedance, in SI units, and how each becomes an impedance. */

export interface ImpedanceShape {
  roles: readonly [Role, Role];
  /** Only where the format declares length over area. */
  needsGeometry?: true;
  /** The impedance of one record; `perCm` is length over area (1/cm). */
  impedance(a: number, b: number, hertz: number, perCm: number): conversions.ComplexNumber;
}

const radian = (degree: number) => (degree * Math.PI) / 180;
/** Length over area as the length of a sample of 1 cm². */
const AREA = 1;

/** In the order in which they are looked for; the first is the impedance itself. */
const impedanceShapes: readonly ImpedanceShape[] = [
  { roles: ['real_impedance_ohm', 'imaginary_impedance_ohm'], impedance: (re, im) => ({ re, im }) },
  {
    roles: ['absolute_impedance_ohm', 'phase_degree'],
    impedance: (modulus, phase) => conversions.fromPolar(modulus, radian(phase)),
  },
  {
    roles: ['real_impedance_ohm', 'series_capacitance_farad'],
    impedance: (re, farad, hertz) => conversions.fromSeries(hertz, farad, re),
  },
  {
    roles: ['real_impedance_ohm', 'series_inductance_henry'],
    impedance: (re, henry, hertz) => conversions.fromSeriesInductance(hertz, henry, re),
  },
  { roles: ['conductance_siemens', 'susceptance_siemens'], impedance: conversions.fromAdmittance },
  {
    roles: ['absolute_admittance_siemens', 'admittance_phase_degree'],
    impedance: (modulus, phase) => conversions.fromAdmittancePolar(modulus, radian(phase)),
  },
  {
    // Analysers call the angle of whatever stands beside it by one name.
    roles: ['absolute_admittance_siemens', 'phase_degree'],
    impedance: (modulus, phase) => conversions.fromAdmittancePolar(modulus, radian(phase)),
  },
  {
    roles: ['conductance_siemens', 'parallel_capacitance_farad'],
    impedance: (G, farad, hertz) => conversions.fromConductanceCapacitance(hertz, G, farad),
  },
  {
    roles: ['parallel_capacitance_farad', 'loss_factor'],
    impedance: (farad, D, hertz) => conversions.fromCapacitanceLoss(hertz, farad, D),
  },
  {
    roles: ['parallel_capacitance_farad', 'quality_factor'],
    impedance: (farad, Q, hertz) => conversions.fromCapacitanceQuality(hertz, farad, Q),
  },
  {
    roles: ['parallel_capacitance_farad', 'parallel_resistance_ohm'],
    impedance: (farad, ohm, hertz) => conversions.fromParallel(hertz, farad, ohm),
  },
  {
    roles: ['real_resistivity_ohm_cm', 'imaginary_resistivity_ohm_cm'],
    needsGeometry: true,
    impedance: (re, im, _hertz, perCm) => conversions.fromResistivity(re, im, perCm, AREA),
  },
  {
    roles: ['relative_permittivity', 'dielectric_loss'],
    needsGeometry: true,
    impedance: (real, loss, hertz, perCm) => conversions.fromPermittivity(hertz, real, loss, perCm, AREA),
  },
];

/** Every role in a pair that makes an impedance: the first and the second of each pair. */
export const firstRoles: Role[] = [...new Set(impedanceShapes.map(({ roles }) => roles[0]))];
export const secondRoles: Role[] = [...new Set(impedanceShapes.map(({ roles }) => roles[1]))];

/** The shape in which a table writes its impedance; undefined where no pair of columns makes one. */
export function impedanceShape(
  has: (role: Role) => boolean,
  lengthOverArea: number | undefined,
): ImpedanceShape | undefined {
  return impedanceShapes.find(
    ({ roles, needsGeometry }) =>
      roles.every(has) && (needsGeometry === undefined || lengthOverArea !== undefined),
  );
}

/** Whether the columns would make an impedance if the format declared length over area. */
export const lacksGeometry = (has: (role: Role) => boolean): boolean =>
  impedanceShapes.some(({ roles, needsGeometry }) => needsGeometry === true && roles.every(has));
