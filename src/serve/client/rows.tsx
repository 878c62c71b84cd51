import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { plainNumber } from '../../report/numbers.js';

/** The answer to a query, as the page gets it. */
export interface Result {
  columns: { name: string; type: string }[];
  rows: (string | number | boolean | null)[][];
  truncated: boolean;
}

const HEIGHT = 26;
const SEEN = 18;
const SPARE = 6;
/** Largest number of rows when printing. */
const MOST_PRINTED = 500;

const textOf = (value: string | number | boolean | null) =>
  value === null
    ? 'NULL'
    : typeof value === 'number' && !Number.isInteger(value)
      ? plainNumber(value, 7)
      : String(typeof value === 'object' ? JSON.stringify(value) : value);

/** Whether the page is being printed, since paper does not scroll. */
function usePaper(): boolean {
  const [isPaper, setPaper] = useState(false);
  useEffect(() => {
    const change = (next: boolean) => () => {
      // Drawn synchronously, before the browser prints the page.
      const usual = options.debounceRendering;
      options.debounceRendering = (draw) => draw();
      setPaper(next);
      options.debounceRendering = usual as typeof options.debounceRendering;
    };
    const [begin, end] = [change(true), change(false)];
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPaper;
}

/** Rows of a result; only visible ones are in the page. */
export function Rows({ result }: { result: Result }) {
  const [top, setTop] = useState(0);
  const isPaper = usePaper();
  const count = isPaper ? Math.min(MOST_PRINTED, result.rows.length) : result.rows.length;
  const first = isPaper ? 0 : Math.max(0, Math.floor(top / HEIGHT) - SPARE);
  const last = isPaper ? count : Math.min(count, first + SEEN + 2 * SPARE);
  const isNumeric = result.columns.map((_, i) =>
    result.rows.slice(0, 50).some((row) => typeof row[i] === 'number'),
  );
  return (
    <section
      class="rows"
      aria-label="Rows of the result"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls by keys
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <table class="dense" aria-rowcount={result.rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {result.columns.map(({ name, type }, i) => (
              <th key={name} scope="col" title={type} class={isNumeric[i] ? 'right' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 ? (
            <tr class="filling">
              <td colSpan={result.columns.length} class="filler" style={{ height: `${first * HEIGHT}px` }} />
            </tr>
          ) : null}
          {result.rows.slice(first, last).map((row, i) => (
            <tr key={first + i} aria-rowindex={first + i + 2}>
              {row.map((value, j) => (
                <td
                  key={result.columns[j]!.name}
                  class={value === null ? 'null' : isNumeric[j] ? 'right' : ''}
                  title={String(value)}
                >
                  {textOf(value)}
                </td>
              ))}
            </tr>
          ))}
          {last < count ? (
            <tr class="filling">
              <td
                colSpan={result.columns.length}
                class="filler"
                style={{ height: `${(count - last) * HEIGHT}px` }}
              />
            </tr>
          ) : null}
        </tbody>
      </table>
      {result.rows.length > MOST_PRINTED ? (
        <p class="paper-only">{`The first ${MOST_PRINTED} of ${result.rows.length} rows.`}</p>
      ) : null}
    </section>
  );
}
