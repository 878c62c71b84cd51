import type { DuckDBConnection } from '@duckdb/node-api';
import { describeSurrounding } from '../digest/actions.js';
import { eventsSince, type Failure, readSurroundings } from '../digest/failures.js';
import { readNews } from '../digest/news.js';
import { select } from '../store/connection.js';

/** Something that a person should be told once. */
export interface Item {
  /** Equal for the same thing, which is told only once. */
  key: string;
  text: string;
}

export interface Limits {
  silent_hours: number;
  silent_channel_hours: number;
}

const hour = 3_600_000;
/** News older than this are not told any more: either they were told, or nobody was to be told then. */
const reachHours = 48;
const minute = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** News from the log beside the database, even if the database cannot be opened. */
export function itemsOfLog(log: string, now: Date): Item[] {
  const since = new Date(now.getTime() - reachHours * hour);
  const failures = eventsSince(log, since, ['failed']).map(
    ({ at, message }): Failure => ({ at, message: message ?? '' }),
  );
  const newest = new Map(failures.map(({ at, message }) => [message, at]));
  return [
    ...[...newest].map(([message, at]) => ({
      key: `failed/${message}`,
      text: `an ingest failed at ${minute(new Date(at))}: ${message}`,
    })),
    ...readSurroundings(log, since)
      .filter(({ event }) => event !== 'notice')
      .map((one) => ({ key: `folder/${one.event}/${one.path}`, text: describeSurrounding(one) })),
  ];
}

/** The time when the last ingest ended, whether or not it found anything. */
async function lastIngest(connection: DuckDBConnection, log: string): Promise<Date | undefined> {
  const [run] = await select<{ at: Date | null }>(
    connection,
    `SELECT max(finished_at) AS at FROM runs WHERE command = 'ingest'`,
  );
  const looked = eventsSince(log, new Date(0), ['looked', 'finished']).at(-1);
  const times = [run?.at?.getTime(), looked === undefined ? undefined : Date.parse(looked.at)];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : new Date(Math.max(...known));
}

/** Channels with records on at least three days of the last two weeks, and then nothing for too long. */
async function silentChannels(connection: DuckDBConnection, now: Date, hours: number): Promise<Item[]> {
  const channels = await select<{ vendor: string; channel: string; last: Date }>(
    connection,
    `SELECT t.vendor, t.channel, max(f.ingested_at) AS last
     FROM tests t JOIN test_files tf USING (test_id) JOIN files f ON f.file_id = tf.file_id
     WHERE t.channel IS NOT NULL AND f.ingested_at > $1
     GROUP BY t.vendor, t.channel HAVING count(DISTINCT f.ingested_at::DATE) >= 3 AND max(f.ingested_at) < $2
     ORDER BY t.vendor, t.channel`,
    [new Date(now.getTime() - 14 * 24 * hour), new Date(now.getTime() - hours * hour)],
  );
  return channels.map(({ vendor, channel, last }) => ({
    key: `channel/${vendor}/${channel}/${last.toISOString()}`,
    text: `channel ${channel} (${vendor}) has delivered nothing new since ${minute(last)}`,
  }));
}

/** News from the database: missing nights, refused files and lines, silent channels, changed verdicts. */
export async function itemsOfDatabase(
  connection: DuckDBConnection,
  log: string,
  limits: Limits,
  now: Date,
): Promise<Item[]> {
  const items: Item[] = [];
  const last = await lastIngest(connection, log);
  if (last === undefined || now.getTime() - last.getTime() > limits.silent_hours * hour) {
    items.push({
      key: `missing/${last?.toISOString() ?? 'never'}`,
      text: `no ingest for ${limits.silent_hours} hours${last === undefined ? '' : `: the last one ended ${minute(last)}`}`,
    });
  }
  const news = await readNews(connection, new Date(now.getTime() - reachHours * hour));
  for (const { file_id, path, status, message } of news.refused) {
    items.push({ key: `refused/${file_id}`, text: `${path}: ${status}: ${message}` });
  }
  for (const { file_id, path, rows, unit_of_lines, first_place, first_reason } of news.rejected_rows) {
    const lines = rows === 1 ? `1 ${unit_of_lines} was` : `${rows} ${unit_of_lines}s were`;
    items.push({
      key: `rows/${file_id}`,
      text: `${path}: ${lines} not stored, the first is ${first_place}: ${first_reason}`,
    });
  }
  items.push(...(await silentChannels(connection, now, limits.silent_channel_hours)));
  for (const { material_id, target_id, before, now: verdict, reason } of news.verdict_changes) {
    if (before === null) continue;
    items.push({
      key: `verdict/${material_id}/${target_id}/${before}/${verdict}/${reason}`,
      text: `${material_id}/${target_id} went from ${before} to ${verdict}: ${reason}`,
    });
  }
  return items;
}
