import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { drawKind, type PlotFigures } from '../../plot/draw.js';
import { type Kind, kinds } from '../../plot/kinds/index.js';
import { svgFile } from '../../plot/svg.js';
import { csv } from '../../query/formats/csv.js';
import { streamQuery } from '../../query/run.js';
import { renderFigure } from '../../report/plot/figure.js';
import { select } from '../../store/connection.js';
import { Problem } from '../answers.js';
import { list, type Route, type RouteContext, route, Text, wholeNumber } from './route.js';

/** Cells that one figure may show. */
const MOST_CELLS = 12;
const MOST_SPECTRA = 60;

const subjectsOf = {
  cell: { cells: list(MOST_CELLS).optional() },
  spectrum: { cells: list(MOST_CELLS).optional(), spectra: list(MOST_SPECTRA).optional() },
  test: {
    cells: list(1).optional(),
    test: z
      .string()
      .regex(/^\d{1,9}$/, 'is not the number of a test')
      .optional(),
  },
};

type FigureRequest = Record<string, unknown> & { cells?: string[]; spectra?: string[]; test?: string };

/** The kind's own options are checked where they are used, with the same words as on the command line. */
const parametersOf = (kind: Kind) =>
  z.object({
    ...subjectsOf[kind.subject],
    ...Object.fromEntries(
      Object.keys(kind.options.shape).map((name) => [name, z.string().max(1_000).optional()]),
    ),
  });

/** Draws what an address requests. */
export async function drawAsked(
  connection: DuckDBConnection,
  kind: Kind,
  given: FigureRequest,
): Promise<PlotFigures> {
  const { cells = [], spectra = [], test, ...rest } = given;
  const subjects = spectra.length > 0 ? spectra : test === undefined ? cells : [test];
  if (subjects.length === 0) throw new Problem(400, `name a ${kind.subject}`, `For example ?cells=A,B.`);
  const options = Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return drawKind(connection, kind, subjects, options);
}

/** The same rows as CSV: exactly what is drawn. */
export async function csvOf(connection: DuckDBConnection, sql: string): Promise<string> {
  let text = '';
  for await (const piece of csv(await streamQuery(connection, sql))) text += piece;
  return text;
}

function figureRoutes(kind: Kind): Route[] {
  const parameters = parametersOf(kind);
  const draw = ({ connection, parameters: given }: RouteContext<unknown>) =>
    drawAsked(connection, kind, given as FigureRequest);
  return [
    route({
      path: `/api/figures/${kind.name}`,
      name: kind.name,
      summary: `${kind.summary}: numbers by series, and drawings`,
      parameters,
      async answer(context) {
        const { sql, charts, figures = [], all, empty } = await draw(context);
        return {
          charts,
          // A figure on a canvas needs its drawing only for printing, which requests it by its own address.
          figures: figures.map((figure) => ({ id: figure.id, markup: renderFigure(figure).text })),
          words: all.map(({ words }) => words),
          sql,
          empty: all.length === 0 ? (empty ?? 'nothing to draw') : null,
        };
      },
    }),
    route({
      path: `/figures/${kind.name}.svg`,
      name: `${kind.name}-svg`,
      summary: `${kind.summary}, as \`cellar plot\` draws it`,
      parameters,
      async answer(context) {
        const { all, empty } = await draw(context);
        if (all.length === 0) throw new Problem(404, empty ?? 'nothing to draw');
        return new Text('image/svg+xml', svgFile(all), {
          'Content-Disposition': `inline; filename="${kind.name}.svg"`,
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
        });
      },
    }),
    route({
      path: `/figures/${kind.name}.csv`,
      name: `${kind.name}-csv`,
      summary: `${kind.summary}: the rows that are drawn`,
      parameters,
      async answer(context) {
        const { sql } = await draw(context);
        return new Text('text/csv; charset=utf-8; header=present', await csvOf(context.connection, sql), {
          'Content-Disposition': `attachment; filename="${kind.name}.csv"`,
        });
      },
    }),
  ];
}

export const figures: readonly Route[] = kinds.flatMap(figureRoutes);

/** One record with the file and line it was read from. */
export const record = route({
  path: '/api/tests/:test/records/:record',
  name: 'record',
  summary: 'one record of a test, and the line of the file it was read from',
  parameters: z.object({ test: wholeNumber, record: wholeNumber }),
  async answer({ connection, parameters: { test, record: index } }) {
    const [found] = await select(
      connection,
      `SELECT m.*, l.path, l.file_id, l.place, s.step_type, s.cycle_count FROM measurements m
       JOIN lineage l USING (test_id, record_index)
       LEFT JOIN steps s ON s.test_id = m.test_id AND s.step_count = m.step_count
       WHERE m.test_id = ${test} AND m.record_index = ${index} AND l.test_id = ${test} AND l.record_index = ${index}`,
    );
    if (found === undefined) throw new Problem(404, `test ${test} has no record ${index}`);
    return { record: found };
  },
});

/** What the time axis of a trace needs: the beginnings of cycles. */
export const marks = route({
  path: '/api/tests/:test',
  name: 'test',
  summary: 'a test with its cycles and where they begin',
  parameters: z.object({ test: wholeNumber }),
  async answer({ connection, parameters: { test } }) {
    const [found] = await select(
      connection,
      `SELECT t.test_id, t.cell_id, t.started_at, t.time_zone, t.record_count,
         min(s.start_time_second) AS start_time_second, max(s.end_time_second) AS end_time_second
       FROM tests t LEFT JOIN steps s USING (test_id) WHERE test_id = ${test} GROUP BY ALL`,
    );
    if (found === undefined) throw new Problem(404, `there is no test ${test}`);
    const cycles = await select(
      connection,
      `SELECT cycle_count, cell_cycle, start_time_second, label FROM cycles
       WHERE test_id = ${test} ORDER BY cycle_count LIMIT 5000`,
    );
    return { test: found, cycles };
  },
});
