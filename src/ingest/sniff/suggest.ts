import { editDistance } from '../../edit-distance.js';
import { readHead } from '../bytes/scan.js';
import { decodeText, detectEncoding, splitLines } from '../bytes/text.js';
import { containerKind, openContainer } from '../containers/open.js';
import { placeOf } from '../containers/place-of.js';
import type { JudgeSheet } from '../containers/sheet-text.js';
import { dropView, type TextView } from '../containers/view.js';
import { type Role, roles } from '../formats/definition.js';
import { type HeaderField, matchField, nameKey, readHeader, type Spelling } from '../formats/header.js';
import { impedanceShape } from '../formats/impedance-shapes.js';
import { formats as allFormats, type Format } from '../formats/index.js';
import { type Dimension, unitDimension } from '../formats/units.js';
import { type Dialect, splitFields, unwrapLine } from './dialect.js';
import { spellingOf } from './map-columns.js';
import { isUnitsRow } from './units-row.js';

/** What a column of an unknown table probably means. */
interface Guess {
  role: Role;
  /** The unit in the header, of the quantity of the role. */
  unit: string | undefined;
  /** The reason for the guess. */
  reason: string;
}

interface Table {
  line: number;
  delimiter: Dialect['delimiter'];
  /** Undefined where the file begins with numbers. */
  header: HeaderField[] | undefined;
  fieldCount: number;
}

const headBytes = 64 * 1024;
const numberText = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/;
const delimiterNames = { '\t': 'tab', ',': 'comma', ';': 'semicolon', whitespace: 'blanks' } as const;

/** Whether most fields of a row are numbers. */
function isNumeric(fields: readonly string[]): boolean {
  const filled = fields.map((field) => field.trim()).filter((field) => field !== '');
  const numbers = filled.filter((field) => numberText.test(field));
  return numbers.length >= 2 && numbers.length >= 0.5 * filled.length;
}

/** The first row of words above rows of numbers, with the delimiter that gives the most such rows. */
function findTable(lines: readonly string[]): Table | undefined {
  let best: (Table & { rows: number }) | undefined;
  for (const delimiter of ['\t', ';', ',', 'whitespace'] as const) {
    const cut = (index: number) => splitFields(unwrapLine(lines[index] ?? '', delimiter), delimiter);
    const first = lines.findIndex((_line, index) => isNumeric(cut(index)) && isNumeric(cut(index + 1)));
    if (first === -1) continue;
    const fieldCount = cut(first).length;
    const rows = lines
      .slice(first)
      .filter((line) => splitFields(line, delimiter).length === fieldCount).length;
    const above = (from: number) => lines.findLastIndex((line, index) => index < from && line.trim() !== '');
    const isRow = (at: number) => at >= 0 && Math.abs(cut(at).length - fieldCount) <= 1;
    let at = above(first);
    // Names such as Voltage/V look like units; a row of units is below the names.
    if (at >= 0 && isUnitsRow(cut(at)) && isRow(above(at))) at = above(at);
    const names = at < 0 ? [] : cut(at);
    const isHeader = names.length >= 2 && Math.abs(names.length - fieldCount) <= 1;
    const better = rows * Math.min(fieldCount, 3) * (delimiter === 'whitespace' ? 0.5 : 1);
    if (best === undefined || better > best.rows) {
      const header = isHeader ? readHeader(names) : undefined;
      best = { line: (isHeader ? at : first) + 1, delimiter, header, fieldCount, rows: better };
    }
  }
  return best;
}

interface KnownSpelling {
  role: Role;
  spelling: Spelling & { name: string };
  vendor: string;
}

/** Every declared spelling with its role and vendor. */
function knownSpellings(formats: readonly Format[]): KnownSpelling[] {
  return formats.flatMap(({ columns, vendor }) =>
    (Object.entries(columns) as [Role, Parameters<typeof spellingOf>[0][]][]).flatMap(([role, given]) =>
      given.map(spellingOf).flatMap((spelling) => {
        const { name } = spelling;
        return typeof name === 'string' ? [{ role, vendor, spelling: { ...spelling, name } }] : [];
      }),
    ),
  );
}

const lettersOf = (name: string) => nameKey(name).replace(/[^\p{L}\p{N} ]/gu, '');

/** Distance of a name from a known one, 0 to 1: by common words, a common beginning, or different letters. */
function distance(name: string, known: string): number {
  const [a, b] = [lettersOf(name), lettersOf(known)];
  if (a.length < 3 || b.length < 3) return 1;
  const shares = a.split(' ').includes(b) || b.split(' ').includes(a) || b.startsWith(a);
  return shares ? 0.3 : editDistance(a, b) / Math.max(a.length, b.length);
}

/** The unit in a header, and its quantity. */
function namedUnit(field: HeaderField): { unit: string; dimension: Dimension } | undefined {
  for (const { unit } of field.readings) {
    const dimension = unit === undefined ? undefined : unitDimension(unit);
    if (unit !== undefined && dimension !== undefined && dimension !== 'none') return { unit, dimension };
  }
  return undefined;
}

