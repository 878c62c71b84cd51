import { directedCounters } from '../../store/derive/records.js';
import type { TextColumn } from './records.js';
import { aboveZero, Range, StepFacts, type Stretch, see, unseen, type Values } from './step-facts.js';

/** What one pass over the records of a test gathers for its audits. */

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

/** The number columns that are examined. */
export const factColumns = [
  'vendor_record_index',
  'test_time_second',
  'current_ampere',
  'voltage_volt',
  ...countedColumns,
] as const;
export type FactColumn = (typeof factColumns)[number];

/** Records of one test in their order, as they are stored. NaN: no value; an absent column has no values. */
export interface FactRows {
  count: number;
  /** Record number of the first. */
  firstRecord: number;
  /** Line number of place 0, and the place of each record. */
  firstLine: number;
  places: ArrayLike<number>;
  steps: ArrayLike<number>;
  numbers: { [name in FactColumn]?: Float64Array | undefined };
  states?: TextColumn | undefined;
}

/** Number of records for each sign of the current, under one word for their state. */
export interface SignsOfState {
  positive: number;
  negative: number;
}

type Columns = Record<FactColumn, Values>;

const forAll = <Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;

const isSame = ({ at: values, before }: Values, at: number) => {
  const previous = at === 0 ? before : values[at - 1]!;
  return values[at] === previous || (Number.isNaN(values[at]!) && Number.isNaN(previous));
};

/** Numbers of decimals that a current may be rounded to: few, for a small cell. */
export const currentDecimals = [3, 4, 5];

/** Whether a value has more decimals. */
function hasMoreDecimals(values: Float64Array, count: number, decimals: number): boolean {
  const scale = 10 ** decimals;
  for (let at = 0; at < count; at++) {
    const scaled = values[at]! * scale;
    if (Math.abs(scaled - Math.round(scaled)) >= 1e-6) return true;
  }
  return false;
}

/** Facts of one test, gathered while its records are read in their order. */
export class RecordFacts {
  /** In their order. */
  readonly steps: StepFacts[] = [];
  records = 0;
  firstLine = Number.POSITIVE_INFINITY;
  readonly empty = forAll(countedColumns, () => 0);
  readonly magnitudes = forAll(directedCounters, () => new Range());
  readonly temperature = new Range();
  /** Records with current for which the counter of neither direction has a value. */
  uncounted = 0;
  /** The smallest number of decimals in `currentDecimals` that is enough for all currents. */
  decimals = currentDecimals;
  readonly backward = unseen();
  readonly cycleJumps = { ...unseen(), from: 0, to: 0 };
  readonly fractionalCycles = { ...unseen(), value: 0 };
  readonly counterFalls = { ...unseen(), total: 0 };
  /** By the word of their state; undefined: none. */
  readonly signs = new Map<string | undefined, SignsOfState>();
  private readonly before = forAll(factColumns, () => Number.NaN);
  private lastStep: StepFacts | undefined;
  private seconds = new Float64Array(0);
  private nothing = new Float64Array(0);

  /** Takes the next records. */
  take(rows: FactRows): void {
    const { count, steps } = rows;
    if (count === 0) return;
    const columns = this.columnsOf(rows);
    const lineOf = (at: number) => rows.firstLine + rows.places[at]!;
    this.firstLine = Math.min(this.firstLine, lineOf(0));
    const stretches: [StepFacts, Stretch][] = [];
    for (let from = 0; from < count; ) {
      let to = from + 1;
      while (to < count && steps[to] === steps[from]) to++;
      const goesOn = this.lastStep?.step === steps[from];
      if (!goesOn) this.steps.push(new StepFacts(steps[from]!));
      this.lastStep = this.steps.at(-1)!;
      stretches.push([this.lastStep, { from, to, firstPair: goesOn ? from : from + 1 }]);
      from = to;
    }
    const seconds = this.secondsOf(columns.test_time_second, stretches, count);
    for (const [step, stretch] of stretches) {
      step.takeIntervals(seconds, stretch, lineOf);
      takeStep(step, columns, seconds, stretch);
      this.takeRepeats(step, columns, stretch, lineOf);
      this.takeFalls(columns, stretch, lineOf);
    }
    const all = { from: 0, to: count, firstPair: 0 };
    for (const name of directedCounters) this.magnitudes[name].take(columns[name], all);
    this.temperature.take(columns.ambient_temperature_celsius, all);
    this.takeTimes(columns.test_time_second, count, lineOf);
    this.takeCycles(columns.vendor_cycle_count, count, lineOf);
    this.takeEmpty(columns, count);
    const currents = columns.current_ampere.at;
    this.decimals = this.decimals.filter((decimals) => !hasMoreDecimals(currents, count, decimals));
    this.takeSigns(currents, rows);
    for (const name of factColumns) this.before[name] = columns[name].at[count - 1]!;
    this.records += count;
  }

