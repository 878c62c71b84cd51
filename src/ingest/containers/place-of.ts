import type { TextView } from './view.js';

/** Lines of the view above a test that are not in the file. */
function headAbove(view: TextView, line: number): { line: number; count: number } | undefined {
  return view.heads.findLast((head) => head.line <= line);
}

/** The place in the file of a line of the view: the number of a record in its test, or of a row in its sheets. */
export function placeOf(view: TextView, line: number): number {
  const head = headAbove(view, line);
  if (head === undefined) return line;
  return view.unit === 'record' ? line - head.line + 1 - head.count : line - head.count;
}
