/**
 * A second reading of a plain table, written independently of the reader: the text of a line cut at its delimiter, a
 * number as JavaScript reads it. Holds for tables without quotes, layers and hooks.
 */

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Value of a field by its column's mapping, or undefined where it is not a number that can be stored. */
function numberOf(text, { conversion, negate }, decimal) {
  const trimmed = text.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
  if (decimal === ',' && trimmed.includes('.')) return undefined;
  const pointed = decimal === ',' ? trimmed.replace(',', '.') : trimmed;
  if (!plainNumber.test(pointed)) return undefined;
  let value = Number(pointed);
  if (conversion?.multiply !== undefined) value *= conversion.multiply;
  if (conversion?.divide !== undefined) value /= conversion.divide;
  if (conversion?.add !== undefined) value += conversion.add;
  if (!Number.isFinite(value)) return undefined;
  return negate ? -value : value;
}

/** Physical lines of a text as an editor counts them. */
export function physicalLines(text) {
  const alone = text.match(/\r(?![\r\n])/g)?.length ?? 0;
  const newlines = text.split('\n').length - 1;
  const parts = text.replace(/^\uFEFF/, '').split(alone > newlines ? /\r\n|\r|\n/ : '\n');
  if (parts.at(-1) === '') parts.pop();
  return parts.map((line) => line.replace(/\r+$/, ''));
}

/** Whether the second reading can be held against a table of this file. */
export function canJudge(sniffed) {
  const [plan, ...more] = sniffed.tables;
  return (
    more.length === 0 &&
    plan.rows === undefined &&
    plan.lastLine === undefined &&
    plan.layers === undefined &&
    plan.dialect.delimiter !== 'whitespace' &&
    plan.kind !== 'summary' &&
    sniffed.recognition.format.hook === undefined
  );
}

const judged = [
  ['voltage_volt', 'voltage_volt'],
  ['current_ampere', 'current_ampere'],
  ['test_time_second', 'test_time_second'],
  ['ambient_temperature_celsius', 'ambient_temperature_celsius'],
];

/**
 * What contradicts the text of the file, in words.
 *
 * @param rows stored records with their line numbers
 * @param accounted lines that were stored or rejected
 */
export function contradictions(lines, plan, rows, accounted, isMagnitudeOnly) {
  const found = [];
  const { delimiter, decimal } = plan.dialect;
  for (const row of rows) {
    const line = lines[row.line_number - 1];
    if (line === undefined) return [...found, `line ${row.line_number} is not in the file`];
    if (line.includes('"')) continue;
    const fields = line.split(delimiter);
    for (const [role, column] of judged) {
      const mapped = plan.mapping.get(role);
      if (mapped === undefined) continue;
      if (role === 'test_time_second' && plan.testTime !== 'number') continue;
      const text = fields[mapped.field.index] ?? '';
      let expected = numberOf(text, mapped, decimal);
      let stored = row[column];
      if (role === 'ambient_temperature_celsius' && expected !== undefined && expected < -200)
        expected = undefined;
      if (role === 'current_ampere' && isMagnitudeOnly)
        [expected, stored] = [Math.abs(expected), Math.abs(stored)];
      if ((expected ?? null) !== stored && !(expected === 0 && stored === 0)) {
        found.push(`line ${row.line_number}, ${role}: "${text}" stored as ${stored}, is ${expected}`);
      }
    }
  }
  for (let number = plan.firstLine; number <= lines.length; number++) {
    if (accounted.has(number)) continue;
    const line = lines[number - 1];
    const isBlank = line.replace(/[ \t,;]/g, '') === '' || plan.comments?.test(line) === true;
    if (!isBlank && !line.includes('"'))
      found.push(`line ${number} is neither stored nor rejected: ${line.slice(0, 80)}`);
  }
  return found;
}