  /** The columns of records; a column that they do not have has no values. */
  private columnsOf({ count, numbers }: FactRows): Columns {
    if (this.nothing.length < count) this.nothing = new Float64Array(count).fill(Number.NaN);
    const { vendor_record_index: vendorRecords } = numbers;
    const written = { ...numbers, vendor_record_index: vendorRecords && wholeNumbers(vendorRecords, count) };
    return forAll(factColumns, (name) => {
      const values = written[name];
      return { at: values ?? this.nothing, before: this.before[name], isThere: values !== undefined };
    });
  }

  /** Time (s) since the previous record of the same step; 0 where there is none or time runs backwards. */
  private secondsOf(
    { at: times, before }: Values,
    stretches: readonly [StepFacts, Stretch][],
    count: number,
  ): Float64Array {
    if (this.seconds.length < count) this.seconds = new Float64Array(count);
    const { seconds } = this;
    for (const [, { from, to, firstPair }] of stretches) {
      if (firstPair > from) seconds[from] = 0;
      for (let at = firstPair; at < to; at++) {
        seconds[at] = aboveZero(times[at]! - (at === 0 ? before : times[at - 1]!));
      }
    }
    return seconds;
  }

  private takeRepeats(
    step: StepFacts,
    columns: Columns,
    { firstPair, to }: Stretch,
    lineOf: (at: number) => number,
  ): void {
    const { test_time_second: time, voltage_volt: voltage } = columns;
    for (let at = firstPair; at < to; at++) {
      if (time.at[at] !== (at === 0 ? time.before : time.at[at - 1])) continue;
      if (!Number.isNaN(voltage.at[at]!) && repeatedColumns.every((name) => isSame(columns[name], at)))
        see(step.repeats, lineOf(at));
    }
  }

  /** Counters that fall although the current flows in their direction; changes by rounding do not count. */
  private takeFalls(columns: Columns, { firstPair, to }: Stretch, lineOf: (at: number) => number): void {
    const { current_ampere: currents, charging_capacity_ah: charging } = columns;
    const { discharging_capacity_ah: discharging } = columns;
    if (firstPair >= to || !currents.isThere || !(charging.isThere || discharging.isThere)) return;
    let currentBefore = firstPair === 0 ? currents.before : currents.at[firstPair - 1]!;
    for (let at = firstPair; at < to; at++) {
      const current = currents.at[at]!;
      const isSteady = (current > 0 && currentBefore > 0) || (current < 0 && currentBefore < 0);
      currentBefore = current;
      if (!isSteady) continue;
      const column = current > 0 ? charging : discharging;
      const before = at === 0 ? column.before : column.at[at - 1]!;
      const value = column.at[at]!;
      if (!(value < 0.999 * before)) continue;
      see(this.counterFalls, lineOf(at));
      this.counterFalls.total += before - value;
    }
  }

  private takeTimes({ at: times, before }: Values, count: number, lineOf: (at: number) => number): void {
    let previous = before;
    for (let at = 0; at < count; at++) {
      const time = times[at]!;
      if (time < previous) see(this.backward, lineOf(at));
      previous = time;
    }
  }

