/** A condition on a test id; runs of consecutive ids become ranges (measured: a list of 2,000 costs as much as the scan). */
export function idCondition(column: string, ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const id of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && id === last[1] + 1) last[1] = id;
    else ranges.push([id, id]);
  }
  const single = ranges.filter(([first, last]) => first === last).map(([id]) => id);
  const conditions = ranges
    .filter(([first, last]) => first < last)
    .map(([first, last]) => `${column} BETWEEN ${first} AND ${last}`);
  if (single.length > 0) conditions.push(`${column} IN (${single.join(', ')})`);
  return conditions.length === 0 ? 'FALSE' : `(${conditions.join(' OR ')})`;
}
