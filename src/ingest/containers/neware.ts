import { ContainerRefusal, emptyColumn, instantText, type RecordColumn } from './record-table.js';

/** Common to the two containers of Neware: scales, step types, the columns of a record. */

/** Scale of current (mA), capacity (mAs) and energy (mWs) by the range field. */
export function rangeScale(range: number): number {
  const size = Math.abs(range);
  const decade = size < 10 ? 0 : size < 100 ? 1 : size < 1000 ? 2 : 3;
  if (range > 0) return 10 ** (decade - 4);
  if (range < 0 && range > -1_000_000) return 10 ** (decade - 5);
  if (range === 0) return 0.1;
  // Known only from a description: each further decade of the range is a decade of the scale.
  const far = Math.floor(Math.log10(size)) - 6;
  if (far > 2)
    throw new ContainerRefusal(`current range ${range} is not known; export it from BTSDA as CSV or Excel`);
  return 10 ** (far - 8);
}

const stepTypes: Readonly<Record<number, string>> = {
  1: 'CC Chg',
  2: 'CC DChg',
  3: 'CV Chg',
  4: 'Rest',
  5: 'Cycle',
  6: 'End',
  7: 'CCCV Chg',
  8: 'CP DChg',
  9: 'CP Chg',
  10: 'CR DChg',
  13: 'Pause',
  16: 'Pulse',
  17: 'SIM',
  18: 'PCCCV Chg',
  19: 'CV DChg',
  20: 'CCCV DChg',
  21: 'Control',
  22: 'OCV',
  25: 'Ramp',
  26: 'CPCV DChg',
  27: 'CPCV Chg',
};

/** A whole number of 64 bits, without a sign or with one, as a double. */
export const wholeAt = (file: Buffer, at: number) =>
  file.readUInt32LE(at) + file.readUInt32LE(at + 4) * 2 ** 32;
export const signedAt = (file: Buffer, at: number) =>
  file.readUInt32LE(at) + file.readInt32LE(at + 4) * 2 ** 32;

/** Offsets of the records that count: the first of each number, in the order of the numbers. */
export function inOrder(offsets: Uint32Array, numberAt: (offset: number) => number): Uint32Array {
  const numbers = Uint32Array.from(offsets, numberAt);
  if (numbers.every((number, index) => index === 0 || number > numbers[index - 1]!)) return offsets;
  const order = Uint32Array.from(numbers.keys()).sort((a, b) => numbers[a]! - numbers[b]! || a - b);
  const first = order.filter((each, index) => index === 0 || numbers[each] !== numbers[order[index - 1]!]);
  return first.map((each) => offsets[each]!);
}

/** Type of a step in the words of the vendor; an unknown number stays a number. */
export const stepTypeText = (type: number): string => stepTypes[type] ?? String(type);

/** The records of a Neware test while they are read, one array per quantity. */
export class NewareRecords {
  readonly count: number;
  readonly record: Float64Array;
  readonly cycle: Float64Array;
  /** Step of the programme. */
  readonly step: Float64Array;
  /** Running number of the step. */
  readonly stepCount: Float64Array;
  readonly type: Float64Array;
  /** s */
  readonly stepTime: Float64Array;
  readonly testTime: Float64Array;
  /** V, A, Ah, Wh */
  readonly voltage: Float64Array;
  readonly current: Float64Array;
  readonly charge: Float64Array;
  readonly discharge: Float64Array;
  readonly chargeEnergy: Float64Array;
  readonly dischargeEnergy: Float64Array;
  /** ms since 1970, or of a wall clock as if it were UTC. */
  readonly clock: Float64Array;
  readonly extra: RecordColumn[] = [];

  constructor(count: number) {
    this.count = count;
    const array = () => new Float64Array(count).fill(Number.NaN);
    this.record = array();
    this.cycle = array();
    this.step = array();
    this.stepCount = array();
    this.type = array();
    this.stepTime = array();
    this.testTime = array();
    this.voltage = array();
    this.current = array();
    this.charge = array();
    this.discharge = array();
    this.chargeEnergy = array();
    this.dischargeEnergy = array();
    this.clock = array();
  }

