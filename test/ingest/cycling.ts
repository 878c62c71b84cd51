/** Records of a simulated cell, and how testers write them: small files whose every value is known. */

export interface CyclingRecord {
  /** Test time (s). */
  time: number;
  cycle: number;
  step: number;
  /** Current (A), positive charges. */
  current: number;
  voltage: number;
  /** Counters (Ah), as the tester resets them. */
  charge: number;
  discharge: number;
  temperature: number | string;
}

export type Scope = 'step' | 'half_cycle' | 'cycle' | 'test';

export interface CyclingOptions {
  cycles?: number;
  /** Current (A). */
  current?: number;
  /** Records of a charge or discharge; a rest has a fifth of them. */
  records?: number;
  /** Seconds between records. */
  interval?: number;
  scope?: Scope;
  /** Whether charging ends at constant voltage. */
  hasConstantVoltage?: boolean;
}

const steps = (options: Required<CyclingOptions>) => [
  { name: 'charge', count: options.records, current: () => options.current, from: 3.0, to: 4.1 },
  ...(options.hasConstantVoltage
    ? [
        {
          name: 'hold',
          count: options.records / 2,
          current: (share: number) => options.current * Math.exp(-3 * share),
          from: 4.1,
          to: 4.1,
        },
      ]
    : []),
  { name: 'rest', count: options.records / 5, current: () => 0, from: 4.05, to: 4.0 },
  { name: 'discharge', count: options.records, current: () => -options.current, from: 3.9, to: 2.8 },
  { name: 'rest', count: options.records / 5, current: () => 0, from: 2.9, to: 3.0 },
];

/** Cycles of charge, (hold,) rest, discharge, rest; counters integrate the current by the trapezoid rule. */
export function cyclingRecords(given: CyclingOptions = {}): CyclingRecord[] {
  const options = {
    cycles: 3,
    current: 1.5,
    records: 20,
    interval: 60,
    scope: 'cycle' as Scope,
    hasConstantVoltage: true,
    ...given,
  };
  const records: CyclingRecord[] = [];
  let time = 0;
  const counter = { charge: 0, discharge: 0 };
  const reset = () => {
    counter.charge = 0;
    counter.discharge = 0;
  };
  for (let cycle = 1; cycle <= options.cycles; cycle++) {
    if (options.scope === 'cycle') reset();
    for (const [index, step] of steps(options).entries()) {
      const isHalfCycle = step.name === 'charge' || step.name === 'discharge';
      if (options.scope === 'step' || (options.scope === 'half_cycle' && isHalfCycle)) reset();
      let before = step.current(0);
      for (let record = 0; record < step.count; record++) {
        const share = record / (step.count - 1);
        const current = step.current(share);
        if (record > 0) {
          time += options.interval;
          const moved = (((current + before) / 2) * options.interval) / 3600;
          if (moved > 0) counter.charge += moved;
          else counter.discharge -= moved;
        } else time += 0.1;
        before = current;
        records.push({
          time,
          cycle,
          step: index + 1,
          current,
          voltage: step.from + (step.to - step.from) * share,
          ...counter,
          temperature: 25 + 0.1 * (record % 5),
        });
      }
    }
  }
  return records;
}

const start = Date.UTC(2026, 0, 20, 9, 15);

/** `01/20/2026 09:15:00.100` */
function clock(time: number): string {
  const [date, hours] = new Date(start + Math.round(time * 1000)).toISOString().split('T') as [
    string,
    string,
  ];
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${hours.slice(0, 12)}`;
}

const arbinHeader =
  'Data Point,Date Time,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah),Aux_Temperature_1 (C)';

/** As Arbin writes it: signed current, two counters, a clock. */
export function arbinCsv(
  records: readonly CyclingRecord[],
  clockOf: (time: number) => number = (t) => t,
): string {
  const lines = records.map((r, index) =>
    [
      index + 1,
      clock(clockOf(r.time)),
      r.time,
      r.cycle,
      r.step,
      r.current,
      r.voltage,
      r.charge,
      r.discharge,
      r.temperature,
    ].join(','),
  );
  return `${[arbinHeader, ...lines].join('\n')}\n`;
}

/** The same of a test that began as many months earlier as the number of its folder says, unlike that of any other. */
export function ownArbinCsv(
  { number }: { number: number },
  records: readonly CyclingRecord[],
  clockOf: (time: number) => number = (t) => t,
): string {
  const earlier = (start - new Date(start).setUTCMonth(-number)) / 1000;
  return arbinCsv(records, (time) => clockOf(time) - earlier);
}

/** A table nobody's software writes, which does not say what the sign of its current means. */
export function plainCsv(
  records: readonly CyclingRecord[],
  columns: readonly (keyof CyclingRecord)[] = ['time', 'cycle', 'step', 'current', 'voltage'],
): string {
  const names: Record<keyof CyclingRecord, string> = {
    time: 'Time (s)',
    cycle: 'cycle',
    step: 'step',
    current: 'current (A)',
    voltage: 'voltage (V)',
    charge: 'charge_capacity (Ah)',
    discharge: 'discharge_capacity (Ah)',
    temperature: 'temperature (°C)',
  };
  const lines = records.map((record) => columns.map((name) => record[name]).join(','));
  return `${[columns.map((name) => names[name]).join(','), ...lines].join('\n')}\n`;
}

/** The same of a cell whose voltage is its own by as many tenths of a millivolt as the number of its folder says. */
export const ownPlainCsv = (
  { number }: { number: number },
  records: readonly CyclingRecord[],
  columns?: readonly (keyof CyclingRecord)[],
): string =>
  plainCsv(
    changed(records, ({ voltage }) => ({ voltage: voltage + number / 10_000 })),
    columns,
  );

/** Records with some of their values changed. */
export function changed(
  records: readonly CyclingRecord[],
  change: (record: CyclingRecord, index: number) => Partial<CyclingRecord>,
): CyclingRecord[] {
  return records.map((record, index) => ({ ...record, ...change(record, index) }));
}
