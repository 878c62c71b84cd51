import { z } from 'zod';
import { calendarExponent, lossOfCapacity, missingCalendarEvidence } from '../../analysis/calendar/index.js';
import { median } from '../../analysis/statistics/descriptive.js';
import type { CellRecord } from '../../fits/cells.js';
import { usableCapacity } from '../../fits/making/decay.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { cycleSources, directionWarning } from './cycling.js';
import { fadingCells } from './decay-rate.js';
import {
  type CellRuling,
  cellConditions,
  defineCellMetric,
  measurementOf,
  unmeasured,
} from './definition.js';

const DAY_SECOND = 86_400;
/** Cycles that measure the remaining capacity of a stored cell. */
const measuring = ['ageing', 'checkup'];

/** Check-ups of a stored cell: one capacity per test, at the time since the first of them. */
function checkups(lab: LabData, cell: CellRecord): { day: number[]; loss: number[] } {
  const life = lab.fits.lives.get(cell.cell_id);
  const ofTest = new Map<number, number[]>();
  for (const [i, test_id] of life?.test_id.entries() ?? []) {
    const capacity = life?.[usableCapacity(cell)][i];
    if (!life?.direction_known[i] || !measuring.includes(life.label[i] ?? '') || !capacity) continue;
    ofTest.set(test_id, [...(ofTest.get(test_id) ?? []), capacity]);
  }
  const tests = [...ofTest].flatMap(([test_id, capacities]) => {
    const started = lab.tests.get(test_id)?.started_at;
    return started == null ? [] : [{ second: started.getTime() / 1000, capacity: median(capacities) }];
  });
  const first = Math.min(...tests.map(({ second }) => second));
  const day = tests.map(({ second }) => (second - first) / DAY_SECOND);
  const one = tests.map(() => cell.cell_id);
  return {
    day,
    loss: lossOfCapacity(
      one,
      day,
      tests.map(({ capacity }) => capacity),
    ),
  };
}

const exponentOf = (lab: LabData, cell: CellRecord) => {
  const { day, loss } = checkups(lab, cell);
  return calendarExponent(day, loss);
};

/** The stored cells of a material as evidence; excluded ones do not count. */
function evidenceOf(lab: LabData, material_id: string | null) {
  const cells = lab.fits.cells.filter((cell) => {
    return cell.material_id === material_id && cell.exclusion === null && isStored(cell);
  });
  const fitted = cells.flatMap((cell) => {
    const line = exponentOf(lab, cell);
    return line === null ? [] : [{ celsius: Math.round(cell.storage_temperature_celsius as number), line }];
  });
  return {
    cells: fitted.length,
    temperatures: new Set(fitted.map(({ celsius }) => celsius)).size,
    times: new Set(fitted.flatMap(({ line }) => line.days.map(Math.round))).size,
  };
}

const isStored = (cell: CellRecord) => cell.storage_temperature_celsius !== null;

export const calendarExponentMetric = defineCellMetric({
  id: 'calendar_exponent',
  level: 'cell',
  title: 'exponent of time of the loss in storage',
  formula:
    'n of Q_loss = A·exp(−Ea/kT)·t^n: per stored cell a line through ln loss over ln t, weighted by loss², losses below 0.5 % left out',
  units: { '1': 1 },
  pooling: 'plain',
  cellTypes: fadingCells,
  settings: z.strictObject({ ...cellConditions }),
  measure(lab, cell) {
    const life = lab.fits.lives.get(cell.cell_id);
    if (!isStored(cell)) {
      return unmeasured(cell.cell_id, say('STORAGE_MISSING'));
    }
    if (life === undefined) return unmeasured(cell.cell_id, say('NO_CHECKUPS'));
    const around = {
      warnings: directionWarning(life),
      conditions: {
        cell_type: cell.cell_type,
        batch: cell.batch,
        temperature_celsius: cell.storage_temperature_celsius,
      },
      sources: cycleSources(life),
    };
    const line = exponentOf(lab, cell);
    if (line === null) {
      return unmeasured(cell.cell_id, say('CHECKUPS_NEEDED'), around);
    }
    return {
      ...measurementOf(cell.cell_id, around),
      value: line.exponent,
      n: line.days.length,
      method: 'one weighted line per cell; the scatter between cells is the uncertainty',
      supports: 'verdict',
      missing: null,
    };
  },
  rule(lab, measurement): CellRuling {
    const cell = lab.fits.cells.find(({ cell_id }) => cell_id === measurement.cell_id);
    const missing = missingCalendarEvidence(evidenceOf(lab, cell?.material_id ?? null));
    const ruling = { fails: null, blocks: null };
    if (measurement.value === null || missing.length === 0) return ruling;
    return { ...ruling, insufficient: say('AND_ALSO', { parts: missing }) };
  },
});
