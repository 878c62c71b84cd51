import type { DuckDBConnection } from '@duckdb/node-api';
import { run, select } from '../../store/connection.js';
import { idCondition } from '../../store/derive/id-condition.js';
import { splitRecords } from '../../store/derive/records.js';

/** Where something was seen: how often, and in which line first. */
export interface Sighting {
  count: number;
  line: number | undefined;
}

/** What one pass over the records of a test tells; the audits judge it. Capacities in Ah, energies in Wh, times in s. */
export interface AuditFacts {
  records: number;
  /** Records without a value, by column of `measurements`. */
  empty: Record<CountedColumn, number>;
  /** Records whose current flows but for which neither direction's counter has a value. */
  uncounted: number;
  first_line: number;
  /** Longest time reached minus the first. */
  duration: number;
  largest_voltage: number;
  median_voltage: number;
  smallest_voltage: number;
  largest_current: number;
  /** Current integrated over time inside steps, by direction. */
  charge: number;
  discharge: number;
  /** What the integral cannot know: how the current went between two records that differ. */
  charge_unsure: number;
  /** What the digits of the current resolve (A), where that is coarse; else 0. */
  current_resolution: number;
  /** Records in which current flows. */
  flowing_records: number;
  /** Power integrated over time inside steps, both directions together. */
  energy: number;
  /** Rises of the counters inside steps. */
  charge_counted: number;
  discharge_counted: number;
  energy_counted: number;
  /** Rises and falls of the net counter inside steps. */
  net_charge_counted: number;
  net_discharge_counted: number;
  /** Rises of the directed counters in steps whose current flows their way, and against it. */
  counted_along: number;
  counted_against: number;
  /** The same of the net counter. */
  net_along: number;
  net_against: number;
  /** Time of constant-current steps in which the voltage follows the sign of the current, and in which it does not. */
  trend_along: number;
  trend_against: number;
  trend_steps: number;
  backward: Sighting;
  gap: Sighting & { seconds: number };
  duplicates: Sighting;
  cycle_jumps: Sighting & { from: number; to: number };
  fractional_cycles: Sighting & { value: number };
  counter_falls: Sighting & { total: number };
  /** Changes of step at which a counter had something to lose, and at which it lost it. */
  resets: Record<'within' | 'reversal' | 'cycle', { chances: number; falls: number }>;
}

/** Columns whose missing values are counted. */
export const countedColumns = [
  'vendor_cycle_count',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'net_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'net_energy_wh',
  'ambient_temperature_celsius',
] as const;
export type CountedColumn = (typeof countedColumns)[number];

const remembered = [
  'test_time_second',
  'current_ampere',
  'voltage_volt',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'net_capacity_ah',
  'charging_energy_wh',
  'discharging_energy_wh',
  'step_count',
  'vendor_cycle_count',
  'vendor_record_index',
  'record_index',
];

const short: Record<string, string> = {
  test_time_second: 't',
  current_ampere: 'i',
  voltage_volt: 'v',
  charging_capacity_ah: 'qc',
  discharging_capacity_ah: 'qd',
  net_capacity_ah: 'qn',
  charging_energy_wh: 'ec',
  discharging_energy_wh: 'ed',
  step_count: 's',
  vendor_cycle_count: 'c',
  vendor_record_index: 'r',
  record_index: 'k',
};

/** A CC step: its current spreads no more than this about its mean. */
const constantCurrentSpread = 0.05;
const trendRecords = 10;

/** Decimals that a current may be rounded to: few, for a small cell. */
const resolutions = [3, 4, 5];

const rise = (name: string) =>
  `sum(CASE WHEN same_step AND ${name} > p_${name} THEN ${name} - p_${name} ELSE 0 END)`;
/** A counter that falls although its current flows on; what rounding moves does not count. */
const falls = (name: string, sign: '>' | '<') =>
  `(same_step AND i ${sign} 0 AND p_i ${sign} 0 AND ${name} < 0.999 * p_${name})`;
