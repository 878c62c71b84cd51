import { arrhenius } from './arrhenius.js';
import { coulombicEfficiency } from './coulombic-efficiency.js';
import { decay } from './decay.js';
import { impedance } from './impedance.js';
import { impedanceMaterial } from './impedance-material.js';
import { impedanceSeries } from './impedance-series.js';
import { voltageFade } from './voltage-fade.js';

/** Every kind of fit that a database keeps, in the order in which they are made: one may use those before it. */
export const fitKinds = [
  impedance,
  impedanceSeries,
  impedanceMaterial,
  arrhenius,
  decay,
  voltageFade,
  coulombicEfficiency,
] as const;

/** The kinds' names, as `fits.kind` has them. */
export type FitKindName = (typeof fitKinds)[number]['kind'];

/** The tables of quantities that the fits of all kinds fill. */
export const fitTables = fitKinds.flatMap(({ tables }) => tables);
