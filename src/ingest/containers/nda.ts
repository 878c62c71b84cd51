import { findingMessages as say } from '../../messages/findings.js';
import { checkScale, inOrder, NewareRecords, rangeScale, signedAt, wholeAt } from './neware.js';
import { ContainerRefusal, instantText, type RecordFile, type RecordNote } from './record-table.js';

/** Neware's `.nda`: records of fixed length, laid out by the version in byte 14. */

const known = [5, 6, 7, 8, 14, 16, 17, 20, 22, 23, 24, 26, 28, 29, 130];

interface Span {
  start: number;
  end: number;
}

/** Number of complete records of `length` bytes in a span of the file, and whether one is cut off at the end. */
function recordsIn({ start, end }: Span, length: number): { count: number; isCut: boolean } {
  const bytes = Math.max(0, end - start);
  return { count: Math.floor(bytes / length), isCut: bytes % length !== 0 };
}

/** Position of the data in files below version 129, and the range of their channel. */
function oldHead(file: Buffer): Span & { channelRange: number | undefined; declared: number } {
  if (file.length < 72) throw new ContainerRefusal('incomplete: the head of the file is missing');
  const start = file.readUInt32LE(64);
  const declared = file.readUInt32LE(68);
  if (start > file.length) throw cut();
  if (start + declared > file.length) throw shorter(declared, file.length - start);
  const block = file.readUInt32LE(16);
  const channelRange = block > 0 && block + 30 <= file.length ? file.readInt32LE(block + 26) : undefined;
  return { start, end: declared === 0 ? file.length : start + declared, channelRange, declared };
}

const cut = () => new ContainerRefusal('incomplete: the end of the file is missing (still being copied?)');

const shorter = (declared: number, there: number) =>
  new ContainerRefusal(
    `incomplete: it declares ${declared} bytes of records, but ${there} are there, with an incomplete record at the end (still being copied?)`,
  );

const tail = (complete: number): RecordNote => say('INCOMPLETE_FILE/tail', { complete });

const signed = (value: number, type: number) =>
  // In versions 5 to 8 some programs wrote values without a sign.
  isDischarge.has(type) ? -Math.abs(value) : value;
const isDischarge = new Set([2, 8, 10, 19, 20, 26]);

/** Versions 5 to 8: 59 bytes, whole seconds, one scale for the file. */
function readShort(file: Buffer, version: number, notes: RecordNote[]): NewareRecords {
  const head = oldHead(file);
  const { count, isCut } = recordsIn(head, 59);
  const offsets: number[] = [];
  for (let index = 0; index < count; index++) {
    const at = head.start + index * 59;
    const id = file[at]!;
    if ((id === 0 || id === 85) && file.readUInt32LE(at + 1) > 0) offsets.push(at);
  }
  if (isCut && head.declared === 0) notes.push(tail(offsets.length));
  const scale = rangeScale(head.channelRange ?? 0);
  const kept = inOrder(Uint32Array.from(offsets), (at) => file.readUInt32LE(at + 1));
  const records = new NewareRecords(kept.length);
  const fromZero = version === 5 || version === 7 ? 1 : 0;
  for (const [index, at] of kept.entries()) {
    const type = file[at + 10]!;
    records.record[index] = file.readUInt32LE(at + 1);
    records.cycle[index] = file.readUInt32LE(at + 5) + fromZero;
    records.step[index] = file[at + 9]!;
    records.type[index] = type;
    records.stepTime[index] = file.readUInt32LE(at + 11);
    records.voltage[index] = file.readInt32LE(at + 15) / 1e4;
    const current = signed(file.readInt32LE(at + 19), type) * scale;
    records.current[index] = current / 1000;
    const capacity = (Math.abs(signedAt(file, at + 31)) * scale) / 3.6e6;
    const energy = (Math.abs(signedAt(file, at + 39)) * scale) / 3.6e6;
    const flows = isDischarge.has(type) || current < 0 ? -1 : current > 0 || type !== 4 ? 1 : 0;
    records.charge[index] = flows > 0 ? capacity : 0;
    records.discharge[index] = flows < 0 ? capacity : 0;
    records.chargeEnergy[index] = flows > 0 ? energy : 0;
    records.dischargeEnergy[index] = flows < 0 ? energy : 0;
    records.clock[index] = wholeAt(file, at + 47) * 1000;
  }
  records.countSteps();
  checkScale(records, head.channelRange);
  return records;
}

const hasCalendar = (version: number) => version === 26 || version === 28 || version === 29;

