import { Bytes, dayNumber } from './bytes.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * An Access database of the Jet 4 kind, as far as tables of numbers and short text go: no indexes, no maps of used pages.
 * Enough for what reads tables page by page.
 */

const PAGE = 4096;

/** @typedef {'long' | 'integer' | 'single' | 'double' | 'text'} Type */
/** @typedef {{name: string, columns: [string, Type][], rows: (number | string)[][]}} Table */

const CODES = { integer: 3, long: 4, single: 6, double: 8, text: 10 };
const LENGTHS = { integer: 2, long: 4, single: 4, double: 8, text: 0 };

/** @param {[string, Type][]} columns @param {number} rowCount */
function definition(columns, rowCount) {
  const page = new Bytes().u16(0x0102).u16(0).u32(0).u32(0).u32(0).u32(rowCount).fillTo(45);
  page.u16(columns.length).u32(0).u32(0).fillTo(63);
  let fixed = 0;
  let variable = 0;
  columns.forEach(([, type], index) => {
    const isFixed = type !== 'text';
    const column = new Bytes().u8(CODES[type]).fillTo(5).u16(index);
    column
      .u16(isFixed ? 0 : variable)
      .fillTo(15)
      .u8(isFixed ? 1 : 0)
      .fillTo(21);
    column.u16(isFixed ? fixed : 0).u16(LENGTHS[type] || 510);
    page.raw(column.toBuffer());
    fixed += LENGTHS[type];
    if (!isFixed) variable++;
  });
  for (const [name] of columns) page.u16(2 * name.length).text(name, 'utf16le');
  return page.fillTo(PAGE).toBuffer();
}

/** @param {[string, Type][]} columns @param {(number | string)[]} values */
function row(columns, values) {
  const bytes = new Bytes().u16(columns.length);
  /** @type {Buffer[]} */
  const texts = [];
  columns.forEach(([, type], index) => {
    const value = values[index];
    if (type === 'integer') bytes.u16(Number(value) & 0xffff);
    else if (type === 'long') bytes.i32(Number(value));
    else if (type === 'single') bytes.f4(Number(value));
    else if (type === 'double') bytes.f8(Number(value));
    else texts.push(Buffer.from(String(value), 'utf16le'));
  });
  const offsets = [bytes.length];
  for (const text of texts) {
    bytes.raw(text);
    offsets.push(bytes.length);
  }
  if (texts.length > 0) {
    for (const offset of offsets.reverse()) bytes.u16(offset);
    bytes.u16(texts.length);
  }
  const mask = Buffer.alloc((columns.length + 7) >> 3);
  columns.forEach((_, index) => {
    mask[index >> 3] = /** @type {number} */ (mask[index >> 3]) | (1 << (index & 7));
  });
  return bytes.raw(mask).toBuffer();
}

/** Pages of rows, which lie from the end of a page to its beginning. @param {Buffer[]} rows @param {number} owner */
function dataPages(rows, owner) {
  const pages = [];
  for (let at = 0; at < rows.length; ) {
    const own = [];
    let free = PAGE - 14;
    for (; at < rows.length && /** @type {Buffer} */ (rows[at]).length + 2 <= free; at++) {
      const next = /** @type {Buffer} */ (rows[at]);
      own.push(next);
      free -= next.length + 2;
    }
    const page = Buffer.alloc(PAGE);
    page.writeUInt16LE(0x0101, 0);
    page.writeUInt16LE(free, 2);
    page.writeUInt32LE(owner, 4);
    page.writeUInt16LE(own.length, 12);
    let end = PAGE;
    own.forEach((bytes, index) => {
      end -= bytes.length;
      bytes.copy(page, end);
      page.writeUInt16LE(end, 14 + 2 * index);
    });
    pages.push(page);
  }
  return pages;
}

/** @param {Table[]} tables */
function jetDatabase(tables) {
  /** @type {[string, Type][]} */
  const catalogColumns = [
    ['Id', 'long'],
    ['Type', 'integer'],
    ['Name', 'text'],
  ];
  const catalogPage = 2;
  const catalog = tables.map(({ name }, index) => row(catalogColumns, [3 + index, 1, name]));
  const head = new Bytes().u8(0).u8(1).u16(0).text('Standard Jet DB\0').u32(1).fillTo(PAGE).toBuffer();
  return Buffer.concat([
    head,
    Buffer.alloc(PAGE),
    definition(catalogColumns, catalog.length),
    ...tables.map(({ columns, rows }) => definition(columns, rows.length)),
    ...dataPages(catalog, catalogPage),
    ...tables.flatMap(({ columns, rows }, index) =>
      dataPages(
        rows.map((values) => row(columns, values)),
        3 + index,
      ),
    ),
  ]);
}

/**
 * Arbin's `.res`; several tests where `tests` are more than one.
 * @param {{records: CyclerRecord[], started_at: number, channel: number}[]} tests
 */
export function arbinRes(tests) {
  /** @type {[string, Type][]} */
  const columns = [
    ['Test_ID', 'long'],
    ['Data_Point', 'long'],
    ['Test_Time', 'double'],
    ['Step_Time', 'double'],
    ['DateTime', 'double'],
    ['Step_Index', 'integer'],
    ['Cycle_Index', 'integer'],
    ['Current', 'single'],
    ['Voltage', 'single'],
    ['Charge_Capacity', 'double'],
    ['Discharge_Capacity', 'double'],
    ['Charge_Energy', 'double'],
    ['Discharge_Energy', 'double'],
  ];
  const rows = tests.flatMap(({ records, started_at }, index) =>
    records.map((r) => [
      index + 1,
      r.record_index,
      r.test_time_second,
      r.step_time_second,
      dayNumber(started_at + 1000 * r.test_time_second),
      r.step_id,
      r.cycle,
      r.current_ampere,
      r.voltage_volt,
      r.in_cycle.charge_ah,
      r.in_cycle.discharge_ah,
      r.in_cycle.charge_wh,
      r.in_cycle.discharge_wh,
    ]),
  );
  return jetDatabase([
    {
      name: 'Global_Table',
      columns: [
        ['Test_ID', 'long'],
        ['Channel_Index', 'integer'],
        ['Start_DateTime', 'double'],
        ['Test_Name', 'text'],
      ],
      rows: tests.map(({ started_at, channel }, index) => [
        index + 1,
        channel - 1,
        dayNumber(started_at),
        `two cycles ${index + 1}`,
      ]),
    },
    { name: 'Channel_Normal_Table', columns, rows },
  ]);
}
