import { literal } from '../../src/store/connection.js';

/**
 * SQL that adds `zoned_clock` to rows in file order: the absolute time (s) of their wall clock in a zone. The hour that
 * a clock shows twice in autumn (on Lord Howe half an hour) is the first one until the clock falls back within it, then the
 * second.
 *
 * @param rows a query with `line_number` and `clock`, the wall clock in seconds as if it were UTC
 */
export function withZonedClock(rows: string, timeZone: string): string {
  const zone = literal(timeZone);
  const instant = `epoch_us(timezone(${zone}, make_timestamp(CAST(round(clock * 1e6) AS BIGINT)))) / 1e6`;
  const wallOf = (seconds: string) => `epoch_us(timezone(${zone}, to_timestamp(${seconds}))) / 1e6`;
  const latest = (condition: string) =>
    `max(CASE WHEN ${condition} THEN line_number END) OVER (ROWS UNBOUNDED PRECEDING)`;
  // Of the two instants that an hour shown twice stands for, DuckDB gives the later.
  return `
    SELECT * EXCLUDE (later, twice_by, is_twice, clock_before, is_back, fell_back, was_once),
      CASE WHEN is_twice AND NOT coalesce(fell_back > coalesce(was_once, 0), false)
        THEN later - twice_by ELSE later END AS zoned_clock
    FROM (
      SELECT *, ${latest('is_back')} AS fell_back, ${latest('NOT is_twice')} AS was_once FROM (
        SELECT *, is_twice AND clock < clock_before AS is_back FROM (
          SELECT *, CASE WHEN ${wallOf('later - 3600')} = clock THEN 3600
              WHEN ${wallOf('later - 1800')} = clock THEN 1800 END AS twice_by,
            twice_by IS NOT NULL AS is_twice, lag(clock) OVER () AS clock_before
          FROM (SELECT *, ${instant} AS later FROM (${rows}))
        )
      )
    )`;
}
