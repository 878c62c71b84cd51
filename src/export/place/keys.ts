import type { DuckDBConnection } from '@duckdb/node-api';
import { usageError } from '../../errors.js';
import { literal, select } from '../../store/connection.js';
import { loadExtension } from './extension.js';

/** Settings of a secret, from the environment variables that all tools for such stores read. */
function fromEnvironment(environment: NodeJS.ProcessEnv): string[] {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw usageError(`AWS_ENDPOINT_URL is ${endpoint}`, 'It has to be an address, as https://host:port.');
  }
  const url = endpoint === undefined ? undefined : new URL(endpoint);
  return [
    ...(region === undefined ? [] : [`REGION ${literal(region)}`]),
    ...(url === undefined
      ? []
      : [
          `ENDPOINT ${literal(`${url.host}${url.pathname.replace(/\/$/, '')}`)}`,
          `USE_SSL ${url.protocol === 'https:'}`,
          `URL_STYLE 'path'`,
        ]),
  ];
}

/**
 * Gives a connection the keys for a bucket: those of the environment, else what DuckDB has stored for this user, else
 * what Amazon's own chain finds (profiles, roles), for which DuckDB needs its extension `aws`.
 *
 * @throws CellarError (usage) where there are none
 */
export async function giveKeys(connection: DuckDBConnection, bucket: string): Promise<void> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
  const place = fromEnvironment(process.env);
  const create = (...settings: string[]) =>
    connection.run(
      `CREATE OR REPLACE SECRET cellar_lake (TYPE s3, SCOPE ${literal(bucket)}, ${[...settings, ...place].join(', ')})`,
    );
  if (id !== undefined && secret !== undefined) {
    const session = token === undefined ? [] : [`SESSION_TOKEN ${literal(token)}`];
    await create(`KEY_ID ${literal(id)}`, `SECRET ${literal(secret)}`, ...session);
    return;
  }
  const stored = await select(connection, `FROM which_secret(${literal(`${bucket}/`)}, 's3')`);
  if (stored.length > 0) return;
  try {
    await loadExtension(connection, 'aws');
    await create('PROVIDER credential_chain');
  } catch (error) {
    throw usageError(
      `there are no access keys for ${bucket}: ${(error as Error).message.split('\n')[0]}`,
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_ENDPOINT_URL where the store is not Amazon's).",
    );
  }
}
