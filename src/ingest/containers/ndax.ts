import iconv from 'iconv-lite';
import { type Ndc, readNdc } from './ndc.js';
import { checkScale, NewareRecords, rangeScale } from './neware.js';
import { ContainerRefusal, instantText, type RecordFile, type RecordNote } from './record-table.js';
import { type Archive, openArchive } from './zip.js';

/** Neware's `.ndax`: a zip archive of `.ndc` files, and XML about the test. */

/** Versions that keep all of a record in one item, and the bytes before it. */
const wholeRecords: Readonly<Record<number, number>> = { 2: 8, 4: 8, 5: 1 };
/** Bytes of a whole record after them. */
const wholeBytes = 86;
/** Versions that keep voltage and current alone: scale of the values, and bytes at the end of a run-info item. */
const pairs: Readonly<
  Record<number, { volt: number; ampere: number; tail: number; stepBytes: number; isAmpereHour: boolean }>
> = {
  8: { volt: 1, ampere: 1, tail: 8, stepBytes: 37, isAmpereHour: true },
  11: { volt: 1e-4, ampere: 1e-3, tail: 0, stepBytes: 37, isAmpereHour: false },
  12: { volt: 1, ampere: 1, tail: 8, stepBytes: 37, isAmpereHour: true },
  14: { volt: 1, ampere: 1, tail: 8, stepBytes: 37, isAmpereHour: true },
  16: { volt: 1e-4, ampere: 1e-3, tail: 53, stepBytes: 100, isAmpereHour: false },
  17: { volt: 1, ampere: 1, tail: 53, stepBytes: 100, isAmpereHour: true },
};

const runInfoBytes = 47;

async function member(archive: Archive, name: string): Promise<Buffer | undefined> {
  const entry = archive.members.get(name);
  return entry === undefined ? undefined : archive.bytes(entry);
}

/** Whole records of versions 2 to 5. */
function readWhole(data: Ndc): NewareRecords {
  const { file } = data;
  const before = wholeRecords[data.version]!;
  const first = new Map<number, number>();
  for (const { at } of data.items) {
    const number = file.readUInt32LE(at + before);
    if (number > 0 && !first.has(number)) first.set(number, at + before);
  }
  const kept = [...first].sort(([a], [b]) => a - b);
  const records = new NewareRecords(kept.length);
  let lastRange: number | undefined;
  for (const [index, [number, at]] of kept.entries()) {
    const range = file.readInt32LE(at + 74);
    const scale = rangeScale(range);
    lastRange = range;
    records.record[index] = number;
    records.cycle[index] = file.readUInt32LE(at + 4) + 1;
    records.step[index] = file[at + 8]!;
    records.type[index] = file[at + 9]!;
    records.stepTime[index] = Number(file.readBigUInt64LE(at + 15)) / 1000;
    records.voltage[index] = file.readInt32LE(at + 23) / 1e4;
    records.current[index] = (file.readInt32LE(at + 27) * scale) / 1000;
    const counter = (place: number) => (Math.abs(Number(file.readBigInt64LE(at + place))) * scale) / 3.6e6;
    records.charge[index] = counter(35);
    records.discharge[index] = counter(43);
    records.chargeEnergy[index] = counter(51);
    records.dischargeEnergy[index] = counter(59);
    records.clock[index] = Date.UTC(
      file.readUInt16LE(at + 67),
      file[at + 69]! - 1,
      file[at + 70]!,
      file[at + 71]!,
      file[at + 72]!,
      file[at + 73]!,
    );
  }
  records.countSteps();
  checkScale(records, lastRange);
  return records;
}

/** What a run-info entry says of one record. */
interface Anchor {
  record: number;
  /** s */
  stepTime: number;
  /** Ah, Wh */
  counters: [number, number, number, number];
  /** s */
  interval: number;
  /** ms */
  clock: number;
  stepCount: number;
}

function readAnchors(info: Ndc, isAmpereHour: boolean): Map<number, Anchor> {
  const { file } = info;
  const unit = isAmpereHour ? 1 : 1 / 3600 / 1000;
  const anchors = new Map<number, Anchor>();
  for (const { at } of info.items) {
    const record = file.readUInt32LE(at + 41);
    if (record === 0 || anchors.has(record)) continue;
    const counter = (place: number) => Math.abs(file.readFloatLE(at + place)) * unit;
    anchors.set(record, {
      record,
      stepTime: file.readUInt32LE(at) / 1000,
      counters: [counter(5), counter(9), counter(13), counter(17)],
      interval: file.readInt32LE(at + 29) / 1000,
      clock: file.readUInt32LE(at + 33) * 1000 + file.readUInt16LE(at + 45),
      stepCount: file.readUInt32LE(at + 37),
    });
  }
  return anchors;
}