/** The role a quantity most often has, for a header of which only the unit is known. */
const usualRole: Partial<Record<Dimension, Role>> = {
  time: 'test_time_second',
  voltage: 'voltage_volt',
  current: 'current_ampere',
  frequency: 'frequency_hertz',
};

/** Words that name a quantity; a name with such a word is not guessed to be another quantity. */
const quantityWords: [RegExp, readonly Dimension[]][] = [
  [/time|zeit|duration|时间/, ['time', 'none']],
  [/capacity|kapazität|容量/, ['charge']],
  [/energy|energie|能量/, ['energy']],
  [/volt|potential|spannung|电压/, ['voltage']],
  [/current|strom|电流/, ['current']],
  [/temp|温度/, ['temperature']],
  [/freq|频率/, ['frequency']],
  [/phase|theta/, ['angle']],
];

/** The quantities that the words of a name allow. */
function namedDimensions(field: HeaderField): readonly Dimension[] | undefined {
  const name = lettersOf(field.text);
  return quantityWords.find(([words]) => words.test(name))?.[1];
}

/** Roles of a table of cycles, which no time series has. */
const summaryRoles: ReadonlySet<Role> = new Set<Role>([
  'minimum_voltage_volt',
  'maximum_voltage_volt',
  'minimum_current_ampere',
  'maximum_current_ampere',
  'vendor_label',
]);

/** Qualifiers that do not change a quantity. */
const withoutQualifier = (name: string) => name.replace(/^(main|cell|battery|applied|measured)[ _-]+/i, '');

/** The column a header is written exactly like. */
function exactGuess(field: HeaderField, known: readonly KnownSpelling[]): Guess | undefined {
  for (const { role, spelling, vendor } of known) {
    const dimension = roles[role];
    const match = matchField(
      field,
      { ...spelling, unit: undefined },
      dimension,
      dimension === 'none' ? undefined : anyUnit[dimension],
    );
    if (match === undefined) continue;
    const unit = dimension === 'none' ? undefined : match.writtenUnit;
    return { role, unit, reason: `as in ${vendor}` };
  }
  return undefined;
}

/** What is divided by a mass or an area, or counted in C: no current, charge or energy of the cell. */
const isSpecific = (text: string): boolean =>
  /(mA|A|µA|uA|mAh|Ah|Wh|mWh|W)[ .]?(h[ .]?)?(\/|per| )[ ]?([kmµu]?g|[cm]?m\^?[-−]?2|cm²|m²|kg)\b|\b[cm]?m\^?[-−]2|g\^?[-−]1|\b(specific|spec\.|density|c-?rate)\b/iu.test(
    text,
  );

/** The role with the nearest known name, of the quantity of the unit in the header; else the role of that unit. */
function nearestGuess(field: HeaderField, known: readonly KnownSpelling[]): Guess | undefined {
  if (isSpecific(field.text)) return undefined;
  const named = namedUnit(field);
  const allowed = namedDimensions(field);
  let best: { guess: Guess; distance: number } | undefined;
  for (const { role, spelling, vendor } of known) {
    if (named !== undefined && roles[role] !== named.dimension) continue;
    if (allowed !== undefined && !allowed.includes(roles[role])) continue;
    for (const { name } of field.readings) {
      const apart = distance(withoutQualifier(name), spelling.name);
      if (apart >= Math.min(0.35, best?.distance ?? 1)) continue;
      const reason = `guess: nearest known name is ${quoted(spelling.name)} (${vendor})`;
      best = { guess: { role, unit: named?.unit, reason }, distance: apart };
    }
  }
  if (best !== undefined || named === undefined) return best?.guess;
  const role = usualRole[named.dimension];
  const isFree = known.some((spelling) => spelling.role === role);
  return role !== undefined && isFree ? { role, unit: named.unit, reason: 'guess: by its unit' } : undefined;
}

/** A unit of each quantity, so that names can be compared although the header states none. */
const anyUnit = {
  time: 's',
  voltage: 'V',
  current: 'A',
  charge: 'Ah',
  energy: 'Wh',
  temperature: '°C',
  frequency: 'Hz',
  impedance: 'ohm',
  angle: 'deg',
  admittance: 'S',
  capacitance: 'F',
  inductance: 'H',
  resistivity: 'ohm cm',
} as const;

const quoted = (text: string) => JSON.stringify(text);

/** The line of a draft for one column. */
function columnLine({ role, unit, reason }: Guess, text: string): string {
  const needsUnit = roles[role] !== 'none' && unit === undefined;
  const value = needsUnit
    ? `{ name = ${quoted(text)}, unit = ${quoted(anyUnit[roles[role] as keyof typeof anyUnit])} }`
    : quoted(text);
  const doubts = [reason, ...(needsUnit ? ['guess: the header names no unit'] : [])];
  return `${role} = [${value}]  # ${doubts.join('; ')}`;
}

