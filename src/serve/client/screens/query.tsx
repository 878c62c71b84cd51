import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Chart } from '../../../report/figures/chart.js';
import { address, ask, type Trouble, useData } from '../api.js';
import { ChartView } from '../chart.js';
import type { Editor } from '../editor.js';
import { Command, Content, Scroll, TroubleBox } from '../parts.js';
import { go } from '../router.js';
import { type Result, Rows } from '../rows.js';
import { Title } from './title.js';

interface Column {
  name: string;
  meaning: string;
  unit?: string;
}

interface TableOrView {
  name: string;
  kind: string;
  row: string;
  columns: Column[];
}

interface SchemaAnswer {
  relations: TableOrView[];
  examples: { number: number; question: string; sql: string }[];
}

const LONGEST_LINK = 6_000;
const usual =
  'SELECT cell_id, count(*) AS cycles, max(specific_capacity_mah_per_g) AS best_mah_per_g\nFROM cell_cycles GROUP BY ALL ORDER BY cell_id';
const formats = ['csv', 'json', 'ndjson', 'arrow'] as const;
const drafts = 'cellar-sql';

/** The last text typed in this tab. */
function remembered(): string {
  try {
    return sessionStorage.getItem(drafts) ?? usual;
  } catch {
    return usual;
  }
}

