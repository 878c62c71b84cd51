import type { DuckDBConnection } from '@duckdb/node-api';
import { databasePaths } from '../store/paths.js';
import { requireCurrentSchema } from '../store/schema.js';
import { openSnapshot } from '../store/snapshot.js';
import { type ChannelCount, channelCounts } from './channels.js';
import { type Failure, type OtherFailure, readFailures, readSurroundings } from './failures.js';
import { type News, readNews } from './news.js';
import { sinceMoment } from './since.js';
import { findTrendBreaks, type TrendBreak, trendDefinition } from './trends.js';

/** What is new in a database since a moment, and what a person should do about it. */
export interface Digest extends News {
  since: Date;
  until: Date;
  failures: Failure[];
  surroundings: OtherFailure[];
  /** What the latest ingest found about the files of the channels. */
  channels: ChannelCount[];
  trends: { definition: string; cells_judged: number; cells_without_trend: number; left: TrendBreak[] };
}

/**
 * Reads a digest from the published snapshot; writes nothing.
 *
 * @param since a run, a date, or undefined for the last 24 hours
 * @throws CellarError (usage) where there is no database, or no such run
 */
export async function readDigest(database: string, since: string | undefined): Promise<Digest> {
  const snapshot = await openSnapshot(database);
  try {
    await requireCurrentSchema(snapshot.connection);
    return await readDigestOf(snapshot.connection, database, since);
  } finally {
    snapshot.close();
  }
}

/** The same from an open snapshot. */
export async function readDigestOf(
  connection: DuckDBConnection,
  database: string,
  since: string | undefined,
): Promise<Digest> {
  const until = new Date();
  const from = await sinceMoment(connection, since, until);
  return {
    since: from,
    until,
    ...(await readNews(connection, from)),
    failures: readFailures(databasePaths(database).log, from),
    surroundings: readSurroundings(databasePaths(database).log, from),
    channels: await channelCounts(connection),
    trends: { definition: trendDefinition, ...(await findTrendBreaks(connection, from)) },
  };
}
