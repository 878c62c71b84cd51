import { StringDecoder } from 'node:string_decoder';
import { ContainerRefusal } from './record-table.js';

/**
 * As much XML as workbooks need: elements of one name, one after the other, from a stream. Only the five entities and
 * numbered characters are expanded; a document that declares entities is refused.
 */

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with its entities and the workbook's own escapes (`_x000D_`) resolved. */
export function xmlText(text: string): string {
  const plain = text.includes('&')
    ? text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => {
        if (name[0] !== '#') return named[name] ?? whole;
        const code =
          name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;
  return plain.includes('_x')
    ? plain.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : plain;
}

/** The value of an attribute in the text of a tag. */
export function attributeOf(tag: string, name: string): string | undefined {
  let at = tag.indexOf(`${name}="`);
  while (at > 0 && tag.charCodeAt(at - 1) > 32) at = tag.indexOf(`${name}="`, at + 1);
  if (at === -1) {
    const single = new RegExp(`\\s${name}\\s*=\\s*'([^']*)'`).exec(tag);
    return single === null ? undefined : xmlText(single[1]!);
  }
  const from = at + name.length + 2;
  return xmlText(tag.slice(from, tag.indexOf('"', from)));
}

const endless = () => new ContainerRefusal('damaged: an element of the workbook has no end');

/** Longest element that is held in memory. */
const largestElement = 16 << 20;

/**
 * The complete elements of a name, in the order of the document: the text from `<name` to the end of the element. An
 * element must not contain another one of the same name.
 *
 * @throws ContainerRefusal where an element has no end or the document declares entities
 */
export async function* elements(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let pendingLength = 0;
  let prefix: string | undefined;
  let close = '';
  /**
   * Pieces of an element without its end so far. They are joined only once: joining and searching again with each
   * piece would take too long.
   */
  let pieces: string[] = [];
  let tail = '';
  for await (const chunk of stream) {
    const piece = decoder.write(chunk);
    if (pieces.length > 0) {
      const searched = tail + piece;
      const isClosed = searched.includes(close);
      tail = searched.slice(-close.length);
      pieces.push(piece);
      pendingLength += piece.length;
      if (pendingLength > largestElement) throw endless();
      if (!isClosed) continue;
      rest = pieces.join('');
      pieces = [];
    } else rest += piece;
    if (prefix === undefined) {
      if (/<!(DOCTYPE|ENTITY)/i.test(rest)) {
        throw new ContainerRefusal(
          'the workbook declares its own entities, which is refused: save it again as .xlsx',
        );
      }
      const root = /<(?![?!])(?:([\w.-]+):)?[\w.-]+[\s>/]/.exec(rest);
      if (root === null) {
        if (rest.length > largestElement)
          throw new ContainerRefusal('damaged: no XML where a sheet should be');
        continue;
      }
      prefix = root[1] === undefined ? '' : `${root[1]}:`;
    }
    close = `</${prefix}${name}>`;
    const { found, at, isOpen } = cutElements(rest, `<${prefix}${name}`, close);
    rest = rest.slice(at);
    if (rest.length > largestElement) throw endless();
    if (isOpen) {
      pieces = [rest];
      tail = rest.slice(-close.length);
      pendingLength = rest.length;
    }
    if (found.length > 0) yield found;
  }
}

/** The complete elements of a text, the position of the rest, and whether the rest is an element without its end. */
function cutElements(
  text: string,
  open: string,
  close: string,
): { found: string[]; at: number; isOpen?: boolean } {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    let from = text.indexOf(open, at);
    // `<row` is also the beginning of `<rowBreaks`.
    while (from !== -1 && isNameLetter(text.charCodeAt(from + open.length)))
      from = text.indexOf(open, from + 1);
    if (from === -1) return { found, at: Math.max(at, text.length - open.length - 1) };
    if (from + open.length >= text.length) return { found, at: from };
    const tagEnd = text.indexOf('>', from);
    if (tagEnd === -1) return { found, at: from };
    let end = tagEnd + 1;
    if (text.charCodeAt(tagEnd - 1) !== 47) {
      const closed = text.indexOf(close, tagEnd);
      if (closed === -1) return { found, at: from, isOpen: true };
      end = closed + close.length;
    }
    found.push(text.slice(from, end));
    at = end;
  }
}

const isNameLetter = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
