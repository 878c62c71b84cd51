import type { Format } from '../formats/definition.js';
import type { TablePlan } from '../sniff/plan.js';
import { directionOf, isAbsolute, isWallClock, type WordColumn } from './convert.js';
import { cyclesOf, type VendorCycle } from './cycles.js';
import { Dictionary } from './dictionary.js';
import type { LayerRow } from './judge.js';
import { type Continuation, fromTheStart } from './loaded.js';
import type { MeasurementSink, SinkText } from './measurement-sink.js';
import { keepRows, type PortionRows } from './portion-rows.js';
import type { Reject, TextColumn } from './records.js';
import { keepOrSpool, type RejectSpool } from './reject-spool.js';
import { markChanges, markFalls, numberSteps } from './step-changes.js';
import type { ImpedancePoint } from './sweeps.js';
import { ZonedClock } from './zoned-clock.js';

const stepColumns = ['step_id', 'vendor_step_count', 'vendor_step_type'] as const;

/** What stands before the first cycle and step row of an interleaved export. */
const noLayer = { cycle: Number.NaN, step_id: -1, vendor_step_count: -1, vendor_step_type: -1 };

/** The step time of the previous record; for the first one, that of the previous portion. */
const previousTime = (times: Float64Array, at: number, before: number) =>
  at === 0 ? before : times[at - 1]!;

/**
 * Takes the portions of a table in their order, and gives each record what depends on earlier ones: its number, its
 * step, its time since the first, its share of a counter for both directions.
 */
export class TableFinisher {
  recordCount = 0;
  /** Line of the first record. */
  firstLine: number | undefined;
  readonly points: ImpedancePoint[] = [];
  /** Lines of records in a table that also holds impedance points. */
  readonly otherLines: number[] = [];
  /** The first of the bad rows; the others are in the spool, where there is one. */
  readonly rejects: Reject[] = [];
  /** Rows of a summary. */
  readonly cycles: VendorCycle[] = [];
  /** Sums of the charge increments, including sweeps. */
  charge: number;
  discharge: number;

  private readonly plan: TablePlan;
  private readonly format: Format;
  private readonly testId: number;
  private readonly sink: MeasurementSink;
  private readonly from: Continuation;
  private readonly spool: RejectSpool | undefined;
  private readonly isContinued: boolean;
  private readonly has: (role: Parameters<TablePlan['mapping']['has']>[0]) => boolean;
  private readonly dictionaries = {
    step_id: new Dictionary(),
    vendor_step_count: new Dictionary(),
    vendor_step_type: new Dictionary(),
    vendor_label: new Dictionary(),
  };
  private readonly directions: (number | undefined)[] = [];
  /** Converts the wall clock where its zone is known. */
  private readonly zoned: ZonedClock | undefined;
  /** Place of the first line of the next portion. */
  placeBase: number;
  private stepCount: number;
  private largest: number;
  private firstTime = Number.NaN;
  private timeBefore = 0;
  private highestTime = Number.NEGATIVE_INFINITY;
  private layer = { ...noLayer };
  /** The values of the previous record that decide whether a step begins. */
  private previous: number[] | undefined;
  private previousStepTime = Number.NaN;

  constructor(options: {
    plan: TablePlan;
    format: Format;
    testId: number;
    sink: MeasurementSink;
    firstPlace: number;
    from?: Continuation | undefined;
    timeZone?: string | undefined;
    spool?: RejectSpool | undefined;
  }) {
    this.plan = options.plan;
    this.format = options.format;
    this.testId = options.testId;
    this.sink = options.sink;
    this.from = options.from ?? fromTheStart;
    this.isContinued = options.from !== undefined;
    this.spool = options.spool;
    const timeZone = isWallClock(options.plan) ? options.timeZone : undefined;
    this.zoned = timeZone === undefined ? undefined : new ZonedClock(timeZone);
    this.placeBase = options.firstPlace;
    this.stepCount = this.from.stepCount;
    this.largest = this.from.largestCurrent;
    this.charge = this.from.chargeRunning;
    this.discharge = this.from.dischargeRunning;
    this.has = (role) => this.plan.mapping.has(role);
  }

