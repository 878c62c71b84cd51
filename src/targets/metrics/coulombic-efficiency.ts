import { z } from 'zod';
import {
  type CoulombicEfficiencyFit,
  fitCoulombicEfficiency,
  isAnodeEvidence,
  judgeReservoir,
  type ReservoirTest,
} from '../../analysis/coulombic-efficiency/index.js';
import { NotComputable } from '../../analysis/result.js';
import { fromScatter, scaled } from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { type CellLife, OTHER_CHARGE, withOtherCharge } from '../../fits/lives.js';
import {
  efficiencyInput,
  efficiencyOptions,
  ratioComponent,
  reservoirTest,
} from '../../fits/making/coulombic-efficiency.js';
import { rangeNeeded, ratioLacksRange } from '../../fits/uncertainty.js';
import { cyclingMessages } from '../../messages/cycling.js';
import { type Message, named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { LabData } from '../lab-data.js';
import { fractionUnits } from '../units.js';
import {
  countRemark,
  cycleConditions,
  cycleSources,
  cyclesLabelled,
  directionWarning,
  moreCycles,
} from './cycling.js';
import {
  type CellMeasurement,
  type CellRuling,
  cellConditions,
  defineCellMetric,
  type Exclusion,
  measurementOf,
  unmeasured,
} from './definition.js';

const DEFAULT_THRESHOLD = 0.995;

/** The statistics of a cell for a target of this many cycles, or why there are none. */
function efficiencyFit(
  lab: LabData,
  cell: CellRecord,
  required_cycles: number,
  threshold = DEFAULT_THRESHOLD,
): CoulombicEfficiencyFit | Message {
  const life = lab.fits.lives.get(cell.cell_id);
  if (life === undefined) return say('NO_CYCLING');
  if (!life.direction_known.some((known) => known)) {
    return cyclingMessages('CURRENT_DIRECTION_UNKNOWN/all');
  }
  return efficiencyOf(cell, life, required_cycles, threshold);
}

function efficiencyOf(
  cell: CellRecord,
  life: CellLife,
  required_cycles: number,
  threshold: number,
): CoulombicEfficiencyFit | Message {
  try {
    return fitCoulombicEfficiency(efficiencyInput(life), {
      ...efficiencyOptions(cell, life),
      required_cycles,
      threshold,
    });
  } catch (error) {
    if (error instanceof NotComputable) return error.why ?? error;
    throw error;
  }
}

const isFit = (fit: CoulombicEfficiencyFit | Message): fit is CoulombicEfficiencyFit => 'results' in fit;

/** What prevents a PASS of a cell. */
const objectionOf = ({ objection }: CoulombicEfficiencyFit): CellRuling['blocks'] =>
  objection === null ? null : { reason: objection.because, needed: objection.needs };

/** The mean with the charges from the source that is not reported (counter or integral), where the two differ. */
function otherEfficiencies(cell: CellRecord, life: CellLife, required_cycles: number): OtherChoice[] {
  const other = withOtherCharge(life);
  if (other === null) return [];
  const fit = efficiencyOf(cell, other, required_cycles, DEFAULT_THRESHOLD);
  const mean = isFit(fit) ? fit.results.find(({ quantity }) => quantity === 'mean') : undefined;
  if (mean?.value == null) return [];
  const scatter = fromScatter('cycles', mean.standard_error ?? Number.NaN, mean.dof ?? 0);
  const components = [scatter, ratioComponent(cell, life)];
  return [{ choice: 'charge', alternative: OTHER_CHARGE, value: mean.value, components }];
}

/** A lithium anode is judged on cells that show it; in others the quotient is that of the cathode. */
const needsAnode = (cell: CellRecord) =>
  cell.category === 'li_metal_anode' && !isAnodeEvidence(cell.cell_type, cell.lithium_excess_mah);

const anodeNeeded = say('ANODE_NEEDED');

function ruleOfReservoir(test: ReservoirTest, required: number, threshold: number): CellRuling {
  const { verdict, because: reason, needs: needed } = judgeReservoir(test, required, threshold);
  if (verdict === 'FAIL') return { fails: test.n < required ? reason : null, blocks: null };
  return { fails: null, blocks: { reason, needed: needed ?? cyclingMessages('STRIPS_AT_CUTOFF') } };
}

/** The average of a reservoir test, which alone is no evidence that an efficiency holds over many cycles. */
function measureReservoir(
  cell: CellRecord,
  life: CellLife,
  test: ReservoirTest,
  required: number,
  around: Partial<CellMeasurement>,
): CellMeasurement {
  const value = test.coulombic_efficiency;
  const missing =
    test.n < required ? say('MORE_AVERAGED', { more: required - test.n, done: test.n, required }) : null;
  return {
    ...measurementOf(cell.cell_id, around),
    value,
    components: scaled([ratioComponent(cell, life)], value),
    ci95_low: test.ci95[0],
    ci95_high: test.ci95[1],
    bound95_low: test.bound95[0],
    bound95_high: test.bound95[1],
    standard_error: null,
    n: test.n,
    method: 'reservoir: (Σ strip + last strip)/(Σ plate + reservoir)',
    supports: needsAnode(cell) || missing !== null ? 'INSUFFICIENT DATA' : 'verdict',
    missing: needsAnode(cell) ? anodeNeeded : missing,
    goodness: {
      reservoir_cycles: test.n,
      preconditioning_cycles: test.preconditioning_cycles,
      reservoir_ah: test.reservoir,
      final_strip_ah: test.final_strip,
    },
  };
}

function ruleOfCell(
  lab: LabData,
  cell: CellRecord,
  life: CellLife,
  required: number,
  threshold: number,
): CellRuling {
  if (needsAnode(cell)) return { fails: null, blocks: null };
  const reservoir = reservoirTest(cell, life);
  if (reservoir !== null) return ruleOfReservoir(reservoir, required, threshold);
  const fit = efficiencyFit(lab, cell, required, threshold);
  if (!isFit(fit)) return { fails: null, blocks: null };
  if (fit.verdict === 'FAIL') {
    // When all cycles exist, the pooled bounds decide.
    return { fails: fit.eligible < required ? fit.because : null, blocks: null };
  }
  return { fails: null, blocks: objectionOf(fit) ?? (ratioLacksRange(cell) ? rangeNeeded : null) };
}

const cellOf = (lab: LabData, cell_id: string) =>
  lab.fits.cells.find((cell) => cell.cell_id === cell_id) as CellRecord;

export const coulombicEfficiency = defineCellMetric({
  id: 'coulombic_efficiency',
  level: 'cell',
  title: 'coulombic efficiency',
  formula:
    'mean of charge out over charge in of the first eligible (ageing or capacity-limited) cycles, one quotient per cycle',
  units: fractionUnits,
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
    if (life === undefined) return unmeasured(cell.cell_id, say('NO_CYCLING'));
    const eligible = cyclesLabelled(life, ['ageing', 'capacity_limited']);
    const known = life.cycle.filter((_, i) => life.direction_known[i]);
    const excluded: Exclusion[] = isFit(fit)
      ? fit.excluded.map(({ index, ...rest }) => ({ cycle: known[index] as number, ...rest }))
      : [];
    const around = {
      excluded,
      warnings: [...(isFit(fit) ? fit.warnings : []), ...directionWarning(life)],
      conditions: cycleConditions(lab, cell, life, eligible.slice(0, required_cycles)),
      sources: cycleSources(life, eligible),
    };
    const reservoir = reservoirTest(cell, life);
    if (reservoir !== null) return measureReservoir(cell, life, reservoir, required_cycles, around);
    if (!isFit(fit)) return unmeasured(cell.cell_id, fit, around);
    const mean = fit.results.find(({ quantity }) => quantity === 'mean');
    if (mean === undefined) {
      return unmeasured(cell.cell_id, say('ELIGIBLE_CYCLES', { n: required_cycles }), around);
    }
    const eligibleCycles = { what: named('eligible cycles'), done: fit.eligible, required: required_cycles };
    const missing = needsAnode(cell) ? anodeNeeded : moreCycles(lab, life, eligibleCycles);
    return {
      ...measurementOf(cell.cell_id, around),
      ...mean,
      cell_id: cell.cell_id,
      components: [
        fromScatter('cycles', mean.standard_error ?? Number.NaN, mean.dof ?? 0),
        ratioComponent(cell, life),
      ],
      alternatives: otherEfficiencies(cell, life, required_cycles),
      supports: missing === null ? 'verdict' : 'INSUFFICIENT DATA',
      missing,
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
    const life = lab.fits.lives.get(cell.cell_id);
    if (life === undefined) return { fails: null, blocks: null };
    const remark = countRemark(life);
    const ruling = ruleOfCell(lab, cell, life, required_cycles, limit.threshold);
    return remark === undefined ? ruling : { ...ruling, remark };
  },
});