  private takeCycles({ at: cycles, before }: Values, count: number, lineOf: (at: number) => number): void {
    let previous = before;
    for (let at = 0; at < count; at++) {
      const cycle = cycles[at]!;
      if (cycle > previous + 1 || cycle < previous) {
        if (this.cycleJumps.count === 0) Object.assign(this.cycleJumps, { from: previous, to: cycle });
        see(this.cycleJumps, lineOf(at));
      }
      if (!Number.isNaN(cycle) && cycle !== Math.floor(cycle)) {
        if (this.fractionalCycles.count === 0) this.fractionalCycles.value = cycle;
        see(this.fractionalCycles, lineOf(at));
      }
      previous = cycle;
    }
  }

  private takeEmpty(columns: Columns, count: number): void {
    const emptyIn = forAll(countedColumns, (name) => emptyOf(columns[name], count));
    for (const name of countedColumns) this.empty[name] += emptyIn[name];
    const {
      current_ampere: current,
      charging_capacity_ah: charging,
      discharging_capacity_ah: discharging,
    } = columns;
    if (emptyIn.charging_capacity_ah === 0 || emptyIn.discharging_capacity_ah === 0) return;
    for (let at = 0; at < count; at++)
      if (
        Number.isNaN(charging.at[at]!) &&
        Number.isNaN(discharging.at[at]!) &&
        Math.abs(current.at[at]!) > 0
      )
        this.uncounted++;
  }

  private takeSigns(currents: Float64Array, { count, states }: FactRows): void {
    const signs = (word: string | undefined): SignsOfState => {
      const known = this.signs.get(word) ?? { positive: 0, negative: 0 };
      this.signs.set(word, known);
      return known;
    };
    const without = signs(undefined);
    const byCode = states?.words.map(signs) ?? [];
    const codes = states?.codes ?? new Int32Array(count).fill(-1);
    for (let at = 0; at < count; at++) {
      const code = codes[at]!;
      const own = code < 0 ? without : byCode[code]!;
      if (currents[at]! > 0) own.positive++;
      else if (currents[at]! < 0) own.negative++;
    }
  }
}

/** The values, those that are not whole numbers as missing ones. */
function wholeNumbers(values: Float64Array, count: number): Float64Array {
  for (let at = 0; at < count; at++) {
    const value = values[at]!;
    if (value !== Math.floor(value) && !Number.isNaN(value))
      return values.slice(0, count).map((each) => (each === Math.floor(each) ? each : Number.NaN));
  }
  return values;
}

/** The columns in which a repeated record equals the one before. */
const repeatedColumns = [
  'voltage_volt',
  'current_ampere',
  'charging_capacity_ah',
  'discharging_capacity_ah',
  'net_capacity_ah',
  'vendor_record_index',
] as const;

/** Records without a value of a column. */
function emptyOf({ at: values, isThere }: Values, count: number): number {
  if (!isThere) return count;
  let empty = 0;
  for (let at = 0; at < count; at++) if (Number.isNaN(values[at]!)) empty++;
  return empty;
}

/** Gathers what the records of a stretch add to its step. */
function takeStep(step: StepFacts, columns: Columns, seconds: Float64Array, stretch: Stretch): void {
  const { current_ampere: current, voltage_volt: voltage } = columns;
  step.time.take(columns.test_time_second, stretch);
  step.voltage.take(voltage, stretch);
  step.voltageEnds.take(voltage, stretch);
  step.cycleEnds.take(columns.vendor_cycle_count, stretch);
  step.chargingEnds.take(columns.charging_capacity_ah, stretch);
  step.dischargingEnds.take(columns.discharging_capacity_ah, stretch);
  step.currents.take(current, stretch);
  step.integrals.take(seconds, current, voltage, stretch);
  step.charging.take(columns.charging_capacity_ah, stretch);
  step.discharging.take(columns.discharging_capacity_ah, stretch);
  step.energyIn.take(columns.charging_energy_wh, stretch);
  step.energyOut.take(columns.discharging_energy_wh, stretch);
  step.net.take(columns.net_capacity_ah, stretch);
}
