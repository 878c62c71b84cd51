import type { DuckDBConnection } from '@duckdb/node-api';
import { median, robustScale, theilSenLine } from '../analysis/statistics/index.js';
import { select } from '../store/connection.js';

/**
 * Cells whose newest cycles deviate from the trend of their own earlier ones.
 *
 * A cycle is compared with the cell's earlier cycles of the same label, at the same mean discharge current within 10 %
 * (a C-rate would change with the capacity that is in doubt) and a mean temperature within 5 °C: a robust line
 * (Theil–Sen slope, median intercept) through the last 30 of them, at least 8. Its deviation is its distance from that
 * line divided by the standard deviation of a new point about the line: the robust scale of the residuals (1.4826
 * times their median magnitude, at least the resolution below), widened for the distance from the points of the line.
 * A cell has left its trend if the median deviation of its last three new cycles (or of fewer, where there are fewer)
 * is above 5; one bad cycle among good ones does not count.
 */
export const trendDefinition =
  'the median of the last 3 new cycles lies more than 5 robust standard deviations from a Theil-Sen line through the last 30 (at least 8) earlier cycles of the same label, mean discharge current (10 %) and temperature (5 °C)';

const earlierCycles = { atLeast: 8, atMost: 30 };
const judgedCycles = 3;
const limit = 5;

/** The quantities that are followed, each with the relative scatter below which a deviation means nothing. */
const quantities = [
  { quantity: 'coulombic_efficiency', unit: '1', resolution: 0.0005 },
  { quantity: 'discharging_capacity_ah', unit: 'Ah', resolution: 0.002 },
] as const;

type Quantity = (typeof quantities)[number]['quantity'];

/** A complete cycle of a cell's life. */
export type LifeCycle = {
  cell_id: string;
  cell_cycle: number;
  label: string;
  mean_current_ampere: number | null;
  mean_temperature_celsius: number | null;
  is_new: boolean;
} & Record<Quantity, number | null>;

/** A cell that left its trend. */
export interface TrendBreak {
  cell_id: string;
  quantity: Quantity;
  unit: string;
  /** The newest cycle that was judged. */
  cell_cycle: number;
  value: number;
  expected: number;
  /** Standard deviation of a new point about the line. */
  scale: number;
  /** Median over the judged cycles, in standard deviations; negative: below the trend. */
  deviation: number;
  judged_cycles: number;
  earlier_cycles: number;
}

function isComparable(earlier: LifeCycle, cycle: LifeCycle): boolean {
  if (earlier.label !== cycle.label) return false;
  const currents = [earlier.mean_current_ampere, cycle.mean_current_ampere];
  if (
    currents[0] != null &&
    currents[1] != null &&
    Math.abs(currents[0] - currents[1]) > 0.1 * Math.abs(currents[1])
  )
    return false;
  const [then, now] = [earlier.mean_temperature_celsius, cycle.mean_temperature_celsius];
  return then === null || now === null || Math.abs(then - now) <= 5;
}

interface Expectation {
  expected: number;
  scale: number;
}

/** What a line through earlier points predicts for a point at `at`. */
function expectation(x: readonly number[], y: readonly number[], at: number, floor: number): Expectation {
  const { slope } = theilSenLine(x, y);
  const intercept = median(y.map((value, i) => value - slope * x[i]!));
  const residuals = y.map((value, i) => value - intercept - slope * x[i]!);
  const expected = intercept + slope * at;
  const scatter = Math.max(robustScale(residuals), floor * Math.abs(expected));
  const centre = x.reduce((sum, value) => sum + value, 0) / x.length;
  const spread = x.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { expected, scale: scatter * Math.sqrt(1 + 1 / x.length + (at - centre) ** 2 / spread) };
}

function breakOf(life: readonly LifeCycle[], { quantity, unit, resolution }: (typeof quantities)[number]) {
  const known = life.filter((cycle) => cycle[quantity] !== null && Number.isFinite(cycle[quantity]));
  const judged = known.filter(({ is_new }) => is_new).slice(-judgedCycles);
  const newest = judged.at(-1);
  if (newest === undefined) return undefined;
  const earlier = known
    .filter((cycle) => !cycle.is_new && isComparable(cycle, newest))
    .slice(-earlierCycles.atMost);
  if (earlier.length < earlierCycles.atLeast) return undefined;
  const x = earlier.map(({ cell_cycle }) => cell_cycle);
  const y = earlier.map((cycle) => cycle[quantity]!);
  const compared = judged.filter((cycle) => isComparable(cycle, newest));
  const deviations = compared.map((cycle) => {
    const { expected, scale } = expectation(x, y, cycle.cell_cycle, resolution);
    return (cycle[quantity]! - expected) / scale;
  });
  const found: TrendBreak = {
    cell_id: newest.cell_id,
    quantity,
    unit,
    cell_cycle: newest.cell_cycle,
    value: newest[quantity]!,
    ...expectation(x, y, newest.cell_cycle, resolution),
    deviation: median(deviations),
    judged_cycles: compared.length,
    earlier_cycles: earlier.length,
  };
  return found;
}

/** The deviations of the cycles of one life, oldest first; undefined where there are too few cycles. */
export function trendBreaks(life: readonly LifeCycle[]): { breaks: TrendBreak[]; isJudged: boolean } {
  const judged = quantities.flatMap((quantity) => breakOf(life, quantity) ?? []);
  return {
    breaks: judged.filter(({ deviation }) => Math.abs(deviation) > limit),
    isJudged: judged.length > 0,
  };
}

/** Cells with new cycles: how many had an earlier trend, and which left it. Excluded cells are left out. */
export async function findTrendBreaks(
  connection: DuckDBConnection,
  since: Date,
): Promise<{ cells_judged: number; cells_without_trend: number; left: TrendBreak[] }> {
  const cycles = await select<LifeCycle>(
    connection,
    `WITH fresh AS (
       SELECT tf.test_id, min(tf.first_record_index) AS first_record_index
       FROM test_files tf JOIN files f USING (file_id) WHERE f.ingested_at >= $1 GROUP BY tf.test_id
     ), life AS (
       SELECT c.cell_id, c.cell_cycle, c.label, c.mean_temperature_celsius, c.coulombic_efficiency,
         c.discharging_capacity_ah * 3600 / nullif(c.discharging_duration_second, 0) AS mean_current_ampere,
         c.discharging_capacity_ah, coalesce(y.last_record_index >= n.first_record_index, false) AS is_new
       FROM cell_cycles c
       JOIN cycles y ON y.test_id = c.test_id AND y.cycle_count = c.cycle_count
       LEFT JOIN fresh n ON n.test_id = c.test_id
       WHERE c.is_complete AND c.excluded_reason IS NULL
         AND c.cell_id NOT IN (SELECT cell_id FROM exclusions WHERE undone_at IS NULL)
     )
     SELECT * FROM life WHERE cell_id IN (SELECT cell_id FROM life WHERE is_new) ORDER BY cell_id, cell_cycle`,
    [since],
  );
  const lives = new Map<string, LifeCycle[]>();
  for (const cycle of cycles) {
    const life = lives.get(cycle.cell_id);
    if (life === undefined) lives.set(cycle.cell_id, [cycle]);
    else life.push(cycle);
  }
  const judged = [...lives.values()].map(trendBreaks);
  return {
    cells_judged: judged.filter(({ isJudged }) => isJudged).length,
    cells_without_trend: judged.filter(({ isJudged }) => !isJudged).length,
    left: judged.flatMap(({ breaks }) => breaks),
  };
}
