import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { usageError } from '../errors.js';

const program = process.platform === 'win32' ? 'spark-sql.cmd' : 'spark-sql';

/**
 * The `spark-sql` of `SPARK_HOME`, else the one on the path.
 *
 * @throws CellarError (usage) where there is none
 */
export function findSparkSql(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment.SPARK_HOME;
  const places =
    home === undefined
      ? (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
      : [join(home, 'bin')];
  const found = places.map((folder) => join(folder, program)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw usageError(
    home === undefined ? 'there is no Spark: SPARK_HOME is not set' : `${home} has no bin/${program}`,
    'Set SPARK_HOME to an installation of Spark 4 (of PySpark: the folder of the package). docs/scale-out.md says how.',
  );
}
