/** Text that is already HTML or SVG; anything else is escaped when it is put into a template. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Values of a template; null, undefined and false write nothing. */
export type Content = Markup | string | number | null | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that HTML does not allow in any form; a file name or a comment may contain them. */
const forbidden = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;

export function escapeText(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] as string);
}

function write(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(write).join('');
  return escapeText(String(content));
}

/** A piece of HTML or SVG; interpolated text is escaped, markup and lists of it are inserted unchanged. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(strings.reduce((text, part, i) => `${text}${write(values[i - 1])}${part}`));
}

/** A string that is already markup and contains nothing from outside, such as path data or a style sheet. */
export const raw = (text: string): Markup => new Markup(text);

export const nothing: Markup = raw('');

/** Pieces with something between them. */
export function joined(pieces: readonly Content[], separator: Content = ''): Markup {
  return raw(pieces.map(write).join(write(separator)));
}

/** FNV-1a, four hexadecimal digits. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text)
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193) >>> 0;
  return (hash & 0xffff).toString(16).padStart(4, '0');
}

/**
 * A text as part of an id: the text itself where it is plain, else its letters and digits with a hash that makes it
 * unique.
 */
export function slug(text: string): string {
  if (/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(text)) return text;
  const plain = text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${plain === '' ? 'x' : plain}-${shortHash(text)}`;
}
