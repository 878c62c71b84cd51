export { type ConductivityAt, conductivityAt } from './at-temperature.js';
export { conductivityFromReading, conductivityMeasuredAt25, fitArrhenius } from './fit.js';
export type {
  ArrheniusFit,
  ArrheniusForm,
  ArrheniusFormName,
  ArrheniusForms,
  ArrheniusInput,
  ArrheniusModel,
  ArrheniusOptions,
  HysteresisTest,
  ModelComparison,
  OtherConductivity,
  ReadingAt25,
  TwoSegmentFit,
  VerdictBasis,
  VtfFit,
} from './types.js';
