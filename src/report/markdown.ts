import { historyOf } from './history.js';
import { type ReportModel, readingOf } from './model.js';
import { verdictText } from './page/badge.js';
import { metricTitle } from './page/metric.js';
import { changeText, dateOf, headline } from './page/overview.js';
import { sampleText } from './page/value.js';
import { clauses, speaking, spoken, words } from './speech.js';
import { typeset } from './typeset.js';
import { estimateText, sentence, stopped, thresholdText } from './words.js';

/** Text on one line that cannot end a cell of a table or begin an HTML tag; `< 10` stays readable as plain text. */
const escaped = (text: string) => text.replace(/[\\|[\]`]|<(?=[a-z/!?])/gi, '\\$&').replace(/\s*\n\s*/g, ' ');

/** The report's first page as Markdown, for a message or a lab book, in the language of its manifest. */
export const renderMarkdown = (model: ReportModel): string =>
  speaking(readingOf(model), () => writeMarkdown(model));

function writeMarkdown(model: ReportModel): string {
  const { judged, table, baseline, history } = model;
  const newest = history.at(-1);
  const title = `# ${words('heading')}`;
  if (judged.length === 0) return `${title}\n\n${words('nothing_to_judge', { table: table.name })}\n`;
  const lead = { headline: headline(judged), table: table.name };
  const columns = [
    words('markdown_verdict'),
    words('markdown_material'),
    words('markdown_target'),
    words('markdown_value'),
    baseline === null
      ? words('markdown_change')
      : words('markdown_change_since', { date: dateOf(baseline.started_at) }),
  ];
  const rows = judged.map((one) => [
    `**${verdictText(one.verdict)}**`,
    one.material_id,
    `${metricTitle(one)} ${thresholdText(one.target.comparison, one.target.threshold, one.target.unit)}`,
    words('parts', { items: [estimateText(one, one.target.unit), sampleText(one)] }),
    changeText(one, historyOf(history, one), baseline),
  ]);
  const remarks = judged.map(({ material_id, target, said, warnings }) => {
    const { reason, missing } = said;
    const lacks = missing === null ? '' : words('markdown_missing', { missing: typeset(spoken(missing)) });
    const also = warnings.map((warning) => ` ${stopped(sentence(spoken(warning)))}`).join('');
    return `- ${words('named', { name: words('parts', { items: [`**${material_id}**`, target.id] }), text: stopped(typeset(clauses(reason))) })}${lacks}${also}`;
  });
  return `${[
    title,
    '',
    newest === undefined
      ? words('markdown_lead_new', lead)
      : words('markdown_lead', { ...lead, date: dateOf(newest.started_at) }),
    '',
    `| ${columns.join(' | ')} |`,
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row.map(escaped).join(' | ')} |`),
    '',
    ...remarks.map(escaped),
  ].join('\n')}\n`;
}
