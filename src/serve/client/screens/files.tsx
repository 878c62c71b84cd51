import { address, useData } from '../api.js';
import { Choice, Command, Content, clockText, Empty, fileName, numberText, Scroll, word } from '../parts.js';
import { withParameters } from '../router.js';
import { Search } from './cells.js';
import { Title } from './title.js';

interface FileRow {
  file_id: number;
  path: string;
  root: string | null;
  status: string;
  format: string | null;
  message: string | null;
  lines_total: number | null;
  rows_loaded: number | null;
  rows_rejected: number | null;
  ingested_at: string;
  vanished_at: string | null;
  findings: number | null;
}

interface FilesAnswer {
  files: FileRow[];
  truncated: boolean;
  counts: { status: string; n: number }[];
}

const below = ({ path, root }: Pick<FileRow, 'path' | 'root'>) =>
  root !== null && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;

export function Files({ url }: { url: URL }) {
  const status = url.searchParams.get('status');
  const loaded = useData<FilesAnswer>(address('/api/files', { status, q: url.searchParams.get('q') }));
  return (
    <>
      <Title text="Files" />
      <div class="tools">
        <Search url={url} label="search files" />
      </div>
      <Content of={loaded}>
        {(data) =>
          data.counts.length === 0 ? (
            <Empty>
              No file was read yet: <Command>cellar ingest FOLDER</Command>
            </Empty>
          ) : (
            <>
              <div class="facets">
                <Choice
                  label="What became of them"
                  to={(name) => withParameters(url, { status: name })}
                  of={[
                    ['', 'all', status === null] as const,
                    ...data.counts.map(
                      (one) => [one.status, `${one.status} ${one.n}`, status === one.status] as const,
                    ),
                  ]}
                />
              </div>
              {data.files.length === 0 ? <Empty>No file is like that.</Empty> : null}
              <Scroll label="Files">
                <table class="dense">
                  <thead>
                    <tr>
                      <th scope="col">File</th>
                      <th scope="col">Status</th>
                      <th scope="col">Format</th>
                      <th scope="col" class="right">
                        Lines
                      </th>
                      <th scope="col" class="right">
                        Rejected
                      </th>
                      <th scope="col" class="right">
                        Findings
                      </th>
                      <th scope="col">What happened</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.files.map((one) => (
                      <tr key={one.file_id}>
                        <th scope="row">
                          <a href={`/files/${one.file_id}`}>{below(one)}</a>
                        </th>
                        <td>
                          <span class={`tag tag-${one.status}`}>{one.status}</span>
                          {one.vanished_at === null ? null : <span class="tag">gone</span>}
                        </td>
                        <td>{one.format ?? ''}</td>
                        <td class="right">{numberText(one.lines_total, 9)}</td>
                        <td class="right">{one.rows_rejected ? numberText(one.rows_rejected, 9) : ''}</td>
                        <td class="right">{one.findings ?? ''}</td>
                        <td class="message">{one.message ?? ''}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
              {data.truncated ? <p class="muted">Only the first are shown: search for others.</p> : null}
            </>
          )
        }
      </Content>
    </>
  );
}

interface FileAnswer {
  file: FileRow & Record<string, string | number | null>;
  rejects: {
    line_number: number;
    place: string;
    column_name: string | null;
    raw_value: string | null;
    raw_line: string | null;
    reason: string;
  }[];
  truncated: boolean;
  findings: {
    code: string;
    severity: string;
    message: string;
    line_number: number | null;
    place: string;
    repaired: boolean;
    repair: string | null;
  }[];
  tests: { test_id: number; cell_id: string | null; record_count: number }[];
  spectra: { spectrum_id: number; cell_id: string | null; temperature_celsius: number | null }[];
}

/** A raw line with the field that was refused marked. */
function RawLine({ line, value }: { line: string; value: string | null }) {
  const at = value === null || value === '' ? -1 : line.indexOf(value);
  if (at < 0) return <code>{line}</code>;
  return (
    <code>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + (value as string).length)}</mark>
      {line.slice(at + (value as string).length)}
    </code>
  );
}

/** Every physical line is one of four kinds. */
function Reconciled({ file }: { file: FileAnswer['file'] }) {
  if (file.lines_total === null) return null;
  const parts = [
    ['head', file.lines_head],
    ['structural', file.lines_structural],
    ['loaded', file.rows_loaded],
    ['rejected', file.rows_rejected],
  ] as const;
  return (
    <p class="reconciled">
      <strong>{numberText(file.lines_total, 9)}</strong> lines ={' '}
      {parts.map(([name, n], i) => (
        <span key={name}>
          {i === 0 ? '' : ' + '}
          <strong>{numberText(n as number, 9)}</strong> {name}
        </span>
      ))}
    </p>
  );
}

