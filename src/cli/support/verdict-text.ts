import type { AnalysisWarning } from '../../analysis/result.js';
import { dueStatuses, dueText, type PastValue } from '../../targets/due.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { asOf } from '../../targets/projection.js';
import { plainLimit, valueWithInterval } from './numbers.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { pad, wrap } from './text-width.js';

/** From this width on verdicts are printed as a grid, below it each has lines of its own. */
const gridWidth = 170;
/** Width where that of the output is unknown. */
const ordinaryWidth = 100;

type Word = JudgedTarget['verdict'];

/** Distinguishable without colours, too. */
const signs: Record<Word, string> = { PASS: '✓', FAIL: '✗', INCONCLUSIVE: '?', 'INSUFFICIENT DATA': '…' };

function painted(word: Word, style: Style): (text: string) => string {
  if (word === 'PASS') return style.green;
  return word === 'FAIL' ? style.red : style.yellow;
}

const value = (judged: JudgedTarget) =>
  valueWithInterval(judged.value, judged.ci95_low, judged.ci95_high, judged.target.unit);
const limit = ({ target }: JudgedTarget) => plainLimit(target.comparison, target.threshold, target.unit);

/** What is printed beside the word of a verdict in every table. */
const facts = (judged: JudgedTarget): string[] => [
  judged.material_id,
  judged.target.id,
  value(judged),
  limit(judged),
  String(judged.sample_size),
  judged.reason,
];

function grid(judged: readonly JudgedTarget[], width: number, style: Style): string {
  return renderTable(
    [
      { name: 'verdict' },
      { name: 'material' },
      { name: 'target' },
      { name: 'value [95 % interval]' },
      { name: 'limit' },
      { name: 'n', align: 'right' },
      { name: 'reason' },
    ],
    judged.map((one) => [`${signs[one.verdict]} ${one.verdict}`, ...facts(one)]),
    width,
    style,
  );
}

const wordWidth = 19;

function block(judged: JudgedTarget, width: number, style: Style): string[] {
  const indent = ' '.repeat(wordWidth + 1);
  const room = Math.max(30, width - indent.length);
  const word = painted(
    judged.verdict,
    style,
  )(pad(`${signs[judged.verdict]} ${judged.verdict}`, wordWidth, 'left'));
  const measured = `${value(judged)}, target ${limit(judged)}, n = ${judged.sample_size}`;
  return [
    `${word} ${style.bold(judged.material_id)}  ${judged.target.id}`,
    ...wrap(measured, room).map((line) => indent + line),
    ...wrap(judged.reason, room).map((line) => indent + style.dim(line)),
  ];
}

/** What is missing, one item per open verdict. */
const missingItems = (judged: readonly JudgedTarget[], today: string): string[] =>
  judged.flatMap(({ material_id, target, said: { missing } }) =>
    missing === null ? [] : [`${material_id}, ${target.id}: ${asOf(missing, today)}`],
  );

/** The state of targets with a date, one item per date. */
const dueItems = (judged: readonly JudgedTarget[], { past, today }: Circumstances): string[] =>
  judged.flatMap((one) =>
    dueStatuses(one, past(one), today).map((status) => {
      const { owner } = one.target;
      const at =
        status.threshold === one.target.threshold
          ? ''
          : ` (milestone ${plainLimit(one.target.comparison, status.threshold, one.target.unit)})`;
      return `${one.material_id}, ${one.target.id}${at}: ${dueText(status)}${owner === null ? '' : `; ${owner}`}`;
    }),
  );

function listText(title: string, items: readonly string[], width: number, style: Style): string[] {
  if (items.length === 0) return [];
  const paragraphs = items.flatMap((item) => {
    const [first = '', ...rest] = wrap(item, width - 2);
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
  });
  return ['', style.bold(title), ...paragraphs];
}

/** What, apart from the verdicts, decides how they are printed. */
export interface Circumstances {
  /** `2026-12-31`. */
  today: string;
  /** Earlier values of a verdict, oldest first. */
  past(judged: JudgedTarget): readonly PastValue[];
}

/** Warnings with what they concern; a warning that several targets share is printed once. */
function warningText(judged: readonly JudgedTarget[], width: number, style: Style): string[] {
  const lines = judged.flatMap(({ material_id, warnings }) =>
    warnings.map(({ code, message }: AnalysisWarning) => `${material_id}: ${code}: ${message}`),
  );
  const unique = [...new Set(lines)];
  if (unique.length === 0) return [];
  return [
    '',
    style.bold('Beside the numbers'),
    ...unique.flatMap((line) => wrap(line, width).map((text) => style.dim(text))),
  ];
}

export interface Counts {
  PASS: number;
  FAIL: number;
  INCONCLUSIVE: number;
  'INSUFFICIENT DATA': number;
  /** PASS within one half width of the limit. */
  narrow: number;
}

function summary(counts: Counts): string {
  const words = (['PASS', 'FAIL', 'INCONCLUSIVE', 'INSUFFICIENT DATA'] as const)
    .filter((word) => counts[word] > 0)
    .map((word) => `${counts[word]} ${word}`);
  const narrow = counts.narrow > 0 ? `; ${counts.narrow} PASS within one half width of the limit` : '';
  return `${words.join(', ')}${narrow}`;
}

/** Verdicts for a terminal of `width` columns. */
export function verdictText(
  judged: readonly JudgedTarget[],
  counts: Counts,
  width: number,
  style: Style,
  { withWarnings, ...circumstances }: Circumstances & { withWarnings: boolean },
): string {
  const room = Number.isFinite(width) ? width : ordinaryWidth;
  const rows =
    room >= gridWidth
      ? [grid(judged, room, style).trimEnd()]
      : judged.flatMap((one) => block(one, room, style));
  const warnings = withWarnings ? warningText(judged, room, style) : [];
  const missing = listText('What is missing', missingItems(judged, circumstances.today), room, style);
  const due = listText('Due dates', dueItems(judged, circumstances), room, style);
  return `${[...rows, ...missing, ...due, ...warnings, '', summary(counts)].join('\n')}\n`;
}

const escaped = (text: string) => text.replace(/[|[\]`]|<(?=[a-z/!?])/gi, '\\$&').replaceAll('\n', ' ');

/** Verdicts as Markdown, for a lab book or a pull request. */
export function verdictMarkdown(
  judged: readonly JudgedTarget[],
  counts: Counts,
  circumstances: Circumstances,
): string {
  const rows = judged.map((one) => [`**${one.verdict}**`, ...facts(one)].map(escaped).join(' | '));
  const missing = missingItems(judged, circumstances.today).map((item) => `- ${escaped(item)}`);
  const due = dueItems(judged, circumstances).map((item) => `- ${escaped(item)}`);
  return `${[
    '| verdict | material | target | value [95 % interval] | limit | n | reason |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    ...(missing.length > 0 ? ['What is missing:', '', ...missing, ''] : []),
    ...(due.length > 0 ? ['Due dates:', '', ...due, ''] : []),
    summary(counts),
  ].join('\n')}\n`;
}