const isFall = `(${falls('qc', '>')} OR ${falls('qd', '<')})`;
const isJump = '(c > p_c + 1 OR c < p_c)';
/** A step without duration is a placeholder (an impedance sweep inside a cycling test), whose records are alike. */
const isDuplicate = `(lasts AND same_step AND t = p_t AND v = p_v
  AND i IS NOT DISTINCT FROM p_i AND qc IS NOT DISTINCT FROM p_qc AND qd IS NOT DISTINCT FROM p_qd
  AND qn IS NOT DISTINCT FROM p_qn AND r IS NOT DISTINCT FROM p_r)`;

/** What is rare: counted together first, and told apart only where there is any. */
const oddities = {
  backward: 't < p_t',
  duplicates: isDuplicate,
  jumps: isJump,
  fractions: 'c <> floor(c)',
  falls: isFall,
};

/** How the records are gone through: the window of what stood before, and the record indexes at which the scan is cut. */
interface Pass {
  window: string;
  /** The first records of steps. Between them the scan runs in parts beside each other. */
  cuts: readonly number[];
}

/** Records with what stood in the one before. */
function recordsSql(testIds: readonly number[], { window, cuts }: Pass): string {
  if (cuts.length === 0) return partSql(testIds, window, 'TRUE', 'TRUE');
  const parts = [1, ...cuts].map((low, index, lows) => {
    const high = lows[index + 1];
    const below = high === undefined ? '' : ` AND record_index < ${high}`;
    // Each part begins with the last record of the one before.
    return partSql(testIds, window, `record_index >= ${low - 1}${below}`, `k >= ${low}`);
  });
  return parts.join(' UNION ALL ');
}

function partSql(testIds: readonly number[], window: string, range: string, own: string): string {
  const lags = remembered.map((name) => `lag(${name}) OVER (${window}) AS p_${short[name]}`);
  return `
    SELECT *, coalesce(p_s = s, false) AS same_step, CASE WHEN p_s = s AND t > p_t THEN t - p_t ELSE 0 END AS dt
    FROM (
      SELECT test_id, line_number, net_energy_wh, ambient_temperature_celsius,
        ${remembered.map((name) => `${name} AS ${short[name]}`).join(', ')}, ${lags.join(', ')}
      FROM measurements WHERE ${idCondition('test_id', testIds)} AND ${range}
    ) WHERE ${own}`;
}

/** How often each oddity occurs, and where first. */
function odditiesSql(testIds: readonly number[], pass: Pass): string {
  const sightings = Object.entries(oddities).map(
    ([name, condition]) => `count(*) FILTER (WHERE ${condition}) AS ${name}_count,
      arg_min(line_number, k) FILTER (WHERE ${condition}) AS ${name}_line`,
  );
  return `
  SELECT test_id, ${sightings.join(', ')},
    arg_min(p_c, k) FILTER (WHERE ${isJump}) AS jump_from, arg_min(c, k) FILTER (WHERE ${isJump}) AS jump_to,
    arg_min(c, k) FILTER (WHERE c <> floor(c)) AS fraction,
    sum(CASE WHEN ${falls('qc', '>')} THEN p_qc - qc WHEN ${falls('qd', '<')} THEN p_qd - qd ELSE 0 END) AS fall_total
  FROM (
    SELECT r.*, a.lasts
    FROM (${recordsSql(testIds, pass)}) r JOIN audit_steps a ON a.test_id = r.test_id AND a.s = r.s
  )
  GROUP BY test_id`;
}

/**
 * One row per step. Windows without an order stream over the records as they are stored, which is their own order
 * (measured: a fifth of the time that sorting takes); `disordered` counts where that is not so.
 */
