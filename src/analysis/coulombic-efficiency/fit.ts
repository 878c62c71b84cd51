import { cyclingMessages as say } from '../../messages/cycling.js';
import type { Message } from '../../messages/message.js';
import { type FitResult, NotComputable } from '../result.js';
import type { Verdict } from '../verdict/judge.js';
import { type CellType, chargeWeightedEfficiency, coulombicEfficiency } from './definition.js';
import { efficiencyGoodness, efficiencyQuantities } from './quantities.js';
import { type CoulombicEfficiencyInput, type EfficiencyRow, exclusions, readRows } from './rows.js';
import type { SoftShort } from './soft-short.js';
import { type EfficiencyStatistics, efficiencyStatistics } from './statistics.js';
import { type EfficiencyEvidence, judgeEfficiency, type Objection, objectionToPass } from './verdict.js';
import { efficiencyWarnings, excludedShare, isPossibleSoftShort } from './warnings.js';

/** Kind of cell, instrument and target. */
export interface CoulombicEfficiencyOptions {
  /** Default `full`. Where efficiencies are given, it only decides what is checked. */
  cell_type?: CellType;
  /** Eligible cycles that the target asks for. Default 500. */
  required_cycles?: number;
  /** Fraction. Default 0.995. */
  threshold?: number;
  /** Limit ±a of the charge/discharge ratio, a fraction. Default 0.0005, an ordinary cycler. */
  instrument_half_width?: number;
  /** What the voltage of the plating steps shows (`detectSoftShort`); absent: it was not examined. */
  soft_short?: Pick<SoftShort, 'found' | 'reason' | 'why' | 'first'> | null;
}

export interface CoulombicEfficiencyFit extends FitResult {
  eligible: number;
  required_cycles: number;
  verdict: Verdict['verdict'];
  reason: string;
  needed: string | null;
  /** The reason as a code with values. */
  because: Message;
  margin: number | null;
  /** What prevents a PASS whatever the bounds are; for cells that are pooled with others. */
  objection: Objection | null;
  /** Statistics of the judged cycles; the name says how many there are: `statistics_first_500_eligible`. */
  [first: `statistics_first_${number}_eligible`]: EfficiencyStatistics | null;
  /** Every cycle that has an efficiency, whatever its label. */
  statistics_all: EfficiencyStatistics | null;
}

/**
 * Coulombic efficiency of one cell over its cycles, and whether it is above the threshold over the required number of
 * eligible (ageing or capacity-limited) cycles. All figures are fractions.
 *
 * @throws NotComputable `NO_EFFICIENCY` when no cycle has one, or the cell type has none
 */
export function fitCoulombicEfficiency(
  input: CoulombicEfficiencyInput,
  options: CoulombicEfficiencyOptions = {},
): CoulombicEfficiencyFit {
  const cellType = options.cell_type ?? 'full';
  const required = options.required_cycles ?? 500;
  const threshold = options.threshold ?? 0.995;
  const halfWidth = options.instrument_half_width ?? 0.0005;
  const rows = readRows(input, cellType);
  const valid = rows.filter((row) => row.efficiency !== null);
  if (valid.length === 0) throw noEfficiency(cellType, rows);
  const eligible = valid.filter((row) => row.reason === null);
  const first = eligible.slice(0, required);
  const ofFirst = statisticsOf(first, cellType, halfWidth);
  const shorted = options.soft_short ?? null;
  const softShort = shorted?.found === true || isPossibleSoftShort(eligible, cellType);
  const evidence: EfficiencyEvidence = {
    statistics: ofFirst,
    excluded_share: excludedShare(rows, first),
    possible_soft_short: softShort,
  };
  const verdict = judgeEfficiency(evidence, required, threshold);
  const fit: CoulombicEfficiencyFit = {
    results: ofFirst ? efficiencyQuantities(ofFirst) : [],
    goodness: ofFirst
      ? efficiencyGoodness(ofFirst, verdict, eligible.length)
      : { eligible: 0, verdict: verdict.verdict },
    warnings: efficiencyWarnings(rows, eligible, cellType, softShort, shorted),
    excluded: exclusions(rows),
    eligible: eligible.length,
    required_cycles: required,
    verdict: verdict.verdict,
    reason: verdict.reason,
    needed: verdict.needed,
    because: verdict.because,
    margin: verdict.margin,
    objection: objectionToPass(evidence, threshold),
    statistics_all: statisticsOf(valid, cellType, halfWidth),
  };
  fit[`statistics_first_${required}_eligible`] = ofFirst;
  return fit;
}

function noEfficiency(cellType: CellType, rows: EfficiencyRow[]): NotComputable {
  const { why: undefinedFor } = coulombicEfficiency(cellType, 1, 1);
  const why = undefinedFor ?? rows.find((row) => row.why !== null)?.why ?? say('NO_CYCLES');
  return new NotComputable('NO_EFFICIENCY', say('NO_EFFICIENCY', { why }));
}

function statisticsOf(
  rows: EfficiencyRow[],
  cellType: CellType,
  halfWidth: number,
): EfficiencyStatistics | null {
  if (rows.length === 0) return null;
  const measured = rows.every((row) => row.charge !== null && row.discharge !== null);
  const weighted = measured
    ? chargeWeightedEfficiency(
        cellType,
        rows.map((row) => row.charge as number),
        rows.map((row) => row.discharge as number),
      )
    : null;
  const efficiencies = rows.map((row) => row.efficiency as number);
  return efficiencyStatistics(efficiencies, halfWidth, weighted);
}
