/** Facts about the records of one step, gathered in one pass. */

/** Something that was seen: how often, and on which line first. */
export interface Sighting {
  count: number;
  line: number | undefined;
}

export const unseen = (): Sighting => ({ count: 0, line: undefined });

export function see(sighting: Sighting, line: number): void {
  if (sighting.count === 0) sighting.line = line;
  sighting.count++;
}

/**
 * The values of a column in the records of a block, and the value in the record before them. NaN: no value. What is
 * gathered by column passes over one that is not there.
 */
export interface Values {
  at: Float64Array;
  before: number;
  /** False: no record of the block has a value. */
  isThere: boolean;
}

/** Records of a block that belong to one step. */
export interface Stretch {
  from: number;
  to: number;
  /** The first record that follows one of the same step: `from`, or the next one where the step begins at `from`. */
  firstPair: number;
}

const valueBefore = ({ at: values, before }: Values, at: number) => (at === 0 ? before : values[at - 1]!);

/** A value if it is above 0, else 0, also where it is missing. */
export const aboveZero = (value: number) => Math.max(value, 0) || 0;

/** The smallest and the largest of values; infinite where there was none. */
export class Range {
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;

  take({ at: values, isThere }: Values, { from, to }: Stretch): void {
    if (!isThere) return;
    let { low, high } = this;
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.low = low;
    this.high = high;
  }
}

/** The first and the last value; NaN where there is none. */
export class Ends {
  first = Number.NaN;
  last = Number.NaN;

  take({ at: values, isThere }: Values, { from, to }: Stretch): void {
    if (!isThere) return;
    if (Number.isNaN(this.first)) {
      let at = from;
      while (at < to && Number.isNaN(values[at]!)) at++;
      if (at === to) return;
      this.first = values[at]!;
    }
    for (let at = to - 1; at >= from; at--) {
      if (Number.isNaN(values[at]!)) continue;
      this.last = values[at]!;
      return;
    }
  }
}

/** Rises and falls of a counter from record to record. */
export class Moves {
  rise = 0;
  fall = 0;

  take(column: Values, { to, firstPair }: Stretch): void {
    if (!column.isThere) return;
    const values = column.at;
    let previous = firstPair < to ? valueBefore(column, firstPair) : Number.NaN;
    let { rise, fall } = this;
    for (let at = firstPair; at < to; at++) {
      const value = values[at]!;
      if (value > previous) rise += value - previous;
      else if (value < previous) fall += previous - value;
      previous = value;
    }
    this.rise = rise;
    this.fall = fall;
  }
}

/** Sums over the currents (A) of a step. */
export class Currents {
  /** NaN: no record has a current. */
  largest = Number.NaN;
  /** Records in which it flows, and its mean over them. */
  flowing = 0;
  mean = 0;
  private squares = 0;

  take(column: Values, stretch: Stretch): void {
    const values = column.at;
    let { largest, flowing, mean, squares } = this;
    for (let at = stretch.from; at < stretch.to; at++) {
      const value = values[at]!;
      if (Number.isNaN(value)) continue;
      const size = Math.abs(value);
      if (!(size <= largest)) largest = size;
      if (value === 0) continue;
      flowing++;
      const distance = value - mean;
      mean += distance / flowing;
      squares += distance * (value - mean);
    }
    this.largest = largest;
    this.flowing = flowing;
    this.mean = mean;
    this.squares = squares;
  }

  /** Standard deviation (A) of the currents that are not zero; NaN where there are none. */
  get spread(): number {
    return Math.sqrt(this.squares / this.flowing);
  }
}

/** Current and power integrated over time by trapezoids, by direction (ampere-seconds and watt-seconds, twice). */
export class Integrals {
  private twiceCharge = 0;
  private twiceDischarge = 0;
  private twiceUnsure = 0;
  private twiceEnergy = 0;

  take(seconds: Float64Array, current: Values, voltage: Values, { to, firstPair }: Stretch): void {
    if (firstPair >= to) return;
    let [i, v] = [valueBefore(current, firstPair), valueBefore(voltage, firstPair)];
    let { twiceCharge, twiceDischarge, twiceUnsure, twiceEnergy } = this;
    for (let at = firstPair; at < to; at++) {
      const [before, voltageBefore] = [i, v];
      i = current.at[at]!;
      v = voltage.at[at]!;
      const dt = seconds[at]!;
      if (dt === 0) continue;
      // Where a record has no current, only the other end of the interval counts.
      twiceCharge += (aboveZero(i) + aboveZero(before)) * dt;
      twiceDischarge += (aboveZero(-i) + aboveZero(-before)) * dt;
      const unsure = Math.abs(i - before) * dt;
      if (!Number.isNaN(unsure)) twiceUnsure += unsure;
      const energy = (Math.abs(i * v) + Math.abs(before * voltageBefore)) * dt;
      if (!Number.isNaN(energy)) twiceEnergy += energy;
    }
    this.twiceCharge = twiceCharge;
    this.twiceDischarge = twiceDischarge;
    this.twiceUnsure = twiceUnsure;
    this.twiceEnergy = twiceEnergy;
  }

  /** Ah. */
  get charge(): number {
    return this.twiceCharge / 7200;
  }

  get discharge(): number {
    return this.twiceDischarge / 7200;
  }

  /** Uncertainty of the integral, Ah: how the current changed between two different records is not known. */
  get unsure(): number {
    return this.twiceUnsure / 7200;
  }

  /** Wh, both directions together. */
  get energy(): number {
    return this.twiceEnergy / 7200;
  }
}

/** Facts of one step. */
export class StepFacts {
  readonly step: number;
  count = 0;
  readonly time = new Range();
  readonly voltage = new Range();
  readonly voltageEnds = new Ends();
  readonly cycleEnds = new Ends();
  readonly chargingEnds = new Ends();
  readonly dischargingEnds = new Ends();
  readonly currents = new Currents();
  readonly integrals = new Integrals();
  readonly charging = new Moves();
  readonly discharging = new Moves();
  readonly energyIn = new Moves();
  readonly energyOut = new Moves();
  readonly net = new Moves();
  /** Total time (s) between records, and the longest interval with the line at which it ends. */
  seconds = 0;
  gap = 0;
  gapLine: number | undefined;
  /** Records that repeat the one before. */
  readonly repeats = unseen();

  constructor(step: number) {
    this.step = step;
  }

  takeIntervals(seconds: Float64Array, { from, to }: Stretch, lineOf: (at: number) => number): void {
    let sum = this.seconds;
    let gap = this.gapLine === undefined ? Number.NEGATIVE_INFINITY : this.gap;
    let longest = -1;
    for (let at = from; at < to; at++) {
      const interval = seconds[at]!;
      sum += interval;
      if (interval > gap) {
        gap = interval;
        longest = at;
      }
    }
    this.seconds = sum;
    if (longest >= 0) {
      this.gap = gap;
      this.gapLine = lineOf(longest);
    }
    this.count += to - from;
  }

  get lasts(): boolean {
    return this.time.high > this.time.low;
  }
}
