import { ContainerRefusal } from './record-table.js';

/** One `.ndc` file of a Neware test: pages of items of fixed length. */
export interface Ndc {
  version: number;
  /** Bytes of the items' pages. */
  file: Buffer;
  /** Valid items. */
  count: number;
  /** Offset of each. */
  offsets: Uint32Array;
  /** Running position of each among all items, from 1. */
  positions: Uint32Array;
  /** Whether the file ends within a page. */
  isCut: boolean;
}

/** Versions that store a whole record, or a whole value of an auxiliary channel, in one item: the bytes before it. */
export const wholeRecords: Readonly<Record<number, number>> = { 2: 8, 4: 8, 5: 1 };
/** Bytes of a whole record after them. */
export const wholeBytes = 86;

/** Layout of the pages by version. */
const pagesOf = (version: number) =>
  version < 5
    ? { pageBytes: 512, first: 5, hasBitmap: false }
    : { pageBytes: 4096, first: 132, hasBitmap: true };

/**
 * The items of an `.ndc` file.
 *
 * @param itemBytes length of an item of the version found
 * @throws ContainerRefusal where the version is not known
 */
export function readNdc(file: Buffer, name: string, itemBytes: (version: number) => number | undefined): Ndc {
  if (file.length < 3) throw new ContainerRefusal(`${name} is empty`);
  const version = file[2]!;
  const length = itemBytes(version);
  if (length === undefined) {
    throw new ContainerRefusal(
      `Neware container version ${version} is not known (ndc version ${version} of ${name}); export it from BTSDA as CSV or Excel`,
    );
  }
  const { pageBytes, first, hasBitmap } = pagesOf(version);
  const perPage = Math.floor((pageBytes - first - 1) / length);
  const most = Math.max(0, Math.floor(file.length / pageBytes) - 1) * perPage;
  const [offsets, positions] = [new Uint32Array(most), new Uint32Array(most)];
  let found = 0;
  let position = 0;
  for (let page = pageBytes; page + pageBytes <= file.length; page += pageBytes) {
    const isValid = (index: number) =>
      !hasBitmap || ((file[page + 4 + (index >> 3)]! >> (index & 7)) & 1) === 1;
    // The count is that of the valid items only, so that with invalid ones between them the items extend beyond it.
    let count = hasBitmap ? Math.min(file.readUInt16LE(page + 2), perPage) : perPage;
    for (let index = perPage - 1; index >= count; index--) if (isValid(index)) count = index + 1;
    for (let index = 0; index < count; index++) {
      position++;
      if (!isValid(index)) continue;
      offsets[found] = page + first + index * length;
      positions[found++] = position;
    }
  }
  const isCut = file.length % pageBytes !== 0;
  return {
    version,
    file,
    count: found,
    offsets: offsets.subarray(0, found),
    positions: positions.subarray(0, found),
    isCut,
  };
}