/** Versions 14 to 29: 86 bytes, milliseconds, a range in each record. */
function readLong(file: Buffer, version: number, notes: RecordNote[]): NewareRecords {
  const head = oldHead(file);
  let start = head.start;
  if (hasCalendar(version)) {
    const first = file.indexOf(Buffer.from([0x55, 0, 1, 0, 0, 0]), 1024);
    if (first !== -1) start = first;
  }
  const end = Math.max(head.end, start);
  const { count, isCut } = recordsIn({ start, end }, 86);
  const offsets: number[] = [];
  const auxiliary: number[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * 86;
    if (file[at] === 85 && file.readUInt32LE(at + 2) > 0) offsets.push(at);
    else if (file[at] === 101) auxiliary.push(at);
  }
  if (isCut && isRecordStart(file, start + count * 86)) notes.push(tail(offsets.length));
  const kept = inOrder(Uint32Array.from(offsets), (at) => file.readUInt32LE(at + 2));
  const records = new NewareRecords(kept.length);
  let lastRange: number | undefined;
  for (const [index, at] of kept.entries()) {
    const own = file.readInt32LE(at + 78);
    const range = own === 0 ? (head.channelRange ?? 0) : own;
    lastRange = range;
    const scale = rangeScale(range);
    records.record[index] = file.readUInt32LE(at + 2);
    records.cycle[index] = file.readUInt32LE(at + 6) + 1;
    records.step[index] = file.readUInt16LE(at + 10);
    records.type[index] = file[at + 12]!;
    records.stepTime[index] = wholeAt(file, at + 14) / 1000;
    records.voltage[index] = file.readInt32LE(at + 22) / 1e4;
    records.current[index] = (file.readInt32LE(at + 26) * scale) / 1000;
    const counter = (place: number) => (Math.abs(signedAt(file, at + place)) * scale) / 3.6e6;
    records.charge[index] = counter(38);
    records.discharge[index] = counter(46);
    records.chargeEnergy[index] = counter(54);
    records.dischargeEnergy[index] = counter(62);
    records.clock[index] = hasCalendar(version)
      ? Date.UTC(
          file.readUInt16LE(at + 70),
          file[at + 72]! - 1,
          file[at + 73]!,
          file[at + 74]!,
          file[at + 75]!,
          file[at + 76]!,
        )
      : wholeAt(file, at + 70) * 1000;
  }
  records.countSteps();
  readAuxiliary(file, auxiliary, records);
  checkScale(records, lastRange);
  return records;
}

/** Whether a record begins at `at`, rather than what follows the data. */
const isRecordStart = (file: Buffer, at: number) =>
  at < file.length && file[at] === 85 && (at + 1 >= file.length || file[at + 1] === 0);

function readAuxiliary(file: Buffer, offsets: readonly number[], records: NewareRecords): void {
  if (offsets.length === 0) return;
  const place = new Map(Array.from(records.record, (number, index) => [number, index] as const));
  const columns = new Map<number, { volt: Float64Array; temperature: Float64Array }>();
  for (const at of offsets) {
    const channel = file[at + 1]!;
    const index = place.get(file.readUInt32LE(at + 2));
    if (index === undefined) continue;
    let column = columns.get(channel);
    if (column === undefined) {
      column = { volt: records.add(`V${channel}(V)`), temperature: records.add(`T${channel}(°C)`) };
      columns.set(channel, column);
    }
    column.volt[index] = file.readInt32LE(at + 22) / 1e4;
    column.temperature[index] = file.readInt16LE(at + 34) / 10;
  }
}

/** Versions 129 and 130: position of their data. */
function newHead(file: Buffer): Span & { recordVersion: number } {
  if (file.length < 98) throw new ContainerRefusal('incomplete: the head of the file is missing');
  const start = wholeAt(file, 82);
  const length = wholeAt(file, 90);
  if (start === 0 && file.toString('latin1', 1024, 1030) === 'NEWARE') {
    throw new ContainerRefusal(
      'a Neware file of chained blocks, which is not read; export it from BTSDA as CSV or Excel',
    );
  }
  if (start === 0 || start > file.length) throw cut();
  if (start + length > file.length) throw shorter(length, file.length - start);
  return { start, end: length === 0 ? file.length : start + length, recordVersion: file.readUInt16LE(16) };
}

/** BTS 9.0: 88 bytes, no cycle number. */
function readBts90(file: Buffer, span: Span, notes: RecordNote[]): NewareRecords {
  const { count, isCut } = recordsIn(span, 88);
  const offsets: number[] = [];
  for (let index = 0; index < count; index++) {
    const at = span.start + index * 88;
    if (file[at + 4] === 85 && file.readUInt32LE(at + 16) > 0) offsets.push(at);
  }
  if (isCut && span.end === file.length) notes.push(tail(offsets.length));
  const kept = inOrder(Uint32Array.from(offsets), (at) => file.readUInt32LE(at + 16));
  const records = new NewareRecords(kept.length);
  for (const [index, at] of kept.entries()) {
    records.record[index] = file.readUInt32LE(at + 16);
    records.step[index] = file[at + 9]!;
    records.type[index] = file[at + 10]!;
    records.stepTime[index] = wholeAt(file, at + 28) / 1e6;
    records.voltage[index] = file.readFloatLE(at + 36);
    records.current[index] = file.readFloatLE(at + 40) / 1000;
    const counter = (place: number) => Math.abs(file.readFloatLE(at + place)) / 3.6e6;
    records.charge[index] = counter(52);
    records.chargeEnergy[index] = counter(56);
    records.discharge[index] = counter(60);
    records.dischargeEnergy[index] = counter(64);
    records.clock[index] = wholeAt(file, at + 68) / 1000;
  }
  records.countSteps();
  checkScale(records, undefined);
  return records;
}

