import type { Stage } from './dialect.js';

/**
 * What orders the parts of a life, best first; each is used only where the ranges of all parts follow one another. A
 * cycle may be cut by the end of a file, so that its number is in both.
 */
const criteria = [
  { basis: 'test_time', first: 'first_time', last: 'last_time' },
  { basis: 'vendor_cycle', first: 'first_cycle', last: 'last_cycle' },
  { basis: 'record_number', first: 'first_record', last: 'last_record' },
] as const;

const follows = ({ basis, first, last }: (typeof criteria)[number]) => `
  CASE WHEN ${first} IS NULL OR ${last} IS NULL THEN 0
    WHEN lag(${last}) OVER by_${basis} IS NULL THEN 1
    WHEN ${first} >= lag(${last}) OVER by_${basis} AND ${last} > lag(${last}) OVER by_${basis} THEN 1
    ELSE 0 END AS follows_${basis}`;

/**
 * `life_parts`: the order of the tests of each life, and what it was found by: clock, test time, vendor cycle, record
 * number, else the natural order of the names (`order_basis`). `names_disagree` where they would give another.
 */
export const lifeParts: Stage = {
  name: 'life_parts',
  sql: `
    WITH ranges AS (
      SELECT t.test_id, t.life, t.part_name, t.started_second, min(r.start_time_second) AS first_time,
        max(r.end_time_second) AS last_time, min(r.vendor_cycle_count) AS first_cycle,
        max(r.vendor_cycle_count) AS last_cycle, min(r.first_vendor_record_index) AS first_record,
        max(r.last_vendor_record_index) AS last_record
      FROM derived_tests AS t
      JOIN step_rows AS r ON r.test_id = t.test_id
      GROUP BY t.test_id, t.life, t.part_name, t.started_second
    ),
    compared AS (
      SELECT g.*, ${criteria.map(follows).join(',\n        ')},
        CASE WHEN started_second IS NULL OR lag(started_second) OVER by_clock = started_second THEN 0 ELSE 1 END
          AS follows_clock,
        count(*) OVER (PARTITION BY life) AS parts
      FROM ranges AS g
      WINDOW by_clock AS (PARTITION BY life ORDER BY started_second)
        ${criteria
          .map(({ basis, first, last }) => `, by_${basis} AS (PARTITION BY life ORDER BY ${first}, ${last})`)
          .join('')}
    ),
    decided AS (
      SELECT c.*, CASE WHEN parts = 1 THEN 'one_part'
        ${['clock', ...criteria.map(({ basis }) => basis)]
          .map((basis) => `WHEN min(follows_${basis}) OVER (PARTITION BY life) = 1 THEN '${basis}'`)
          .join('\n        ')}
        ELSE 'name' END AS order_basis
      FROM compared AS c
    ),
    ordered AS (
      SELECT d.*,
        row_number() OVER (PARTITION BY life ORDER BY CASE order_basis WHEN 'clock' THEN started_second
          ${criteria.map(({ basis, first }) => `WHEN '${basis}' THEN ${first}`).join(' ')} END,
          part_name NULLS LAST, test_id) AS life_order,
        row_number() OVER (PARTITION BY life ORDER BY part_name NULLS LAST, test_id) AS name_order
      FROM decided AS d
    )
    SELECT test_id, life_order, order_basis,
      order_basis IN ('vendor_cycle', 'record_number')
        AND max(CASE WHEN life_order <> name_order THEN 1 ELSE 0 END) OVER (PARTITION BY life) = 1 AS names_disagree
    FROM ordered`,
};
