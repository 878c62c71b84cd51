import { address, useData } from '../api.js';
import {
  ageText,
  Choice,
  Command,
  Content,
  clockText,
  Empty,
  fileName,
  numberText,
  Scroll,
  State,
  useNow,
} from '../parts.js';
import { withParameters } from '../router.js';
import { Title } from './title.js';

interface Channel {
  vendor: string | null;
  channel: string | null;
  test_id: number;
  cell_id: string | null;
  path: string | null;
  file_id: number | null;
  last_record_at: string | null;
  last_unix_second: number | null;
  modified_at: string | null;
  step_type: string | null;
  vendor_step_type: string | null;
  cell_cycle: number | null;
  cycle_count: number | null;
  voltage_volt: number | null;
  current_ampere: number | null;
  temperature_celsius: number | null;
  discharging_capacity_ah: number | null;
  state: string;
  state_since: string | null;
}

interface ChannelsAnswer {
  channels: Channel[];
  counts: { state: string; vendor: string | null; n: number }[];
  latest_ingest: string | null;
}

/** A time of the database (UTC) in milliseconds. */
const utc = (iso: string) => Date.parse(`${iso.replace(/Z$/, '')}Z`);

function Age({ of, now }: { of: Channel; now: number }) {
  if (of.last_unix_second !== null) return <>{ageText(now / 1000 - of.last_unix_second)}</>;
  if (of.modified_at === null) return <span class="muted">not known</span>;
  return (
    <>
      {ageText((now - utc(of.modified_at)) / 1000)} <span class="muted">file</span>
    </>
  );
}

/** Choices of state and vendor, with how many channels each has. */
function Choices({ url, counts }: { url: URL; counts: ChannelsAnswer['counts'] }) {
  const state = url.searchParams.get('state');
  const vendor = url.searchParams.get('vendor');
  const sum = (of: (one: ChannelsAnswer['counts'][number]) => boolean) =>
    counts.filter(of).reduce((total, { n }) => total + n, 0);
  const vendors = [...new Set(counts.map((one) => one.vendor).filter((name) => name !== null))];
  return (
    <div class="facets">
      <Choice
        label="State"
        to={(name) => withParameters(url, { state: name })}
        of={[
          ['', `all ${sum(() => true)}`, state === null] as const,
          ...['growing', 'new', 'still', 'gone'].map(
            (name) => [name, `${name} ${sum((one) => one.state === name)}`, state === name] as const,
          ),
        ]}
      />
      <Choice
        label="Vendor"
        to={(name) => withParameters(url, { vendor: name })}
        of={[
          ['', 'every vendor', vendor === null] as const,
          ...vendors.map(
            (name) => [name, `${name} ${sum((one) => one.vendor === name)}`, vendor === name] as const,
          ),
        ]}
      />
    </div>
  );
}

function Row({ one, now }: { one: Channel; now: number }) {
  return (
    <tr>
      <th scope="row">
        {one.vendor} {one.channel ?? ''}
      </th>
      <td>
        {one.cell_id === null ? (
          <span class="muted">no cell</span>
        ) : (
          <a href={`/cells/${encodeURIComponent(one.cell_id)}?view=trace&test=${one.test_id}`}>
            {one.cell_id}
          </a>
        )}
      </td>
      <td>
        <State of={one.state} />
      </td>
      <td title={one.last_record_at === null ? '' : `last record ${clockText(one.last_record_at)}`}>
        <Age of={one} now={now} />
      </td>
      <td>{one.step_type ?? one.vendor_step_type ?? ''}</td>
      <td class="right">{one.cell_cycle ?? one.cycle_count ?? ''}</td>
      <td class="right">{numberText(one.voltage_volt)}</td>
      <td class="right">{one.current_ampere === null ? '' : numberText(1000 * one.current_ampere)}</td>
      <td class="right">{numberText(one.temperature_celsius, 3)}</td>
      <td class="right">
        {one.discharging_capacity_ah === null ? '' : numberText(1000 * one.discharging_capacity_ah)}
      </td>
      <td>{one.file_id === null ? '' : <a href={`/files/${one.file_id}`}>{fileName(one.path)}</a>}</td>
    </tr>
  );
}

function ChannelTable({ channels, now }: { channels: readonly Channel[]; now: number }) {
  return (
    <Scroll label="Channels">
      <table class="dense">
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Cell</th>
            <th scope="col">State</th>
            <th scope="col">Age</th>
            <th scope="col">Step</th>
            <th scope="col" class="right">
              Cycle
            </th>
            <th scope="col" class="right">
              V
            </th>
            <th scope="col" class="right">
              mA
            </th>
            <th scope="col" class="right">
              °C
            </th>
            <th scope="col" class="right">
              mAh so far
            </th>
            <th scope="col">File</th>
          </tr>
        </thead>
        <tbody>
          {channels.map((one) => (
            <Row key={one.test_id} one={one} now={now} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function Channels({ url }: { url: URL }) {
  const state = url.searchParams.get('state');
  const vendor = url.searchParams.get('vendor');
  const loaded = useData<ChannelsAnswer>(address('/api/channels', { state, vendor }));
  const now = useNow();
  return (
    <>
      <Title text="Channels" />
      <p class="lead">
        What the latest ingest found: <em>growing</em>, the file was longer than before; <em>still</em>, it
        was not; <em>new</em>, it was seen for the first time; <em>gone</em>, it was not there. Whether a test
        has finished no export says.
      </p>
      <Content of={loaded}>
        {(data) => {
          if (data.counts.length === 0) {
            return (
              <Empty>
                No test is stored yet: <Command>cellar ingest FOLDER</Command>
              </Empty>
            );
          }
          return (
            <>
              <Choices url={url} counts={data.counts} />
              <ChannelTable channels={data.channels} now={now} />
              {data.latest_ingest === null ? null : (
                <p class="muted">{`Last ingest ${clockText(data.latest_ingest)} UTC. The states shown are those of that time.`}</p>
              )}
            </>
          );
        }}
      </Content>
    </>
  );
}
