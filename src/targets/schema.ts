import { z } from 'zod';
import { categories } from '../store/vocabulary.js';
import { lineOfTarget } from './line.js';
import { metricOf, metrics } from './metrics/index.js';
import { unitName } from './units.js';

/** A target as its file states it, checked; `unit` in this project's spelling, `conditions` with their defaults. */
export interface Target {
  id: string;
  category: string;
  metric: string;
  comparison: '>' | '<' | '>=' | '<=';
  threshold: number;
  unit: string;
  conditions: Record<string, unknown>;
  source: string | null;
  /** The only material it is for; null: every material of the category. */
  material: string | null;
  /** The set it belongs to, where sets follow each other; null: none. */
  set: string | null;
  /** Date by which it has to be met, `2026-12-31`; null: none. */
  due: string | null;
  /** Limits on the way, by date. */
  milestones: Milestone[];
  owner: string | null;
  note: string | null;
}

/** A limit on the way to a target, in the target's unit. */
export interface Milestone {
  due: string;
  threshold: number;
}

/** Targets that belong together; sets follow each other in the order of the table. */
export interface TargetSet {
  name: string;
  due: string | null;
}

/** A checked target table. */
export interface TargetTable {
  name: string;
  sets: TargetSet[];
  targets: Target[];
}

/** A date of a TOML or JSON file as `2026-12-31`. */
const date = z
  .union([z.date().transform((value) => value.toISOString().slice(0, 10)), z.string()])
  .pipe(z.iso.date({ message: 'must be a date, such as 2026-12-31' }));

const milestone = z.strictObject({ due: date, threshold: z.number() });
const set = z.strictObject({ name: z.string().min(1), due: date.nullable().default(null) });

const shape = z.strictObject({
  id: z.string().min(1),
  category: z.enum(categories, { message: `must be one of ${categories.join(', ')}` }),
  metric: z.string(),
  comparison: z.enum(['>', '<', '>=', '<='], { message: 'must be ">", "<", ">=" or "<="' }),
  threshold: z.number(),
  unit: z.string(),
  conditions: z.record(z.string(), z.unknown()).default({}),
  source: z.string().nullable().default(null),
  material: z.string().min(1).nullable().default(null),
  set: z.string().min(1).nullable().default(null),
  due: date.nullable().default(null),
  milestones: z.array(milestone).default([]),
  owner: z.string().nullable().default(null),
  note: z.string().nullable().default(null),
});

/** One target: first its shape, then what its metric allows. */
const target = shape.transform((given, context): Target => {
  const fail = (key: string, message: string) => {
    context.addIssue({ code: 'custom', path: [key], message });
    return z.NEVER;
  };
  const metric = metricOf(given.metric);
  if (metric === undefined) {
    return fail(
      'metric',
      `"${given.metric}" is not a metric; metrics are ${metrics.map(({ id }) => id).join(', ')}`,
    );
  }
  const unit = unitName(given.unit);
  if (!(unit in metric.units)) {
    const units = Object.keys(metric.units).map((name) => `"${name}"`);
    return fail('unit', `"${given.unit}" is not a unit of ${metric.id}; units are ${units.join(', ')}`);
  }
  const conditions = metric.settings.safeParse(given.conditions);
  if (!conditions.success) {
    for (const issue of conditions.error.issues) {
      const known = `conditions of ${metric.id} are ${Object.keys(metric.settings.shape).join(', ') || 'none'}`;
      const message = issue.code === 'unrecognized_keys' ? `${issue.message}; ${known}` : issue.message;
      context.addIssue({ code: 'custom', path: ['conditions', ...issue.path], message });
    }
    return z.NEVER;
  }
  const unordered = given.milestones.findIndex(({ due }, i) => {
    const next = given.milestones[i + 1]?.due ?? given.due;
    return next !== null && next !== undefined && due >= next;
  });
  if (unordered >= 0) return fail('milestones', 'must be in the order of their dates, all before `due`');
  return { ...given, unit, conditions: conditions.data };
});

const file = z.strictObject({
  name: z.string().min(1).optional(),
  sets: z.array(set).default([]),
  targets: z.array(target).min(1, { message: 'lists no target' }),
});

/**
 * A place in a target file, for people: `line 17, targets[2] (sulfide-cost).unit`, with the line where it is known.
 */
function placeOf(path: readonly PropertyKey[], content: unknown, text: string | null): string {
  const [list, index, ...rest] = path;
  if (list === undefined) return 'top level';
  if (list !== 'targets' || typeof index !== 'number') return path.map(String).join('.');
  const line = text === null ? null : lineOfTarget(text, index, rest.length === 0 ? null : String(rest[0]));
  const id = (content as { targets?: { id?: unknown }[] }).targets?.[index]?.id;
  const name = typeof id === 'string' ? ` (${id})` : '';
  const place = [`targets[${index + 1}]${name}`, ...rest.map(String)].join('.');
  return line === null ? place : `line ${line}, ${place}`;
}

/**
 * Checks the content of a target file.
 *
 * @param fallbackName name of the table where the file gives none
 * @param text the file itself where it is TOML, to name lines
 * @returns the table, or what is wrong, one sentence each with its place
 */
export function parseTargetTable(
  content: unknown,
  fallbackName: string,
  text: string | null = null,
): TargetTable | { problems: string[] } {
  const checked = file.safeParse(content);
  if (!checked.success) {
    return {
      problems: checked.error.issues.map(
        ({ path, message }) => `${placeOf(path, content, text)}: ${message}`,
      ),
    };
  }
  const { name, sets, targets } = checked.data;
  const seen = new Set<string>();
  const repeated = targets.filter(({ id }) => seen.size === seen.add(id).size);
  if (repeated.length > 0) {
    return {
      problems: repeated.map(
        ({ id }) => `targets: the id "${id}" is there twice; give each an id of its own`,
      ),
    };
  }
  const unknown = targets.filter((one) => one.set !== null && !sets.some((own) => own.name === one.set));
  if (unknown.length > 0) {
    const known = sets.map((one) => `"${one.name}"`).join(', ') || 'none: list them under [[sets]]';
    return {
      problems: unknown.map(
        ({ id, set: of }) => `targets (${id}).set: "${of}" is not a set of this table; sets are ${known}`,
      ),
    };
  }
  const dueOfSet = new Map(sets.map((one) => [one.name, one.due]));
  return {
    name: name ?? fallbackName,
    sets,
    targets: targets.map((one) => ({ ...one, due: one.due ?? dueOfSet.get(one.set ?? '') ?? null })),
  };
}
