import iconv from 'iconv-lite';
import { findingMessages as say } from '../../messages/findings.js';
import { attribute, member, readAuxiliary } from './ndax-auxiliary.js';
import { RunInfo, runInfoBytes, type Step } from './ndax-run-info.js';
import { eachItem, type Ndc, readNdc, wholeBytes, wholeRecords } from './ndc.js';
import { checkScale, inOrder, NewareRecords, rangeScale, signedAt, wholeAt } from './neware.js';
import { ContainerRefusal, instantText, type RecordFile, type RecordNote } from './record-table.js';
import { type Archive, openArchive } from './zip.js';

/** Neware's `.ndax`: a zip archive of `.ndc` files, and XML about the test. */

/** Versions that store only voltage and current: scale of the values, and bytes at the end of a run-info item. */
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

/** Whole records of versions 2 to 5. */
function readWhole(data: Ndc): NewareRecords {
  const { file } = data;
  const before = wholeRecords[data.version]!;
  const there = data.offsets.map((at) => at + before).filter((at) => file.readUInt32LE(at) > 0);
  const kept = inOrder(there, (at) => file.readUInt32LE(at));
  const records = new NewareRecords(kept.length);
  let lastRange: number | undefined;
  for (const [index, at] of kept.entries()) {
    const range = file.readInt32LE(at + 74);
    const scale = rangeScale(range);
    lastRange = range;
    records.record[index] = file.readUInt32LE(at);
    records.cycle[index] = file.readUInt32LE(at + 4) + 1;
    records.step[index] = file[at + 8]!;
    records.type[index] = file[at + 9]!;
    records.stepTime[index] = wholeAt(file, at + 15) / 1000;
    records.voltage[index] = file.readInt32LE(at + 23) / 1e4;
    records.current[index] = (file.readInt32LE(at + 27) * scale) / 1000;
    const counter = (place: number) => (Math.abs(signedAt(file, at + place)) * scale) / 3.6e6;
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

function readSteps({ file, offsets }: Ndc): Step[] {
  return Array.from(offsets, (at) => ({
    cycle: file.readUInt32LE(at) + 1,
    step: file.readUInt32LE(at + 4),
    type: file[at + 24]!,
  }));
}

async function readPairs(archive: Archive, data: Ndc, notes: RecordNote[]): Promise<NewareRecords> {
  const layout = pairs[data.version]!;
  const lacks = (name: string, why: string) =>
    new ContainerRefusal(`the archive lacks ${name}: ${name} is missing, so ${why}`);
  const info = archive.members.get('data_runInfo.ndc');
  const stepBytes = await member(archive, 'data_step.ndc');
  const records = new NewareRecords(data.count);
  if (records.count === 0) return records;
  if (info === undefined) throw lacks('data_runInfo.ndc', 'there is no time');
  if (stepBytes === undefined) throw lacks('data_step.ndc', 'cycles and steps are not known');
  records.record.set(data.positions);
  const view = new DataView(data.file.buffer, data.file.byteOffset, data.file.length);
  for (let index = 0; index < records.count; index++) {
    const at = data.offsets[index]!;
    records.voltage[index] = view.getFloat32(at, true) * layout.volt;
    records.current[index] = view.getFloat32(at + 4, true) * layout.ampere;
  }
  const sized = (bytes: (of: (typeof pairs)[number]) => number) => (version: number) => {
    const found = pairs[version];
    return found === undefined ? undefined : bytes(found);
  };
  const runInfo = new RunInfo(records);
  await eachItem(
    archive.stream(info),
    'data_runInfo.ndc',
    sized(({ tail }) => runInfoBytes + tail),
    (version) => {
      const unit = pairs[version]!.isAmpereHour ? 1 : 1 / 3600 / 1000;
      return (bytes, at) => runInfo.take(bytes, at, unit);
    },
  );
  const steps = readNdc(
    stepBytes,
    'data_step.ndc',
    sized((of) => of.stepBytes),
  );
  runInfo.fill(readSteps(steps));
  const untimed = records.stepTime.findIndex((time) => !Number.isNaN(time));
  if (untimed === -1)
    throw new ContainerRefusal('data_runInfo.ndc has no entry for any record, so there is no time');
  if (untimed > 0) notes.push(say('CONTAINER_NOTE/untimed', { count: untimed }));
  return records;
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
  await readAuxiliary(archive, testInfo, records, notes);
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
