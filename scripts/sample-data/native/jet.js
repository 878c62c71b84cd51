import { Bytes, dayNumber } from './bytes.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

/**
 * An Access database of the Jet 4 kind, as far as tables of numbers and short text go: without indexes, relations and
 * permissions. mdbtools and access-parser read it as they read those of Access.
 */

const PAGE = 4096;

/** @typedef {'long' | 'integer' | 'single' | 'double' | 'text' | 'ole'} Type */
/** @typedef {{name: string, columns: [string, Type][], rows: (number | string | null)[][]}} Table */

const CODES = { integer: 3, long: 4, single: 6, double: 7, text: 10, ole: 11 };
const LENGTHS = { integer: 2, long: 4, single: 4, double: 8, text: 0, ole: 0 };
const [SYSTEM_TABLE, USER_TABLE] = [0x53, 0x4e];
/** Stands in every definition that Access writes. */
const MAGIC = 0x659;

/** @param {Type} type */
const isVariable = (type) => LENGTHS[type] === 0;

/**
 * @param {[string, Type][]} columns
 * @param {{rowCount: number, kind: number, map: number}} table `map`: row of the page of maps that lists its pages
 */
function definition(columns, { rowCount, kind, map }) {
  const variables = columns.filter(([, type]) => isVariable(type)).length;
  const body = new Bytes().u32(MAGIC).u32(rowCount).u32(0).u32(1).fillTo(28);
  body.u8(kind).u16(columns.length).u16(variables).u16(columns.length).u32(0).u32(0);
  for (let kindOfMap = 0; kindOfMap < 2; kindOfMap++) body.u32((MAPS_PAGE << 8) | map);
  let fixed = 0;
  let variable = 0;
  columns.forEach(([, type], index) => {
    const isFixed = !isVariable(type);
    body.u8(CODES[type]).u32(MAGIC).u16(index).u16(variable).u16(index);
    // Language and sort order of text: English.
    body.u16(type === 'text' ? 0x409 : 0).u16(0);
    body
      .u8(isFixed ? 3 : 2)
      .u8(0)
      .u32(0);
    body.u16(isFixed ? fixed : 0).u16(type === 'text' ? 510 : LENGTHS[type]);
    fixed += LENGTHS[type];
    if (!isFixed) variable++;
  });
  for (const [name] of columns) body.u16(2 * name.length).text(name, 'utf16le');
  body.u16(0xffff);
  const page = new Bytes().u16(0x0102).u16(PAGE - 12 - body.length);
  return page.u32(0).u32(body.length).raw(body.toBuffer()).fillTo(PAGE).toBuffer();
}

/** @param {[string, Type][]} columns @param {(number | string | null)[]} values */
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
    else texts.push(Buffer.from(String(value ?? ''), 'utf16le'));
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
  values.forEach((value, index) => {
    if (value !== null) mask[index >> 3] = /** @type {number} */ (mask[index >> 3]) | (1 << (index & 7));
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

/** Bytes under the mask that Access lays over the head of every database (RC4 with a fixed key). @param {Buffer} bytes */
function masked(bytes) {
  const key = [0xc7, 0xda, 0x39, 0x6b];
  const state = Uint8Array.from({ length: 256 }, (_, at) => at);
  const swap = (/** @type {number} */ a, /** @type {number} */ b) => {
    [state[a], state[b]] = [/** @type {number} */ (state[b]), /** @type {number} */ (state[a])];
  };
  const at = (/** @type {number} */ place) => /** @type {number} */ (state[place & 255]);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + at(i) + /** @type {number} */ (key[i & 3])) & 255;
    swap(i, j);
  }
  let [i, j] = [0, 0];
  return bytes.map((byte) => {
    i = (i + 1) & 255;
    j = (j + at(i)) & 255;
    swap(i, j);
    return byte ^ at(at(i) + at(j));
  });
}

/** The first page: no key of encryption, no password, the code page and language of text. */
function headPage() {
  const secret = new Bytes().fillTo(0x24).u16(1252).fillTo(0x56).u16(0x409).fillTo(128).toBuffer();
  const head = new Bytes().u8(0).u8(1).u16(0).text('Standard Jet DB\0').u32(1);
  return head.raw(masked(secret)).fillTo(PAGE).toBuffer();
}

const [MAPS_PAGE, CATALOG_PAGE] = [1, 2];

/** The pages of rows of a table as a bit each, from page 0 on. @param {number[]} pages @param {number} most */
function pageMap(pages, most) {
  const bits = Buffer.alloc(Math.max(64, (most + 7) >> 3));
  for (const page of pages) bits[page >> 3] = /** @type {number} */ (bits[page >> 3]) | (1 << (page & 7));
  return new Bytes().u8(0).u32(0).raw(bits).toBuffer();
}

/** The catalog lists itself, as a table of the system. */
const SYSTEM_FLAG = -0x80000000;
/** @type {[string, Type][]} */
const CATALOG = [
  ['Id', 'long'],
  ['Type', 'integer'],
  ['Flags', 'long'],
  ['Name', 'text'],
  ['LvProp', 'ole'],
];

/** @param {Table[]} tables */
function jetDatabase(tables) {
  const catalog = [[CATALOG_PAGE, 1, SYSTEM_FLAG, 'MSysObjects', null]].concat(
    tables.map(({ name }, index) => [CATALOG_PAGE + 1 + index, 1, 0, name, null]),
  );
  const all = [{ columns: CATALOG, rows: catalog, kind: SYSTEM_TABLE }].concat(
    tables.map(({ columns, rows }) => ({ columns, rows, kind: USER_TABLE })),
  );
  const definitions = all.map(({ columns, rows, kind }, map) =>
    definition(columns, { rowCount: rows.length, kind, map }),
  );
  const pages = all.map(({ columns, rows }, index) =>
    dataPages(
      rows.map((values) => row(columns, values)),
      CATALOG_PAGE + index,
    ),
  );
  let next = CATALOG_PAGE + all.length;
  const numbers = pages.map((own) => own.map(() => next++));
  const [maps] = dataPages(
    numbers.map((own) => pageMap(own, next)),
    0,
  );
  return Buffer.concat([headPage(), /** @type {Buffer} */ (maps), ...definitions, ...pages.flat()]);
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
