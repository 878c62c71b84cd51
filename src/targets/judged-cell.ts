import type { CellRecord } from '../fits/cells.js';
import { targetMessages as say } from '../messages/targets.js';
import type { LabData } from './lab-data.js';
import type { CellMeasurement, CellMetric, CellRuling } from './metrics/index.js';
import type { Target } from './schema.js';
import { thresholdIn } from './units.js';

/** A cell that was measured and ruled for one target. */
export interface JudgedCell {
  cell: CellRecord;
  measurement: CellMeasurement;
  ruling: CellRuling;
}

/** A cell with what it may support, after considering what it lacks for this target. */
export function judgeCell(lab: LabData, metric: CellMetric, target: Target, cell: CellRecord): JudgedCell {
  const settings = target.conditions;
  const measurement = withRequirements(metric.measure(lab, cell, settings), settings);
  const limit = {
    comparison: target.comparison,
    threshold: thresholdIn(metric, target),
  };
  const ruling = metric.rule?.(lab, measurement, limit, settings) ?? { fails: null, blocks: null };
  if (ruling.insufficient === undefined) return { cell, measurement, ruling };
  return {
    cell,
    ruling,
    measurement: { ...measurement, supports: 'INSUFFICIENT DATA', missing: ruling.insufficient },
  };
}

/** A cell without the metadata that the target requires is not evidence. */
function withRequirements(measurement: CellMeasurement, settings: Target['conditions']): CellMeasurement {
  const requires = (settings.requires ?? []) as string[];
  const unknown = requires.filter((name) => measurement.conditions[name] == null);
  if (unknown.length === 0 || measurement.value === null) return measurement;
  return {
    ...measurement,
    supports: 'INSUFFICIENT DATA',
    missing: say('REQUIRED_UNKNOWN', { names: unknown }),
  };
}

/** Whether its evidence is enough for a verdict. */
export const supports = (judged: JudgedCell) => judged.measurement.supports === 'verdict';
export const hasValue = (judged: JudgedCell) => judged.measurement.value !== null;
