import { z } from 'zod';
import { actionsOf } from '../../digest/actions.js';
import { readDigestOf } from '../../digest/digest.js';
import { strip } from '../../report/figures/strip.js';
import { slug } from '../../report/html.js';
import { verdictWords } from '../../report/page/badge.js';
import { categoryText, headline } from '../../report/page/overview.js';
import { estimate, sampleText } from '../../report/page/value.js';
import { missingItems, sentence, thresholdText } from '../../report/words.js';
import { select } from '../../store/connection.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { withoutDates } from '../../targets/projection.js';
import { route, text } from './route.js';

type Row = Omit<JudgedTarget, 'target' | 'evidence' | 'warnings' | 'said'> & {
  target_id: string;
  metric: string;
  comparison: string;
  threshold: number;
  unit: string;
  warnings: string;
  messages: string | null;
  evidence: string;
  before: string | null;
  changed_at: Date | null;
  material_name: string | null;
  category: string | null;
};

/** A stored verdict in the form that the functions of the report need. */
function judgedOf(row: Row): JudgedTarget {
  const evidence = JSON.parse(row.evidence) as JudgedTarget['evidence'];
  return {
    ...row,
    evidence,
    warnings: JSON.parse(row.warnings) as JudgedTarget['warnings'],
    said: JSON.parse(row.messages ?? '{"reason":[],"missing":null}') as JudgedTarget['said'],
    target: {
      id: row.target_id,
      metric: row.metric,
      category: row.category ?? '',
      comparison: row.comparison,
      threshold: row.threshold,
      unit: row.unit,
      conditions: evidence.conditions,
      source: evidence.source,
    } as JudgedTarget['target'],
  };
}

/** What needs attention in the morning: verdicts, changes, news, and what to do. */
export const board = route({
  path: '/api/board',
  name: 'board',
  summary: 'verdicts of the last check, what moved, and what needs attention',
  parameters: z.object({
    material: text.optional(),
    verdict: z.enum(verdictWords as [string, ...string[]]).optional(),
  }),
  async answer({ connection, parameters: { material, verdict }, database }) {
    const rows = await select<Row>(
      connection,
      `SELECT v.*, m.name AS material_name, m.category, h.before, h.changed_at
       FROM verdicts v LEFT JOIN materials m USING (material_id)
       LEFT JOIN (
         SELECT target_id, material_id, target_table,
           arg_max(before, run_id) AS before, max(started_at) AS changed_at FROM (
           SELECT x.*, r.started_at, lag(x.verdict) OVER (
             PARTITION BY x.target_table, x.target_id, x.material_id ORDER BY x.run_id) AS before
           FROM verdict_history x JOIN runs r USING (run_id)
         ) GROUP BY ALL
       ) h ON h.target_id = v.target_id AND h.material_id = v.material_id AND h.target_table = v.target_table`,
    );
    const all = rows.map((row) => ({ row, judged: judgedOf(row) }));
    const lines = all
      .filter(
        ({ row }) =>
          (material === undefined || row.material_id === material) &&
          (verdict === undefined || row.verdict === verdict),
      )
      .map(({ row, judged }) => ({
        material_id: row.material_id,
        material_name: row.material_name,
        category: categoryText(row.category),
        target_id: row.target_id,
        verdict: row.verdict,
        title: sentence(judged.evidence.metric_title),
        limit: thresholdText(row.comparison, row.threshold, row.unit),
        scale: strip(judged).text,
        value: estimate(judged, row.unit).text,
        sample: sampleText(judged),
        warnings: judged.warnings.length,
        before: row.before === row.verdict ? null : row.before,
        changed_at: row.changed_at,
        missing:
          row.missing === null
            ? []
            : missingItems(judged.said.missing ?? { code: '', message: row.missing }, withoutDates).map(
                sentence,
              ),
        cells: judged.evidence.cells.map(({ cell_id }) => cell_id),
        anchor: `verdict-${slug(row.material_id)}-${slug(row.target_id)}`,
      }));
    const digest = await readDigestOf(connection, database, undefined);
    return {
      headline: all.length === 0 ? null : headline(all.map(({ judged }) => judged)),
      counts: verdictWords.map((word) => ({
        verdict: word,
        n: rows.filter((row) => row.verdict === word).length,
      })),
      materials: [...new Set(rows.map(({ material_id }) => material_id))].sort(),
      target_table: rows[0]?.target_table ?? null,
      lines,
      news: {
        since: digest.since,
        new_tests: digest.new_tests.length,
        grown_tests: digest.grown_tests.length,
        new_spectra: digest.new_spectra.reduce((sum, { spectra }) => sum + spectra, 0),
        refused: digest.refused.length,
        rejected_rows: digest.rejected_rows.reduce((sum, { rows: n }) => sum + n, 0),
        without_cell: digest.without_cell,
        left_trend: digest.trends.left.map(({ cell_id }) => cell_id),
        actions: actionsOf(digest),
      },
      channels: digest.channels,
    };
  },
});
