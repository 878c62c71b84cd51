import { defineFormat, type FormatHook } from './definition.js';

/** Values of one point, one per line. */
const linesPerPoint = 9;
const number = /^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*$/;

/**
 * A version line, the count of points, one more line, then nine lines per point; the dates of the file come after
 * them.
 */
const points: FormatHook = ({ lines }) => {
  const filled = lines.flatMap((text, index) => (text.trim() === '' ? [] : [{ line: index + 1, text }]));
  const values = filled.slice(3);
  const end = values.findIndex(({ text }) => !number.test(text));
  const numbers = end === -1 ? values : values.slice(0, end);
  // Numbers after the declared points do not belong to points; a missing or smaller count is not trusted.
  const declared = Number(filled[1]?.text);
  const count = Math.min(declared > 0 ? declared * linesPerPoint : numbers.length, numbers.length);
  const rows = [];
  for (let at = 0; at < count; at += linesPerPoint) {
    const point = numbers.slice(at, Math.min(at + linesPerPoint, count));
    rows.push({ line: point[0]!.line, fields: point.map(({ text }) => text.trim()) });
  }
  const [first] = rows;
  if (first === undefined) return [];
  const date = values.slice(Math.max(end, 0)).map(({ text }) => text.trim());
  const startedAt =
    /^\d+[/.-]\d+[/.-]\d+$/.test(date[0] ?? '') && end !== -1 ? `${date[0]} ${date[1] ?? ''}` : '';
  return [
    {
      kind: 'impedance',
      header: ['f/Hz', "Z'/ohm", "-Z''/ohm", 'E/V', 'I/A', 't/s', '', '', ''],
      firstLine: first.line,
      lastLine: first.line,
      rows,
      ...(startedAt === '' ? {} : { started_at: startedAt.trim() }),
    },
  ];
};

/** Eco Chemie / Metrohm Autolab FRA `.dfr`. */
export const autolabDfr = defineFormat({
  id: 'autolab-dfr',
  vendor: 'Metrohm Autolab',
  title: 'Autolab FRA .dfr',
  evidence: 'described',
  kind: 'impedance',
  recognise: { block: [{ pattern: /^\s*VERSION\d+\.\d+\s*\n\s*\d+\s*(\n|$)/i, within: 4 }] },
  hook: points,
  columns: {
    frequency_hertz: ['f'],
    real_impedance_ohm: ["Z'"],
    imaginary_impedance_ohm: [{ name: "-Z''", negate: true }],
    test_time_second: ['t'],
  },
  ignored: ['E', 'I'],
  sample: 'autolab-dfr',
});