interface Step {
  cycle: number;
  step: number;
  type: number;
}

function readSteps(steps: Ndc): Step[] {
  const { file } = steps;
  return steps.items.map(({ at }) => ({
    cycle: file.readUInt32LE(at) + 1,
    step: file.readUInt32LE(at + 4),
    type: file[at + 24]!,
  }));
}

/**
 * Fills the records between two run-info entries as the vendor's program does: step time and clock go on by the
 * interval of the last entry, counters by current and power over it.
 */
function fill(records: NewareRecords, anchors: ReadonlyMap<number, Anchor>, steps: readonly Step[]): void {
  let last: Anchor | undefined;
  let stepIndex = -1;
  let time = 0;
  let clock = 0;
  const counters = [0, 0, 0, 0];
  for (let index = 0; index < records.count; index++) {
    const anchor = anchors.get(records.record[index]!);
    const current = records.current[index]!;
    if (anchor !== undefined) {
      if (last === undefined || anchor.stepCount !== last.stepCount) stepIndex++;
      last = anchor;
      time = anchor.stepTime;
      clock = anchor.clock;
      for (let place = 0; place < 4; place++) counters[place] = anchor.counters[place]!;
    } else if (last !== undefined) {
      time += last.interval;
      clock += last.interval * 1000;
      const charge = (current * last.interval) / 3600;
      const energy = charge * records.voltage[index]!;
      if (charge > 0) {
        counters[0]! += charge;
        counters[2]! += Math.abs(energy);
      } else {
        counters[1]! -= charge;
        counters[3]! += Math.abs(energy);
      }
    } else continue;
    const step = steps[stepIndex];
    records.stepTime[index] = time;
    records.clock[index] = clock;
    records.charge[index] = counters[0]!;
    records.discharge[index] = counters[1]!;
    records.chargeEnergy[index] = counters[2]!;
    records.dischargeEnergy[index] = counters[3]!;
    records.stepCount[index] = stepIndex + 1;
    if (step === undefined) continue;
    records.cycle[index] = step.cycle;
    records.step[index] = step.step;
    records.type[index] = step.type;
  }
}

async function readPairs(archive: Archive, data: Ndc, notes: RecordNote[]): Promise<NewareRecords> {
  const layout = pairs[data.version]!;
  const lacks = (name: string, why: string) =>
    new ContainerRefusal(`the archive lacks ${name}: ${name} is missing, so ${why}`);
  const infoBytes = await member(archive, 'data_runInfo.ndc');
  const stepBytes = await member(archive, 'data_step.ndc');
  const records = new NewareRecords(data.items.length);
  if (records.count === 0) return records;
  if (infoBytes === undefined) throw lacks('data_runInfo.ndc', 'there is no time');
  if (stepBytes === undefined) throw lacks('data_step.ndc', 'cycles and steps are not known');
  for (const [index, { at, position }] of data.items.entries()) {
    records.record[index] = position;
    records.voltage[index] = data.file.readFloatLE(at) * layout.volt;
    records.current[index] = data.file.readFloatLE(at + 4) * layout.ampere;
  }
  const sized = (bytes: (of: (typeof pairs)[number]) => number) => (version: number) => {
    const found = pairs[version];
    return found === undefined ? undefined : bytes(found);
  };
  const info = readNdc(
    infoBytes,
    'data_runInfo.ndc',
    sized(({ tail }) => runInfoBytes + tail),
  );
  const steps = readNdc(
    stepBytes,
    'data_step.ndc',
    sized((of) => of.stepBytes),
  );
  const anchors = readAnchors(info, pairs[info.version]!.isAmpereHour);
  fill(records, anchors, readSteps(steps));
  const untimed = records.stepTime.findIndex((time) => !Number.isNaN(time));
  if (untimed === -1)
    throw new ContainerRefusal('data_runInfo.ndc has no entry for any record, so there is no time');
  if (untimed > 0) {
    notes.push({
      code: 'CONTAINER_NOTE',
      message: `the first ${untimed} records have no entry of times and cannot be placed`,
    });
  }
  return records;
}

