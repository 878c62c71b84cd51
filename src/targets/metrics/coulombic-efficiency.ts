import { z } from 'zod';
import {
  type CoulombicEfficiencyFit,
  fitCoulombicEfficiency,
} from '../../analysis/coulombic-efficiency/index.js';
import { NotComputable } from '../../analysis/result.js';
import { fromScatter } from '../../analysis/uncertainty/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { efficiencyInput, efficiencyOptions } from '../../fits/kinds/coulombic-efficiency.js';
import { chargeRatioComponent } from '../../fits/uncertainty.js';
import type { LabData } from '../lab-data.js';
import {
  cycleConditions,
  cycleSources,
  cyclesLabelled,
  directionWarning,
  paceOf,
  whenDone,
} from './cycling.js';
import {
  type CellRuling,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  unmeasured,
} from './definition.js';

const DEFAULT_THRESHOLD = 0.995;

/** The statistics of a cell for a target of so many cycles; why there are none as text. */
function efficiencyFit(
  lab: LabData,
  cell: CellRecord,
  required_cycles: number,
  threshold = DEFAULT_THRESHOLD,
): CoulombicEfficiencyFit | string {
  const life = lab.fits.lives.get(cell.cell_id);
  if (life === undefined) return 'no cycling data';
  if (!life.direction_known.some((known) => known)) return 'the direction of the current is not known';
  try {
    return fitCoulombicEfficiency(efficiencyInput(life), {
      ...efficiencyOptions(cell),
      required_cycles,
      threshold,
    });
  } catch (error) {
    if (error instanceof NotComputable) return error.message;
    throw error;
  }
}

const cellOf = (lab: LabData, cell_id: string) =>
  lab.fits.cells.find((cell) => cell.cell_id === cell_id) as CellRecord;

export const coulombicEfficiency = defineCellMetric({
  id: 'coulombic_efficiency',
  level: 'cell',
  title: 'coulombic efficiency',
  formula:
    'mean of charge out over charge in of the first eligible (ageing or capacity-limited) cycles, one quotient per cycle',
  units: { '1': 1, percent: 100 },
  pooling: 'plain',
  cellTypes: ['li_cu', 'anode_half', 'anode_free', 'cathode_half', 'full'],
  settings: z.strictObject({
    ...cellConditions,
    /** Eligible cycles over which the mean is taken. */
    required_cycles: z.int().min(1).default(500),
  }),
  measure(lab, cell, { required_cycles }) {
    const fit = efficiencyFit(lab, cell, required_cycles);
    const life = lab.fits.lives.get(cell.cell_id);
    if (life === undefined) return unmeasured(cell.cell_id, 'no cycling data');
    const eligible = cyclesLabelled(life, ['ageing', 'capacity_limited']);
    const known = life.cycle.filter((_, i) => life.direction_known[i]);
    const excluded: Exclusion[] =
      typeof fit === 'string'
        ? []
        : fit.excluded.map(({ index, reason }) => ({ cycle: known[index] as number, reason }));
    const around = {
      excluded,
      warnings: [...(typeof fit === 'string' ? [] : fit.warnings), ...directionWarning(life)],
      conditions: cycleConditions(lab, cell, life, eligible.slice(0, required_cycles)),
      sources: cycleSources(life, eligible),
    };
    if (typeof fit === 'string') return unmeasured(cell.cell_id, fit, around);
    const mean = fit.results.find(({ quantity }) => quantity === 'mean');
    const left = required_cycles - fit.eligible;
    if (mean === undefined) return unmeasured(cell.cell_id, `${required_cycles} eligible cycles`, around);
    return {
      ...unmeasured(cell.cell_id, '', around),
      ...mean,
      cell_id: cell.cell_id,
      components: [
        fromScatter('cycles', mean.standard_error ?? Number.NaN, mean.dof ?? 0),
        chargeRatioComponent(cell),
      ],
      supports: left > 0 ? 'INSUFFICIENT DATA' : 'verdict',
      missing:
        left > 0
          ? `${left} more eligible cycles (${fit.eligible} of ${required_cycles})${whenDone(paceOf(lab, life), left)}`
          : null,
      goodness: {
        eligible_cycles: fit.eligible,
        lowest_block100_mean: fit.goodness.lowest_block100_mean ?? null,
        charge_weighted: fit.goodness.charge_weighted ?? null,
        cumulative_product: fit.goodness.cumulative_product ?? null,
        value_without_exclusions: fit.statistics_all?.mean ?? null,
      },
    };
  },
  rule(lab, measurement, limit, { required_cycles }): CellRuling {
    const cell = cellOf(lab, measurement.cell_id);
    const fit = efficiencyFit(lab, cell, required_cycles, limit.threshold);
    if (typeof fit === 'string') return { fails: null, blocks: null };
    if (fit.verdict === 'FAIL') {
      // With all cycles there, the pooled bounds decide.
      return { fails: fit.eligible < required_cycles ? fit.reason : null, blocks: null };
    }
    return { fails: null, blocks: fit.objection };
  },
});
