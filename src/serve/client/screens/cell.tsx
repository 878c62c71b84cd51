import { address, useData } from '../api.js';
import { FigureView, plotCommand } from '../figure.js';
import { Command, Content, clockText, Empty, fileName, numberText, State, Verdict, word } from '../parts.js';
import { go, withParameters } from '../router.js';
import type { CellAnswer } from './cell-answer.js';
import { Options, optionsOf } from './cell-options.js';
import { Spectra } from './cell-spectra.js';
import { Trace } from './cell-trace.js';
import { Title } from './title.js';

/** Views of a cell, with what each of them needs to have something to show. */
const views = [
  { name: 'capacity', text: 'Capacity', needs: 'cycles' },
  { name: 'curves', text: 'Curves', needs: 'cycles' },
  { name: 'dqdv', text: 'dQ/dV', needs: 'cycles' },
  { name: 'rate', text: 'Rate', needs: 'cycles' },
  { name: 'resistance', text: 'Resistance', needs: 'cycles' },
  { name: 'trace', text: 'Trace', needs: 'tests' },
  { name: 'spectra', text: 'Spectra', needs: 'spectra' },
  { name: 'arrhenius', text: 'Arrhenius', needs: 'conductivities' },
] as const;

const facts = [
  ['material_id', 'material', ''],
  ['batch', 'batch', ''],
  ['cell_type', 'type', ''],
  ['active_mass_mg', 'active mass', 'mg'],
  ['electrode_area_cm2', 'electrode area', 'cm²'],
  ['thickness_um', 'thickness', 'µm'],
  ['nominal_capacity_mah', 'nominal capacity', 'mAh'],
] as const;

function Facts({ cell }: { cell: CellAnswer['cell'] }) {
  const known = facts.filter(([name]) => cell[name] != null);
  return (
    <ul class="facts">
      {known.map(([name, text, unit]) => {
        const value = cell[name] as string | number;
        return (
          <li key={name}>
            <span class="muted">{text}</span>{' '}
            {name === 'material_id' ? (
              <a href={`/cells?material=${encodeURIComponent(String(value))}`}>{value}</a>
            ) : typeof value === 'number' ? (
              `${numberText(value)} ${unit}`
            ) : (
              value
            )}
          </li>
        );
      })}
      {cell.state === null ? null : (
        <li>
          <State of={cell.state} />
        </li>
      )}
    </ul>
  );
}

function View({ url, view, data }: { url: URL; view: string; data: CellAnswer }) {
  const id = data.cell.cell_id;
  const options = Object.fromEntries(
    (optionsOf[view] ?? []).map((name) => [name, url.searchParams.get(name) ?? undefined]),
  );
  if (view === 'trace') return <Trace url={url} tests={data.tests} parameters={options} />;
  if (view === 'spectra') return <Spectra url={url} spectra={data.spectra} id={id} />;
  const pick =
    view === 'capacity'
      ? {
          onPick: (cycle: number) => {
            const before = url.searchParams.get('cycles');
            go(
              withParameters(url, { view: 'curves', cycles: before === null ? cycle : `${before},${cycle}` }),
            );
          },
        }
      : {};
  return (
    <>
      <Options url={url} view={view} />
      <FigureView
        kind={view}
        parameters={{ cells: id, ...options }}
        command={plotCommand(view, [id], options)}
        {...pick}
      />
      {view === 'capacity' ? <p class="muted hint">Click a cycle for its curves.</p> : null}
    </>
  );
}

function About({ data }: { data: CellAnswer }) {
  const { cell, tests, findings, verdicts } = data;
  return (
    <div class="about-cell">
      {verdicts.length === 0 ? null : (
        <section>
          <h2>Verdicts it feeds</h2>
          <ul class="plain">
            {verdicts.map((one) => (
              <li key={one.target_id}>
                <Verdict of={one.verdict} /> {one.title ?? one.target_id}
              </li>
            ))}
          </ul>
          <Command>{`cellar why ${word(cell.cell_id)}`}</Command>
        </section>
      )}
      {tests.length === 0 ? null : (
        <section>
          <h2>Tests</h2>
          <ul class="plain">
            {tests.map((one) => (
              <li key={one.test_id}>
                <a
                  href={`/cells/${encodeURIComponent(cell.cell_id)}?view=trace&test=${one.test_id}`}
                >{`test ${one.test_id}`}</a>{' '}
                {[
                  one.vendor,
                  one.channel === null ? null : `channel ${one.channel}`,
                  clockText(one.started_at),
                  `${numberText(one.record_count, 9)} records`,
                ]
                  .filter((text) => text !== null && text !== '')
                  .join(', ')}{' '}
                {one.file_id === null ? null : <a href={`/files/${one.file_id}`}>{fileName(one.path)}</a>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>Findings</h2>
        {findings.length === 0 ? (
          <p class="muted">none</p>
        ) : (
          <ul class="plain">
            {findings.map((one) => (
              <li key={`${one.code} ${one.file_id} ${one.line_number}`}>
                <code>{one.code}</code> {one.message}{' '}
                <a
                  href={`/files/${one.file_id}${one.line_number === null ? '' : `?line=${one.line_number}`}`}
                >
                  {fileName(one.path)}
                </a>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

export function CellScreen({ url, id }: { url: URL; id: string }) {
  const loaded = useData<CellAnswer>(`/api/cells/${encodeURIComponent(id)}`);
  return (
    <>
      <Title text={id} />
      <Content of={loaded}>
        {(data) => {
          const offered = views.filter(({ needs }) => data.has[needs] > 0);
          const view = url.searchParams.get('view') ?? offered[0]?.name ?? '';
          return (
            <>
              <Facts cell={data.cell} />
              {data.cell.excluded_reason === null ? null : (
                <p class="notice">{`Excluded from verdicts: ${data.cell.excluded_reason}`}</p>
              )}
              {offered.length === 0 ? (
                <Empty>
                  Nothing is measured on this cell yet. <Command>cellar status</Command>
                </Empty>
              ) : (
                <>
                  <nav class="views" aria-label="Views">
                    {offered.map(({ name, text }) => (
                      <a
                        key={name}
                        href={address(url.pathname, { view: name })}
                        aria-current={view === name ? 'true' : undefined}
                      >
                        {text}
                      </a>
                    ))}
                  </nav>
                  <View url={url} view={view} data={data} />
                </>
              )}
              <About data={data} />
            </>
          );
        }}
      </Content>
    </>
  );
}
