import { findingMessages as say } from '../../messages/findings.js';
import { flags, type MprColumn, mprColumns, techniques, widths } from './mpr-columns.js';
import {
  ContainerRefusal,
  dayNumberText,
  type RecordColumn,
  type RecordFile,
  type RecordNote,
} from './record-table.js';

/**
 * BioLogic's `.mpr` (EC-Lab, BT-Lab): a head of 52 bytes, then modules until the end of the file. The data module
 * holds records of fixed length, whose columns are identified by ids.
 */

interface Module {
  name: string;
  version: number;
  body: Buffer;
  /** Bytes of the body that the head declares. */
  declared: number;
}

const magic = 'BIO-LOGIC MODULAR FILE';
const headBytes = 52;

/** The modules of a file; the last one may be shorter than it declares. */
function modulesOf(file: Buffer): Module[] {
  const modules: Module[] = [];
  let at = headBytes;
  while (at < file.length) {
    if (file.toString('latin1', at, at + 6) !== 'MODULE') {
      throw new ContainerRefusal(`damaged: no module begins at byte ${at}, where one must`);
    }
    const head = at + 6;
    // There is less left than the head of a module.
    if (head + 59 > file.length) break;
    const isNew = file.readUInt32LE(head + 35) === 0xffffffff;
    const declared = file.readUInt32LE(head + (isNew ? 39 : 35));
    const version = file.readUInt32LE(head + (isNew ? 47 : 39));
    const start = head + (isNew ? 59 : 51);
    const body = file.subarray(start, Math.min(start + declared, file.length));
    modules.push({ name: file.toString('latin1', head, head + 10).trim(), version, body, declared });
    at = start + declared;
  }
  return modules;
}

/** How a data module lays out its records, by its version. */
const layouts: Readonly<Record<number, { isWide: boolean; idsAt: number; recordsAt: number }>> = {
  2: { isWide: false, idsAt: 5, recordsAt: 405 },
  3: { isWide: false, idsAt: 5, recordsAt: 406 },
  10: { isWide: true, idsAt: 6, recordsAt: 1007 },
  11: { isWide: true, idsAt: 6, recordsAt: 1007 },
};

interface Field {
  id: number;
  column: MprColumn;
  offset: number;
}

interface Layout {
  count: number;
  recordBytes: number;
  recordsAt: number;
  fields: Field[];
  /** Offset of the byte of flags, and the flags it holds. */
  flagsAt: number | undefined;
  flagIds: number[];
  /** Columns of unknown meaning, in words; their bytes are skipped. */
  unknown: string | undefined;
}

/** Ids of the columns of a data module, in the order of a record. */
function idsOf(data: Module, known: { isWide: boolean; idsAt: number; recordsAt: number }): number[] {
  const { body } = data;
  const idCount = known.isWide ? body.readUInt16LE(4) : body.readUInt8(4);
  if (idCount === 0 || known.idsAt + 2 * idCount > known.recordsAt) {
    throw new ContainerRefusal(`damaged: ${idCount} columns do not fit into the head of the data module`);
  }
  return Array.from({ length: idCount }, (_, index) => body.readUInt16LE(known.idsAt + 2 * index));
}

const isKnown = (id: number) => flags.has(id) || mprColumns.has(id);

/**
 * The columns of unknown meaning, if they are side by side: the length of the body then shows how many bytes they have
 * together, and so where every other column is.
 *
 * @param declared bytes of all records
 * @throws ContainerRefusal where the length of a record cannot be determined
 */
function unknownColumns(
  ids: readonly number[],
  count: number,
  declared: number,
): { from: number; to: number; bytes: number; named: string } | undefined {
  const from = ids.findIndex((id) => !isKnown(id));
  if (from === -1) return undefined;
  const to = ids.findLastIndex((id) => !isKnown(id)) + 1;
  const side = ids.slice(from, to);
  const place = from === 0 ? 'the first column' : `after column id ${ids[from - 1]}`;
  const strangers = side.filter((id) => !isKnown(id));
  const [ending, verb] = strangers.length > 1 ? ['s', 'are'] : ['', 'is'];
  const named = `column id${ending} ${strangers.join(', ')} (${place}) ${verb} not known`;
  const widthOf = (id: number) => (flags.has(id) ? 0 : widths[mprColumns.get(id)!.type]);
  const others = [...ids.slice(0, from), ...ids.slice(to)];
  const hasFlags = others.some((id) => flags.has(id));
  const bytes =
    declared / Math.max(count, 1) - others.reduce((sum, id) => sum + widthOf(id), hasFlags ? 1 : 0);
  // An unknown flag is in the byte of the other flags, which is where the first of them is.
  const isClear = !hasFlags || ids.slice(0, from).some((id) => flags.has(id));
  const least = hasFlags ? 0 : 1;
  const isWidth = count === 0 || (Number.isInteger(bytes) && bytes >= least && bytes <= 8 * side.length);
  if (strangers.length < side.length || !isWidth || !isClear) {
    throw new ContainerRefusal(`${named}, so the record length is not; export it as text (.mpt)`);
  }
  return { from, to, bytes: count === 0 ? 0 : bytes, named };
}

