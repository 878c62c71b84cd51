import { useMemo, useState } from 'preact/hooks';
import { ask, useData } from '../api.js';
import { FigureView, plotCommand } from '../figure.js';
import { fileName } from '../parts.js';
import { go, withParameters } from '../router.js';
import type { CellAnswer } from './cell-answer.js';
import { Select } from './cell-options.js';

interface TestAnswer {
  test: { test_id: number; started_at: string | null; start_time_second: number; end_time_second: number };
  cycles: { cycle_count: number; cell_cycle: number | null; start_time_second: number }[];
}

type MeasuredRecord = Record<string, string | number | null>;

/** One record, with where it was read from. */
function RecordOf({ record }: { record: MeasuredRecord }) {
  return (
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
          >{`${fileName(String(record.path))}, ${record.place}`}</a>
        </dd>
      </div>
    </dl>
  );
}

/** The start of a test (ms), where it is known, and on request its seconds as times of that clock. */
function useClock(startedAt: string | null, isWanted: boolean) {
  const start = startedAt === null ? null : Date.parse(`${startedAt.replace(/Z$/, '')}Z`);
  const clock = useMemo(
    () =>
      isWanted && start !== null
        ? (second: number) => new Date(start + 1000 * second).toISOString().slice(5, 16).replace('T', ' ')
        : undefined,
    [isWanted, start],
  );
  return { start, clock };
}

export function Trace({
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
  const [record, setRecord] = useState<MeasuredRecord | undefined>();
  const { start, clock } = useClock(
    about.data?.test.started_at ?? null,
    url.searchParams.get('x') === 'clock',
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
    ask<{ record: MeasuredRecord }>(`/api/tests/${test}/records/${of}`).then(
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
        <p class="muted hint">Click a point for its record, with the file and line it was read from.</p>
      ) : (
        <RecordOf record={record} />
      )}
    </>
  );
}
