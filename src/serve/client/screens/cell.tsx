import { useMemo, useState } from 'preact/hooks';
import { address, ask, useData } from '../api.js';
import { FigureView, plotCommand } from '../figure.js';
import {
  Command,
  Content,
  clockText,
  Empty,
  fileName,
  numberText,
  Scroll,
  State,
  Verdict,
  word,
} from '../parts.js';
import { go, withParameters } from '../router.js';
import { Title } from './title.js';

interface CellAnswer {
  cell: Record<string, string | number | null> & {
    cell_id: string;
    excluded_reason: string | null;
    state: string | null;
  };
  tests: {
    test_id: number;
    vendor: string | null;
    channel: string | null;
    started_at: string | null;
    record_count: number;
    duration_second: number | null;
    path: string | null;
    file_id: number | null;
  }[];
  spectra: {
    spectrum_id: number;
    temperature_celsius: number | null;
    branch: string | null;
    state_of_charge: number | null;
    measured_at: string | null;
    path: string | null;
    file_id: number | null;
    kramers_kronig: string | null;
  }[];
  findings: {
    code: string;
    severity: string;
    message: string;
    line_number: number | null;
    path: string;
    file_id: number;
  }[];
  verdicts: { material_id: string; target_id: string; verdict: string; title: string | null }[];
  has: { cycles: number; rates: number; conductivities: number; spectra: number; tests: number };
}

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

/** Options of each view that its address may hold. */
const optionsOf: Record<string, readonly string[]> = {
  capacity: ['per', 'hide'],
  curves: ['cycles', 'dir', 'per'],
  dqdv: ['cycles', 'dir', 'step', 'per'],
  rate: ['per'],
  resistance: ['delay'],
  trace: ['from', 'to', 'y'],
  spectra: [],
  arrhenius: [],
};

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

/** A field of the address that takes effect when it is left or Enter is pressed. */
function Field({
  url,
  name,
  label,
  placeholder,
}: {
  url: URL;
  name: string;
  label: string;
  placeholder: string;
}) {
  const given = url.searchParams.get(name) ?? '';
  return (
    <label>
      {label}{' '}
      <input
        key={given}
        type="text"
        size={14}
        defaultValue={given}
        placeholder={placeholder}
        onChange={(event) => go(withParameters(url, { [name]: event.currentTarget.value.trim() }))}
      />
    </label>
  );
}

