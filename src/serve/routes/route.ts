import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { Generation } from '../snapshots.js';

/** The arguments of a route. */
export interface RouteContext<Parameters> {
  connection: DuckDBConnection;
  generation: Generation;
  parameters: Parameters;
  /** Path of the database, for commands to copy. */
  database: string;
}

/** What a route may return, apart from an object for JSON. */
export class Text {
  readonly type: string;
  readonly body: string;
  readonly headers: Record<string, string>;

  constructor(type: string, body: string, headers: Record<string, string> = {}) {
    this.type = type;
    this.body = body;
    this.headers = headers;
  }
}

/** A screen's data: a pure function of an open snapshot and checked parameters. */
export interface Route {
  /** With `:name` for parts that are parameters. */
  path: string;
  /** Name in `schema` of the answer, `cellar.serve.NAME/1`. */
  name: string;
  summary: string;
  parameters: z.ZodObject;
  // biome-ignore lint/suspicious/noExplicitAny: each route knows its own parameters
  answer(context: RouteContext<any>): Promise<object | Text>;
}

/** Declares a route; the types of its parameters follow from their checks. */
export function route<Shape extends z.ZodRawShape>(declared: {
  path: string;
  name: string;
  summary: string;
  parameters: z.ZodObject<Shape>;
  answer(context: RouteContext<z.infer<z.ZodObject<Shape>>>): Promise<object | Text>;
}): Route {
  return declared as unknown as Route;
}

/** Checks of parameters, which are texts in an address. */
const most = (n: number) => `at most ${n}`;
const separated = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

export const text = z.string().max(200);
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'is not a whole number')
  .transform(Number)
  .refine((value) => Number.isSafeInteger(value), 'is too large');
export const number = z
  .string()
  .max(40)
  .transform(Number)
  .refine((value) => Number.isFinite(value), 'is not a number');
export const list = (limit: number) =>
  z
    .string()
    .max(4_000)
    .transform(separated)
    .refine((items) => items.length <= limit, most(limit))
    .refine((items) => items.every((item) => item.length <= 200), 'has a name longer than 200 characters');
export const numberList = (limit: number) =>
  list(limit)
    .refine((items) => items.every((item) => /^\d{1,15}$/.test(item)), 'lists whole numbers')
    .transform((items) => items.map(Number));