const attribute = (xml: string, name: string) => new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`).exec(xml)?.[1];

/** Values of auxiliary channels, in the order of the entries that name them. */
async function readAuxiliary(
  archive: Archive,
  testInfo: string,
  records: NewareRecords,
  notes: RecordNote[],
): Promise<void> {
  const numbered = (name: string) => (name.match(/\d+/g) ?? []).map(Number);
  const names = [...archive.members.keys()]
    .filter((name) => /^data_AUX_\d+_\d+_\d+\.ndc$/.test(name))
    .sort((a, b) => {
      const [x, y] = [numbered(a), numbered(b)];
      return x[0]! - y[0]! || x[1]! - y[1]! || x[2]! - y[2]!;
    });
  if (names.length === 0) return;
  const entries = [...testInfo.matchAll(/<Aux\d+\s[^>]*>/gi)].map(([tag]) => tag);
  if (entries.length !== names.length) {
    notes.push({
      code: 'CONTAINER_NOTE',
      message: `${names.length} auxiliary channels, but ${entries.length} descriptions of them: they were left out`,
    });
    return;
  }
  const quantities: Record<string, string> = {
    102: 'V(V)',
    103: 'T(°C)',
    104: 'I(A)',
    335: 'TSet(°C)',
    345: 'H(%)',
  };
  for (const [index, name] of names.entries()) {
    const quantity = quantities[attribute(entries[index]!, 'ChlType') ?? ''] ?? 'V(V)';
    const file = (await member(archive, name))!;
    const ndc = readNdc(file, name, (version) =>
      version === 14 || version === 17 ? 4 : version === 11 || version === 16 ? 7 : undefined,
    );
    const [letter, unit] = [quantity.replace(/\(.*/, ''), quantity.replace(/^[^(]*/, '')];
    const isFloat = ndc.version === 14 || ndc.version === 17;
    const volts = isFloat ? undefined : records.add(`V${index + 1}(V)`);
    const values = records.add(isFloat ? `${letter}${index + 1}${unit}` : `T${index + 1}(°C)`);
    const isThere = isFloat || ndc.file[4096 + 132] === 0x65;
    for (const { at, position } of isThere ? ndc.items : []) {
      if (position > records.count) continue;
      values[position - 1] = isFloat ? ndc.file.readFloatLE(at) : ndc.file.readInt16LE(at + 5) / 10;
      if (volts !== undefined) volts[position - 1] = ndc.file.readFloatLE(at + 1) / 1e4;
    }
  }
}

/**
 * Reads an `.ndax` file.
 *
 * @throws ContainerRefusal where it cannot be read
 */
export async function readNdax(bytes: Buffer): Promise<RecordFile> {
  const archive = await openArchive(bytes);
  try {
    return await readTest(archive);
  } finally {
    archive.close();
  }
}

async function readTest(archive: Archive): Promise<RecordFile> {
  const dataBytes = await member(archive, 'data.ndc');
  if (dataBytes === undefined) {
    throw new ContainerRefusal(
      'the archive lacks data.ndc: data.ndc is missing, so there is no voltage and no current',
    );
  }
  const data = readNdc(dataBytes, 'data.ndc', (version) =>
    wholeRecords[version] !== undefined
      ? wholeRecords[version] + wholeBytes
      : pairs[version] === undefined
        ? undefined
        : 8,
  );
  const notes: RecordNote[] = [];
  const isUnix = pairs[data.version] !== undefined;
  const records = isUnix ? await readPairs(archive, data, notes) : readWhole(data);
  records.runTestTime();
  if (isUnix) checkScale(records, undefined);
  const testInfo = iconv.decode((await member(archive, 'TestInfo.xml')) ?? Buffer.alloc(0), 'gb2312');
  if (isUnix) await readAuxiliary(archive, testInfo, records, notes);
  const first = records.clock.find((time) => !Number.isNaN(time));
  const place = ['DevID', 'UnitID', 'ChlID'].map((name) => attribute(testInfo, name) ?? '');
  return {
    tables: [
      {
        columns: records.columns(isUnix),
        count: records.count,
        facts: {
          startedAt: first === undefined ? undefined : `${instantText(first)}${isUnix ? '+00:00' : ''}`,
          channel: place.some((part) => part !== '') ? place.join('-') : undefined,
          about: [`Container version: ${data.version}`],
        },
      },
    ],
    notes,
  };
}