function SchemaList({ relations, insert }: { relations: TableOrView[]; insert: (text: string) => void }) {
  const [search, setSearch] = useState('');
  // Views answer most questions, so they come first.
  const found = relations
    .filter(
      ({ name, columns }) => name.includes(search) || columns.some((column) => column.name.includes(search)),
    )
    .toSorted((a, b) => Number(b.kind === 'view') - Number(a.kind === 'view'));
  return (
    <aside class="schema" aria-label="Tables and views">
      <input
        type="search"
        aria-label="search tables and columns"
        placeholder="tables and columns"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value.toLowerCase())}
      />
      <Scroll label="List of tables and views">
        {found.map((one) => (
          <details key={one.name} open={search !== '' && found.length < 4}>
            <summary>
              {one.name} <span class="muted">{one.kind}</span>
            </summary>
            <p class="muted">One row is {one.row}.</p>
            <ul>
              {one.columns.map((column) => (
                <li key={column.name}>
                  <button
                    type="button"
                    class="column"
                    onClick={() => insert(column.name)}
                    title={column.meaning}
                  >
                    {column.name}
                  </button>{' '}
                  <span class="muted">
                    {column.unit === undefined ? '' : `${column.unit}. `}
                    {column.meaning}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </Scroll>
    </aside>
  );
}

/** A chart of two columns of a result. */
function ResultChart({ result }: { result: Result }) {
  const numeric = result.columns.filter((_, i) => result.rows.some((row) => typeof row[i] === 'number'));
  const [x, setX] = useState('');
  const [y, setY] = useState('');
  const xName = numeric.some(({ name }) => name === x) ? x : numeric[0]?.name;
  const yName = numeric.some(({ name }) => name === y) ? y : numeric[1]?.name;
  const chart = useMemo((): Chart | null => {
    if (xName === undefined || yName === undefined) return null;
    const [i, j] = [xName, yName].map((name) =>
      result.columns.findIndex((column) => column.name === name),
    ) as [number, number];
    const points = result.rows
      .filter((row) => typeof row[i] === 'number' && typeof row[j] === 'number')
      .map((row) => [row[i] as number, row[j] as number] as const)
      .sort((a, b) => a[0] - b[0]);
    return {
      id: 'query-chart',
      title: `${yName} over ${xName}`,
      words: `${points.length} rows.`,
      x: { label: xName },
      panels: [
        {
          y: { label: yName },
          height: 240,
          series: [
            { name: yName, tone: 's0', mark: 'dot', x: points.map(([a]) => a), y: points.map(([, b]) => b) },
          ],
        },
      ],
    };
  }, [result, xName, yName]);
  if (chart === null) return null;
  const choose = (label: string, value: string | undefined, set: (name: string) => void) => (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {numeric.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
  return (
    <details class="result-chart">
      <summary>Chart of two columns</summary>
      <div class="options">
        {choose('x', xName, setX)} {choose('y', yName, setY)}
      </div>
      <ChartView chart={chart} />
    </details>
  );
}

interface Latest {
  current: { sql: string; run(): void };
}

/** An editor in the element `host`, loaded with the screen; the text is remembered. */
function useEditor(latest: Latest, setSql: (text: string) => void) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  useEffect(() => {
    let made: Editor | undefined;
    let isGone = false;
    import('../editor.js').then(({ makeEditor }) => {
      if (isGone || host.current === null) return;
      made = makeEditor(host.current, latest.current.sql, {
        onChange: (text) => {
          setSql(text);
          try {
            sessionStorage.setItem(drafts, text);
          } catch {
            // Nothing is lost but convenience.
          }
        },
        onRun: () => latest.current.run(),
      });
      editor.current = made;
    });
    return () => {
      isGone = true;
      made?.destroy();
      editor.current = undefined;
    };
  }, []);
  return { host, editor };
}

function Examples({ of, use }: { of: SchemaAnswer['examples']; use: (sql: string) => void }) {
  return (
    <label>
      examples{' '}
      <select
        value=""
        onChange={(event) => {
          const chosen = of[Number(event.currentTarget.value)];
          if (chosen !== undefined) use(chosen.sql);
        }}
      >
        <option value="">from the cookbook …</option>
        {of.map(({ question }, i) => (
          <option key={question} value={i}>
            {question}
          </option>
        ))}
      </select>
    </label>
  );
}

/** An answer with its query, since the editor may hold another text by now. */
interface QueryAnswer extends Result {
  sql: string;
  seconds: number;
}

/** The rows of an answer, their chart, and their downloads. */
function Answer({ result }: { result: QueryAnswer }) {
  const { sql } = result;
  const download = (format: string) => address('/api/query', { sql, format });
  return (
    <>
      <pre class="paper-only">{sql}</pre>
      <p class="muted">
        {`${result.truncated ? 'first ' : ''}${result.rows.length} ${result.rows.length === 1 ? 'row' : 'rows'}, ${result.seconds.toFixed(3)} s`}
      </p>
      <Rows result={result} />
      <ResultChart result={result} />
      <p class="take">
        <span>download all rows:</span>
        {formats.map((format) => (
          <a key={format} href={download(format)} download>
            {format === 'arrow' ? 'Arrow' : format.toUpperCase()}
          </a>
        ))}
        <Command>{`cellar query "${sql.replaceAll('"', '\\"').replace(/\s+/g, ' ')}"`}</Command>
      </p>
    </>
  );
}

/** Runs one query at a time: its answer or its error, and a function that stops it. */
function useAnswers() {
  const [result, setResult] = useState<QueryAnswer | undefined>();
  const [trouble, setTrouble] = useState<Trouble | undefined>();
  const [running, setRunning] = useState<AbortController | undefined>();
  const run = async (text: string) => {
    running?.abort();
    const control = new AbortController();
    setRunning(control);
    setTrouble(undefined);
    const started = performance.now();
    if (text.length <= LONGEST_LINK) go(address('/query', { sql: text }));
    try {
      const answer = await ask<Result>('/api/query', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ sql: text, format: 'page' }),
        signal: control.signal,
      });
      setResult({ ...answer, sql: text, seconds: (performance.now() - started) / 1000 });
    } catch (error) {
      if ((error as Error).name !== 'AbortError') setTrouble(error as Trouble);
    } finally {
      setRunning((now) => (now === control ? undefined : now));
    }
  };
  return { result, trouble, running, run };
}

export function Query({ url }: { url: URL }) {
  const schema = useData<SchemaAnswer>('/api/schema');
  // A link names a query, or a question of the cookbook.
  const example = url.searchParams.get('example');
  const named = schema.data?.examples.find(({ number }) => String(number) === example)?.sql ?? null;
  const given = url.searchParams.get('sql') ?? named;
  const [sql, setSql] = useState(given ?? remembered());
  const { result, trouble, running, run } = useAnswers();
  const latest = useRef<{ sql: string; run(): void }>({ sql, run: () => undefined });

  latest.current = { sql, run: () => void run(latest.current.sql) };
  const { host, editor } = useEditor(latest, setSql);

  useEffect(() => {
    if (schema.data !== undefined) {
      editor.current?.setSchema(
        Object.fromEntries(
          schema.data.relations.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
        ),
      );
    }
  }, [schema.data, editor.current]);
  // A link with a query shows its answer; so do back and forward.
  useEffect(() => {
    if (given === null) return;
    if (given !== latest.current.sql) {
      setSql(given);
      editor.current?.setText(given);
    }
    if (result === undefined || given !== sql) void run(given);
  }, [given]);

  const use = (text: string) => {
    setSql(text);
    editor.current?.setText(text);
  };
  return (
    <>
      <Title text="SQL" />
      <div class="query">
        <section class="asking" aria-label="Query">
          <div class="editor" ref={host} />
          <div class="tools">
            <button type="button" class="primary" onClick={() => run(sql)} disabled={running !== undefined}>
              Run <kbd>Ctrl Enter</kbd>
            </button>
            {running === undefined ? null : (
              <button type="button" onClick={() => running.abort()}>
                Stop
              </button>
            )}
            <Examples of={schema.data?.examples ?? []} use={use} />
          </div>
          {sql.length > LONGEST_LINK ? (
            <p class="muted">This query is too long for an address: it cannot be sent as a link.</p>
          ) : null}
          <div class="result" aria-live="polite">
            {running === undefined ? null : <div class="bar" role="progressbar" aria-label="running" />}
            {trouble === undefined ? null : <TroubleBox trouble={trouble} again={() => run(sql)} />}
            {result === undefined ? null : <Answer result={result} />}
          </div>
        </section>
        <Content of={schema}>
          {(data) => (
            <SchemaList relations={data.relations} insert={(text) => editor.current?.insert(text)} />
          )}
        </Content>
      </div>
    </>
  );
}
