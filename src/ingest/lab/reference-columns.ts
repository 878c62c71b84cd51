import { type Mistake, mistake } from './mistakes.js';

/** What a cost is stated in, which is one for `cost` and `reference_cost`. */
const columns: Record<string, string> = {
  currency: 'cost_currency',
  year: 'price_year',
  basis: 'cost_basis',
  scale: 'cost_scale',
};
const ofReference = /^ref(?:erence)?[_ ](?:cost[_ ]|price[_ ])?(currency|year|basis|scale)$/i;

/**
 * Columns of a laboratory's own that give the cost of the reference another currency, year, basis or scale: the two
 * costs are divided as they stand, so that the quotient would mean nothing.
 *
 * @param value the row of `materials.csv` as it was read
 * @param own its other columns, as written
 */
export function otherReference(
  path: string,
  line: number,
  value: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, string>> | null,
): Mistake[] {
  return Object.entries(own ?? {}).flatMap(([name, stated]) => {
    const column = columns[ofReference.exec(name.trim())?.[1]?.toLowerCase() ?? ''];
    const ours = column === undefined ? undefined : value[column];
    const isSame = String(ours ?? '').toLowerCase() === stated.trim().toLowerCase();
    if (column === undefined || stated.trim() === '' || isSame) return [];
    const message = `is ${stated.trim()}, but ${column} is ${String(ours ?? 'empty')}: cost and reference_cost are divided as they stand`;
    return [mistake(path, line, name, message, `convert reference_cost, so that ${column} is that of both`)];
  });
}