function stepsSql(testIds: readonly number[], pass: Pass): string {
  const isRounded = (digits: number) => `abs(i * 1e${digits} - round(i * 1e${digits})) < 1e-6`;
  const isAnyOdd = Object.values(oddities).join(' OR ').replace('lasts AND ', '');
  return `
  SELECT test_id, s,
    count(*) AS n, min(line_number) AS first_line, count(*) FILTER (WHERE k <> p_k + 1) AS disordered,
    min(t) AS t_low, max(t) AS t_high, min(v) AS v_low, max(v) AS v_high, max(abs(i)) AS i_high,
    avg(i) FILTER (WHERE i <> 0) AS i_mean, stddev_pop(i) FILTER (WHERE i <> 0) AS i_spread,
    arg_min(v, k) AS v_first, arg_max(v, k) AS v_last, arg_max(c, k) AS c_last, arg_min(c, k) AS c_first,
    arg_min(qc, k) AS qc_first, arg_max(qc, k) AS qc_last, arg_min(qd, k) AS qd_first, arg_max(qd, k) AS qd_last,
    sum(dt) AS seconds, max(dt) AS gap, arg_max(line_number, dt) AS gap_line,
    sum((greatest(i, 0) + greatest(p_i, 0)) * dt) / 7200 AS charge,
    sum((greatest(-i, 0) + greatest(-p_i, 0)) * dt) / 7200 AS discharge,
    sum(abs(i - p_i) * dt) / 7200 AS unsure, count(*) FILTER (WHERE i <> 0) AS flowing,
    ${resolutions.map((digits) => `bool_and(${isRounded(digits)}) AS resolved_${digits}`).join(', ')},
    sum((abs(i * v) + abs(p_i * p_v)) * dt) / 7200 AS energy,
    ${rise('qc')} AS qc_rise, ${rise('qd')} AS qd_rise, ${rise('ec')} + ${rise('ed')} AS e_rise,
    ${rise('qn')} AS qn_rise, sum(CASE WHEN same_step AND qn < p_qn THEN p_qn - qn ELSE 0 END) AS qn_fall,
    count(*) FILTER (WHERE ${isAnyOdd}) AS odd, max(t) > min(t) AS lasts,
    count(*) FILTER (WHERE i <> 0 AND qc IS NULL AND qd IS NULL) AS uncounted,
    ${countedColumns.map((name) => `count(*) - count(${short[name] ?? name}) AS empty_${name}`).join(', ')}
  FROM (${recordsSql(testIds, pass)})
  GROUP BY test_id, s`;
}

/**
 * What becomes of counters from one step to the next, where there is something to lose. A counter for both directions
 * was split by the sign of the current when it was read, and is put together again.
 */
function resetsSql(hasPair: boolean): string {
  const values = hasPair
    ? `SELECT test_id, s, 1 AS counter, direction, c_first, c_last, qc_first AS first, qc_last AS last FROM moving
       UNION ALL SELECT test_id, s, 2, direction, c_first, c_last, qd_first, qd_last FROM moving`
    : `SELECT test_id, s, 1 AS counter, direction, c_first, c_last,
         coalesce(qc_first, 0) + coalesce(qd_first, 0) AS first, coalesce(qc_last, 0) + coalesce(qd_last, 0) AS last
       FROM moving WHERE qc_first IS NOT NULL OR qd_first IS NOT NULL`;
  return `
  WITH moving AS (
    SELECT *, CASE WHEN charge > 1.2 * discharge THEN 1 WHEN discharge > 1.2 * charge THEN -1 END AS direction
    FROM audit_steps
  ), directed AS (
    SELECT *,
      last_value(direction IGNORE NULLS) OVER (along ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
      lag(last) OVER along AS held, lag(c_last) OVER along AS c_before,
      max(last) OVER (PARTITION BY test_id, counter) AS largest
    FROM (${values}) WHERE first IS NOT NULL
    WINDOW along AS (PARTITION BY test_id, counter ORDER BY s)
  ), chances AS (
    SELECT test_id, first < 0.5 * held AS fell,
      CASE WHEN c_first IS DISTINCT FROM c_before THEN 'cycle'
        WHEN direction <> before THEN 'reversal' ELSE 'within' END AS place
    FROM directed WHERE held > 1e-3 * largest AND held > 0
  )
  SELECT test_id, place, count(*) AS chances, count(*) FILTER (WHERE fell) AS falls
  FROM chances GROUP BY test_id, place`;
}

