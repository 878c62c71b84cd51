const tableHeader = /^\s*\[\[\s*targets\s*\]\]/;
const anyHeader = /^\s*\[/;

/**
 * The line of a TOML file, from 1, on which a target begins, or one of its keys where that is written out; null where
 * the file has no such table. The parser does not keep positions, but a person who edits the file needs a line.
 *
 * @param index which target, from 0
 * @param key such as `unit`; a key inside an inline table is found with the table
 */
export function lineOfTarget(text: string, index: number, key: string | null): number | null {
  const lines = text.split(/\r?\n/);
  const starts = lines.flatMap((line, i) => (tableHeader.test(line) ? [i] : []));
  const start = starts[index];
  if (start === undefined) return null;
  for (let i = start + 1; key !== null && i < lines.length; i++) {
    const line = lines[i] as string;
    if (anyHeader.test(line)) break;
    if (line.split('=')[0]?.trim() === key) return i + 1;
  }
  return start + 1;
}
