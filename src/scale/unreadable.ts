import { CellarError, storageError } from '../errors.js';
import { literal, openInMemory } from '../store/connection.js';
import type { Lake } from './lake.js';

/** Messages of the engine about a file that is not Parquet or is damaged; they do not always name the file. */
const damage =
  /TProtocolException|Invalid Input Error|Invalid Error|Parquet|Snappy|ZSTD|magic bytes|IO Error/i;

/** Finds the damaged partition after such a failure: reads one after the other until one fails. */
export async function unreadablePartition(lake: Lake, error: unknown): Promise<CellarError | undefined> {
  if (!(error instanceof Error) || error instanceof CellarError || !damage.test(error.message))
    return undefined;
  const memory = await openInMemory();
  const { place } = lake;
  try {
    await place.reach(memory.connection);
    for (const { path } of lake.partitions) {
      const file = place.at(path);
      try {
        await memory.connection.run(`SELECT max(hash(COLUMNS(*))) FROM read_parquet(${literal(file)})`);
      } catch (reason) {
        return storageError(
          `${file} cannot be read: ${(reason as Error).message.split('\n')[0]}`,
          `Remove it and run \`cellar export ${place.name}\`, which writes it again. What was derived before is as it was.`,
        );
      }
    }
    return undefined;
  } finally {
    memory.close();
  }
}