function Facts({ file }: { file: FileAnswer['file'] }) {
  return (
    <dl class="record">
      {[
        ['format', file.format],
        ['encoding', file.encoding],
        ['read', `${clockText(file.ingested_at)} UTC`],
        ['changed on disk', clockText(file.modified_at as string | null)],
        ['SHA-256', file.sha256],
      ].map(([name, value]) =>
        value == null || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function CellLink({ id, view }: { id: string | null; view: string }) {
  if (id === null) return <span class="muted">no cell: name it in cells.csv</span>;
  return <a href={`/cells/${encodeURIComponent(id)}?${view}`}>{id}</a>;
}

/** The tests and spectra that were stored of a file. */
function Gave({ tests, spectra }: Pick<FileAnswer, 'tests' | 'spectra'>) {
  if (tests.length + spectra.length === 0) return null;
  return (
    <section>
      <h2>What it gave</h2>
      <ul class="plain">
        {tests.map((one) => (
          <li key={one.test_id}>
            {`test ${one.test_id}, ${numberText(one.record_count, 9)} records, `}
            <CellLink id={one.cell_id} view={`view=trace&test=${one.test_id}`} />
          </li>
        ))}
        {spectra.map((one) => (
          <li key={one.spectrum_id}>
            {`spectrum ${one.spectrum_id}${one.temperature_celsius === null ? '' : `, ${numberText(one.temperature_celsius)} °C`}, `}
            <CellLink id={one.cell_id} view={`view=spectra&spectra=${one.spectrum_id}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Findings({ findings, path }: { findings: FileAnswer['findings']; path: string }) {
  return (
    <section>
      <h2>Findings</h2>
      {findings.length === 0 ? (
        <Empty>No finding: nothing in it is doubtful.</Empty>
      ) : (
        <ul class="plain">
          {findings.map((one) => (
            <li key={`${one.code} ${one.line_number}`}>
              <code>{one.code}</code> {one.message}
              {one.line_number === null ? '' : ` (${one.place})`}
              {one.repair !== null && !one.repaired ? (
                <Command>{`cellar ingest ${word(path)} --repair ${one.code}`}</Command>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function RejectTable({ rejects, meant }: { rejects: FileAnswer['rejects']; meant: string | null }) {
  return (
    <Scroll label="Rejected lines">
      <table class="dense">
        <thead>
          <tr>
            <th scope="col" class="right">
              Place
            </th>
            <th scope="col">Reason</th>
            <th scope="col">Column</th>
            <th scope="col">As it stands there</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map((one) => (
            <tr
              key={`${one.line_number} ${one.column_name}`}
              class={String(one.line_number) === meant ? 'is-meant' : ''}
            >
              <th scope="row" class="right">
                {one.place}
              </th>
              <td>{one.reason}</td>
              <td>{one.column_name ?? ''}</td>
              <td class="raw">
                <RawLine line={one.raw_line ?? ''} value={one.raw_value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function FileScreen({ url, id }: { url: URL; id: string }) {
  const line = url.searchParams.get('line');
  const loaded = useData<FileAnswer>(address(`/api/files/${id}`, { line }));
  return (
    <Content of={loaded}>
      {({ file, rejects, truncated, findings, tests, spectra }) => (
        <>
          <Title text={fileName(file.path)} />
          <p class="path">
            <code>{file.path}</code>
          </p>
          <p>
            <span class={`tag tag-${file.status}`}>{file.status}</span> {file.message ?? ''}{' '}
            {file.related_file_id == null ? null : (
              <a href={`/files/${file.related_file_id}`}>{fileName(String(file.related_path))}</a>
            )}
          </p>
          <Reconciled file={file} />
          <Facts file={file} />
          <Gave tests={tests} spectra={spectra} />
          <Findings findings={findings} path={file.path} />
          <section>
            <h2>Rejected lines</h2>
            {rejects.length === 0 ? (
              <Empty>No reject: every line is accounted for.</Empty>
            ) : (
              <RejectTable rejects={rejects} meant={line} />
            )}
            {truncated ? (
              <a href={withParameters(url, { line: (rejects.at(-1)?.line_number ?? 0) + 1 })}>next lines</a>
            ) : null}
          </section>
        </>
      )}
    </Content>
  );
}
