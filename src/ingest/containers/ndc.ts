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
}

/** Versions that store a whole record, or a whole value of an auxiliary channel, in one item: the bytes before it. */
export const wholeRecords: Readonly<Record<number, number>> = { 2: 8, 4: 8, 5: 1 };
/** Bytes of a whole record after them. */
export const wholeBytes = 86;

/** How the items lie in the pages of a file. */
interface Layout {
  version: number;
  pageBytes: number;
  /** Offset of the first item in a page, and bytes of each. */
  first: number;
  itemBytes: number;
  perPage: number;
  hasBitmap: boolean;
}

/**
 * The layout of a file, by its beginning.
 *
 * @param itemBytes length of an item of the version found
 * @throws ContainerRefusal where the version is not known
 */
function layoutOf(head: Buffer, name: string, itemBytes: (version: number) => number | undefined): Layout {
  if (head.length < 3) throw new ContainerRefusal(`${name} is empty`);
  const version = head[2]!;
  const length = itemBytes(version);
  if (length === undefined) {
    throw new ContainerRefusal(
      `Neware container version ${version} is not known (ndc version ${version} of ${name}); export it from BTSDA as CSV or Excel`,
    );
  }
  const [pageBytes, first] = version < 5 ? [512, 5] : [4096, 132];
  const perPage = Math.floor((pageBytes - first - 1) / length);
  return { version, pageBytes, first, itemBytes: length, perPage, hasBitmap: version >= 5 };
}

/**
 * Calls `take` with the offset of each valid item of a page and its place among all items of the page. Returns how many
 * there are, with the invalid ones between them.
 */
function itemsOfPage(
  bytes: Buffer,
  page: number,
  { first, itemBytes, perPage, hasBitmap }: Layout,
  take: (offset: number, place: number) => void,
): number {
  const isValid = (index: number) =>
    !hasBitmap || ((bytes[page + 4 + (index >> 3)]! >> (index & 7)) & 1) === 1;
  // The count is that of the valid items only, so that with invalid ones between them the items extend beyond it.
  let count = hasBitmap ? Math.min(bytes.readUInt16LE(page + 2), perPage) : perPage;
  for (let index = perPage - 1; index >= count; index--) if (isValid(index)) count = index + 1;
  for (let index = 0; index < count; index++)
    if (isValid(index)) take(page + first + index * itemBytes, index);
  return count;
}

/**
 * The items of an `.ndc` file.
 *
 * @param itemBytes length of an item of the version found
 * @throws ContainerRefusal where the version is not known
 */
export function readNdc(file: Buffer, name: string, itemBytes: (version: number) => number | undefined): Ndc {
  const layout = layoutOf(file, name, itemBytes);
  const { version, pageBytes, perPage } = layout;
  const most = Math.max(0, Math.floor(file.length / pageBytes) - 1) * perPage;
  const [offsets, positions] = [new Uint32Array(most), new Uint32Array(most)];
  let count = 0;
  let before = 0;
  const take = (offset: number, place: number) => {
    offsets[count] = offset;
    positions[count++] = before + place + 1;
  };
  for (let page = pageBytes; page + pageBytes <= file.length; page += pageBytes)
    before += itemsOfPage(file, page, layout, take);
  return {
    version,
    file,
    count,
    offsets: offsets.subarray(0, count),
    positions: positions.subarray(0, count),
  };
}

/**
 * Reads the items of an `.ndc` file page by page, for a file that is large and of which little is kept.
 *
 * @param begin is given the version, and returns what takes each valid item by its offset in some bytes
 * @throws ContainerRefusal where the version is not known
 */
export async function eachItem(
  stream: AsyncIterable<Buffer>,
  name: string,
  itemBytes: (version: number) => number | undefined,
  begin: (version: number) => (bytes: DataView, offset: number) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let layout: Layout | undefined;
  let take: ReturnType<typeof begin> | undefined;
  // The first page is a head.
  let isHead = true;
  for await (const piece of stream) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    rest = bytes;
    if (bytes.length < 3) continue;
    layout ??= layoutOf(bytes, name, itemBytes);
    take ??= begin(layout.version);
    const [takeItem, view] = [take, new DataView(bytes.buffer, bytes.byteOffset, bytes.length)];
    let page = 0;
    for (; page + layout.pageBytes <= bytes.length; page += layout.pageBytes) {
      if (!isHead) itemsOfPage(bytes, page, layout, (offset) => takeItem(view, offset));
      isHead = false;
    }
    rest = bytes.subarray(page);
  }
  if (layout === undefined) throw new ContainerRefusal(`${name} is empty`);
}