const resolved = resolutions.map((digits) => `WHEN bool_and(resolved_${digits}) THEN 1e-${digits}`).join(' ');
const factsSql = `
  SELECT test_id, sum(n) AS records, min(first_line) AS first_line, sum(disordered) AS disordered,
    max(t_high) - min(t_low) AS duration,
    max(v_high) AS largest_voltage, min(v_low) AS smallest_voltage, median((v_low + v_high) / 2) AS median_voltage,
    max(i_high) AS largest_current,
    sum(charge) AS charge, sum(discharge) AS discharge, sum(energy) AS energy,
    sum(unsure) AS charge_unsure, CASE ${resolved} ELSE 0 END AS current_resolution, sum(flowing) AS flowing_records,
    sum(qc_rise) AS charge_counted, sum(qd_rise) AS discharge_counted, sum(e_rise) AS energy_counted,
    sum(qn_rise) AS net_charge_counted, sum(qn_fall) AS net_discharge_counted,
    sum(CASE WHEN charge > discharge THEN qc_rise ELSE qd_rise END) FILTER (WHERE charge <> discharge) AS counted_along,
    sum(CASE WHEN charge > discharge THEN qd_rise ELSE qc_rise END)
      FILTER (WHERE charge <> discharge) AS counted_against,
    sum(CASE WHEN charge > discharge THEN qn_rise ELSE qn_fall END) FILTER (WHERE charge <> discharge) AS net_along,
    sum(CASE WHEN charge > discharge THEN qn_fall ELSE qn_rise END) FILTER (WHERE charge <> discharge) AS net_against,
    sum(seconds) FILTER (WHERE is_steady AND sign(v_last - v_first) = sign(i_mean)) AS trend_along,
    sum(seconds) FILTER (WHERE is_steady AND sign(v_last - v_first) = -sign(i_mean)) AS trend_against,
    count(*) FILTER (WHERE is_steady) AS trend_steps,
    sum(odd) AS odd,
    count(*) FILTER (WHERE is_gap) AS gap_count, arg_max(gap_line, gap) FILTER (WHERE is_gap) AS gap_line,
    max(gap) FILTER (WHERE is_gap) AS gap_seconds,
    sum(uncounted) AS uncounted, ${countedColumns.map((name) => `sum(empty_${name}) AS empty_${name}`).join(', ')}
  FROM (
    SELECT *,
      n >= ${trendRecords} AND i_spread <= ${constantCurrentSpread} * abs(i_mean) AND v_first <> v_last AS is_steady,
      -- A gap stands out of the other intervals of its step, and nobody logs so seldom while current flows.
      n >= 5 AND gap > 600 AND gap > 10 * (seconds - gap) / (n - 2) AS is_gap
    FROM audit_steps
  ) GROUP BY test_id`;

type FactsRow = Record<string, number | null>;

interface Resets {
  test_id: number;
  place: keyof AuditFacts['resets'];
  chances: number;
  falls: number;
}

/** The first records of steps that cut a long test into parts of about equal length, none of them the test's first. */
async function stepCuts(connection: DuckDBConnection, testId: number): Promise<number[]> {
  const ofTest = `FROM measurements WHERE test_id = ${testId}`;
  const [range] = await select<{ first: number | null; last: number | null }>(
    connection,
    `SELECT min(record_index) AS first, max(record_index) AS last ${ofTest}`,
  );
  const splits = splitRecords(range?.first ?? 1, range?.last ?? 0);
  if (splits.length === 0) return [];
  // By numbers, not by a subquery: so the engine looks only where they can be.
  const at = await select<{ step_count: number }>(
    connection,
    `SELECT DISTINCT step_count ${ofTest} AND record_index IN (${splits.join(', ')})`,
  );
  if (at.length === 0) return [];
  const steps = at.map(({ step_count }) => step_count).join(', ');
  const rows = await select<{ cut: number }>(
    connection,
    `SELECT min(record_index) AS cut ${ofTest} AND step_count IN (${steps})
     GROUP BY step_count HAVING cut > ${range?.first} ORDER BY cut`,
  );
  return rows.map(({ cut }) => cut);
}

