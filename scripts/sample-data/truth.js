/** @typedef {import('./simulate/cycling.js').CyclerRecord} CyclerRecord */
/** @typedef {import('./simulate/impedance.js').Spectrum} Spectrum */
/** @typedef {import('./simulate/impedance.js').Element} Element */

/** A file to write and what a reader has to find in it. @typedef {{path: string, bytes: Buffer, truth: object}} SampleFile */

/** Truth is stated with ten significant digits. @param {number} x */
export function significant(x, digits = 10) {
  return Number(x.toPrecision(digits));
}

/**
 * What a time series holds: rows, the ampere-hours of the vendor's counters summed over the file, and its span.
 * @param {CyclerRecord[]} records
 */
export function timeSeriesTruth(records) {
  const first = /** @type {CyclerRecord} */ (records[0]);
  const last = /** @type {CyclerRecord} */ (records.at(-1));
  return {
    rows: records.length,
    charge_ah: significant(last.in_test.charge_ah),
    discharge_ah: significant(last.in_test.discharge_ah),
    first_test_time_second: significant(first.test_time_second),
    last_test_time_second: significant(last.test_time_second),
    first_voltage_volt: significant(first.voltage_volt, 4),
    last_voltage_volt: significant(last.voltage_volt, 4),
    vendor_cycles: last.cycle,
    steps: last.step_count,
  };
}

/** @param {Spectrum} spectrum */
export function spectrumTruth(spectrum) {
  return {
    points: spectrum.points.length,
    first_frequency_hertz: spectrum.points[0]?.frequency_hertz,
    last_frequency_hertz: spectrum.points.at(-1)?.frequency_hertz,
    sum_of_real_impedance_ohm: significant(
      spectrum.points.reduce((s, p) => s + p.real_impedance_ohm, 0),
      6,
    ),
    sum_of_imaginary_impedance_ohm: significant(
      spectrum.points.reduce((s, p) => s + p.imaginary_impedance_ohm, 0),
      6,
    ),
  };
}

/**
 * Parameters of a circuit under the names the fits use: arcs R1, CPE1_Q, CPE1_n from fast to slow, then the tail.
 * @param {Element[]} circuit
 */
export function circuitTruth(circuit) {
  /** @type {Record<string, number>} */
  const parameters = {};
  const notation = [];
  let constantPhase = 0;
  for (const element of circuit) {
    if (element.kind === 'L') {
      parameters.L0 = element.henry;
      notation.push('L0');
    } else if (element.kind === 'R') {
      parameters.R0 = significant(element.ohm);
      notation.push('R0');
    } else {
      constantPhase++;
      parameters[`CPE${constantPhase}_Q`] = significant(element.q);
      parameters[`CPE${constantPhase}_n`] = element.n;
      if (element.kind === 'RCPE') parameters[`R${constantPhase}`] = significant(element.ohm);
      notation.push(
        element.kind === 'RCPE' ? `p(R${constantPhase},CPE${constantPhase})` : `CPE${constantPhase}`,
      );
    }
  }
  return { circuit: notation.join('-'), parameters };
}
