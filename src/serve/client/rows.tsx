import { useState } from 'preact/hooks';
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

const textOf = (value: string | number | boolean | null) =>
  value === null
    ? 'NULL'
    : typeof value === 'number' && !Number.isInteger(value)
      ? plainNumber(value, 7)
      : String(typeof value === 'object' ? JSON.stringify(value) : value);

/** Rows of a result, of which only those in view are in the page. */
export function Rows({ result }: { result: Result }) {
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.floor(top / HEIGHT) - SPARE);
  const last = Math.min(result.rows.length, first + SEEN + 2 * SPARE);
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
          {last < result.rows.length ? (
            <tr class="filling">
              <td
                colSpan={result.columns.length}
                class="filler"
                style={{ height: `${(result.rows.length - last) * HEIGHT}px` }}
              />
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}
