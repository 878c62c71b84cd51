import type { AnalysisWarning } from '../../analysis/result.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import { limitText, valueWithInterval } from './numbers.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { pad, wrap } from './text-width.js';

/** From this width on verdicts stand in a grid, below it each has lines of its own. */
const gridWidth = 170;
/** Where nothing says how wide the output is. */
const ordinaryWidth = 100;

type Word = JudgedTarget['verdict'];

/** Told apart without colours too. */
const signs: Record<Word, string> = { PASS: '✓', FAIL: '✗', INCONCLUSIVE: '?', 'INSUFFICIENT DATA': '…' };

function painted(word: Word, style: Style): (text: string) => string {
  if (word === 'PASS') return style.green;
  return word === 'FAIL' ? style.red : style.yellow;
}

const value = (judged: JudgedTarget) =>
  valueWithInterval(judged.value, judged.ci95_low, judged.ci95_high, judged.target.unit);
const limit = ({ target }: JudgedTarget) => limitText(target.comparison, target.threshold, target.unit);

/** What stands beside the word of a verdict in every table. */
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

/** What is missing, one paragraph per open verdict. */
function missingText(judged: readonly JudgedTarget[], width: number, style: Style): string[] {
  const open = judged.filter(({ missing }) => missing !== null);
  if (open.length === 0) return [];
  return [
    '',
    style.bold('What is missing'),
    ...open.flatMap(({ material_id, target, missing }) => {
      const [first = '', ...rest] = wrap(`${material_id}, ${target.id}: ${missing}`, width - 2);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    }),
  ];
}

/** Warnings with what they concern; the same one of several targets once. */
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
  withWarnings: boolean,
): string {
  const room = Number.isFinite(width) ? width : ordinaryWidth;
  const rows =
    room >= gridWidth
      ? [grid(judged, room, style).trimEnd()]
      : judged.flatMap((one) => block(one, room, style));
  const warnings = withWarnings ? warningText(judged, room, style) : [];
  return `${[...rows, ...missingText(judged, room, style), ...warnings, '', summary(counts)].join('\n')}\n`;
}

const escaped = (text: string) => text.replace(/[|[\]`]|<(?=[a-z/!?])/gi, '\\$&').replaceAll('\n', ' ');

/** Verdicts as Markdown, for a lab book or a pull request. */
export function verdictMarkdown(judged: readonly JudgedTarget[], counts: Counts): string {
  const rows = judged.map((one) => [`**${one.verdict}**`, ...facts(one)].map(escaped).join(' | '));
  const open = judged.filter(({ missing }) => missing !== null);
  const missing = open.map(
    ({ material_id, target, missing: text }) => `- ${material_id}, ${target.id}: ${text}`,
  );
  return `${[
    '| verdict | material | target | value [95 % interval] | limit | n | reason |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    ...(missing.length > 0 ? ['What is missing:', '', ...missing, ''] : []),
    summary(counts),
  ].join('\n')}\n`;
}
