import type { AnalysisWarning } from '../result.js';
import type { CellType } from './definition.js';
import type { EfficiencyRow } from './rows.js';
import type { SoftShort } from './soft-short.js';

const PLAUSIBLE: readonly [number, number] = [0.5, 1.05];
/** Efficiencies above 1 in so many cycles running are no chance. */
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

/** Efficiencies above 1 in several cycles running, with a noisy voltage, in a cell with lithium metal. */
export function isPossibleSoftShort(rows: EfficiencyRow[], cellType: CellType): boolean {
  return hasSuspiciousRun(rows, cellType, (row) => row.noisy);
}

/** All that is doubtful about a series of efficiencies. */
export function efficiencyWarnings(
  rows: EfficiencyRow[],
  eligible: EfficiencyRow[],
  cellType: CellType,
  softShort: boolean,
  shorted: Pick<SoftShort, 'found' | 'reason' | 'first'> | null = null,
): AnalysisWarning[] {
  const warnings: AnalysisWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message });
  const implausible = rows.filter(isImplausible);
  if (implausible.length > 0) {
    const cycles = implausible.slice(0, 20).map((row) => row.cycle);
    warn('CE_IMPLAUSIBLE', `efficiencies outside 50 to 105 % are kept: cycles ${cycles.join(', ')}`);
  }
  if (shorted?.found === true)
    warn(
      'POSSIBLE_SOFT_SHORT',
      `the plating voltage falls between records again and again, from cycle ${shorted.first} on`,
    );
  else if (softShort)
    warn('POSSIBLE_SOFT_SHORT', 'efficiencies above 1 in several cycles running, with a noisy voltage');
  else if (hasSuspiciousRun(eligible, cellType, () => true)) {
    warn('CE_ABOVE_ONE', 'efficiencies above 1 in several cycles running: look for a soft short');
  }
  if (shorted?.found === null)
    warn('SOFT_SHORT_NOT_ASSESSED', `soft shorts were not looked for: ${shorted.reason}`);
  const gap = rows.find((row, i) => row.label === 'interrupted' && rows[i + 1]?.label === 'interrupted');
  if (gap)
    warn('GAP_IN_SERIES', `more than one interrupted cycle running from cycle ${gap.cycle}: not consecutive`);
  const drift = cellType === 'anode_free' ? inventoryMismatch(eligible) : null;
  if (drift !== null) {
    const percent = (100 * drift).toFixed(1);
    warn(
      'INVENTORY_MISMATCH',
      `the product of efficiencies and the capacity left differ by ${percent} %: lithium is lost or gained elsewhere`,
    );
  }
  return warnings;
}

/** In an anode-free cell the product of the efficiencies is the capacity left; null when it is, within 2 %. */
function inventoryMismatch(rows: EfficiencyRow[]): number | null {
  const initial = rows[0]?.discharge ?? null;
  const final = rows.at(-1)?.discharge ?? null;
  if (rows.length < 2 || !initial || !final) return null;
  const product = rows.slice(1).reduce((total, row) => total * (row.efficiency as number), 1);
  const difference = product / (final / initial) - 1;
  return Math.abs(difference) > 0.02 ? difference : null;
}
