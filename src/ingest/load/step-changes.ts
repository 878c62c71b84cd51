/** Where steps begin, column by column; a loop over all columns at once is compiled again for each kind of column. */

/** Whether one value begins a step after another one; NaN is a missing value, and equal to itself. */
const differs = (a: number, b: number) => a !== b && !(Number.isNaN(a) && Number.isNaN(b));

/**
 * Marks the records whose value is not that of the record before.
 *
 * @param before value of the record before the first
 */
export function markChanges(
  opens: Uint8Array,
  values: { [at: number]: number },
  count: number,
  before: number,
): void {
  let previous = before;
  for (let at = 0; at < count; at++) {
    const value = values[at]!;
    if (differs(value, previous)) opens[at] = 1;
    previous = value;
  }
}

/** Marks the records whose value is less than that of the record before. */
export function markFalls(opens: Uint8Array, values: Float64Array, count: number, before: number): void {
  let previous = before;
  for (let at = 0; at < count; at++) {
    const value = values[at]!;
    if (value < previous) opens[at] = 1;
    previous = value;
  }
}

/** Numbers the steps of records, from the number of the step before; each mark begins one. */
export function numberSteps(opens: Uint8Array, before: number): Int32Array {
  const steps = new Int32Array(opens.length);
  let step = before;
  for (let at = 0; at < opens.length; at++) {
    step += opens[at]!;
    steps[at] = step;
  }
  return steps;
}
