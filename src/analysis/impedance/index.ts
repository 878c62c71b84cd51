/** Impedance: circuit fits, the Kramers–Kronig test, and what they say about a material. Pure functions on arrays. */
export { circuitElements } from './circuit/elements.js';
export { parseCircuit } from './circuit/parse.js';
export { simulateImpedance } from './circuit/simulate.js';
export { type DrtFit, fitDrt, type RelaxationPeak } from './drt.js';
export { circuitFamily, type Electrodes } from './family/members.js';
export type { Weighting } from './fit/problem.js';
export { fitImpedance, type ImpedanceFitOptions } from './fit-impedance.js';
export * from './impedance-conversions.js';
export {
  type KramersKronigSettings,
  type KramersKronigTest,
  plainLinKkSettings,
  testKramersKronig,
} from './kramers-kronig/linear-test.js';
export { type ArcAssignment, type ArcBand, type ArcRole, assignArc, roleOf } from './material/assignment.js';
export type { MaterialResult } from './material/common.js';
export { deriveMaterial } from './material/derive.js';
export { conductivityFromFit } from './material/electrolyte.js';
export * from './material/formulas.js';
export { type CellDescription, electrodesOf } from './material/geometry.js';
export { interfacialResistanceFromFit } from './material/interface.js';
export { prepareForFit } from './prepare.js';
export type {
  Alternative,
  AssignedArc,
  FittedArc,
  ImpedanceFit,
  ImpedanceQuantity,
  RobustFit,
} from './result.js';
export {
  fewestTemperatures,
  fitTemperatureSeries,
  type SeriesInput,
  type SeriesReading,
  type TemperatureSeriesFit,
} from './series/fit-series.js';
export { describedBySeries, freelyChosenResistance } from './series/reading.js';
export type { FrequencyWindow, Spectrum } from './spectrum.js';
