import type { ImpedanceQuantity } from '../../analysis/impedance/result.js';
import type { AnalysisWarning } from '../../analysis/result.js';
import { declaredHalfWidth, type UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import { isLowerLimit, type Limit } from '../../analysis/verdict/index.js';
import type { SpectrumRecord } from '../../fits/spectra.js';
import { targetMessages as say } from '../../messages/targets.js';
import type { CellMeasurement, CellRuling } from './definition.js';

/** A sweep and the resistance it gave. */
export interface Sweep {
  spectrum: Pick<
    SpectrumRecord,
    'temperature_celsius' | 'branch' | 'state_of_charge' | 'stationarity_relative'
  >;
  row: ImpedanceQuantity | null;
}

/** Whether a cell was stationary while it was measured. */
export interface Stationarity {
  components: UncertaintyComponent[];
  warnings: AnalysisWarning[];
  /** Whether repeated sweeps, or a statement of the laboratory, show how much it drifted. */
  tested: boolean;
}

/** Repeats are sweeps within this of each other. */
const sameTemperatureKelvin = 1;
/** A drift of this size can pass the Kramers–Kronig test unnoticed; a PASS closer to its limit needs a repetition. */
const unseenDrift = 0.02;

function areRepeats({ spectrum: a }: Sweep, { spectrum: b }: Sweep): boolean {
  return (
    a.temperature_celsius !== null &&
    b.temperature_celsius !== null &&
    Math.abs(a.temperature_celsius - b.temperature_celsius) <= sameTemperatureKelvin &&
    a.branch === b.branch &&
    a.state_of_charge === b.state_of_charge
  );
}

const relativeError = ({ row }: Sweep) => (row?.standard_error_adjusted ?? 0) / (row?.value ?? Number.NaN);

/** A drift belongs to the cell and is not shared. */
const ofOneCell = (component: UncertaintyComponent, kind: UncertaintyComponent['kind']) => ({
  ...component,
  kind,
  shared: false,
});

/** The largest difference |ln(Ra/Rb)| between repeated sweeps, and the error of that difference; null without repeats. */
function largestDrift(sweeps: readonly Sweep[]): { drift: number; error: number } | null {
  let worst: { drift: number; error: number } | null = null;
  sweeps.forEach((a, i) => {
    for (const b of sweeps.slice(i + 1)) {
      if (!areRepeats(a, b) || a.row?.value == null || b.row?.value == null) continue;
      const drift = Math.abs(Math.log(a.row.value / b.row.value));
      if (worst === null || drift > worst.drift) {
        worst = { drift, error: Math.hypot(relativeError(a), relativeError(b)) };
      }
    }
  });
  return worst;
}

/**
 * What is known about a drift during the sweeps. The Kramers–Kronig relations do not show a slow one. Repeated sweeps
 * show it (the mean is reported, and half the difference is its half width), else the laboratory states it
 * (`stationarity_relative`).
 */
export function stationarityOf(sweeps: readonly Sweep[]): Stationarity {
  const repeats = largestDrift(sweeps);
  if (repeats !== null) {
    const { drift, error } = repeats;
    return {
      components: [ofOneCell(declaredHalfWidth('drift between sweeps', drift / 2), 'measured')],
      warnings: drift > 2 * error ? [say('DRIFT', { percent: (100 * drift).toPrecision(2) })] : [],
      tested: true,
    };
  }
  const stated = sweeps.map(({ spectrum }) => spectrum.stationarity_relative);
  const known = stated.filter((value) => value !== null);
  if (stated.length === 0 || known.length < stated.length)
    return { components: [], warnings: [], tested: false };
  return {
    components: [ofOneCell(declaredHalfWidth('drift during the sweep', Math.max(...known)), 'declared')],
    warnings: [],
    tested: true,
  };
}

/**
 * Mentioned in every verdict that rests on single sweeps. A PASS that is closer to its limit than an unseen drift does
 * not count.
 */
export function stationarityRuling(measurement: CellMeasurement, limit: Limit): CellRuling {
  const remark = say('ONE_SWEEP');
  const nothing: CellRuling = { fails: null, blocks: null };
  if (measurement.value === null || measurement.goodness.stationarity_tested !== false) return nothing;
  const bound = isLowerLimit(limit) ? measurement.bound95_low : measurement.bound95_high;
  if (bound === null) return { ...nothing, remark };
  const distance =
    (isLowerLimit(limit) ? bound - limit.threshold : limit.threshold - bound) / limit.threshold;
  if (distance < 0 || distance >= unseenDrift) return { ...nothing, remark };
  return {
    fails: null,
    remark,
    blocks: {
      reason: say('NEAR_DRIFT', { percent: (100 * distance).toPrecision(2) }),
      needed: say('SWEEP_AGAIN'),
    },
  };
}