/**
 * Collects the facts of stored tests. Leaves the temporary table `audit_steps`.
 *
 * @param hasPair whether their files have a counter for each direction, rather than one for both
 */
export async function collectFacts(
  connection: DuckDBConnection,
  testIds: readonly number[],
  hasPair: boolean,
): Promise<Map<number, AuditFacts>> {
  const collect = async (pass: Pass) => {
    await run(connection, `CREATE OR REPLACE TEMP TABLE audit_steps AS ${stepsSql(testIds, pass)}`);
    const rows = await select<FactsRow>(connection, factsSql);
    const odd = rows.filter((row) => (row.odd ?? 0) > 0).map((row) => row.test_id!);
    if (odd.length === 0) return rows;
    const found = await select<FactsRow>(connection, odditiesSql(odd, pass));
    return rows.map((row) => ({ ...row, ...found.find(({ test_id }) => test_id === row.test_id) }));
  };
  const sorted = { window: 'PARTITION BY test_id ORDER BY record_index', cuts: [] };
  const [only, ...others] = testIds;
  const isOne = only !== undefined && others.length === 0;
  let rows = await collect(isOne ? { window: '', cuts: await stepCuts(connection, only) } : sorted);
  if (rows.some((row) => (row.disordered ?? 0) > 0)) rows = await collect(sorted);
  const resets = await select<Resets>(connection, resetsSql(hasPair));
  return new Map(
    rows.map((row) => {
      const own = resets.filter(({ test_id }) => test_id === row.test_id);
      return [row.test_id!, toFacts(row, own)];
    }),
  );
}

function toFacts(row: FactsRow, resets: readonly Resets[]): AuditFacts {
  const number = (name: string) => Number(row[name] ?? 0);
  const sighting = (name: string): Sighting => ({
    count: number(`${name}_count`),
    line: row[`${name}_line`] ?? undefined,
  });
  const reset = (wanted: keyof AuditFacts['resets']) => {
    const { chances = 0, falls: fallen = 0 } = resets.find(({ place }) => place === wanted) ?? {};
    return { chances, falls: fallen };
  };
  const plain = [
    'records',
    'uncounted',
    'first_line',
    'duration',
    'largest_voltage',
    'median_voltage',
    'smallest_voltage',
    'largest_current',
    'charge',
    'discharge',
    'charge_unsure',
    'current_resolution',
    'flowing_records',
    'energy',
    'charge_counted',
    'discharge_counted',
    'energy_counted',
    'net_charge_counted',
    'net_discharge_counted',
    'counted_along',
    'counted_against',
    'net_along',
    'net_against',
    'trend_along',
    'trend_against',
    'trend_steps',
  ] as const;
  return {
    ...(Object.fromEntries(plain.map((name) => [name, number(name)])) as Pick<
      AuditFacts,
      (typeof plain)[number]
    >),
    empty: Object.fromEntries(
      countedColumns.map((name) => [name, number(`empty_${name}`)]),
    ) as AuditFacts['empty'],
    backward: sighting('backward'),
    gap: { ...sighting('gap'), seconds: number('gap_seconds') },
    duplicates: sighting('duplicates'),
    cycle_jumps: { ...sighting('jumps'), from: number('jump_from'), to: number('jump_to') },
    fractional_cycles: { ...sighting('fractions'), value: number('fraction') },
    counter_falls: { ...sighting('falls'), total: number('fall_total') },
    resets: { within: reset('within'), reversal: reset('reversal'), cycle: reset('cycle') },
  };
}
