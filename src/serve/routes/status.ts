import { basename } from 'node:path';
import { z } from 'zod';
import { documentedSchema } from '../../query/documentation.js';
import { schemaVersion } from '../../store/schema.js';
import { toolVersion } from '../../version.js';
import { cookbook } from '../cookbook.js';
import { route } from './route.js';

/** Content of the head of every screen. */
export const status = route({
  path: '/api/status',
  name: 'status',
  summary: 'which database and snapshot this is',
  parameters: z.object({}),
  async answer({ generation, database }) {
    return {
      version: toolVersion,
      database: basename(database),
      published_at: generation.publishedAt,
      schema_version: generation.schema,
      is_current: generation.schema >= schemaVersion,
    };
  },
});

/** Tables, views and their columns with meaning and unit, and questions to begin with. */
export const schema = route({
  path: '/api/schema',
  name: 'schema',
  summary: 'tables and views with their columns, and example queries',
  parameters: z.object({}),
  async answer() {
    return { relations: await documentedSchema(), examples: cookbook() };
  },
});