  /** Takes the next portion. Resolves when there is room for another. */
  async take(portion: PortionRows): Promise<void> {
    let rows = this.format.rejectsStaleRecords ? this.withoutStale(portion) : portion;
    const base = this.placeBase;
    for (const reject of rows.rejects) reject.line_number += base;
    await keepOrSpool(rows.rejects, this.rejects, this.spool);
    this.placeBase += portion.placeCount;
    if (this.plan.kind === 'summary') {
      this.cycles.push(...cyclesOf(rows));
      return;
    }
    const words = this.translated(rows);
    if (this.format.layered) this.fillLayers(rows, words);
    const running = this.has('charge_increment_ah') ? this.runningCharge(rows) : undefined;
    if (rows.isPoint?.includes(1) === true) rows = this.takePoints(rows, base, words, running);
    if (rows.count === 0) return;
    this.firstLine ??= base + rows.places[0]!;
    if (rows.isPoint !== undefined)
      for (let at = 0; at < rows.count; at++) this.otherLines.push(base + rows.places[at]!);
    await this.store(rows, base, words, running);
  }

  /** A record whose test time is before the largest so far is a copy of an earlier one. */
  private withoutStale(rows: PortionRows): PortionRows {
    const times = rows.numbers.time_value;
    if (times === undefined) return rows;
    const isKept = new Uint8Array(rows.count).fill(1);
    for (let at = 0; at < rows.count; at++) {
      if (times[at]! >= this.highestTime) this.highestTime = times[at]!;
      else {
        isKept[at] = 0;
        const { starts } = rows;
        const { bytes } = rows.portion;
        const text = Buffer.from(bytes.buffer, bytes.byteOffset + starts[at]!, bytes.length - starts[at]!);
        const line = text
          .subarray(0, Math.min(10_000, text.indexOf(10)))
          .toString('utf8')
          .replace(/\r+$/, '');
        rows.rejects.push({
          line_number: rows.places[at]!,
          column_name: null,
          raw_value: null,
          raw_line: line,
          reason: 'stale record: its test time jumps back',
        });
      }
    }
    rows.rejects.sort((a, b) => a.line_number - b.line_number);
    return isKept.includes(0) ? keepRows(rows, isKept) : rows;
  }

  private translated(rows: PortionRows): Partial<Record<WordColumn, Int32Array>> {
    const translated: Partial<Record<WordColumn, Int32Array>> = {};
    for (const name of stepColumns) {
      const column = rows.words[name];
      if (column !== undefined) translated[name] = this.dictionaries[name].translate(column, rows.count);
    }
    return translated;
  }

  /** Gives records of an interleaved export the cycle and step of the rows above them. */
  private fillLayers(rows: PortionRows, words: Partial<Record<WordColumn, Int32Array>>): void {
    const cycles = new Float64Array(rows.count);
    const filled = stepColumns.map((name) => [name, new Int32Array(rows.count)] as const);
    let next = 0;
    for (let at = 0; at < rows.count; at++) {
      for (; next < rows.layers.length && rows.layers[next]!.before <= at; next++)
        this.noteLayer(rows.layers[next]!.row);
      cycles[at] = this.layer.cycle;
      for (const [name, codes] of filled) codes[at] = this.layer[name];
    }
    for (; next < rows.layers.length; next++) this.noteLayer(rows.layers[next]!.row);
    rows.numbers.vendor_cycle_count = cycles;
    for (const [name, codes] of filled) words[name] = codes;
  }

  private noteLayer({ cycle, stepId, stepCount, stepType }: LayerRow): void {
    if (cycle !== undefined) this.layer.cycle = cycle;
    const note = (name: (typeof stepColumns)[number], word: string | undefined) => {
      if (word !== undefined) this.layer[name] = this.dictionaries[name].code(word);
    };
    note('step_id', stepId);
    note('vendor_step_count', stepCount);
    note('vendor_step_type', stepType);
  }

  /** Running sums of the increments by direction, including those of sweeps, whose charge also passed. */
  private runningCharge(rows: PortionRows): { charge: Float64Array; discharge: Float64Array } {
    const increments = rows.numbers.charge_increment_ah!;
    const [charge, discharge] = [new Float64Array(rows.count), new Float64Array(rows.count)];
    for (let at = 0; at < rows.count; at++) {
      const increment = increments[at]!;
      if (increment > 0) this.charge += increment;
      else if (increment < 0) this.discharge -= increment;
      charge[at] = this.charge;
      discharge[at] = this.discharge;
    }
    return { charge, discharge };
  }

