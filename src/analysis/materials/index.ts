export * from './cost.js';
export * from './formulas.js';
export { fitPowerLaw, type PowerLawFit } from './power-laws.js';
