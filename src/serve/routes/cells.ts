import { z } from 'zod';
import { literal, select } from '../../store/connection.js';
import { Problem } from '../answers.js';
import { list, route, text } from './route.js';

const MOST_ROWS = 300;
const SPARK_POINTS = 60;

/** Every cell that is listed or has data, with what a list shows of it. */
const everyCell = `
  SELECT k.cell_id, c.material_id, c.cell_type, c.batch,
    coalesce(e.reason, c.excluded_reason) AS excluded_reason, s.state
  FROM (
    SELECT cell_id FROM cells UNION SELECT cell_id FROM tests WHERE cell_id IS NOT NULL
    UNION SELECT cell_id FROM spectra WHERE cell_id IS NOT NULL
  ) k
  LEFT JOIN cells c USING (cell_id)
  LEFT JOIN (
    SELECT cell_id, arg_max(reason, decided_at) AS reason FROM exclusions WHERE undone_at IS NULL GROUP BY cell_id
  ) e USING (cell_id)
  LEFT JOIN (SELECT cell_id, arg_max(state, test_id) AS state FROM channel_status GROUP BY cell_id) s USING (cell_id)`;

const facets = ['material_id', 'cell_type', 'batch', 'state'] as const;
const sorts: Readonly<Record<string, string>> = {
  cell: 'cell_id',
  cycles: 'last_cycle DESC NULLS LAST, cell_id',
  capacity: 'last_capacity DESC NULLS LAST, cell_id',
  retention: 'retention DESC NULLS LAST, cell_id',
};

