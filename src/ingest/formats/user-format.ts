import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { usageError } from '../../errors.js';
import { defineFormat, type Format, type FormatInput, type Role, roles } from './definition.js';
import { readHeader } from './header.js';
import { firstRoles, impedanceShape, lacksGeometry, secondRoles } from './impedance-shapes.js';
import { unitConversion } from './units.js';

/**
 * A format that a laboratory declares for itself, in a TOML file beside its metadata: which columns of its own tables
 * mean what. It becomes the same declaration as any other format.
 */

const roleNames = Object.keys(roles) as [Role, ...Role[]];

const column = z.union([
  z.string(),
  /** `negate`: the column holds the negative of what its role says, such as −Z''. */
  z.strictObject({ name: z.string(), unit: z.string().optional(), negate: z.boolean().optional() }),
]);

const pattern = z.string().transform((source, context) => {
  try {
    return new RegExp(source, 'iu');
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const delimiters = { tab: '\t', comma: ',', semicolon: ';', blanks: 'whitespace' } as const;

const userFormat = z.strictObject({
  format: z.strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens'),
    vendor: z.string().default('own'),
    title: z.string().optional(),
    kind: z.enum(['timeseries', 'impedance', 'mixed', 'summary']).default('timeseries'),
    delimiter: z.enum(['tab', 'comma', 'semicolon', 'blanks']).optional(),
    /** Names that a header row must have, in addition to the columns that every table needs. */
    header: z.array(z.string()).default([]),
    /** Names of the columns of a file that has no header, in order. */
    names: z.array(z.string()).optional(),
    lines_below_header: z.number().int().nonnegative().default(0),
    comment: z.string().optional(),
    ignored: z.array(z.string()).default([]),
    sign: z
      .enum(['charge-positive', 'discharge-positive', 'state', 'undirected', 'unstated'])
      .default('unstated'),
    counters: z.enum(['step', 'half_cycle', 'cycle', 'test', 'net', 'increment', 'none']).default('step'),
    date_order: z.enum(['month-first', 'day-first']).optional(),
    /** Geometry of the sample, where the columns are resistivity or permittivity. */
    length_over_area_per_cm: z.number().positive().optional(),
  }),
  columns: z.partialRecord(
    z.enum(roleNames),
    z.union([column, z.array(column)]).transform((given) => [given].flat()),
  ),
  states: z
    .strictObject({
      charge: z.array(z.string()),
      discharge: z.array(z.string()),
      rest: z.array(z.string()).default([]),
      message: z.array(z.string()).default([]),
    })
    .optional(),
  preamble: z
    .strictObject({ started_at: pattern, channel: pattern, cell: pattern, temperature_celsius: pattern })
    .partial()
    .default({}),
});

type UserFormat = z.output<typeof userFormat>;
type Spelling = NonNullable<FormatInput['columns'][Role]>[number];

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Words of a state column as one pattern; a word matches only itself, in any case. */
const anyOf = (words: readonly string[]) =>
  new RegExp(words.length === 0 ? '^\\b$' : `^(${words.map(escaped).join('|')})$`, 'i');

/** A column as the laboratory writes it: `I (mA)` names its unit itself. */
function spelling(role: Role, given: z.output<typeof column>, isReversed: boolean, where: string): Spelling {
  const { name, unit, negate = isReversed } = typeof given === 'string' ? { name: given } : given;
  const dimension = roles[role];
  // The first field of a line may have a comment mark, which is kept in a header name here.
  const readings = readHeader(['', name])[1]!.readings;
  const plain = readings[0]!.name;
  if (dimension === 'none') return { name: plain, exact: true, negate };
  const written = readings.find((reading) => reading.unit && unitConversion(reading.unit, dimension))?.unit;
  const used = unit ?? written;
  if (used === undefined) {
    throw usageError(
      `${where}: "${name}" names no unit of ${dimension}`,
      `write { name = "${name}", unit = "…" }`,
    );
  }
  if (unitConversion(used, dimension) === undefined) {
    throw usageError(
      `${where}: "${used}" is not a known unit of ${dimension}`,
      'units are written as V, mA, mAh, h, ohm, …',
    );
  }
  return { name: plain, exact: true, unit: used, negate };
}

/** What a header row must have: the columns that every table of this kind needs. */
function neededRoles(kind: UserFormat['format']['kind']): Role[][] {
  const time: Role[] = ['test_time_second', 'step_time_second', 'date_time', 'unix_time_second'];
  if (kind === 'timeseries') return [time, ['voltage_volt']];
  if (kind === 'mixed') return [time, ['voltage_volt'], ['frequency_hertz']];
  if (kind === 'summary') return [['vendor_cycle_count']];
  return [['frequency_hertz'], firstRoles, secondRoles];
}

/** Two lines with as many numbers as there are names are all that identifies a file without a header. */
function numbersOnly(count: number, delimiter: string | undefined): RegExp {
  const number = '[+-]?(?:\\d+[.,]?\\d*|[.,]\\d+)(?:[eE][+-]?\\d+)?';
  const between =
    delimiter === undefined || delimiter === 'whitespace' ? '[\\t ,;]+' : ` *${escaped(delimiter)} *`;
  const line = `[ \\t]*${number}(?:${between}${number}){${count - 1}}[ \\t]*`;
  return new RegExp(`^${line}(?:\\n${line})?(?:\\n|$)`);
}

/**
 * The columns of a spectrum have to give an impedance; resistivity and permittivity do so only with the geometry of
 * the sample.
 */
function checkShape({ format, columns }: UserFormat, path: string): void {
  const has = (role: Role) => columns[role] !== undefined;
  if (impedanceShape(has, format.length_over_area_per_cm) !== undefined) return;
  throw lacksGeometry(has)
    ? usageError(
        `${path}, format.length_over_area_per_cm is missing`,
        'state thickness over contact area of the sample in 1/cm: without it no impedance can be computed from a resistivity or a permittivity',
      )
    : usageError(
        `${path}, columns: no two of them make an impedance`,
        'pairs are real_impedance_ohm and imaginary_impedance_ohm, conductance_siemens and susceptance_siemens, parallel_capacitance_farad and loss_factor, …',
      );
}

/** The declaration that the file of a laboratory describes. */
function toFormat(given: UserFormat, path: string): Format {
  const { format, columns, states, preamble } = given;
  const delimiter = format.delimiter === undefined ? undefined : delimiters[format.delimiter];
  const isReversed = format.sign === 'discharge-positive';
  const sign =
    format.sign === 'charge-positive' || format.sign === 'discharge-positive' ? 'signed' : format.sign;
  const spellings = Object.entries(columns) as [Role, z.output<typeof column>[]][];
  const needed = neededRoles(format.kind);
  for (const group of needed) {
    if (group.some((role) => columns[role] !== undefined)) continue;
    throw usageError(`${path}, columns: ${group.join(' or ')} is missing`, 'name the column that holds it');
  }
  if (format.kind === 'impedance') checkShape(given, path);
  return defineFormat({
    id: format.id,
    vendor: format.vendor,
    title: format.title ?? `${format.id}, declared by the laboratory`,
    evidence: 'described',
    kind: format.kind,
    ...(delimiter === undefined ? {} : { delimiter }),
    recognise: {
      ...(format.names === undefined
        ? { header: format.header.map((name) => [new RegExp(`^${escaped(name)}$`, 'u')]), roles: needed }
        : { block: [{ pattern: numbersOnly(format.names.length, delimiter), within: 2 }] }),
    },
    header:
      format.names === undefined
        ? { kind: 'row', linesBelow: format.lines_below_header }
        : { kind: 'none', columns: format.names },
    columns: Object.fromEntries(
      spellings.map(([role, names]) => [
        role,
        names.map((name) =>
          spelling(role, name, isReversed && role === 'current_ampere', `${path}, columns.${role}`),
        ),
      ]),
    ),
    ...(format.comment === undefined ? {} : { comments: new RegExp(`^\\s*${escaped(format.comment)}`) }),
    ignored: format.ignored,
    ...(format.length_over_area_per_cm === undefined
      ? {}
      : { lengthOverArea: format.length_over_area_per_cm }),
    sign,
    ...(states === undefined
      ? {}
      : {
          states: {
            charge: anyOf(states.charge),
            discharge: anyOf(states.discharge),
            rest: anyOf(states.rest),
            ...(states.message.length === 0 ? {} : { message: anyOf(states.message) }),
          },
        }),
    counters: format.counters,
    dateOrder: format.date_order ?? 'none',
    preamble: Object.fromEntries(Object.entries(preamble).map(([key, value]) => [key, [value]])),
  });
}

/**
 * A laboratory's own format from the text of its TOML file.
 *
 * @throws CellarError (usage) naming file and key of what is wrong
 */
export function parseUserFormat(text: string, path: string): Format {
  let parsed: unknown;
  try {
    parsed = parseToml(text);
  } catch (error) {
    throw usageError(`${path}: ${(error as Error).message}`, 'correct the file and run again');
  }
  const checked = userFormat.safeParse(parsed);
  if (checked.success) return toFormat(checked.data, path);
  const issue = checked.error.issues[0];
  throw usageError(
    `${path}, ${issue?.path.join('.') || 'top level'}: ${issue?.message}`,
    `columns can be ${roleNames.slice(0, 12).join(', ')}, …; correct the file and run again`,
  );
}

/**
 * The formats a laboratory declares: `*.format.toml` beside its metadata and in its folder `formats`, by name.
 *
 * @param taken ids of the formats that exist already
 * @throws CellarError (usage) naming file and key of what is wrong
 */
export async function readUserFormats(folder: string, taken: ReadonlySet<string>): Promise<Format[]> {
  const paths: string[] = [];
  for (const place of [folder, join(folder, 'formats')]) {
    if (!existsSync(place)) continue;
    const names = (await readdir(place)).filter((name) => name.endsWith('.format.toml'));
    paths.push(...names.sort().map((name) => join(place, name)));
  }
  const found: Format[] = [];
  for (const path of paths) {
    const format = parseUserFormat(await readFile(path, 'utf8'), path);
    if (taken.has(format.id) || found.some(({ id }) => id === format.id)) {
      throw usageError(`${path}, format.id: ${format.id} is taken`, 'give it another id');
    }
    found.push(format);
  }
  return found;
}
