import { halfCycles } from '../write/half-cycles.js';
import { Bytes, dayNumber } from './bytes.js';

/** @typedef {import('../simulate/cycling.js').CyclerRecord} CyclerRecord */

const RECORDS_AT = 1007;

/** A module with the head of EC-Lab 11.50 and later. @param {string} name @param {number} version @param {Buffer} body */
function module(name, version, body) {
  return new Bytes()
    .text('MODULE')
    .field(name, 10)
    .field(name, 25)
    .u32(0xffffffff)
    .u32(body.length)
    .u32(0)
    .u32(version)
    .text('01/20/26')
    .raw(body)
    .toBuffer();
}

/** Ids of the columns and how a record writes each; flags share one byte. */
const COLUMNS = /** @type {const} */ ([1, 2, 3, 131, 4, 6, 11, 467, 468]);

/**
 * EC-Lab's `.mpr` of a galvanostatic test, data module of version 11.
 * @param {CyclerRecord[]} records
 * @param {{started_at: number, channel: number, running?: boolean}} run `running`: copied before the test ended, without its log
 */
export function biologicMpr(records, { started_at, channel, running }) {
  const data = new Bytes().u32(records.length).u16(COLUMNS.length);
  for (const id of COLUMNS) data.u16(id);
  data.fillTo(RECORDS_AT);
  for (const { r, half, charge_ah, discharge_ah } of halfCycles(records)) {
    const mode = r.step_type === 'rest' ? 3 : r.step_type === 'cv_charge' ? 2 : 1;
    data
      .u8(mode | (r.step_type === 'cc_discharge' ? 0 : 4))
      .u16(r.step_id)
      .f8(r.test_time_second)
      .f4(r.voltage_volt)
      .f8(1000 * r.current_ampere)
      .f8(1000 * (charge_ah - discharge_ah))
      .u32(half);
  }
  const log = new Bytes()
    .zeros(9)
    .u8(channel - 1)
    .fillTo(585)
    .f8(dayNumber(started_at))
    .zeros(1407);
  const settings = Buffer.alloc(1000);
  settings[0] = 0x04;
  return Buffer.concat([
    new Bytes().text('BIO-LOGIC MODULAR FILE\x1a').field('', 25).zeros(4).toBuffer(),
    module('VMP Set', 1, settings),
    module('VMP data', 11, data.toBuffer()),
    ...(running ? [] : [module('VMP LOG', 1, log.toBuffer())]),
  ]);
}