/** BTS 9.1: 52, 56 or 60 bytes, known from the distance of the first two records. */
function readBts91(file: Buffer, span: Span): NewareRecords {
  const begins = file.subarray(span.start, span.start + 2);
  const bytes = span.end - span.start;
  const length = [52, 56, 60].find(
    (each) =>
      bytes % each === 0 &&
      (bytes === each || file.subarray(span.start + each, span.start + each + 2).equals(begins)),
  );
  if (length === undefined) {
    if (bytes <= 0) return new NewareRecords(0);
    throw new ContainerRefusal(
      'the length of its records cannot be told (cut?); export it from BTSDA as CSV or Excel',
    );
  }
  const { count } = recordsIn(span, length);
  const offsets = Array.from({ length: count }, (_, index) => span.start + index * length).filter(
    (at) => file.readUInt32LE(at + 8) > 0,
  );
  const kept = inOrder(Uint32Array.from(offsets), (at) => file.readUInt32LE(at + 8));
  const records = new NewareRecords(kept.length);
  const temperature = length === 52 ? undefined : records.add('T1(°C)');
  const [cycleAt, clockAt, temperatureAt] = { 52: [36, 44, 0], 56: [36, 44, 52], 60: [52, 36, 48] }[length]!;
  const seconds = (at: number) => file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e9;
  for (const [index, at] of kept.entries()) {
    records.record[index] = file.readUInt32LE(at + 8);
    records.step[index] = file[at + 2]!;
    records.type[index] = file[at + 3]!;
    records.testTime[index] = seconds(at + 12);
    records.current[index] = file.readFloatLE(at + 20) / 1000;
    records.voltage[index] = file.readFloatLE(at + 24);
    const capacity = file.readFloatLE(at + 28) / 3.6e6;
    const energy = file.readFloatLE(at + 32) / 3.6e6;
    const isOut = capacity < 0 || records.current[index]! < 0;
    records.charge[index] = isOut ? 0 : Math.abs(capacity);
    records.discharge[index] = isOut ? Math.abs(capacity) : 0;
    records.chargeEnergy[index] = isOut ? 0 : Math.abs(energy);
    records.dischargeEnergy[index] = isOut ? Math.abs(energy) : 0;
    records.cycle[index] = file.readUInt32LE(at + cycleAt!) + 1;
    records.clock[index] = seconds(at + clockAt!) * 1000;
    if (temperature !== undefined) temperature[index] = file.readFloatLE(at + temperatureAt!);
  }
  let began = 0;
  for (let index = 0; index < records.count; index++) {
    const isNew =
      index === 0 ||
      records.step[index] !== records.step[index - 1] ||
      records.cycle[index] !== records.cycle[index - 1];
    if (isNew) began = records.testTime[index]!;
    records.stepTime[index] = records.testTime[index]! - began;
  }
  records.countSteps();
  checkScale(records, undefined);
  return records;
}

/**
 * Reads an `.nda` file.
 *
 * @throws ContainerRefusal where it cannot be read
 */
export function readNda(file: Buffer): RecordFile {
  if (file.length < 18) throw new ContainerRefusal('incomplete: the head of the file is missing');
  const version = file[14]!;
  if (!known.includes(version)) {
    throw new ContainerRefusal(
      `Neware nda version ${version} is not known; export it from BTSDA as CSV or Excel`,
    );
  }
  const notes: RecordNote[] = [];
  let records: NewareRecords;
  let isTimed = false;
  if (version < 10) records = readShort(file, version, notes);
  else if (version < 129) records = readLong(file, version, notes);
  else {
    const head = newHead(file);
    if (head.recordVersion === 2 || head.recordVersion === 3) records = readBts90(file, head, notes);
    else if (head.recordVersion === 19) {
      records = readBts91(file, head);
      isTimed = true;
    } else {
      throw new ContainerRefusal(
        `Neware nda version 130 with records of version ${head.recordVersion} is not known; export it from BTSDA as CSV or Excel`,
      );
    }
  }
  if (!isTimed) records.runTestTime();
  const isUnix = !hasCalendar(version);
  const first = records.clock[0];
  const startedAt =
    first === undefined || Number.isNaN(first) ? undefined : `${instantText(first)}${isUnix ? '+00:00' : ''}`;
  return {
    tables: [
      {
        columns: records.columns(isUnix),
        count: records.count,
        facts: { startedAt, about: [`File version: ${version}`] },
      },
    ],
    notes,
  };
}
