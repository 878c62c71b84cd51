import { zipSync } from 'fflate';
import { fixed, hoursMinutesSeconds, isoDateTime, later } from '../write/text.js';
import { memberTime } from './bytes.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */
/** A cell: a number, or text. @typedef {number | string} Cell */
/** @typedef {{name: string, rows: Cell[][]}} Sheet */

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** `A1` of a column from 0 and a row from 1. @param {number} column @param {number} row */
function reference(column, row) {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return `${letters}${row}`;
}

/** A workbook with shared strings, as vendors' programs write it. @param {Sheet[]} sheets */
export function workbook(sheets) {
  /** @type {Map<string, number>} */
  const strings = new Map();
  const cell = (/** @type {Cell} */ value, /** @type {number} */ column, /** @type {number} */ row) => {
    const at = reference(column, row);
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
    if (!strings.has(value)) strings.set(value, strings.size);
    return `<c r="${at}" t="s"><v>${strings.get(value)}</v></c>`;
  };
  const bodies = sheets.map(({ rows }) => {
    const lines = rows.map(
      (row, index) =>
        `<row r="${index + 1}">${row.map((value, column) => cell(value, column, index + 1)).join('')}</row>`,
    );
    return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData></worksheet>`;
  });
  const each = (/** @type {(sheet: Sheet, number: number) => string} */ write) =>
    sheets.map((sheet, index) => write(sheet, index + 1)).join('');
  const override = (/** @type {string} */ part, /** @type {string} */ kind) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${TYPE}.${kind}+xml"/>`;
  /** @type {Record<string, string>} */
  const parts = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${override('workbook', 'sheet.main')}${override('sharedStrings', 'sharedStrings')}${each((_, number) => override(`worksheets/sheet${number}`, 'worksheet'))}</Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each(({ name }, number) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((_, number) => `<Relationship Id="rId${number}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId0" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${[...strings.keys()].map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`,
  };
  bodies.forEach((body, index) => {
    parts[`xl/worksheets/sheet${index + 1}.xml`] = body;
  });
  const option = { mtime: memberTime() };
  return Buffer.from(
    zipSync(
      Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, [Buffer.from(text), option]])),
    ),
  );
}

const STEP_WORDS = { rest: 'Rest', cc_charge: 'CC Chg', cv_charge: 'CV Chg', cc_discharge: 'CC DChg' };

/**
 * BTSDA 8's workbook: records on sheet `record`, times and dates as text, beside sheets of the test.
 * @param {CyclerRecord[]} records @param {{started_at: number}} run
 */
export function btsdaWorkbook(records, { started_at }) {
  const header = [
    'DataPoint',
    'Cycle Index',
    'Step Index',
    'Step Type',
    'Time',
    'Total Time',
    'Current(A)',
    'Voltage(V)',
    'Capacity(Ah)',
    'Energy(Wh)',
    'Date',
    'Power(W)',
  ];
  const number = (/** @type {number} */ value, /** @type {number} */ digits) => Number(fixed(value, digits));
  const rows = records.map((r) => [
    r.record_index,
    r.cycle,
    r.step_id,
    STEP_WORDS[r.step_type],
    hoursMinutesSeconds(r.step_time_second),
    hoursMinutesSeconds(r.test_time_second),
    number(r.current_ampere, 6),
    number(r.voltage_volt, 4),
    number(r.in_step.charge_ah + r.in_step.discharge_ah, 9),
    number(r.in_step.charge_wh + r.in_step.discharge_wh, 9),
    isoDateTime(later(started_at, r.test_time_second)),
    number(r.current_ampere * r.voltage_volt, 8),
  ]);
  return workbook([
    { name: 'test', rows: [['Start Time', isoDateTime(later(started_at, 0))]] },
    { name: 'record', rows: [header, ...rows] },
  ]);
}
