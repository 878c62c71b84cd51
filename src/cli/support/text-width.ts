/** East Asian wide and fullwidth ranges, and emoji: two columns of a terminal each (Unicode TR 11, in outline). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const zeroWidth = /\p{Mark}|\p{Default_Ignorable_Code_Point}/u;
const plain = /^[\u0020-\u007e]*$/;

function characterWidth(character: string): number {
  if (zeroWidth.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Columns a terminal needs for `text` (without control characters). */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Makes control characters visible, so that a stored line cannot break a table or command a terminal. */
export function visible(text: string): string {
  return text.replace(
    /\p{Cc}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/gu,
    (control) => escapes[control] ?? `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const styling = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`);

/**
 * Text of several lines with its control characters made visible, since names and metadata come from elsewhere.
 * `mayStyle` keeps colours, which only a terminal gets.
 */
export function visibleLines(text: string, mayStyle = false): string {
  const lines = (part: string) =>
    part.split(/(\n|\t)/).map((piece) => (/^[\n\t]$/.test(piece) ? piece : visible(piece)));
  if (!mayStyle) return lines(text).join('');
  return text
    .split(styling)
    .flatMap((part) => (styling.test(part) ? [part] : lines(part)))
    .join('');
}

/** Fills `text` with spaces to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** Takes at most `width` columns from the front, but at least one character, so that every loop over it ends. */
function takeColumns(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width && taken !== '') break;
    taken += character;
  }
  return taken;
}

/** Breaks `text` into lines of at most `width` columns, between words where it can. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (textWidth(rest) > width) {
    const room = takeColumns(rest, width);
    const space = rest[room.length] === ' ' ? room.length : room.lastIndexOf(' ');
    const cut = space > 0 ? space : room.length;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  lines.push(rest);
  return lines;
}
