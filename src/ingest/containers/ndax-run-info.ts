import type { NewareRecords } from './neware.js';

/** Bytes of an entry of run info that all versions have. */
export const runInfoBytes = 47;

/** A step of the test, as its list of steps has it. */
export interface Step {
  cycle: number;
  step: number;
  type: number;
}

/** What `.ndax` files of version 8 and later know of some of their records: times, counters and the step. */
export class RunInfo {
  private readonly records: NewareRecords;
  /** Place of each record by its number, from 1; 0: there is none. */
  private readonly places: Uint32Array;
  /** Which records have an entry, and the interval (ms) from there on. */
  private readonly isKnown: Uint8Array;
  private readonly intervals: Int32Array;

  constructor(records: NewareRecords) {
    const { count, record } = records;
    this.records = records;
    this.places = new Uint32Array((record.at(-1) ?? 0) + 1);
    for (let index = 0; index < count; index++) this.places[record[index]!] = index + 1;
    this.isKnown = new Uint8Array(count);
    this.intervals = new Int32Array(count);
  }

  /**
   * Takes an entry into the record it belongs to: the first one, where a number occurs again.
   *
   * @param unit Ah or Wh of a counter's unit
   */
  take(view: DataView, at: number, unit: number): void {
    const { records } = this;
    const record = view.getUint32(at + 41, true);
    const place = record < this.places.length ? this.places[record]! : 0;
    if (place === 0 || this.isKnown[place - 1] === 1) return;
    const index = place - 1;
    this.isKnown[index] = 1;
    this.intervals[index] = view.getInt32(at + 29, true);
    records.stepTime[index] = view.getUint32(at, true) / 1000;
    records.clock[index] = view.getUint32(at + 33, true) * 1000 + view.getUint16(at + 45, true);
    // Its number in the test; `fill` counts the steps.
    records.stepCount[index] = view.getUint32(at + 37, true);
    records.charge[index] = Math.abs(view.getFloat32(at + 5, true)) * unit;
    records.discharge[index] = Math.abs(view.getFloat32(at + 9, true)) * unit;
    records.chargeEnergy[index] = Math.abs(view.getFloat32(at + 13, true)) * unit;
    records.dischargeEnergy[index] = Math.abs(view.getFloat32(at + 17, true)) * unit;
  }

  /**
   * Fills the records between two entries as the vendor's program does: step time and clock advance by the interval of
   * the last entry, counters by current and power times that interval.
   */
  fill(steps: readonly Step[]): void {
    const { records, isKnown, intervals } = this;
    const { stepTime, clock, charge, discharge, chargeEnergy, dischargeEnergy, stepCount } = records;
    let [counted, interval, stepIndex] = [Number.NaN, 0, -1];
    for (let index = 0; index < records.count; index++) {
      if (isKnown[index] === 1) {
        if (stepCount[index] !== counted) stepIndex++;
        counted = stepCount[index]!;
        interval = intervals[index]! / 1000;
      } else if (stepIndex >= 0) {
        const before = index - 1;
        const moved = (records.current[index]! * interval) / 3600;
        const isCharge = moved > 0;
        const energy = Math.abs(moved * records.voltage[index]!);
        stepTime[index] = stepTime[before]! + interval;
        clock[index] = clock[before]! + interval * 1000;
        charge[index] = charge[before]! + (isCharge ? moved : 0);
        chargeEnergy[index] = chargeEnergy[before]! + (isCharge ? energy : 0);
        discharge[index] = discharge[before]! - (isCharge ? 0 : moved);
        dischargeEnergy[index] = dischargeEnergy[before]! + (isCharge ? 0 : energy);
      } else continue;
      stepCount[index] = stepIndex + 1;
      const step = steps[stepIndex];
      if (step === undefined) continue;
      records.cycle[index] = step.cycle;
      records.step[index] = step.step;
      records.type[index] = step.type;
    }
  }
}
