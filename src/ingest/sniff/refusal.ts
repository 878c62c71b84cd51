/** Why a file is not read; decided before any format is tried. */
export interface Refusal {
  status: 'rejected' | 'ignored';
  message: string;
}

const signatures: { bytes: number[]; name: string }[] = [
  { bytes: [0x50, 0x4b, 0x05, 0x06], name: 'an empty zip archive, not text' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], name: 'a PNG image' },
  { bytes: [0xff, 0xd8, 0xff], name: 'a JPEG image' },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: 'a PDF document' },
  { bytes: [0x89, 0x48, 0x44, 0x46], name: 'an HDF5 file; export it as CSV' },
  {
    bytes: [0x00, 0x00, 0xa1, 0x01],
    name: "a raw Maccor file, not text; export it as text with the tester's software",
  },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], name: 'a 7z archive; unpack it' },
  { bytes: [0x52, 0x61, 0x72, 0x21], name: 'a RAR archive; unpack it' },
  { bytes: [0x42, 0x5a, 0x68], name: 'a bzip2 file; unpack it' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'an xz file; unpack it' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], name: 'a zstd file; unpack it' },
  { bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], name: 'a NumPy array; write it as CSV' },
  ...[2, 3, 4, 5].map((protocol) => ({
    bytes: [0x80, protocol],
    name: 'a Python pickle; write its tables as CSV or Parquet',
  })),
  { bytes: [0x54, 0x44, 0x53, 0x6d], name: 'a LabVIEW TDMS file; export it as CSV' },
  { bytes: [0x49, 0x49, 0x2a, 0x00], name: 'a TIFF image' },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], name: 'a TIFF image' },
  { bytes: [0x47, 0x49, 0x46, 0x38], name: 'a GIF image' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], name: 'a program' },
  { bytes: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], name: 'an Arrow or Feather file; export it as CSV' },
];

const texts: { pattern: RegExp; name: string; status?: Refusal['status'] }[] = [
  {
    pattern: /^MATLAB \d/,
    name: 'a MATLAB file (.mat); write its table as CSV, for example with writetable',
  },
  { pattern: /^SQLite format 3/, name: 'an SQLite database; export its tables as CSV' },
  { pattern: /^.{8}DUCK/s, name: 'a DuckDB database; export its tables as CSV' },
  { pattern: /^CPY(A|UA) \d/, name: 'an Origin project; export its worksheets as CSV' },
  {
    pattern: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    name: 'a Git LFS pointer: the data are not here; fetch them with `git lfs pull`',
  },
  { pattern: /^(EC|BT)-Lab LOG FILE/i, name: 'an EC-Lab log', status: 'ignored' },
  { pattern: /^EC-LAB SETTING FILE/i, name: 'EC-Lab settings', status: 'ignored' },
];

/** What the first bytes of a file tell on their own: binary containers, pointers, logs. */
export function refusalOf(head: Buffer): Refusal | undefined {
  if (head.length === 0)
    return { status: 'rejected', message: 'the file is empty (zero bytes): export or copy it again' };
  for (const { bytes, name } of signatures) {
    if (bytes.every((byte, index) => head[index] === byte))
      return { status: 'rejected', message: `this is ${name}` };
  }
  const start = head.subarray(0, 200).toString('latin1').replace(/^ï»¿/, '');
  for (const { pattern, name, status } of texts) {
    if (pattern.test(start)) return { status: status ?? 'rejected', message: `this is ${name}` };
  }
  return undefined;
}

/** Some exports pad their text with NUL; a file without a stretch of text as long as a line has no text. */
function isMostlyNul(sample: string): boolean {
  const parts = sample.split(/\0+/);
  const letters = parts.reduce((sum, part) => sum + part.length, 0);
  return letters < 0.5 * sample.length && parts.every((part) => part.length < 40);
}

/** Whether decoded text is not text: too many control characters, or characters that no text has. */
export function looksBinary(text: string): boolean {
  const sample = text.slice(0, 20_000);
  if (isMostlyNul(sample)) return true;
  let odd = 0;
  for (const character of sample) {
    const code = character.codePointAt(0)!;
    if (
      (code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 0) ||
      (code >= 0x7f && code < 0xa0)
    )
      odd++;
  }
  return odd > 0.02 * sample.length;
}

/**
 * What a text is that matches no format: clearly not an export (ignored), or an unknown table of numbers (rejected,
 * since its data would otherwise be lost silently).
 */
export function unclaimedText(lines: readonly string[]): Refusal {
  const numeric = lines.filter((line) => {
    const fields = line
      .split(/[\t,;]|\s+/)
      .map((field) => field.replace(/^(['"])(.*)\1$/, '$2'))
      .filter((field) => field !== '');
    const numbers = fields.filter((field) => /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/.test(field));
    return numbers.length >= 2 && numbers.length >= 0.5 * fields.length;
  });
  const isTable =
    numeric.length >= 3 && numeric.length >= 0.3 * lines.filter((line) => line.trim() !== '').length;
  if (!isTable)
    return { status: 'ignored', message: 'no format claims it, and it is not a table of numbers' };
  return {
    status: 'rejected',
    message:
      'a table of numbers in no known format; `cellar sniff --suggest FILE` drafts a mapping for it, `--format ID` forces one',
  };
}