  /** An additional column, with all values missing. */
  add(name: string): Float64Array {
    const column = emptyColumn(name, this.count);
    this.extra.push(column);
    return column.values;
  }

  /** Joins the times of steps: each step begins at the longest time of the one before. */
  runTestTime(): void {
    let before = 0;
    let longest = 0;
    for (let at = 0; at < this.count; at++) {
      if (at > 0 && this.stepCount[at] !== this.stepCount[at - 1]) {
        before += longest;
        longest = 0;
      }
      const time = this.stepTime[at]!;
      if (time > longest) longest = time;
      this.testTime[at] = before + time;
    }
  }

  /** Counts steps where the file has no running number: a new one begins where step or cycle change or the time starts again. */
  countSteps(): void {
    let count = 0;
    for (let at = 0; at < this.count; at++) {
      const isNew =
        at === 0 ||
        this.step[at] !== this.step[at - 1] ||
        this.cycle[at] !== this.cycle[at - 1] ||
        this.type[at] !== this.type[at - 1] ||
        this.stepTime[at]! < this.stepTime[at - 1]!;
      if (isNew) count++;
      this.stepCount[at] = count;
    }
  }

  /** The columns under Neware's names. @param isUnix whether the clock is Unix time, not a wall clock */
  columns(isUnix: boolean): RecordColumn[] {
    const has = (values: Float64Array) => values.some((value) => !Number.isNaN(value));
    const columns: RecordColumn[] = [
      { name: 'DataPoint', values: this.record },
      { name: 'Cycle Index', values: this.cycle },
      { name: 'Step Index', values: this.step },
      { name: 'Step Number', values: this.stepCount },
      { name: 'Step Type', values: this.type, stands: { for: 'word', text: stepTypeText } },
      { name: 'Time(s)', values: this.stepTime },
      { name: 'Total Time(s)', values: this.testTime },
      { name: 'Current(A)', values: this.current },
      { name: 'Voltage(V)', values: this.voltage },
      { name: 'Chg. Cap.(Ah)', values: this.charge },
      { name: 'DChg. Cap.(Ah)', values: this.discharge },
      { name: 'Chg. Energy(Wh)', values: this.chargeEnergy },
      { name: 'DChg. Energy(Wh)', values: this.dischargeEnergy },
    ];
    const clock: RecordColumn = isUnix
      ? { name: 'Unix Time(s)', values: this.clock.map((milliseconds) => milliseconds / 1000) }
      : { name: 'Date', values: this.clock, stands: { for: 'clock', text: wallClock } };
    return [...columns, clock, ...this.extra].filter(
      ({ values, stands }) => this.count === 0 || stands !== undefined || has(values),
    );
  }
}

const wallClock = (milliseconds: number) => instantText(milliseconds).slice(0, 19);

/**
 * Compares the current with the capacity counter: a wrong scale appears as a power of ten between them.
 *
 * @throws ContainerRefusal where they are off by a power of ten
 */
export function checkScale(records: NewareRecords, range: number | undefined): void {
  let integral = 0;
  let counted = 0;
  for (let at = 1; at < records.count; at++) {
    if (records.stepCount[at] !== records.stepCount[at - 1]) continue;
    // Records of pulses are taken at their edges, so that an integral over them is wrong.
    if (records.type[at] === 16 || records.type[at] === 17) continue;
    const interval = records.stepTime[at]! - records.stepTime[at - 1]!;
    const moved = (Math.abs(records.current[at]! + records.current[at - 1]!) / 2) * (interval / 3600);
    const gained =
      records.charge[at]! + records.discharge[at]! - records.charge[at - 1]! - records.discharge[at - 1]!;
    if (!(interval > 0) || !Number.isFinite(moved) || !Number.isFinite(gained)) continue;
    integral += moved;
    counted += gained;
  }
  if (!(integral > 1e-9 && counted > 1e-9)) return;
  const decades = Math.log10(integral / counted);
  if (Math.abs(decades) > 0.8) {
    throw new ContainerRefusal(
      `current scale of range ${range ?? 'unknown'} does not fit the capacity counter (a factor of ${(10 ** decades).toPrecision(2)} between them); export it from BTSDA as CSV or Excel`,
    );
  }
}
