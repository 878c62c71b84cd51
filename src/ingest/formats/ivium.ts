import { defineFormat, type FormatHook, type FoundTable } from './definition.js';

/** Each block: `primary_data`, the number of columns, the number of rows, then the rows. Padding blanks and NULs abound. */
const blocks: FormatHook = ({ lines }) => {
  const clean = (line: string | undefined) => (line ?? '').replaceAll('\0', '').trim();
  const tables: FoundTable[] = [];
  let settingsFrom = 0;
  const setting = (key: string, before: number) =>
    lines
      .slice(settingsFrom, before)
      .map(clean)
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1);
  for (let index = 0; index < lines.length; index++) {
    if (clean(lines[index]) !== 'primary_data') continue;
    const columns = Number(clean(lines[index + 1]));
    const count = Number(clean(lines[index + 2]));
    const method = setting('Method', index);
    const isImpedance = method === undefined || method === '' || /imp/i.test(method);
    if (columns >= 3 && count > 0 && isImpedance) {
      const started = setting('starttime', index);
      tables.push({
        kind: 'impedance',
        header: ["Z'/ohm", "Z''/ohm", 'f/Hz', ...Array.from({ length: columns - 3 }, () => '')],
        firstLine: index + 4,
        lastLine: Math.min(index + 3 + count, lines.length),
        ...(started ? { started_at: started } : {}),
      });
    }
    settingsFrom = index + 1;
  }
  return tables;
};

/** Ivium `.idf` and `.ids`: settings and binary padding around text blocks, one block per spectrum. */
export const iviumIdf = defineFormat({
  id: 'ivium-idf',
  vendor: 'Ivium',
  title: 'Ivium .idf / .ids',
  evidence: 'recorded',
  kind: 'impedance',
  delimiter: 'whitespace',
  recognise: {
    lines: [{ pattern: /^[\s\0]*primary_data[\s\0]*$/, within: 20_000 }],
    // Padding with a number in it, then settings: no other file begins so.
    opens: [/^\0{4,}/],
  },
  hook: blocks,
  columns: {
    real_impedance_ohm: ["Z'"],
    imaginary_impedance_ohm: ["Z''"],
    frequency_hertz: ['f'],
  },
  dateOrder: 'month-first',
  sample: 'ivium-idf',
});
