import { html, joined, raw } from '../report/html.js';
import { type Figure, renderFigure } from '../report/plot/figure.js';
import { symbol } from '../report/plot/marks.js';
import { textWidth } from '../report/plot/spots.js';
import { typeset } from '../report/typeset.js';
import { pageStyle, standaloneStyle } from './style.js';

const MARGIN = 14;
const TITLE = 24;
const ROW = 17;
const LINE = 15;
const BETWEEN = 26;
const font =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';

/** Words cut into lines that fit into a width. */
function lines(text: string, width: number): string[] {
  const most = Math.floor(width / 5.9);
  const found: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + word.length + 1 > most) {
      found.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return current === '' ? found : [...found, current];
}

/** The key as rows of marks and words, from a height on; and how high it is. */
function keyRows({ key }: Figure, width: number, top: number) {
  let [x, y] = [0, top];
  const entries = key.map(({ mark, className, text }) => {
    const room = 28 + 0.86 * textWidth(text);
    if (x > 0 && x + room > width) [x, y] = [0, y + ROW];
    const at = { x: x + 11, y: y + 6 };
    const drawn =
      mark === 'line' || mark === 'dashes'
        ? html`<path class="${className}" d="M${x + 1} ${at.y}h20"/>`
        : mark === 'band'
          ? html`<rect class="${className}" x="${x + 1}" y="${at.y - 4}" width="20" height="8"/>`
          : symbol(mark, at, className);
    const words = html`<text class="muted" x="${x + 27}" y="${y + 10}">${text}</text>`;
    x += room + 10;
    return html`<g>${drawn}${words}</g>`;
  });
  return { drawing: joined(entries), height: key.length === 0 ? 0 : y - top + ROW };
}

/** Figures below each other as one SVG file, with title, key and words: the same figures give the same bytes. */
export function svgFile(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map((figure) => figure.width));
  let top = MARGIN;
  const parts = figures.map((figure) => {
    const from = top;
    const key = keyRows(figure, width, from + TITLE);
    const drawn = from + TITLE + key.height + 4;
    const words = lines(typeset(figure.words), width);
    const below = drawn + figure.height + 10;
    top = below + words.length * LINE + BETWEEN;
    const text = words.map(
      (one, i) => html`<text class="muted" x="0" y="${below + (i + 1) * LINE - 4}">${one}</text>`,
    );
    return html`<g role="img" aria-labelledby="${figure.id}-title" aria-describedby="${figure.id}-words"><title id="${figure.id}-title">${figure.title}</title><desc id="${figure.id}-words">${typeset(figure.words)}</desc>
<text class="figure-name" x="0" y="${from + 12}">${typeset(figure.title)}</text>
<g class="key-rows">${key.drawing}</g>
<svg x="0" y="${drawn}" width="${figure.width}" height="${figure.height}" viewBox="0 0 ${figure.width} ${figure.height}" overflow="visible">${figure.drawing}</svg>
${text}</g>
`;
  });
  const [w, h] = [width + 2 * MARGIN, top - BETWEEN + MARGIN];
  const style = raw(
    `text{font-family:${font};font-size:11px;fill:#1b1f24}.figure-name{font-size:14px;font-weight:600}\n${standaloneStyle()}`,
  );
  return html`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${-MARGIN} 0 ${w} ${h}">
<style>${style}</style>
<rect x="${-MARGIN}" y="0" width="${w}" height="${h}" fill="#fff"/>
${parts}</svg>
`.text;
}

/** Figures as one page that needs nothing else. */
export function htmlFile(figures: readonly Figure[]): string {
  const title = figures[0]?.title ?? 'Cellar';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
${raw(pageStyle().replaceAll('</', '<\\/'))}body { padding-top: 24px; } figure { max-width: 900px; margin-bottom: 32px; }</style>
</head>
<body>
<main><h1 class="skip">${title}</h1>${figures.map(renderFigure)}</main>
</body>
</html>
`.text;
}
