import { cyclingMessages as say } from '../../messages/cycling.js';
import type { AnalysisWarning } from '../result.js';
import type { CellType } from './definition.js';
import type { EfficiencyRow } from './rows.js';
import type { SoftShort } from './soft-short.js';

const PLAUSIBLE: readonly [number, number] = [0.5, 1.05];
/** Efficiencies above 1 in this many consecutive cycles are not a coincidence. */
const SUSPICIOUS_RUN = 3;
const LITHIUM_METAL: readonly CellType[] = ['li_cu', 'anode_free'];

function isImplausible(row: EfficiencyRow): boolean {
  return row.efficiency !== null && (row.efficiency < PLAUSIBLE[0] || row.efficiency > PLAUSIBLE[1]);
}

/** Share of interrupted or implausible cycles between the first and the last judged one. */
export function excludedShare(rows: EfficiencyRow[], judged: EfficiencyRow[]): number {
  const start = judged[0]?.cycle;
  const end = judged.at(-1)?.cycle;
  if (start === undefined || end === undefined) return 0;
  const between = rows.filter((row) => row.cycle >= start && row.cycle <= end);
  const bad = between.filter((row) => row.label === 'interrupted' || isImplausible(row));
  return bad.length / between.length;
}

function hasSuspiciousRun(
  rows: EfficiencyRow[],
  cellType: CellType,
  also: (row: EfficiencyRow) => boolean,
): boolean {
  if (!LITHIUM_METAL.includes(cellType)) return false;
  let run = 0;
  for (const row of rows) {
    run = (row.efficiency as number) > 1 && also(row) ? run + 1 : 0;
    if (run >= SUSPICIOUS_RUN) return true;
  }
  return false;
}

/** Efficiencies above 1 in several consecutive cycles, with a noisy voltage, in a cell with lithium metal. */
export function isPossibleSoftShort(rows: EfficiencyRow[], cellType: CellType): boolean {
  return hasSuspiciousRun(rows, cellType, (row) => row.noisy);
}

/** Everything that is doubtful about a series of efficiencies. */
export function efficiencyWarnings(
  rows: EfficiencyRow[],
  eligible: EfficiencyRow[],
  cellType: CellType,
  softShort: boolean,
  shorted: Pick<SoftShort, 'found' | 'reason' | 'why' | 'first'> | null = null,
): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  const warn = (message: AnalysisWarning) => warnings.push(message);
  const implausible = rows.filter(isImplausible);
  if (implausible.length > 0) {
    const cycles = implausible.slice(0, 20).map((row) => row.cycle);
    warn(say('CE_IMPLAUSIBLE/outside', { cycles: cycles.map(String) }));
  }
  if (shorted?.found === true) warn(say('POSSIBLE_SOFT_SHORT/voltage', { cycle: shorted.first }));
  else if (softShort) warn(say('POSSIBLE_SOFT_SHORT/efficiency'));
  else if (hasSuspiciousRun(eligible, cellType, () => true)) {
    warn(say('CE_ABOVE_ONE'));
  }
  if (shorted?.found === null) warn(say('SOFT_SHORT_NOT_ASSESSED', { why: shorted.why ?? shorted.reason }));
  const gap = rows.find((row, i) => row.label === 'interrupted' && rows[i + 1]?.label === 'interrupted');
  if (gap) warn(say('GAP_IN_SERIES', { cycle: gap.cycle }));
  const drift = cellType === 'anode_free' ? inventoryMismatch(eligible) : null;
  if (drift !== null) {
    warn(say('INVENTORY_MISMATCH', { percent: (100 * drift).toFixed(1) }));
  }
  return warnings;
}

/**
 * In an anode-free cell the product of the efficiencies is the share of the capacity that is left; null where they
 * agree within 2 %.
 */
function inventoryMismatch(rows: EfficiencyRow[]): number | null {
  const initial = rows[0]?.discharge ?? null;
  const final = rows.at(-1)?.discharge ?? null;
  if (rows.length < 2 || !initial || !final) return null;
  const product = rows.slice(1).reduce((total, row) => total * (row.efficiency as number), 1);
  const difference = product / (final / initial) - 1;
  return Math.abs(difference) > 0.02 ? difference : null;
}