/** A sheet with a table of numbers, if it is the first one; the others are not examined. */
function firstTable(): JudgeSheet {
  let isFound = false;
  return (lines) => {
    if (isFound || findTable(lines) === undefined) return undefined;
    isFound = true;
    return { kind: 'records', headerLine: undefined, times: [], dates: [], runsOn: undefined };
  };
}

/** The first lines of a file, or of the content of a workbook or another instrument's own file. */
async function linesOf(path: string): Promise<{ lines: string[]; view: TextView | undefined }> {
  const { head, isGzip } = await readHead(path, headBytes);
  const kind = containerKind(head);
  if (kind === undefined) {
    const text = detectEncoding(head);
    return { lines: splitLines(decodeText(head, text), text), view: undefined };
  }
  const view = await openContainer(path, kind, isGzip, firstTable());
  try {
    const { head: text } = await readHead(view.path, headBytes);
    const lines = splitLines(text.toString('utf8'), detectEncoding(text));
    return { lines: text.length < headBytes ? lines : lines.slice(0, -1), view };
  } finally {
    dropView(view);
  }
}

/** The position of the header of a table, in words. */
function headerPlace({ line, header }: Table, view: TextView | undefined): string {
  if (view?.unit === 'record') return 'columns by their names in the file';
  const place = `${view === undefined ? 'line' : `sheet ${view.sheets[0]?.name}, row`} ${view === undefined ? line : placeOf(view, line)}`;
  return header === undefined ? `numbers without a header from ${place}` : `header in ${place}`;
}

/**
 * A first draft of a format for a table that no format claims: guesses by the nearest spellings of all formats, each
 * marked as such; other columns are left out. Undefined where the file holds no table of numbers.
 *
 * @throws the file system's error where the file cannot be read; ContainerRefusal where an instrument's own file
 *   cannot be opened
 */
export async function suggestFormat(
  path: string,
  formats: readonly Format[] = allFormats,
): Promise<string | undefined> {
  const { lines, view } = await linesOf(path);
  const table = findTable(lines);
  if (table === undefined) return undefined;
  const named = (table.header ?? []).filter(({ text }) => text !== '');
  const guesses = new Map<string, Guess>();
  const taken = new Set<Role>();
  const known = knownSpellings(formats).filter(({ role }) => !summaryRoles.has(role));
  // Exact names come first, so that a guess never takes the role of a known name.
  for (const guess of [exactGuess, nearestGuess]) {
    for (const field of named) {
      if (guesses.has(field.text)) continue;
      const found = guess(
        field,
        known.filter(({ role }) => !taken.has(role)),
      );
      if (found === undefined) continue;
      guesses.set(field.text, found);
      taken.add(found.role);
    }
  }
  const isImpedance = taken.has('frequency_hertz');
  const left = named.map(({ text }) => text).filter((text) => !guesses.has(text));
  const names = Array.from({ length: table.fieldCount }, (_, index) => `column ${index + 1}`);
  const columns =
    table.header === undefined
      ? names.map((name) => `# … = [{ name = ${quoted(name)}, unit = "…" }]`)
      : [...guesses].map(([text, found]) => columnLine(found, text));
  return `${[
    `# Draft of a format; ${headerPlace(table, view)}. Check every line marked "guess",`,
    '# save it as NAME.format.toml beside cellar.toml, and look at the result with `cellar sniff`.',
    '',
    '[format]',
    'id = "my-format"',
    'vendor = "own"',
    `kind = "${isImpedance ? 'impedance' : 'timeseries'}"`,
    // The text of a workbook's cells is always cut by tabs.
    ...(view === undefined ? [`delimiter = "${delimiterNames[table.delimiter]}"`] : []),
    ...(table.header === undefined ? [`names = [${names.map(quoted).join(', ')}]`] : []),
    ...(isImpedance
      ? []
      : [
          '# Which current is positive: charge-positive, discharge-positive, state (a column tells), undirected, unstated.',
          'sign = "unstated"  # guess',
          '# When capacity counters start again from 0: step, half_cycle, cycle, test, net, none.',
          'counters = "step"  # guess',
        ]),
    '# date_order = "day-first"',
    ...(left.length === 0
      ? []
      : ['# Columns that are not needed; give each one that is needed a line below.']),
    ...(left.length === 0 ? [] : [`ignored = [${left.map(quoted).join(', ')}]`]),
    '',
    '[columns]',
    ...columns,
    ...missing(taken, isImpedance).map((role) => `# ${role} = ["…"]  # nothing in the header looks like it`),
  ].join('\n')}\n`;
}

/** Required columns for which nothing was found. */
function missing(taken: ReadonlySet<Role>, isImpedance: boolean): Role[] {
  const wanted: Role[] = isImpedance
    ? ['real_impedance_ohm', 'imaginary_impedance_ohm']
    : ['test_time_second', 'voltage_volt', 'current_ampere'];
  const isWhole = isImpedance && impedanceShape((role) => taken.has(role), undefined) !== undefined;
  return isWhole ? [] : wanted.filter((role) => !taken.has(role));
}
