import { html, type Markup, nothing, raw } from '../html.js';
import { typeset } from '../typeset.js';
import { type Shape, symbol } from './marks.js';

/** One entry of what the marks of a figure mean. */
export interface KeyEntry {
  mark: 'line' | 'dashes' | 'band' | Shape;
  className: string;
  text: string;
}

/** A drawing with the words that say what it shows. */
export interface Figure {
  id: string;
  title: string;
  /** What it shows, in sentences with numbers, so that a person who cannot see the drawing misses nothing. */
  words: string;
  key: readonly KeyEntry[];
  width: number;
  height: number;
  drawing: Markup;
}

function keyMark({ mark, className }: KeyEntry): Markup {
  if (mark === 'line' || mark === 'dashes') return html`<path class="${className}" d="M1 6H21"/>`;
  if (mark === 'band') return html`<rect class="${className}" x="1" y="2" width="20" height="8"/>`;
  return symbol(mark, { x: 11, y: 6 }, className);
}

function keyOf(entries: readonly KeyEntry[]): Markup {
  if (entries.length === 0) return nothing;
  const items = entries.map(
    (entry) =>
      html`<li><svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">${keyMark(entry)}</svg>${entry.text}</li>`,
  );
  return html`<ul class="key">${items}</ul>`;
}

/** The drawing of a figure alone, as an image that has a name. */
export function drawingOf({ id, title, width, height, drawing }: Figure): Markup {
  const attributes = raw(`viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`);
  return html`<svg class="plot" role="img" ${attributes} aria-label="${title}" aria-describedby="${id}-words">${drawing}</svg>`;
}

/** A figure with title, key and words. */
export function renderFigure(figure: Figure): Markup {
  return html`<figure id="${figure.id}">
<p class="figure-title">${typeset(figure.title)}</p>
${keyOf(figure.key)}
${drawingOf(figure)}
<figcaption id="${figure.id}-words">${typeset(figure.words)}</figcaption>
</figure>
`;
}
