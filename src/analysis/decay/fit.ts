import type { Quantity } from '../result.js';
import { otherDecays } from './alternatives.js';
import { blockBootstrap } from './bootstrap.js';
import { decayTo80, endOfLifeIndex, endPoints, firstBelow80 } from './end-of-life.js';
import { fitLifeProjection, ofInitial } from './life.js';
import { decayGoodness, decayQuantities } from './quantities.js';
import { type CapacitySeries, selectSeries } from './series.js';
import type { DecayFit, DecayInput, DecayOptions, WindowAnalysis } from './types.js';
import { judgeDecay } from './verdict.js';
import { decayWarnings, verdictRemarks } from './warnings.js';
import { analyseWindow, type WindowOptions } from './window.js';

const MINIMUM_WINDOW = 5;

/** What the verdict on D rests on, without what is only shown beside it. */
export function judgeSeries(input: DecayInput, options: DecayOptions) {
  const selected = selectSeries(input);
  const series = selected.primary;
  const how = { spaced: series.kind === 'checkup', wander: options.capacity_wander_relative ?? 0 };
  const all = analyseWindow(series.n, series.capacity, how);
  const ends = endPoints(series.n, series.capacity);
  const lifeIndex = endOfLifeIndex(series.capacity, ends.initial_capacity_median5);
  const window = windowToEndOfLife(series, lifeIndex, how);
  const judged = window ?? all;
  const cyclesToEnd = lifeIndex === null ? null : (series.n[lifeIndex] as number);
  const verdict_D = judgeDecay(
    {
      window: judged.estimate,
      recent: judged.recent,
      knee: judged.judged_knee,
      cycles_spanned: (series.n.at(-1) as number) - (series.n[0] as number) + 1,
      cycles_to_end_of_life: cyclesToEnd,
      remarks: verdictRemarks(judged),
    },
    options.target_per_cycle,
    options.minimum_cycles,
  );
  return { selected, series, how, all, ends, lifeIndex, window, judged, cyclesToEnd, verdict_D };
}

/**
 * Decay rate D of Q(n) = Q₀(1 − D)ⁿ for one cell, by every estimator, with knee, adequacy of the law, life to 80 % and
 * the verdict. D is a fraction per cycle.
 *
 * @throws NotComputable `FEW_CYCLES`, `CAPACITY_LIMITED`
 */
export function fitDecay(input: DecayInput, options: DecayOptions = {}): DecayFit {
  const { selected, series, how, all, ends, lifeIndex, window, judged, cyclesToEnd, verdict_D } = judgeSeries(
    input,
    options,
  );
  const { wander } = how;
  const below = firstBelow80(series.capacity, ends.initial_capacity_median5);
  const energy = energyDecay(input, series, how);
  return {
    results: decayQuantities({ all, judged, series, cyclesToEnd, energy, ends }, options.capacity_unit ?? ''),
    goodness: decayGoodness(all, series),
    warnings: decayWarnings(selected, all),
    excluded: selected.excluded,
    series: series.kind,
    log_ols: all.log_ols,
    nls: withoutResiduals(all.exponential),
    theil_sen: all.robust.theil_sen,
    huber: all.robust.huber,
    model_comparison: all.model_comparison,
    knee: all.knee,
    block_bootstrap: blockBootstrap(series.n, series.capacity, options.bootstrap_samples ?? 1000),
    ...ends,
    first_cycle_below_80pct_of_initial: below === null ? null : (series.cycle[below] as number),
    end_of_life_cycle: lifeIndex === null ? null : (series.cycle[lifeIndex] as number),
    window_to_eol:
      window && cyclesToEnd
        ? {
            n: window.n,
            log_ols: window.log_ols,
            knee: window.knee,
            model_comparison: window.model_comparison,
            D_mean_to_80pct: decayTo80(cyclesToEnd),
          }
        : null,
    life_projection:
      lifeIndex === null ? fitLifeProjection(series.n, ofInitial(series.capacity), wander) : null,
    wander_half_width: wander,
    alternatives: otherDecays(series.n.slice(0, judged.n), series.capacity.slice(0, judged.n), judged, how),
    verdict_D,
    ...selected.selections,
  };
}

/**
 * The analysis of the window up to the end of life; null where no end of life was seen, or too few points precede it.
 */
function windowToEndOfLife(
  series: CapacitySeries,
  index: number | null,
  how: WindowOptions,
): WindowAnalysis | null {
  if (index === null || index < MINIMUM_WINDOW) return null;
  return analyseWindow(series.n.slice(0, index), series.capacity.slice(0, index), how);
}

function energyDecay(input: DecayInput, series: CapacitySeries, how: WindowOptions): Quantity | null {
  const { energy } = input;
  if (energy === undefined) return null;
  const usable = series.index.map((at, i) => ({ n: series.n[i] as number, value: energy[at] ?? 0 }));
  const positive = usable.filter((row) => row.value > 0);
  if (positive.length < 3) return null;
  const n = Float64Array.from(positive, (row) => row.n);
  const fit = analyseWindow(
    n,
    Float64Array.from(positive, (row) => row.value),
    how,
  );
  return { ...fit.D, quantity: 'D_energy' };
}

function withoutResiduals({ residuals: _residuals, ...fit }: WindowAnalysis['exponential']): DecayFit['nls'] {
  return fit;
}
