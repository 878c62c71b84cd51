import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The colours of the report, and the other styles that a drawing needs. */
const page = read('../report/page/page.css');
export const figureStyle: string = read('../report/page/figures.css') + read('./charts.css');

/** Values of the custom properties of the light page. */
function variables(): Map<string, string> {
  const all = [...`${page}${figureStyle}`.matchAll(/(--[\w-]+):\s*([^;]+);/g)];
  return new Map(all.map(([, name = '', value = '']) => [name, value]));
}

/** The style of a drawing on its own: programs that draw SVG do not support custom properties. */
export function standaloneStyle(): string {
  const values = variables();
  const rules = figureStyle
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/:root \{[\s\S]*?\}/g, '')
    .replace(/var\((--[\w-]+)\)/g, (_, name: string) => values.get(name) ?? 'black');
  // Rules for the page around a drawing are not needed here.
  const own = [...rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(
    ([, selector = '']) => !/figure|figcaption|\.key|\.plots|svg\.(plot|strip|bars)/.test(selector),
  );
  return own
    .map(
      ([, selector = '', body = '']) =>
        `${selector.trim().replace(/svg /g, '').replace(/\s+/g, ' ')}{${body.trim().replace(/\s+/g, ' ')}}`,
    )
    .join('\n');
}

/** The whole style of a page of figures. */
export const pageStyle = (): string => page + figureStyle;