function layoutOf(data: Module): Layout {
  const known = layouts[data.version];
  if (known === undefined) {
    throw new ContainerRefusal(
      `data module of version ${data.version} is not known; export it as text (.mpt)`,
    );
  }
  const { body } = data;
  if (body.length < known.recordsAt) throw incomplete();
  const count = body.readUInt32LE(0);
  const ids = idsOf(data, known);
  const unknown = unknownColumns(ids, count, data.declared - known.recordsAt);
  const layout: Layout = {
    count,
    recordBytes: 0,
    recordsAt: known.recordsAt,
    fields: [],
    flagsAt: undefined,
    flagIds: [],
    unknown: unknown?.named,
  };
  for (const [index, id] of ids.entries()) {
    if (index === unknown?.from) layout.recordBytes += unknown.bytes;
    if (flags.has(id)) {
      if (layout.flagsAt === undefined) layout.flagsAt = layout.recordBytes++;
      layout.flagIds.push(id);
    }
    const column = mprColumns.get(id);
    if (column === undefined) continue;
    layout.fields.push({ id, column, offset: layout.recordBytes });
    layout.recordBytes += widths[column.type];
  }
  if (data.declared !== known.recordsAt + count * layout.recordBytes) {
    throw new ContainerRefusal(
      `the data module declares ${count} records and ${data.declared} bytes, but its columns make records of ${layout.recordBytes} bytes; export it as text (.mpt)`,
    );
  }
  return layout;
}

/** Techniques whose files hold the charge between records in place of the current, and those in which none flows. */
const withCharge = new Set([techniques[4], techniques[119]]);
const withoutCurrent = new Set([techniques[11], techniques[28]]);

/**
 * Says that columns of unknown meaning are not read.
 *
 * @throws ContainerRefusal where one of them may be the current
 */