  /** Removes the impedance points from the rows. */
  private takePoints(
    rows: PortionRows,
    base: number,
    words: Partial<Record<WordColumn, Int32Array>>,
    running: { charge: Float64Array; discharge: Float64Array } | undefined,
  ): PortionRows {
    const { numbers, isPoint, places, count } = rows;
    const isKept = new Uint8Array(count);
    const orNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
    for (let at = 0; at < count; at++) {
      isKept[at] = isPoint![at] === 0 ? 1 : 0;
      if (isKept[at] === 1) continue;
      this.points.push({
        line_number: base + places[at]!,
        frequency_hertz: numbers.frequency_hertz![at]!,
        real_impedance_ohm: numbers.real_impedance_ohm![at]!,
        imaginary_impedance_ohm: numbers.imaginary_impedance_ohm![at]!,
        test_time_second: orNull(numbers.time_value?.[at]),
        vendor_cycle_count: orNull(numbers.vendor_cycle_count?.[at]),
        temperature_celsius: orNull(numbers.ambient_temperature_celsius?.[at]),
      });
    }
    for (const values of [...Object.values(words), ...Object.values(running ?? {})]) {
      let to = 0;
      for (let at = 0; at < count; at++) if (isKept[at] === 1) values[to++] = values[at]!;
    }
    return keepRows(rows, isKept);
  }

  /** Which columns begin a step when they change. */
  private stepKeys(
    rows: PortionRows,
    words: Partial<Record<WordColumn, Int32Array>>,
  ): {
    values: { [at: number]: number }[];
    usesStepTime: boolean;
    usesCurrent: boolean;
  } {
    const { vendor_cycle_count: cycles, current_ampere: current } = rows.numbers;
    const values: { [at: number]: number }[] = cycles === undefined ? [] : [cycles];
    const numbered = [words.step_id, words.vendor_step_count].filter((codes) => codes !== undefined);
    if (numbered.length > 0)
      return { values: [...values, ...numbered], usesStepTime: false, usesCurrent: false };
    const usesStepTime = this.has('step_time_second');
    if (words.vendor_step_type !== undefined)
      return { values: [...values, words.vendor_step_type], usesStepTime, usesCurrent: false };
    return { values, usesStepTime, usesCurrent: current !== undefined };
  }

  /** The running step number of each record. */
  private steps(rows: PortionRows, words: Partial<Record<WordColumn, Int32Array>>): Int32Array {
    const { values, usesStepTime, usesCurrent } = this.stepKeys(rows, words);
    const current = rows.numbers.current_ampere;
    const stepTime = rows.numbers.step_time;
    const { count } = rows;
    const keys = usesCurrent ? [...values, this.flows(current!, count)] : values;
    const opens = new Uint8Array(count);
    for (const [index, key] of keys.entries())
      markChanges(opens, key, count, this.previous?.[index] ?? Number.NaN);
    if (usesStepTime) markFalls(opens, stepTime!, count, this.previousStepTime);
    if (this.previous === undefined) opens[0] = 1;
    const steps = numberSteps(opens, this.stepCount);
    this.stepCount = steps[count - 1]!;
    this.previous = keys.map((key) => key[count - 1]!);
    return steps;
  }

  /**
   * −1, 0 or 1 for each current. The threshold for zero depends on the largest current so far, so that reading a file in
   * portions gives the same steps as reading it at once.
   */
  private flows(currents: Float64Array, count: number): Int8Array {
    const flows = new Int8Array(count);
    for (let at = 0; at < count; at++) {
      const current = currents[at]!;
      this.largest = Math.max(this.largest, Math.abs(current));
      flows[at] = current > 1e-4 * this.largest ? 1 : current < -1e-4 * this.largest ? -1 : 0;
    }
    return flows;
  }

  /** Absolute times of a wall clock whose zone is known. */
  private zonedClock({ numbers: { clock }, count }: PortionRows): Float64Array | undefined {
    const { zoned } = this;
    return zoned === undefined ? undefined : clock?.slice(0, count).map((seconds) => zoned.next(seconds));
  }

  /**
   * Test time as written; a clock is counted from its first row; step times are joined where there is nothing else.
   */
  private testTimes({ numbers, count }: PortionRows, zoned: Float64Array | undefined): Float64Array {
    const { time_value: written, step_time: stepTime, clock } = numbers;
    const base = this.isContinued ? this.from.testTime : 0;
    if (written !== undefined && this.plan.testTime !== 'clock') return written;
    // In a known zone the absolute time counts, not the wall clock, which loses and gains an hour each year.
    const source = written === undefined && stepTime !== undefined ? stepTime : (zoned ?? written ?? clock!);
    if (Number.isNaN(this.firstTime)) this.firstTime = source[0]!;
    const times = new Float64Array(count);
    if (written === undefined && stepTime !== undefined) {
      for (let at = 0; at < count; at++) {
        const previous = previousTime(stepTime, at, this.previousStepTime);
        if (stepTime[at]! < previous) this.timeBefore += previous;
        times[at] = this.isContinued
          ? base + (stepTime[at]! - this.firstTime) + this.timeBefore
          : stepTime[at]! + this.timeBefore;
      }
      return times;
    }
    for (let at = 0; at < count; at++) times[at] = base + (source[at]! - this.firstTime);
    return times;
  }

