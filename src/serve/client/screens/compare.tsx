import { address, useData } from '../api.js';
import { FigureView, plotCommand } from '../figure.js';
import { Choice, Content, Empty, numberText, percentText, Scroll } from '../parts.js';
import { go, withParameters } from '../router.js';
import { Title } from './title.js';

const views = [
  ['capacity', 'Capacity'],
  ['curves', 'Curves'],
  ['dqdv', 'dQ/dV'],
  ['rate', 'Rate'],
  ['resistance', 'Resistance'],
  ['spectrum', 'Spectra'],
] as const;
const withCycles = ['curves', 'dqdv'];
const withGroups = ['capacity', 'curves', 'dqdv', 'rate', 'resistance'];

interface Spread {
  median: number | null;
  low: number | null;
  high: number | null;
}

interface Group {
  name: string;
  cells: number;
  last_cycle: Spread;
  capacity: Spread;
  efficiency: Spread;
  retention: Spread;
}

/** Median and range of a group, as `median (lowest to highest)`. */
function spreadText({ median, low, high }: Spread, cells: number, write: (value: number) => string): string {
  if (median === null || low === null || high === null) return '';
  return cells === 1 ? write(median) : `${write(median)} (${write(low)} to ${write(high)})`;
}

function Options({
  url,
  view,
  by,
  cycles,
}: {
  url: URL;
  view: string;
  by: string;
  cycles: string | undefined;
}) {
  return (
    <div class="options">
      {withCycles.includes(view) ? (
        <label>
          cycles{' '}
          <input
            key={cycles}
            type="text"
            size={14}
            defaultValue={cycles ?? '3'}
            onChange={(event) => go(withParameters(url, { cycles: event.currentTarget.value.trim() }))}
          />
        </label>
      ) : null}
      {withGroups.includes(view) ? (
        <Choice
          label="Told apart by"
          to={(name) => withParameters(url, { by: name })}
          of={['cell', 'batch', 'material'].map(
            (name) => [name === 'cell' ? '' : name, `by ${name}`, by === name] as const,
          )}
        />
      ) : null}
    </div>
  );
}

/** What the groups have in numbers, one line each. */
function GroupTable({ groups, unit, by }: { groups: readonly Group[]; unit: string; by: string }) {
  if (groups.every(({ last_cycle }) => last_cycle.median === null)) return null;
  return (
    <Scroll label="Cells compared">
      <table class="dense">
        <caption>
          {by === 'cell'
            ? 'Last whole cycle; efficiency is the median of a life.'
            : 'Median and range of each group.'}
        </caption>
        <thead>
          <tr>
            <th scope="col">{by}</th>
            {by === 'cell' ? null : (
              <th scope="col" class="right">
                Cells
              </th>
            )}
            <th scope="col" class="right">
              Cycles
            </th>
            <th scope="col" class="right">{`Capacity (${unit})`}</th>
            <th scope="col" class="right">
              Efficiency
            </th>
            <th scope="col" class="right">
              Retention
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((one) => (
            <tr key={one.name}>
              <th scope="row">
                {by === 'cell' ? <a href={`/cells/${encodeURIComponent(one.name)}`}>{one.name}</a> : one.name}
              </th>
              {by === 'cell' ? null : <td class="right">{one.cells}</td>}
              <td class="right">{spreadText(one.last_cycle, one.cells, String)}</td>
              <td class="right">{spreadText(one.capacity, one.cells, (value) => numberText(value))}</td>
              <td class="right">{spreadText(one.efficiency, one.cells, (value) => percentText(value))}</td>
              <td class="right">{spreadText(one.retention, one.cells, (value) => percentText(value, 3))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function Compare({ url }: { url: URL }) {
  const ids = (url.searchParams.get('cells') ?? '').split(',').filter((id) => id !== '');
  const view = url.searchParams.get('view') ?? 'capacity';
  const by = url.searchParams.get('by') ?? 'cell';
  const cycles = url.searchParams.get('cycles') ?? undefined;
  const listed = useData<{ groups: Group[]; unit: string }>(
    ids.length === 0 ? null : address('/api/compare', { cells: ids.join(','), by }),
  );
  const options = {
    ...(withCycles.includes(view) ? { cycles: cycles ?? '3' } : {}),
    ...(withGroups.includes(view) && by !== 'cell' ? { by } : {}),
  };
  if (ids.length < 2) {
    return (
      <>
        <Title text="Compare" />
        <Empty>
          Choose two to twelve cells in the <a href="/cells">list of cells</a>.
        </Empty>
      </>
    );
  }
  return (
    <>
      <Title text={`Compare ${ids.length} cells`} />
      <nav class="views" aria-label="Views">
        {views.map(([name, text]) => (
          <a
            key={name}
            href={withParameters(url, { view: name })}
            aria-current={view === name ? 'true' : undefined}
          >
            {text}
          </a>
        ))}
      </nav>
      <Options url={url} view={view} by={by} cycles={cycles} />
      <FigureView
        kind={view}
        parameters={{ cells: ids.join(','), ...options }}
        command={plotCommand(view, ids, options)}
      />
      <Content of={listed}>
        {({ groups, unit }) => <GroupTable groups={groups} unit={unit} by={by} />}
      </Content>
    </>
  );
}