function Select({
  url,
  name,
  label,
  of,
}: {
  url: URL;
  name: string;
  label: string;
  of: readonly (readonly [string, string])[];
}) {
  return (
    <label>
      {label}{' '}
      <select
        value={url.searchParams.get(name) ?? ''}
        onChange={(event) => go(withParameters(url, { [name]: event.currentTarget.value }))}
      >
        {of.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

const perChoices = [
  ['', 'as known'],
  ['g', 'mAh/g'],
  ['cm2', 'mAh/cm²'],
  ['cell', 'mAh'],
] as const;

function Options({ url, view }: { url: URL; view: string }) {
  const has = (name: string) => optionsOf[view]?.includes(name) === true;
  return (
    <div class="options">
      {has('cycles') ? <Field url={url} name="cycles" label="cycles" placeholder="2,50,100 or 1-10" /> : null}
      {has('dir') ? (
        <Select
          url={url}
          name="dir"
          label="direction"
          of={[
            ['', 'both'],
            ['charge', 'charge'],
            ['discharge', 'discharge'],
          ]}
        />
      ) : null}
      {has('step') ? (
        <Select
          url={url}
          name="step"
          label="step"
          of={[
            ['2mV', '2 mV'],
            ['', '5 mV'],
            ['10mV', '10 mV'],
            ['20mV', '20 mV'],
            ['50mV', '50 mV'],
          ]}
        />
      ) : null}
      {has('per') ? <Select url={url} name="per" label="capacity in" of={perChoices} /> : null}
      {has('hide') ? (
        <Select
          url={url}
          name="hide"
          label="formation"
          of={[
            ['', 'shown'],
            ['formation', 'hidden'],
          ]}
        />
      ) : null}
      {has('delay') ? (
        <Select
          url={url}
          name="delay"
          label="delay"
          of={[
            ['', 'every'],
            ['first', 'first record'],
            ['1', '1 s'],
            ['10', '10 s'],
            ['30', '30 s'],
          ]}
        />
      ) : null}
    </div>
  );
}

interface TestAnswer {
  test: { test_id: number; started_at: string | null; start_time_second: number; end_time_second: number };
  cycles: { cycle_count: number; cell_cycle: number | null; start_time_second: number }[];
}

function Trace({
  url,
  tests,
  parameters,
}: {
  url: URL;
  tests: CellAnswer['tests'];
  parameters: Record<string, string | undefined>;
}) {
  const test = url.searchParams.get('test') ?? String(tests[0]?.test_id ?? '');
  const about = useData<TestAnswer>(test === '' ? null : `/api/tests/${test}`);
  const [record, setRecord] = useState<Record<string, string | number | null> | undefined>();
  const isClock = url.searchParams.get('x') === 'clock' && about.data?.test.started_at != null;
  const start =
    about.data?.test.started_at == null
      ? null
      : Date.parse(`${about.data.test.started_at.replace(/Z$/, '')}Z`);
  const clock = useMemo(
    () =>
      isClock && start !== null
        ? (second: number) => new Date(start + 1000 * second).toISOString().slice(5, 16).replace('T', ' ')
        : undefined,
    [isClock, start],
  );
  const marks = useMemo(
    () =>
      about.data?.cycles.map((one) => ({
        x: one.start_time_second,
        text: String(one.cell_cycle ?? one.cycle_count),
      })),
    [about.data],
  );
  const pick = (of: number) =>
    ask<{ record: Record<string, string | number | null> }>(`/api/tests/${test}/records/${of}`).then(
      (answer) => setRecord(answer.record),
      () => setRecord(undefined),
    );
  return (
    <>
      <div class="options">
        {tests.length > 1 ? (
          <Select
            url={url}
            name="test"
            label="test"
            of={tests.map((one) => [String(one.test_id), `${one.test_id}: ${fileName(one.path)}`] as const)}
          />
        ) : null}
        {start === null ? null : (
          <Select
            url={url}
            name="x"
            label="time"
            of={[
              ['', 'of the test'],
              ['clock', 'of the clock'],
            ]}
          />
        )}
        {parameters.from === undefined ? null : (
          <a href={withParameters(url, { from: null, to: null })}>whole test</a>
        )}
      </div>
      <FigureView
        kind="trace"
        parameters={{ ...parameters, test }}
        command={plotCommand('trace', [test], { from: parameters.from, to: parameters.to, y: parameters.y })}
        onWindow={(window) =>
          go(
            withParameters(url, {
              from: window === null ? null : Number(window[0].toPrecision(12)),
              to: window === null ? null : Number(window[1].toPrecision(12)),
            }),
          )
        }
        onPick={pick}
        clock={clock}
        marks={marks}
      />
      {record === undefined ? (
        <p class="muted">Click a point for its record, with the file and line it was read from.</p>
      ) : (
        <dl class="record">
          {[
            'record_index',
            'test_time_second',
            'voltage_volt',
            'current_ampere',
            'ambient_temperature_celsius',
            'step_type',
            'cycle_count',
          ].map((name) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{String(record[name] ?? '')}</dd>
            </div>
          ))}
          <div>
            <dt>read from</dt>
            <dd>
              <a
                href={`/files/${record.file_id}?line=${record.line_number}`}
              >{`${fileName(String(record.path))}, line ${record.line_number}`}</a>
            </dd>
          </div>
        </dl>
      )}
    </>
  );
}

function spectrumText(one: CellAnswer['spectra'][number]): string {
  return [
    one.temperature_celsius === null ? null : `${numberText(one.temperature_celsius)} °C`,
    one.branch,
    one.state_of_charge === null ? null : `${numberText(100 * one.state_of_charge)} %`,
    one.measured_at === null ? null : clockText(one.measured_at),
    `spectrum ${one.spectrum_id}`,
  ]
    .filter((text) => text !== null)
    .join(', ');
}

interface Quantity {
  spectrum_id: number;
  circuit: string;
  kramers_kronig: string | null;
  quantity: string;
  text: string;
  interval: string;
  status: string;
}

const MOST_TABLED = 3;

/** What was fitted to the spectra that are shown, where they are few. */
function Quantities({ spectra }: { spectra: readonly string[] }) {
  const isFew = spectra.length <= MOST_TABLED;
  const loaded = useData<{ quantities: Quantity[] }>(
    isFew ? address('/api/quantities', { spectra: spectra.join(',') }) : null,
  );
  if (!isFew) return <p class="muted">Choose up to three spectra for a table of what was fitted.</p>;
  return (
    <Content of={loaded}>
      {({ quantities }) =>
        quantities.length === 0 ? (
          <Empty>
            Nothing is fitted yet: <Command>cellar analyze</Command>
          </Empty>
        ) : (
          <Scroll label="Fitted quantities">
            <table class="dense">
              <thead>
                <tr>
                  <th scope="col">Spectrum</th>
                  <th scope="col">Circuit</th>
                  <th scope="col">Kramers–Kronig</th>
                  <th scope="col">Quantity</th>
                  <th scope="col" class="right">
                    Value
                  </th>
                  <th scope="col">95 % interval</th>
                  <th scope="col">Status</th>
                </tr>
              </thead>
              <tbody>
                {quantities.map((one) => (
                  <tr key={`${one.spectrum_id} ${one.quantity}`}>
                    <td>{one.spectrum_id}</td>
                    <td>{one.circuit}</td>
                    <td>{one.kramers_kronig ?? ''}</td>
                    <th scope="row">{one.quantity}</th>
                    <td class="right">{one.text}</td>
                    <td>{one.interval}</td>
                    <td>{one.status}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )
      }
    </Content>
  );
}

function Spectra({ url, spectra, id }: { url: URL; spectra: CellAnswer['spectra']; id: string }) {
  const given = url.searchParams.get('spectra');
  const chosen = given === null ? spectra.map(({ spectrum_id }) => String(spectrum_id)) : given.split(',');
  const toggle = (one: string) => {
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    go(
      withParameters(url, {
        spectra: next.length === spectra.length || next.length === 0 ? null : next.join(','),
      }),
    );
  };
  return (
    <>
      <fieldset class="pick">
        <legend>
          spectra <a href={withParameters(url, { spectra: null })}>all</a>
        </legend>
        {spectra.map((one) => {
          const name = String(one.spectrum_id);
          return (
            <label key={name}>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
              {spectrumText(one)}{' '}
              <a href={withParameters(url, { spectra: name })} aria-label={`only ${spectrumText(one)}`}>
                only
              </a>
            </label>
          );
        })}
      </fieldset>
      <FigureView
        kind="spectrum"
        parameters={given === null ? { cells: id } : { spectra: chosen.join(',') }}
        command={plotCommand('spectrum', given === null ? [id] : chosen, {})}
      />
      <Quantities spectra={chosen} />
    </>
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
      {view === 'capacity' ? <p class="muted">Click a cycle for its curves.</p> : null}
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
