export * from './cost.js';
export * from './formulas.js';
export { fitCalendarLoss, fitPowerLaw, type PowerLawFit } from './power-laws.js';
