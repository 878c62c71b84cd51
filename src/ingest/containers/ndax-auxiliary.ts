import { findingMessages as say } from '../../messages/findings.js';
import { type Ndc, readNdc, wholeBytes, wholeRecords } from './ndc.js';
import type { NewareRecords } from './neware.js';
import { ContainerRefusal, type RecordNote } from './record-table.js';
import type { Archive } from './zip.js';

/**
 * Auxiliary channels of a Neware `.ndax`: temperatures, potentials and anything else that was measured in addition to
 * the cell.
 */

/** A member of an archive; undefined where it does not exist. */
export async function member(archive: Archive, name: string): Promise<Buffer | undefined> {
  const entry = archive.members.get(name);
  return entry === undefined ? undefined : archive.bytes(entry);
}

/** An attribute of the first element of an XML text that has it. */
export const attribute = (xml: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`).exec(xml)?.[1];

/** Type of an `.ndc` of an auxiliary channel, in its first byte. */
const auxiliaryType = 5;

/** Quantity and unit by the `ChlType` of a channel. */
const quantities: Readonly<Record<string, [letter: string, unit: string]>> = {
  102: ['V', 'V'],
  103: ['T', '°C'],
  104: ['I', 'A'],
  335: ['TSet', '°C'],
  345: ['H', '%'],
};

/** A quantity of an item: its letter and unit, and its value at an offset of the file. */
interface Quantity {
  letter: string;
  unit: string;
  at(item: number): number;
}

/** Content of the items of a channel, by the version of the file. */
function quantitiesOf({ file, version }: Ndc, type: string | undefined): Quantity[] {
  const before = wholeRecords[version];
  if (before !== undefined) {
    return [
      { letter: 'V', unit: 'V', at: (item) => file.readInt32LE(item + before + 23) / 1e4 },
      { letter: 'T', unit: '°C', at: (item) => file.readInt16LE(item + before + 33) / 10 },
      { letter: 'TSet', unit: '°C', at: (item) => file.readInt16LE(item + before + 35) / 10 },
    ];
  }
  if (version === 14 || version === 17) {
    const [letter, unit] = quantities[type ?? ''] ?? ['V', 'V'];
    return [{ letter, unit, at: (item) => file.readFloatLE(item) }];
  }
  return [
    { letter: 'V', unit: 'V', at: (item) => file.readFloatLE(item + 1) / 1e4 },
    { letter: 'T', unit: '°C', at: (item) => file.readInt16LE(item + 5) / 10 },
  ];
}

function itemBytes(version: number): number | undefined {
  const before = wholeRecords[version];
  if (before !== undefined) return before + wholeBytes;
  return version === 14 || version === 17 ? 4 : version === 11 || version === 16 ? 7 : undefined;
}

/** Channels in the order of the numbers in their names. */
async function channelsOf(archive: Archive): Promise<{ name: string; file: Buffer }[]> {
  const numbers = (name: string) => (name.match(/\d+/g) ?? []).map(Number);
  const names = [...archive.members.keys()]
    .filter((name) => /_\d+\.ndc$/i.test(name))
    .map((name) => ({ name, numbers: numbers(name) }))
    .sort((a, b) => {
      const differing = a.numbers.findIndex((number, at) => number !== b.numbers[at]);
      return differing === -1 ? 0 : a.numbers[differing]! - (b.numbers[differing] ?? -1);
    });
  const channels: { name: string; file: Buffer }[] = [];
  for (const { name } of names) {
    const file = (await member(archive, name))!;
    if (file[0] === auxiliaryType) channels.push({ name, file });
  }
  return channels;
}

/** Number of each record that an item's value belongs to: its own in a whole record, else its position. */
const recordOf = ({ file, version, positions }: Ndc, item: number, at: number) =>
  wholeRecords[version] === undefined ? positions[item]! : file.readUInt32LE(at + wholeRecords[version]!);

/**
 * Adds the values of auxiliary channels to the records, in the order of the entries that name them.
 *
 * @param testInfo the member `TestInfo.xml`
 */
export async function readAuxiliary(
  archive: Archive,
  testInfo: string,
  records: NewareRecords,
  notes: RecordNote[],
): Promise<void> {
  const channels = await channelsOf(archive);
  if (channels.length === 0 || records.count === 0) return;
  const entries = [...testInfo.matchAll(/<Aux\d+\s[^>]*>/gi)].map(([tag]) => tag);
  if (entries.length !== channels.length) {
    notes.push(say('CONTAINER_NOTE/channels', { channels: channels.length, descriptions: entries.length }));
    return;
  }
  // Auxiliary values and records are counted in the same way, including those that are left out.
  const indexes = new Map<number, number>();
  for (const [index, number] of records.record.entries()) indexes.set(number, index);
  for (const [channel, { name, file }] of channels.entries()) {
    let ndc: Ndc;
    try {
      ndc = readNdc(file, name, itemBytes);
    } catch (error) {
      if (!(error instanceof ContainerRefusal)) throw error;
      notes.push(say('CONTAINER_NOTE/channel', { channel: channel + 1, why: error.message }));
      continue;
    }
    const isFilled = (ndc.version !== 11 && ndc.version !== 16) || file[4096 + 132] === 0x65;
    for (const { letter, unit, at: valueAt } of isFilled
      ? quantitiesOf(ndc, attribute(entries[channel]!, 'ChlType'))
      : []) {
      const values = records.add(`${letter}${channel + 1}(${unit})`);
      for (const [item, at] of ndc.offsets.entries()) {
        const index = indexes.get(recordOf(ndc, item, at));
        if (index !== undefined) values[index] = valueAt(at);
      }
    }
  }
}
