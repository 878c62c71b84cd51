import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Version of this Cellar, as `cellar --version` prints it and as results record it in `tool_version`. */
export const toolVersion: string = version;