function noteUnknown({ unknown, fields }: Layout, technique: string | undefined, notes: RecordNote[]): void {
  if (unknown === undefined) return;
  const has = (name: RegExp) => fields.some(({ column }) => name.test(column.name));
  const isCurrentKnown =
    has(/^<?I>?\/mA$/) || withoutCurrent.has(technique) || (withCharge.has(technique) && has(/^dq\//));
  if (!isCurrentKnown) {
    throw new ContainerRefusal(
      `${unknown} and may be the current, which no other column holds; export it as text (.mpt)`,
    );
  }
  notes.push(say('UNKNOWN_COLUMN/bytes', { columns: unknown }));
}

const incomplete = () =>
  new ContainerRefusal('incomplete: the end of the file is missing (still being copied?)');

function readColumn(body: Buffer, layout: Layout, { column, offset }: Field, count: number): Float64Array {
  const values = new Float64Array(count);
  let at = layout.recordsAt + offset;
  const step = layout.recordBytes;
  const read = {
    f4: () => body.readFloatLE(at),
    f8: () => body.readDoubleLE(at),
    u2: () => body.readUInt16LE(at),
    u4: () => body.readUInt32LE(at),
  }[column.type];
  for (let record = 0; record < count; record++, at += step) values[record] = read();
  return values;
}

function readFlag(body: Buffer, layout: Layout, id: number, count: number): Float64Array {
  const { mask, shift } = flags.get(id)!;
  const values = new Float64Array(count);
  for (let record = 0; record < count; record++) {
    values[record] =
      (body[layout.recordsAt + record * layout.recordBytes + layout.flagsAt!]! & mask) >> shift;
  }
  return values;
}

/**
 * Mean current (mA) of galvanostatic files, which store the charge since the previous record instead.
 *
 * @param charge mA·h @param time s
 */
function currentOf(charge: Float64Array, time: Float64Array): Float64Array {
  const current = new Float64Array(charge.length);
  for (let record = 1; record < charge.length; record++) {
    const moved = charge[record]!;
    const interval = time[record]! - time[record - 1]!;
    current[record] = moved === 0 ? 0 : interval > 0 ? (moved * 3600) / interval : Number.NaN;
  }
  return current;
}

/** Columns that the text of EC-Lab has but the file does not store. */
function computedColumns(stored: ReadonlyMap<string, Float64Array>, notes: RecordNote[]): RecordColumn[] {
  const computed: RecordColumn[] = [];
  const has = (...names: string[]) => names.some((name) => stored.has(name));
  const map = (name: string, from: string, of: (value: number) => number) =>
    computed.push({ name, values: stored.get(from)!.map(of) });
  const time = stored.get('time/s');
  const charge = stored.get('dq/mA.h');
  if (!has('I/mA', '<I>/mA') && charge !== undefined && time !== undefined) {
    computed.push({ name: '<I>/mA', values: currentOf(charge, time) });
    notes.push(say('CURRENT_FROM_CHARGE'));
  }
  if (!has('cycle number') && has('half cycle')) {
    map('cycle number', 'half cycle', (half) => Math.floor(half / 2));
  }
  if (has('Q charge/discharge/mA.h')) {
    map('Q charge/mA.h', 'Q charge/discharge/mA.h', (q) => Math.max(q, 0));
    map('Q discharge/mA.h', 'Q charge/discharge/mA.h', (q) => Math.max(-q, 0));
  }
  const phase = stored.get('Phase(Z)/deg');
  if (!has('Re(Z)/Ohm', '-Im(Z)/Ohm') && has('|Z|/Ohm') && phase !== undefined) {
    const magnitude = stored.get('|Z|/Ohm')!;
    const part = (of: (radian: number) => number) =>
      magnitude.map((z, record) => z * of((phase[record]! * Math.PI) / 180));
    computed.push({ name: 'Re(Z)/Ohm', values: part(Math.cos) });
    computed.push({ name: '-Im(Z)/Ohm', values: part((radian) => -Math.sin(radian)) });
  }
  return computed;
}

/** Position of the reference electrode in the settings. */
const referenceAt = 0x215;

/** A text preceded by its length; empty where the settings are shorter. */
function shortText(settings: Buffer, at: number): string {
  const text = settings.toString('latin1', at + 1, at + 1 + (settings[at] ?? 0));
  return /^[\x20-\x7e\xa0-\xff]*$/.test(text) ? text.trim() : '';
}

/** What the settings and the log say about the test. Paths and names of people in them are not read. */
function factsOf(modules: readonly Module[], notes: RecordNote[]) {
  const settings = modules.find(({ name }) => name === 'VMP Set')?.body;
  const log = modules.find(({ name }) => name === 'VMP LOG')?.body;
  const code = settings?.[0];
  const technique = code === undefined ? undefined : (techniques[code] ?? `0x${code.toString(16)}`);
  const reference = settings === undefined ? '' : shortText(settings, referenceAt);
  const isLogWhole = log !== undefined && log.length >= 593;
  const startedAt = isLogWhole ? dayNumberText(log.readDoubleLE(585)) : undefined;
  if (!isLogWhole) notes.push(say('START_UNKNOWN'));
  return {
    technique,
    facts: {
      startedAt,
      channel: isLogWhole ? String(log[9]! + 1) : undefined,
      about: [
        ...(technique === undefined ? [] : [`Technique: ${technique}`]),
        ...(reference === '' ? [] : [`Reference electrode: ${reference}`]),
      ],
    },
  };
}

/**
 * Reads an `.mpr` file.
 *
 * @throws ContainerRefusal where it cannot be read
 */
export function readMpr(file: Buffer): RecordFile {
  if (!file.toString('latin1', 0, magic.length).startsWith(magic)) {
    throw new ContainerRefusal('this is not a BioLogic .mpr file');
  }
  const notes: RecordNote[] = [];
  const modules = modulesOf(file);
  const data = modules.find(({ name }) => name === 'VMP data');
  if (data === undefined) throw incomplete();
  const layout = layoutOf(data);
  const whole = Math.floor((data.body.length - layout.recordsAt) / layout.recordBytes);
  const count = Math.min(layout.count, whole);
  if (count < layout.count) {
    notes.push(say('INCOMPLETE_FILE/module', { declared: layout.count, complete: count }));
  }
  const { technique, facts } = factsOf(modules, notes);
  noteUnknown(layout, technique, notes);
  const stored = new Map<string, Float64Array>();
  for (const id of layout.flagIds) stored.set(flags.get(id)!.name, readFlag(data.body, layout, id, count));
  for (const field of layout.fields) {
    // In a battery capacity determination, column 6 is the voltage of the cell.
    const name = field.id === 6 && technique === techniques[0x88] ? 'Ecell/V' : field.column.name;
    if (!stored.has(name)) stored.set(name, readColumn(data.body, layout, field, count));
  }
  const columns: RecordColumn[] = [...stored].map(([name, values]) => ({ name, values }));
  columns.push(...computedColumns(stored, notes));
  return { tables: [{ columns, count, facts }], notes };
}
