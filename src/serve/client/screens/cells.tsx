import { useEffect, useState } from 'preact/hooks';
import { address, useData } from '../api.js';
import { Command, Content, Empty, numberText, percentText, Scroll, State } from '../parts.js';
import { go, withParameters } from '../router.js';
import { Title } from './title.js';

interface CellRow {
  cell_id: string;
  material_id: string | null;
  cell_type: string | null;
  batch: string | null;
  excluded_reason: string | null;
  state: string | null;
  last_cycle: number | null;
  last_capacity: number | null;
  last_specific: number | null;
  median_efficiency: number | null;
  retention: number | null;
  spectra: number | null;
  spark: number[] | null;
}

interface CellsAnswer {
  cells: CellRow[];
  truncated: boolean;
  facets: { facet: string; value: string; n: number }[];
  total: { n: number; excluded: number };
}

const MOST_COMPARED = 12;
const names: Record<string, string> = {
  material_id: 'material',
  cell_type: 'type',
  batch: 'batch',
  state: 'state',
};

function Spark({ values }: { values: number[] | null }) {
  if (values === null || values.length < 3) return null;
  // A change of less than a hundredth is drawn flat, since rounding must not look like ageing.
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const span = Math.max(Math.max(...values) - Math.min(...values), 0.01 * Math.abs(middle)) || 1;
  const low = middle - span / 2;
  const path = values
    .map(
      (value, i) =>
        `${i === 0 ? 'M' : 'L'}${((92 * i) / (values.length - 1) + 2).toFixed(1)} ${(20 - (16 * (value - low)) / span).toFixed(1)}`,
    )
    .join('');
  return (
    <svg class="spark" width="96" height="24" viewBox="0 0 96 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** A search that waits until typing pauses. */
export function Search({ url, label }: { url: URL; label: string }) {
  const given = url.searchParams.get('q') ?? '';
  const [typed, setTyped] = useState(given);
  useEffect(() => setTyped(given), [given]);
  useEffect(() => {
    if (typed === given) return;
    const timer = setTimeout(() => go(withParameters(url, { q: typed }), true), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={`${label}  ( / )`}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function Facets({ url, data }: { url: URL; data: CellsAnswer }) {
  return (
    <div class="facets">
      {Object.entries(names).map(([facet, name]) => {
        const values = data.facets.filter((one) => one.facet === facet);
        if (values.length === 0) return null;
        const chosen = url.searchParams.get(name) ?? '';
        return (
          <label key={facet}>
            {name}{' '}
            <select
              value={chosen}
              onChange={(event) => go(withParameters(url, { [name]: event.currentTarget.value }))}
            >
              <option value="">any</option>
              {values.map(({ value, n }) => (
                <option key={value} value={value}>
                  {`${value} (${n})`}
                </option>
              ))}
            </select>
          </label>
        );
      })}
      <label>
        excluded{' '}
        <select
          value={url.searchParams.get('excluded') ?? ''}
          onChange={(event) => go(withParameters(url, { excluded: event.currentTarget.value }))}
        >
          <option value="">shown</option>
          <option value="no">hidden</option>
          <option value="yes">{`only (${data.total.excluded})`}</option>
        </select>
      </label>
    </div>
  );
}

/** The head of a column by which the list can be sorted. */
function Sorted({
  url,
  name,
  text,
  isRight = true,
}: {
  url: URL;
  name: string;
  text: string;
  isRight?: boolean;
}) {
  const sort = url.searchParams.get('sort') ?? 'cell';
  return (
    <th
      scope="col"
      class={isRight ? 'right' : ''}
      aria-sort={sort === name ? (name === 'cell' ? 'ascending' : 'descending') : 'none'}
    >
      <a href={withParameters(url, { sort: name === 'cell' ? null : name })}>
        {text}
        {sort === name ? (name === 'cell' ? ' ↑' : ' ↓') : ''}
      </a>
    </th>
  );
}

function Row({ one, isChosen, toggle }: { one: CellRow; isChosen: boolean; toggle: (id: string) => void }) {
  return (
    <tr class={one.excluded_reason === null ? '' : 'is-excluded'}>
      <td>
        <input
          type="checkbox"
          aria-label={`compare ${one.cell_id}`}
          checked={isChosen}
          onChange={() => toggle(one.cell_id)}
        />
      </td>
      <th scope="row">
        <a href={`/cells/${encodeURIComponent(one.cell_id)}`}>{one.cell_id}</a>
        {one.excluded_reason === null ? null : (
          <span class="tag" title={one.excluded_reason}>
            excluded
          </span>
        )}
      </th>
      <td>{one.material_id ?? <span class="muted">none</span>}</td>
      <td>{[one.cell_type, one.batch].filter((text) => text !== null).join(', ')}</td>
      <td>{one.state === null ? '' : <State of={one.state} />}</td>
      <td class="right">{one.last_cycle ?? ''}</td>
      <td class="right">
        {one.last_specific !== null
          ? `${numberText(one.last_specific)} mAh/g`
          : one.last_capacity === null
            ? ''
            : `${numberText(one.last_capacity)} mAh`}
      </td>
      <td class="right">{percentText(one.median_efficiency)}</td>
      <td class="right">{percentText(one.retention, 3)}</td>
      <td>
        <Spark values={one.spark} />
      </td>
      <td class="right">{one.spectra ?? ''}</td>
    </tr>
  );
}

function CellTable({
  url,
  cells,
  chosen,
  toggle,
}: {
  url: URL;
  cells: readonly CellRow[];
  chosen: readonly string[];
  toggle: (id: string) => void;
}) {
  return (
    <Scroll label="Cells">
      <table class="dense">
        <thead>
          <tr>
            <td />
            <Sorted url={url} name="cell" text="Cell" isRight={false} />
            <th scope="col">Material</th>
            <th scope="col">Type, batch</th>
            <th scope="col">State</th>
            <Sorted url={url} name="cycles" text="Cycles" />
            <Sorted url={url} name="capacity" text="Last capacity" />
            <th scope="col" class="right">
              Efficiency
            </th>
            <Sorted url={url} name="retention" text="Retention" />
            <th scope="col">Capacity over life</th>
            <th scope="col" class="right">
              Spectra
            </th>
          </tr>
        </thead>
        <tbody>
          {cells.map((one) => (
            <Row key={one.cell_id} one={one} isChosen={chosen.includes(one.cell_id)} toggle={toggle} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function Cells({ url }: { url: URL }) {
  const parameters = Object.fromEntries(url.searchParams);
  const loaded = useData<CellsAnswer>(
    address('/api/cells', {
      q: parameters.q,
      material: parameters.material,
      type: parameters.type,
      batch: parameters.batch,
      state: parameters.state,
      excluded: parameters.excluded,
      sort: parameters.sort,
    }),
  );
  const [chosen, setChosen] = useState<string[]>([]);
  const toggle = (id: string) =>
    setChosen((before) =>
      before.includes(id) ? before.filter((one) => one !== id) : [...before, id].slice(-MOST_COMPARED),
    );
  return (
    <>
      <Title text="Cells" />
      <div class="tools">
        <Search url={url} label="search cells" />
        {chosen.length < 2 ? (
          <span class="muted">tick 2 to 12 cells to compare them</span>
        ) : (
          <a
            class="button"
            href={`/compare?cells=${chosen.map(encodeURIComponent).join(',')}`}
          >{`compare ${chosen.length}`}</a>
        )}
      </div>
      <Content of={loaded}>
        {(data) =>
          data.total.n === 0 ? (
            <Empty>
              cells.csv names no cell, and no export does: <Command>cellar init</Command>
            </Empty>
          ) : (
            <>
              <Facets url={url} data={data} />
              {data.cells.length === 0 ? (
                <Empty>
                  No cell is like that. <a href="/cells">All cells</a>
                </Empty>
              ) : (
                <CellTable url={url} cells={data.cells} chosen={chosen} toggle={toggle} />
              )}
              {data.truncated ? <p class="muted">Only the first are shown: search for others.</p> : null}
            </>
          )
        }
      </Content>
    </>
  );
}