export const cells = route({
  path: '/api/cells',
  name: 'cells',
  summary: 'cells with their last cycle, by search and facets',
  parameters: z.object({
    q: text.optional(),
    material: text.optional(),
    type: text.optional(),
    batch: text.optional(),
    state: text.optional(),
    excluded: z.enum(['yes', 'no']).optional(),
    sort: z.enum(['cell', 'cycles', 'capacity', 'retention']).default('cell'),
  }),
  async answer({ connection, parameters: p }) {
    const like = (value: string) => literal(`%${value.replace(/[\\%_]/g, '\\$&').toLowerCase()}%`);
    const conditions = [
      ...(p.q === undefined || p.q === ''
        ? []
        : [`lower(concat_ws(' ', cell_id, material_id, batch, cell_type)) LIKE ${like(p.q)} ESCAPE '\\'`]),
      ...(p.material === undefined ? [] : [`material_id = ${literal(p.material)}`]),
      ...(p.type === undefined ? [] : [`cell_type = ${literal(p.type)}`]),
      ...(p.batch === undefined ? [] : [`batch = ${literal(p.batch)}`]),
      ...(p.state === undefined ? [] : [`state = ${literal(p.state)}`]),
      ...(p.excluded === undefined ? [] : [`excluded_reason IS ${p.excluded === 'yes' ? 'NOT ' : ''}NULL`]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const rows = await select<Record<string, unknown> & { spark: number[] | null }>(
      connection,
      `WITH every AS (${everyCell}), life AS (${lives}
       ), counted AS (SELECT cell_id, count(*) AS spectra FROM spectra WHERE cell_id IS NOT NULL GROUP BY cell_id)
       SELECT every.*, last_cycle, 1000 * last_capacity_ah AS last_capacity, last_specific, median_efficiency,
         capacities[-1] / nullif(capacities[1], 0) AS retention, spectra,
         CASE WHEN capacities IS NULL OR len(capacities) <= ${SPARK_POINTS} THEN capacities
           ELSE list_transform(range(0, ${SPARK_POINTS}),
           i -> capacities[1 + CAST(floor(i * len(capacities) / ${SPARK_POINTS}) AS BIGINT)]) END AS spark
       FROM every LEFT JOIN life USING (cell_id) LEFT JOIN counted USING (cell_id)
       ${where} ORDER BY ${sorts[p.sort]} LIMIT ${MOST_ROWS + 1}`,
    );
    const counts = await select<{ facet: string; value: string; n: number }>(
      connection,
      `WITH every AS (${everyCell}) ${facets
        .map(
          (name) =>
            `SELECT '${name}' AS facet, ${name} AS value, count(*) AS n
             FROM every WHERE ${name} IS NOT NULL GROUP BY ${name}`,
        )
        .join(' UNION ALL ')} ORDER BY facet, value`,
    );
    const [total] = await select<{ n: number; excluded: number }>(
      connection,
      `SELECT count(*) AS n, count(excluded_reason) AS excluded FROM (${everyCell})`,
    );
    return { cells: rows.slice(0, MOST_ROWS), truncated: rows.length > MOST_ROWS, facets: counts, total };
  },
});

const lives = `
  SELECT cell_id, max(cell_cycle) AS last_cycle, median(coulombic_efficiency) AS median_efficiency,
    arg_max(discharging_capacity_ah, cell_cycle) AS last_capacity_ah,
    arg_max(specific_capacity_mah_per_g, cell_cycle) AS last_specific,
    list(discharging_capacity_ah ORDER BY cell_cycle)
      FILTER (label NOT IN ('formation', 'checkup', 'pulse') AND discharging_capacity_ah IS NOT NULL) AS capacities
  FROM cell_cycles WHERE label NOT IN ('partial', 'interrupted') GROUP BY cell_id`;

const compared = {
  last_cycle: 'last_cycle',
  capacity: 'capacity',
  efficiency: 'median_efficiency',
  retention: 'retention',
};

/** The table below cells that are compared: by cell, or median and range of a batch or material. */
export const compare = route({
  path: '/api/compare',
  name: 'compare',
  summary: 'last cycle, capacity, efficiency and retention of cells, or median and range of their groups',
  parameters: z.object({ cells: list(12), by: z.enum(['cell', 'batch', 'material']).default('cell') }),
  async answer({ connection, parameters: { cells: ids, by } }) {
    const group =
      by === 'cell' ? 'cell_id' : `coalesce(${by === 'batch' ? 'batch' : 'material_id'}, 'no ${by}')`;
    const own = ids.length === 0 ? 'FALSE' : `cell_id IN (${ids.map(literal).join(', ')})`;
    const source = `
      WITH every AS (${everyCell}), life AS (${lives}), joined AS (
        SELECT every.*, life.* EXCLUDE (cell_id), capacities[-1] / nullif(capacities[1], 0) AS retention
        FROM every LEFT JOIN life USING (cell_id) WHERE ${own}
      )`;
    const [mass] = await select<{ known: boolean | null }>(
      connection,
      `${source} SELECT bool_and(last_specific IS NOT NULL) AS known FROM joined`,
    );
    const capacity = mass?.known === true ? 'last_specific' : '1000 * last_capacity_ah';
    const spreads = Object.entries(compared).map(
      ([name, column]) =>
        `{median: median(${column})::DOUBLE, low: min(${column})::DOUBLE, high: max(${column})::DOUBLE} AS ${name}`,
    );
    const groups = await select(
      connection,
      `${source} SELECT ${group} AS name, count(*) AS cells, ${spreads.join(', ')}
       FROM (SELECT *, ${capacity} AS capacity FROM joined) GROUP BY 1 ORDER BY 1`,
    );
    return { groups, unit: mass?.known === true ? 'mAh/g' : 'mAh' };
  },
});

/** Everything about one cell, except its figures. */
export const cell = route({
  path: '/api/cells/:id',
  name: 'cell',
  summary: 'one cell: how it was made, tests, findings and the verdicts it feeds',
  parameters: z.object({ id: text }),
  async answer({ connection, parameters: { id } }) {
    const own = literal(id);
    const [found] = await select(
      connection,
      `SELECT every.*, m.name AS material_name, c.active_mass_mg, c.electrode_area_cm2, c.thickness_um,
         c.nominal_capacity_mah, c.cell_mass_g, c.lower_cutoff_volt, c.upper_cutoff_volt
       FROM (${everyCell}) every
       LEFT JOIN cells c USING (cell_id)
       LEFT JOIN materials m ON m.material_id = c.material_id
       WHERE every.cell_id = ${own}`,
    );
    if (found === undefined)
      throw new Problem(404, `there is no cell ${id}`, 'The list of cells has a search.');
    const tests = await select(
      connection,
      `SELECT t.test_id, t.vendor, t.channel, t.started_at, t.record_count, t.temperature_celsius, f.path, f.file_id,
         s.duration_second
       FROM tests t LEFT JOIN files f USING (file_id)
       LEFT JOIN (
         SELECT test_id, max(end_time_second) - min(start_time_second) AS duration_second FROM steps GROUP BY test_id
       ) s USING (test_id)
       WHERE t.cell_id = ${own} ORDER BY t.started_at NULLS LAST, t.test_id`,
    );
    const spectra = await select(
      connection,
      `WITH checked AS (
         SELECT spectrum_id, any_value(kramers_kronig) AS kramers_kronig FROM impedance_fits GROUP BY spectrum_id
       )
       SELECT s.spectrum_id, s.temperature_celsius, s.state_of_charge, s.branch, s.measured_at, f.path, f.file_id,
         k.kramers_kronig, p.after_cell_cycle
       FROM spectra s LEFT JOIN files f USING (file_id) LEFT JOIN checked k USING (spectrum_id)
       LEFT JOIN (
         SELECT spectrum_id, after_cell_cycle FROM cell_spectra WHERE cell_id = ${own}
       ) p USING (spectrum_id)
       WHERE s.cell_id = ${own} ORDER BY s.measured_at NULLS LAST, s.spectrum_id`,
    );
    const findings = await select(
      connection,
      `SELECT n.code, n.severity, n.message, n.line_number, n.repaired, f.path, f.file_id
       FROM findings n JOIN files f USING (file_id)
       WHERE n.file_id IN (
         SELECT file_id FROM tests WHERE cell_id = ${own} UNION SELECT file_id FROM spectra WHERE cell_id = ${own})
       ORDER BY CASE n.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, n.code LIMIT 50`,
    );
    const verdicts = await select(
      connection,
      `SELECT v.material_id, v.target_id, v.verdict, CAST(v.evidence->>'metric_title' AS VARCHAR) AS title
       FROM verdicts v JOIN cells c ON c.material_id = v.material_id
       WHERE c.cell_id = ${own}
         AND list_contains(CAST(v.evidence->'$.cells[*].cell_id' AS VARCHAR[]), to_json(${own})::VARCHAR)
       ORDER BY v.target_id`,
    );
    const [has] = await select<Record<string, number>>(
      connection,
      `SELECT (SELECT count(*) FROM cell_cycles WHERE cell_id = ${own}) AS cycles,
         (SELECT count(*) FROM rate_tests WHERE cell_id = ${own}) AS rates,
         (SELECT count(*) FROM conductivities WHERE cell_id = ${own}) AS conductivities`,
    );
    return {
      cell: found,
      tests,
      spectra,
      findings,
      verdicts,
      has: { ...has, spectra: spectra.length, tests: tests.length },
    };
  },
});