  /** −1, 0 or 1 for each record: by its word where the format defines one, else by the sign of its current. */
  private directionAt(rows: PortionRows, types: Int32Array | undefined): (at: number) => number {
    const current = rows.numbers.current_ampere;
    const bySign = (at: number) => (current === undefined ? 0 : Math.sign(current[at]!) || 0);
    const ofWord = this.plan.mapping.has('vendor_step_type') ? directionOf(this.format) : undefined;
    if (ofWord === undefined || types === undefined) return bySign;
    const { words } = this.dictionaries.vendor_step_type;
    for (let code = this.directions.length; code < words.length; code++)
      this.directions.push(ofWord(words[code]!));
    return (at) => (types[at]! < 0 ? undefined : this.directions[types[at]!]) ?? bySign(at);
  }

  /** Splits a counter for both directions into one for each. */
  private split(rows: PortionRows, counter: Float64Array, direction: (at: number) => number): Float64Array[] {
    const [charge, discharge] = [new Float64Array(rows.count), new Float64Array(rows.count)];
    for (let at = 0; at < rows.count; at++) {
      const way = direction(at);
      charge[at] = way === 1 ? counter[at]! : way === -1 ? 0 : Number.NaN;
      discharge[at] = way === -1 ? counter[at]! : way === 1 ? 0 : Number.NaN;
    }
    return [charge, discharge];
  }

  private async store(
    rows: PortionRows,
    base: number,
    words: Partial<Record<WordColumn, Int32Array>>,
    running: { charge: Float64Array; discharge: Float64Array } | undefined,
  ): Promise<void> {
    const { numbers, count, places } = rows;
    const direction = this.directionAt(rows, words.vendor_step_type);
    const steps = this.steps(rows, words);
    const zoned = this.zonedClock(rows);
    const times = this.testTimes(rows, zoned);
    const stepTime = numbers.step_time;
    if (stepTime !== undefined) this.previousStepTime = stepTime[count - 1]!;
    const hasPair = this.has('charging_capacity_ah') && this.has('discharging_capacity_ah');
    const hasEnergyPair = this.has('charging_energy_wh') && this.has('discharging_energy_wh');
    let [charging, discharging] = [numbers.charging_capacity_ah, numbers.discharging_capacity_ah];
    if (running !== undefined) [charging, discharging] = [running.charge, running.discharge];
    else if (!hasPair && numbers.capacity_ah !== undefined)
      [charging, discharging] = this.split(rows, numbers.capacity_ah, direction);
    let [energyIn, energyOut] = [numbers.charging_energy_wh, numbers.discharging_energy_wh];
    if (!hasEnergyPair && numbers.energy_wh !== undefined)
      [energyIn, energyOut] = this.split(rows, numbers.energy_wh, direction);
    const first = this.from.recordIndex + this.recordCount + 1;
    await this.sink.add({
      count,
      testId: this.testId,
      firstRecord: first,
      firstLine: this.from.lineNumber + base,
      places,
      steps,
      numbers: {
        vendor_record_index: numbers.vendor_record_index,
        test_time_second: times,
        unix_time_second: zoned ?? (isAbsolute(this.plan) ? numbers.clock : undefined),
        vendor_cycle_count: numbers.vendor_cycle_count,
        current_ampere: numbers.current_ampere,
        voltage_volt: numbers.voltage_volt,
        charging_capacity_ah: charging,
        discharging_capacity_ah: discharging,
        net_capacity_ah: numbers.net_capacity_ah,
        charging_energy_wh: energyIn,
        discharging_energy_wh: energyOut,
        net_energy_wh: numbers.net_energy_wh,
        ambient_temperature_celsius: numbers.ambient_temperature_celsius,
      },
      words: {
        step_id: this.wordsOf('step_id', words.step_id),
        vendor_step_type: this.wordsOf('vendor_step_type', words.vendor_step_type),
      },
      auxiliary: rows.auxiliary,
    });
    this.recordCount += count;
  }

  private wordsOf(name: SinkText, codes: Int32Array | undefined): TextColumn | undefined {
    return codes === undefined ? undefined : { codes, words: this.dictionaries[name].words };
  }
}
