import { type Message, named } from '../../messages/message.js';
import { activationEnergy } from './activation-energy.js';
import { costRatio, costReduction, massReduction } from './bought-and-weighed.js';
import { calendarExponentMetric } from './calendar-exponent.js';
import { conductivityMetric } from './conductivity.js';
import { conductivity25c } from './conductivity-25c.js';
import { coulombicEfficiency } from './coulombic-efficiency.js';
import { criticalCurrentDensity } from './critical-current-density.js';
import { cycleLife } from './cycle-life.js';
import { decayRate } from './decay-rate.js';
import type { Metric } from './definition.js';
import { energyDensity, specificCapacity, specificEnergy } from './initial.js';
import { interfacialAsr } from './interfacial-asr.js';
import { peakDischargeRate } from './peak-discharge-rate.js';
import { roundTripEfficiency } from './round-trip-efficiency.js';
import { temperatureRange } from './temperature-range.js';
import { voltageFadeMetric } from './voltage-fade.js';

export type {
  CellMeasurement,
  CellMetric,
  CellRuling,
  Exclusion,
  MaterialMetric,
  Metric,
  Sources,
  Support,
} from './definition.js';

/** Every metric a target can name. */
export const metrics: readonly Metric[] = [
  conductivity25c,
  conductivityMetric,
  activationEnergy,
  interfacialAsr,
  criticalCurrentDensity,
  costReduction,
  massReduction,
  costRatio,
  specificCapacity,
  decayRate,
  voltageFadeMetric,
  coulombicEfficiency,
  cycleLife,
  calendarExponentMetric,
  roundTripEfficiency,
  specificEnergy,
  energyDensity,
  temperatureRange,
  peakDischargeRate,
];

export const metricOf = (id: string): Metric | undefined => metrics.find((metric) => metric.id === id);

/** What a metric is, as a message. */
export const metricName = ({ id, title }: Pick<Metric, 'id' | 'title'>): Message =>
  named(`metric/${id}`, title);
