import { z } from 'zod';
import { literal, select } from '../../store/connection.js';
import { placeSql } from '../../store/place.js';
import { Problem } from '../answers.js';
import { route, text, wholeNumber } from './route.js';

const MOST_FILES = 500;
const REJECTS_A_PAGE = 200;
const newest =
  '(SELECT * FROM files QUALIFY row_number() OVER (PARTITION BY path ORDER BY file_id DESC) = 1)';

export const files = route({
  path: '/api/files',
  name: 'files',
  summary: 'files with what was done with them',
  parameters: z.object({ status: text.optional(), q: text.optional() }),
  async answer({ connection, parameters: { status, q } }) {
    const conditions = [
      ...(status === undefined
        ? []
        : [
            status === 'gone'
              ? 'vanished_at IS NOT NULL'
              : status === 'lines rejected'
                ? "rows_rejected > 0 AND status <> 'rejected'"
                : `status = ${literal(status)}`,
          ]),
      ...(q === undefined || q === '' ? [] : [`contains(lower(path), ${literal(q.toLowerCase())})`]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const rows = await select(
      connection,
      `WITH found AS (SELECT file_id, count(*) AS findings FROM findings GROUP BY file_id)
       SELECT file_id, path, root, status, format, message, lines_total, rows_loaded, rows_rejected,
         ingested_at, modified_at, vanished_at, size_bytes, n.findings
       FROM ${newest} f LEFT JOIN found n USING (file_id)
       ${where}
       ORDER BY CASE status WHEN 'rejected' THEN 0 WHEN 'conflict' THEN 1 ELSE 2 END,
         rows_rejected DESC NULLS LAST, path
       LIMIT ${MOST_FILES + 1}`,
    );
    const counts = await select(
      connection,
      `SELECT status, count(*) AS n FROM ${newest} GROUP BY status
       UNION ALL SELECT 'gone', count(*) FROM ${newest} WHERE vanished_at IS NOT NULL HAVING count(*) > 0
       UNION ALL SELECT 'lines rejected', count(*) FROM ${newest}
         WHERE rows_rejected > 0 AND status <> 'rejected' HAVING count(*) > 0
       ORDER BY n DESC, status`,
    );
    return { files: rows.slice(0, MOST_FILES), truncated: rows.length > MOST_FILES, counts };
  },
});

export const file = route({
  path: '/api/files/:id',
  name: 'file',
  summary: 'one file: its lines reconciled, rejected lines, findings and the tests it gave',
  parameters: z.object({ id: wholeNumber, line: wholeNumber.optional() }),
  async answer({ connection, parameters: { id, line } }) {
    const [found] = await select(
      connection,
      `SELECT f.*, r.path AS related_path FROM files f LEFT JOIN files r ON r.file_id = f.related_file_id
       WHERE f.file_id = ${id}`,
    );
    if (found === undefined)
      throw new Problem(404, `there is no file ${id}`, 'The list of files has a search.');
    const rejects = await select(
      connection,
      `SELECT line_number, ${placeSql('f', 'line_number').trim()} AS place, column_name, raw_value, raw_line, reason
       FROM rejects JOIN files f USING (file_id)
       WHERE file_id = ${id} AND line_number >= ${line ?? 0} ORDER BY line_number LIMIT ${REJECTS_A_PAGE + 1}`,
    );
    return {
      file: found,
      rejects: rejects.slice(0, REJECTS_A_PAGE),
      truncated: rejects.length > REJECTS_A_PAGE,
      findings: await select(
        connection,
        `SELECT code, severity, n.message, line_number, repaired, repair,
           ${placeSql('f', 'line_number').trim()} AS place
         FROM findings n JOIN files f USING (file_id) WHERE file_id = ${id} ORDER BY line_number NULLS FIRST, code`,
      ),
      tests: await select(
        connection,
        `SELECT DISTINCT t.test_id, t.cell_id, t.record_count FROM tests t
         LEFT JOIN test_files p USING (test_id) WHERE p.file_id = ${id} OR t.file_id = ${id} ORDER BY t.test_id`,
      ),
      spectra: await select(
        connection,
        `SELECT spectrum_id, cell_id, temperature_celsius FROM spectra WHERE file_id = ${id} ORDER BY spectrum_id`,
      ),
    };
  },
});
