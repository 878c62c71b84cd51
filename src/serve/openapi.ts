import { z } from 'zod';
import { toolVersion } from '../version.js';
import type { Route } from './routes/route.js';

/** The table of routes in the form of OpenAPI 3.1. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, object> = {};
  for (const { path, name, summary, parameters } of routes) {
    const inPath = new Set([...path.matchAll(/:(\w+)/g)].map(([, found]) => found));
    const schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' });
    const required = new Set(schema.required ?? []);
    const declared = Object.entries(schema.properties ?? {}).map(([parameter, one]) => ({
      name: parameter,
      in: inPath.has(parameter) ? 'path' : 'query',
      required: inPath.has(parameter) || required.has(parameter),
      schema: one,
    }));
    paths[path.replace(/:(\w+)/g, '{$1}')] = {
      get: {
        operationId: name,
        summary,
        parameters: declared,
        responses: {
          200: { description: summary },
          default: {
            description: 'A problem (RFC 9457): detail, hint',
            content: { 'application/problem+json': {} },
          },
        },
      },
    };
  }
  return { openapi: '3.1.0', info: { title: 'Cellar', version: toolVersion }, paths };
}
