import { gzipSync } from 'node:zlib';

/** What has been found in number columns, and what a reader may take for a number by mistake. */
const tokens = [
  '',
  ' ',
  'NaN',
  'nan',
  '-nan',
  'inf',
  '-Infinity',
  '-1.#IND',
  'N/A',
  'ERR',
  'null',
  'TRUE',
  '--',
  '+-1',
  '-+1',
  '1_000',
  '0x1F',
  '1d5',
  '1e400',
  '-1e400',
  '1e-400',
  '1e5',
  '1E+003',
  '1e',
  '1e-',
  '.5',
  '5.',
  '.',
  '-0',
  '+3.5',
  '٣',
  '１',
  '−1',
  '1 2',
  ' 12 ',
  '1,234.5',
  '1.234,5',
  '3,7',
  '999999999999999999999999',
  '0.1000000000000000055511151231257827',
  '9007199254740993',
  '"',
  '""',
  '"3.5"',
  '1;2',
  '12:34:56',
  '2026-01-01 00:00:00',
];

const splice = (bytes, from, to, middle = Buffer.alloc(0)) =>
  Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);

/** Bytes changed without regard to lines. */
const byteMutations = {
  cut: (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  flip: (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let times = 1 + random.below(4); times > 0 && changed.length > 0; times--) {
      changed[random.below(changed.length)] ^= 1 << random.below(8);
    }
    return changed;
  },
  'drop bytes': (bytes, random) => {
    const from = random.below(bytes.length + 1);
    return splice(bytes, from, Math.min(bytes.length, from + 1 + random.below(40)));
  },
  'repeat bytes': (bytes, random) => {
    const from = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, from + 1 + random.below(200));
    return splice(bytes, to, to, bytes.subarray(from, to));
  },
  'zero bytes': (bytes, random) => {
    const from = random.below(bytes.length + 1);
    return Buffer.from(bytes).fill(0, from, Math.min(bytes.length, from + 1 + random.below(300)));
  },
  'insert a byte': (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return splice(
      bytes,
      at,
      at,
      Buffer.from([
        random.pick([0x22, 0x27, 0x0a, 0x0d, 0x09, 0x2c, 0x3b, 0x00, 0x01, 0x1f, 0xff, 0xc3, 0x2d]),
      ]),
    );
  },
  'splice another file': (bytes, random, other) => {
    const from = random.below(other.length + 1);
    const piece = other.subarray(from, Math.min(other.length, from + random.below(2000)));
    const at = random.below(bytes.length + 1);
    return splice(bytes, at, at, piece);
  },
  compress: (bytes) => gzipSync(bytes),
  'cut compressed': (bytes, random) => {
    const packed = gzipSync(bytes);
    return packed.subarray(0, Math.max(2, random.below(packed.length)));
  },
};

/** Lines changed as lists; `newline` is that of the file. */
const lineMutations = {
  'drop lines': (lines, random) => lines.toSpliced(random.below(lines.length), 1 + random.below(5)),
  'repeat lines': (lines, random) => {
    const from = random.below(lines.length);
    const piece = lines.slice(from, from + 1 + random.below(5));
    return lines.toSpliced(from, 0, ...piece);
  },
  'swap lines': (lines, random) => {
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    return lines.with(a, lines[b]).with(b, lines[a]);
  },
  'blank line': (lines, random) =>
    lines.toSpliced(random.below(lines.length + 1), 0, random.pick(['', '   ', ',,,', '\t\t'])),
  'join lines': (lines, random) => {
    const at = random.below(Math.max(1, lines.length - 1));
    return lines.toSpliced(at, 2, lines[at] + (lines[at + 1] ?? ''));
  },
  'header again': (lines, random) =>
    lines.toSpliced(random.below(lines.length + 1), 0, lines[random.below(Math.min(30, lines.length))]),
};

/** One field of a line changed; the delimiter is the one that cuts the line most often. */
const fieldMutations = {
  'odd value': (fields, at, random) => fields.with(at, random.pick(tokens)),
  digit: (fields, at, random) =>
    fields.with(
      at,
      fields[at].replace(/\d/, () => String(random.below(10))),
    ),
  'drop field': (fields, at) => fields.toSpliced(at, 1),
  'extra field': (fields, at, random) => fields.toSpliced(at, 0, random.pick(['1', '', 'x'])),
  'cut line': (fields, at) => fields.slice(0, at),
};

function mutateField(lines, random, change) {
  const at = random.below(lines.length);
  const line = lines[at];
  const delimiter = ['\t', ',', ';', ' '].reduce((best, each) =>
    line.split(each).length > line.split(best).length ? each : best,
  );
  const fields = line.split(delimiter);
  return lines.with(at, change(fields, random.below(fields.length), random).join(delimiter));
}

function asLines(change) {
  return (bytes, random) => {
    const text = bytes.toString('latin1');
    const newline = text.includes('\r\n') ? '\r\n' : '\n';
    const ends = text.endsWith(newline);
    const lines = (ends ? text.slice(0, -newline.length) : text).split(newline);
    return Buffer.from(change(lines, random).join(newline) + (ends ? newline : ''), 'latin1');
  };
}

const mutations = {
  ...byteMutations,
  ...Object.fromEntries(Object.entries(lineMutations).map(([name, change]) => [name, asLines(change)])),
  ...Object.fromEntries(
    Object.entries(fieldMutations).map(([name, change]) => [
      name,
      asLines((lines, random) => mutateField(lines, random, change)),
    ]),
  ),
  'line ends': (bytes, random) => {
    const text = bytes.toString('latin1').replaceAll('\r\n', '\n');
    return Buffer.from(text.replaceAll('\n', random.pick(['\r\n', '\r\r\n', '\r', '\n'])), 'latin1');
  },
  'mixed line ends': asLines((lines, random) =>
    lines.map((line) => (random.next() < 0.1 ? `${line}\r` : line)),
  ),
  'UTF-16': (bytes) =>
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(bytes.toString('utf8'), 'utf16le')]),
};
const names = Object.keys(mutations);
/** What touches single values is what most often goes unnoticed. */
const weighted = [
  ...names,
  ...Array(8).fill('odd value'),
  ...Array(4).fill('digit'),
  'cut',
  'flip',
  'flip',
  'cut line',
];

/** A mutant of a file: one to three changes, and what they were. */
export function mutate(bytes, random, other) {
  let mutant = bytes;
  const changes = [];
  for (let times = 1 + (random.next() < 0.3 ? 1 + random.below(2) : 0); times > 0; times--) {
    const name = random.pick(weighted);
    changes.push(name);
    mutant = mutations[name](mutant, random, other);
  }
  return { mutant, changes };
}
