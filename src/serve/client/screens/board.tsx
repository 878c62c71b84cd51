import { address, useData } from '../api.js';
import { Command, Content, Drawn, Empty, Verdict } from '../parts.js';
import { withParameters } from '../router.js';
import { Title } from './title.js';

interface Line {
  material_id: string;
  material_name: string | null;
  category: string;
  target_id: string;
  verdict: string;
  title: string;
  limit: string;
  scale: string;
  value: string;
  sample: string;
  warnings: number;
  before: string | null;
  changed_at: string | null;
  missing: string[];
  cells: string[];
  anchor: string;
}

interface BoardAnswer {
  headline: string | null;
  counts: { verdict: string; n: number }[];
  materials: string[];
  target_table: string | null;
  lines: Line[];
  news: {
    since: string;
    new_tests: number;
    grown_tests: number;
    new_spectra: number;
    refused: number;
    rejected_rows: number;
    without_cell: { tests: number; spectra: number };
    left_trend: string[];
    actions: { what: string; command: string | null }[];
  };
  channels: { state: string; n: number }[];
}

const MOST_ACTIONS = 4;
const many = (n: number, one: string, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

/** What needs attention in the morning, one line each. */
function Morning({ news, channels }: Pick<BoardAnswer, 'news' | 'channels'>) {
  const of = (state: string) => channels.find((one) => one.state === state)?.n ?? 0;
  const came = [
    news.new_tests > 0 && many(news.new_tests, 'new test'),
    news.grown_tests > 0 && `${many(news.grown_tests, 'test')} went on`,
    news.new_spectra > 0 && many(news.new_spectra, 'new spectrum', 'new spectra'),
  ].filter(Boolean);
  const wrong = [
    news.refused > 0 && many(news.refused, 'file refused', 'files refused'),
    news.rejected_rows > 0 && many(news.rejected_rows, 'line rejected', 'lines rejected'),
    news.without_cell.tests > 0 && `${many(news.without_cell.tests, 'test')} without a cell`,
  ].filter(Boolean);
  return (
    <dl class="morning">
      <div>
        <dt>Since yesterday</dt>
        <dd>{came.length === 0 ? 'nothing new' : came.join(', ')}</dd>
      </div>
      <div>
        <dt>Channels</dt>
        <dd>
          <a href="/channels">
            {`${of('growing')} growing, ${of('new')} new, ${of('still')} still${of('gone') > 0 ? `, ${of('gone')} gone` : ''}`}
          </a>
        </dd>
      </div>
      <div>
        <dt>Not as it should be</dt>
        <dd>{wrong.length === 0 ? 'nothing' : <a href="/files">{wrong.join(', ')}</a>}</dd>
      </div>
      <div>
        <dt>Left their trend</dt>
        <dd>
          {news.left_trend.length === 0
            ? 'no cell'
            : [...new Set(news.left_trend)].map((id) => (
                <a key={id} href={`/cells/${encodeURIComponent(id)}`}>
                  {id}{' '}
                </a>
              ))}
        </dd>
      </div>
    </dl>
  );
}

function Actions({ actions }: { actions: BoardAnswer['news']['actions'] }) {
  if (actions.length === 0) return null;
  const item = ({ what, command }: { what: string; command: string | null }) => (
    <li key={what}>
      <p>{what}</p>
      {command === null ? null : <Command>{command}</Command>}
    </li>
  );
  return (
    <section class="actions" aria-labelledby="to-do">
      <h2 id="to-do">To do</h2>
      <ul>{actions.slice(0, MOST_ACTIONS).map(item)}</ul>
      {actions.length > MOST_ACTIONS ? (
        <details>
          <summary>{`${actions.length - MOST_ACTIONS} more`}</summary>
          <ul>{actions.slice(MOST_ACTIONS).map(item)}</ul>
        </details>
      ) : null}
    </section>
  );
}

function Row({ line }: { line: Line }) {
  const [first, second, ...rest] = line.missing;
  return (
    <tr>
      <td class="c-verdict">
        <Verdict of={line.verdict} />
      </td>
      <th scope="row" class="c-target">
        <a href={`/report#${line.anchor}`} target="_blank" rel="noreferrer">
          {line.title}
        </a>{' '}
        <span class="limit-text">{line.limit}</span>
      </th>
      <td class="c-scale">
        <Drawn markup={line.scale} />
      </td>
      <td class="c-value">
        <Drawn markup={line.value} />
        <span class="about">
          {line.sample}
          {line.warnings > 0 ? `, ${many(line.warnings, 'warning')}` : ''}
        </span>
      </td>
      <td class="c-missing">
        {line.before === null ? null : <span class="was">{`was ${line.before}. `}</span>}
        {first === undefined ? (
          <span class="muted">nothing missing</span>
        ) : (
          [first, second].filter(Boolean).join('; ')
        )}
        {rest.length > 0 ? <span class="muted">{` and ${rest.length} more`}</span> : null}
      </td>
    </tr>
  );
}

/** Number of targets per verdict; each is a choice. */
function Tally({ url, counts }: { url: URL; counts: BoardAnswer['counts'] }) {
  const verdict = url.searchParams.get('verdict');
  return (
    <ul class="tally">
      {counts.map((one) => (
        <li key={one.verdict}>
          <a
            href={withParameters(url, {
              verdict: verdict === one.verdict ? null : one.verdict,
            })}
            aria-current={verdict === one.verdict ? 'true' : undefined}
          >
            <span class="count">{one.n}</span> <Verdict of={one.verdict} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Materials({ url, materials }: { url: URL; materials: readonly string[] }) {
  const material = url.searchParams.get('material');
  return (
    <nav class="choice" aria-label="Materials">
      <a href={withParameters(url, { material: null })} aria-current={material === null ? 'true' : undefined}>
        every material
      </a>
      {materials.map((id) => (
        <a
          key={id}
          href={withParameters(url, { material: id })}
          aria-current={material === id ? 'true' : undefined}
        >
          {id}
        </a>
      ))}
    </nav>
  );
}

/** The verdicts, grouped by material. */
function Lines({ lines: every }: { lines: readonly Line[] }) {
  const shown = [...new Set(every.map(({ material_id }) => material_id))];
  return (
    <table class="board">
      <thead>
        <tr>
          <th scope="col">Verdict</th>
          <th scope="col">Target</th>
          <th scope="col">On its scale</th>
          <th scope="col">Value, 95 % interval</th>
          <th scope="col">What moved, what is missing</th>
        </tr>
      </thead>
      {shown.map((id) => {
        const lines = every.filter((line) => line.material_id === id);
        return (
          <tbody key={id}>
            <tr class="group">
              <th scope="rowgroup" colSpan={5}>
                <a href={`/cells?material=${encodeURIComponent(id)}`}>{id}</a>{' '}
                <span class="group-name">{lines[0]?.material_name ?? ''}</span>{' '}
                <span class="group-category">{lines[0]?.category ?? ''}</span>
              </th>
            </tr>
            {lines.map((line) => (
              <Row key={line.target_id} line={line} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

export function Board({ url }: { url: URL }) {
  const material = url.searchParams.get('material');
  const verdict = url.searchParams.get('verdict');
  const loaded = useData<BoardAnswer>(address('/api/board', { material, verdict }));
  return (
    <>
      <Title text="Board" />
      <Content of={loaded}>
        {(data) => (
          <>
            <Morning news={data.news} channels={data.channels} />
            <Actions actions={data.news.actions} />
            <section aria-labelledby="targets">
              <h2 id="targets">{data.headline ?? 'Targets'}</h2>
              {data.headline === null ? (
                <Empty>
                  Nothing was judged yet: <Command>cellar check</Command>
                </Empty>
              ) : (
                <>
                  <Tally url={url} counts={data.counts} />
                  <Materials url={url} materials={data.materials} />
                  <Lines lines={data.lines} />
                </>
              )}
            </section>
          </>
        )}
      </Content>
    </>
  );
}
