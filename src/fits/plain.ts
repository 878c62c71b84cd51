import { createHash } from 'node:crypto';

/** A value as JSON keeps it: typed arrays become arrays, numbers that are not finite become null. */
function replacer(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array);
  return value;
}

/** JSON text of a result or an input; the same content gives the same text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, replacer);
}

/** A value as it comes back from the database, so that a new result and a stored one cannot differ. */
export function plain<T>(value: T): T {
  return JSON.parse(toJson(value)) as T;
}

/** SHA-256 of some content. */
export function contentKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(toJson(parts)).digest('hex');
}
