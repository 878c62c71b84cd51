import { zipSync } from 'fflate';
import { Bytes, memberTime } from './bytes.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

const TYPES = { rest: 4, cc_charge: 1, cv_charge: 3, cc_discharge: 2 };
const PAGE = 4096;
const ITEMS_AT = 132;

/** An `.ndc` of version 14: a head page, then pages of items. @param {number} type @param {Buffer[]} items */
function ndc(type, items) {
  const pages = [new Bytes().u8(type).u8(0).u8(14).fillTo(PAGE).toBuffer()];
  const length = items[0]?.length ?? 1;
  const perPage = Math.floor((PAGE - ITEMS_AT - 1) / length);
  for (let at = 0; at < items.length; at += perPage) {
    const own = items.slice(at, at + perPage);
    const bitmap = Buffer.alloc(ITEMS_AT - 4);
    own.forEach((_, index) => {
      bitmap[index >> 3] = /** @type {number} */ (bitmap[index >> 3]) | (1 << (index & 7));
    });
    const page = new Bytes()
      .u8(type + 1)
      .u8(0)
      .u16(own.length)
      .raw(bitmap);
    for (const item of own) page.raw(item);
    pages.push(page.fillTo(PAGE).toBuffer());
  }
  return Buffer.concat(pages);
}

/**
 * BTS 8's `.ndax`, container version 14 (V and A).
 * @param {CyclerRecord[]} records @param {{started_at: number, channel: number}} run `started_at` is UTC here
 */
export function newareNdax(records, { started_at, channel }) {
  const data = records.map((r) => new Bytes().f4(r.voltage_volt).f4(r.current_ampere).toBuffer());
  const info = records.map((r) => {
    const clock = started_at + Math.round(1000 * r.test_time_second);
    const { charge_ah, discharge_ah, charge_wh, discharge_wh } = r.in_step;
    return new Bytes()
      .u32(Math.round(1000 * r.step_time_second))
      .u8(0)
      .f4(charge_ah)
      .f4(discharge_ah)
      .f4(charge_wh)
      .f4(discharge_wh)
      .zeros(8)
      .i32(0)
      .u32(Math.floor(clock / 1000))
      .u32(r.step_count)
      .u32(r.record_index)
      .u16(clock % 1000)
      .zeros(8)
      .toBuffer();
  });
  const steps = records
    .filter((r, index) => r.step_count !== records[index - 1]?.step_count)
    .map((r) =>
      new Bytes()
        .u32(r.cycle - 1)
        .u32(r.step_id)
        .zeros(16)
        .u8(TYPES[r.step_type])
        .zeros(12)
        .toBuffer(),
    );
  const start = new Date(started_at).toISOString().replace('T', ' ').replace(/\..*/, '');
  const testInfo = `<?xml version="1.0" encoding="GB2312"?>\n<root><config><TestInfo DevID="21" UnitID="1" ChlID="${channel}" TestID="1" StartTime="${start}"/></config></root>\n`;
  const option = { mtime: memberTime() };
  return Buffer.from(
    zipSync({
      'TestInfo.xml': [Buffer.from(testInfo), option],
      'data.ndc': [ndc(1, data), option],
      'data_runInfo.ndc': [ndc(18, info), option],
      'data_step.ndc': [ndc(7, steps), option],
    }),
  );
}

/** Current, capacity and energy are written in steps of 0.01 mA, mAs, mWs: the range of the record says so. */
const RANGE = 500;
const PER_UNIT = 100;

/**
 * BTS 5's `.nda`, version 22.
 * @param {CyclerRecord[]} records @param {{started_at: number}} run `started_at` is UTC here
 */
export function newareNda(records, { started_at }) {
  const start = 2048;
  const data = new Bytes();
  const scaled = (/** @type {number} */ milli) => Math.round(milli * PER_UNIT);
  for (const r of records) {
    const { charge_ah, discharge_ah, charge_wh, discharge_wh } = r.in_step;
    data
      .u8(85)
      .u8(0)
      .u32(r.record_index)
      .u32(r.cycle - 1)
      .u16(r.step_id)
      .u8(TYPES[r.step_type])
      .u8(r.step_count & 255)
      .i64(Math.round(1000 * r.step_time_second))
      .i32(Math.round(1e4 * r.voltage_volt))
      .i32(scaled(1000 * r.current_ampere))
      .zeros(8);
    for (const hours of [charge_ah, discharge_ah, charge_wh, discharge_wh]) data.i64(scaled(3.6e6 * hours));
    data
      .i64(Math.floor(started_at / 1000 + r.test_time_second))
      .i32(RANGE)
      .zeros(4);
  }
  return new Bytes()
    .text('NEWARE20260120')
    .u8(22)
    .fillTo(64)
    .u32(start)
    .u32(data.length)
    .fillTo(start)
    .raw(data.toBuffer())
    .toBuffer();
}
