import { asOf } from '../targets/projection.js';
import { historyOf } from './history.js';
import type { ReportModel } from './model.js';
import { changeText, dateOf, headline } from './page/overview.js';
import { sampleText } from './page/value.js';
import { estimateText, limitText, sentence, typeset } from './words.js';

/** Text on one line in which nothing ends a table's cell or begins an HTML tag; `< 10` stays readable as plain text. */
const escaped = (text: string) => text.replace(/[\\|[\]`]|<(?=[a-z/!?])/gi, '\\$&').replace(/\s*\n\s*/g, ' ');

/** The report's first page as Markdown, for a message or a lab book. */
export function renderMarkdown(model: ReportModel): string {
  const { judged, table, baseline, history } = model;
  const { as_of } = model.manifest.parameters;
  const newest = history.at(-1);
  const state = newest === undefined ? '' : `, state of ${dateOf(newest.started_at)}`;
  if (judged.length === 0)
    return `# Materials against their targets\n\nNothing to judge: targets ${table.name}.\n`;
  const since = baseline === null ? 'change' : `change since ${dateOf(baseline.started_at)}`;
  const rows = judged.map((one) => [
    `**${one.verdict}**`,
    one.material_id,
    `${one.evidence.metric_title} ${limitText(one.target.comparison, one.target.threshold, one.target.unit)}`,
    `${estimateText(one, one.target.unit)}, ${sampleText(one)}`,
    changeText(one, historyOf(history, one), baseline),
  ]);
  const remarks = judged.flatMap(({ material_id, target, missing, warnings, reason }) => [
    `- **${material_id}**, ${target.id}: ${typeset(reason)}.${missing === null ? '' : ` Missing: ${typeset(as_of === null ? missing : asOf(missing, as_of))}.`}${warnings.map(({ message }) => ` ${sentence(message)}.`).join('')}`,
  ]);
  return `${[
    '# Materials against their targets',
    '',
    `${headline(judged)} Targets ${table.name}${state}.`,
    '',
    `| verdict | material | target | value | ${since} |`,
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row.map(escaped).join(' | ')} |`),
    '',
    ...remarks.map(escaped),
  ].join('\n')}\n`;
}
