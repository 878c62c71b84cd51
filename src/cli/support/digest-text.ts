import type { Action } from '../../digest/actions.js';
import { describeSurrounding } from '../../digest/actions.js';
import { channelsText } from '../../digest/channels.js';
import type { Digest } from '../../digest/digest.js';
import type { TrendBreak } from '../../digest/trends.js';
import { shortNumber } from './numbers.js';
import { visible } from './text-width.js';

/** A digest as plain text or Markdown; both have the same sections, lines and order. */

interface Section {
  title: string;
  lines: string[];
}

/** Lists are printed up to this length; the rest is only counted. */
const shown = 12;

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const minute = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function limited<Item>(items: readonly Item[], line: (item: Item) => string): string[] {
  const lines = items.slice(0, shown).map(line);
  return items.length > shown ? [...lines, `… and ${items.length - shown} more`] : lines;
}

const cellOf = (cell: string | null) => (cell === null ? 'no cell' : `cell ${cell}`);

function trendLine(left: TrendBreak): string {
  const { cell_id, quantity, value, expected, deviation, cell_cycle, unit } = left;
  const name = quantity === 'coulombic_efficiency' ? 'coulombic efficiency' : 'discharging capacity';
  const [scale, spelt] = unit === '1' ? [100, ' %'] : [1000, ' mAh'];
  const digits = (number: number) => String(Number((scale * number).toPrecision(5)));
  return `${cell_id}: ${name} ${digits(value)}${spelt} at cycle ${cell_cycle}, its trend says ${digits(expected)}${spelt} (${deviation > 0 ? '+' : '−'}${shortNumber(Math.abs(deviation))} standard deviations over ${plural(left.judged_cycles, 'cycle')}, against ${left.earlier_cycles} earlier ones)`;
}

/** What was stored. */
function newData(digest: Digest): Section[] {
  return [
    {
      title: 'New tests',
      lines: limited(
        digest.new_tests,
        ({ path, cell_id, format, records, cycles }) =>
          `${path}: ${cellOf(cell_id)}, ${format}, ${plural(records, 'record')}, ${plural(cycles, 'cycle')}`,
      ),
    },
    {
      title: 'Tests that continued',
      lines: limited(
        digest.grown_tests,
        ({ path, cell_id, new_records, cycles }) =>
          `${path}: ${cellOf(cell_id)}, ${plural(new_records, 'new record')}, now ${plural(cycles, 'cycle')}`,
      ),
    },
    {
      title: 'New spectra',
      lines: limited(
        digest.new_spectra,
        ({ path, cell_id, spectra, without_temperature: cold }) =>
          `${path}: ${cellOf(cell_id)}, ${plural(spectra, 'spectrum', 'spectra')}${cold > 0 ? `, ${cold} without a temperature` : ''}`,
      ),
    },
  ];
}

/** What waits for metadata. */
function withoutMetadata({ without_cell, new_tests, cells_without_material }: Digest): Section {
  const waiting = without_cell.tests + without_cell.spectra;
  const unassigned = new_tests.filter(({ cell_id }) => cell_id === null).length;
  return {
    title: 'Without metadata',
    lines: [
      ...(waiting === 0
        ? []
        : [
            `${plural(without_cell.tests, 'test')} and ${plural(without_cell.spectra, 'spectrum', 'spectra')} without a cell, ${plural(unassigned, 'test')} of them new`,
          ]),
      ...(cells_without_material.length === 0
        ? []
        : [`cells without a material: ${cells_without_material.slice(0, shown).join(', ')}`]),
    ],
  };
}

/** What was not stored, or is doubtful or gone. */
function troubles(digest: Digest): Section[] {
  return [
    {
      title: 'Files that were refused',
      lines: limited(digest.refused, ({ path, status, message }) => `${path}: ${status}: ${message}`),
    },
    {
      title: 'Lines, rows and records that were not stored',
      lines: limited(
        digest.rejected_rows,
        ({ path, rows, unit_of_lines, first_place, first_reason }) =>
          `${path}: ${plural(rows, unit_of_lines)}, the first is ${first_place}: ${first_reason}`,
      ),
    },
    {
      title: 'Findings',
      lines: digest.findings.map(({ code, severity, count, files, examples }) => {
        const example = severity === 'info' ? '' : `, such as ${examples[0]?.path}: ${examples[0]?.message}`;
        return `${severity}: ${code}, ${count} in ${plural(files, 'file')}${example}`;
      }),
    },
    {
      title: 'Files that are not there any more (their data are kept)',
      lines: limited(digest.vanished, ({ path }) => path),
    },
  ];
}

function sectionsOf(digest: Digest): Section[] {
  const { trends } = digest;
  return [
    {
      title: 'Ingests that failed',
      lines: limited(digest.failures, ({ at, message }) => `${minute(new Date(at))}: ${message}`),
    },
    {
      title: 'Folders and metadata that need a look',
      lines: limited(digest.surroundings, describeSurrounding),
    },
    {
      title: 'Exclusions of cells that are no longer in any cells.csv',
      lines: limited(digest.lost_exclusions, ({ cell_id, reason }) => `${cell_id}: ${reason}`),
    },
    ...newData(digest),
    withoutMetadata(digest),
    {
      title: 'Cells that left their own trend',
      lines: trends.left.length === 0 ? [] : [...limited(trends.left, trendLine), `(${trends.definition})`],
    },
    {
      title: 'Verdicts that changed',
      lines: limited(
        digest.verdict_changes,
        ({ material_id, target_id, before, now, reason }) =>
          `${material_id}/${target_id}: ${before === null ? 'first verdict' : before} → ${now}: ${reason}`,
      ),
    },
    ...troubles(digest),
  ].filter(({ lines }) => lines.length > 0);
}

function headline({
  since,
  until,
  runs,
  newest_ingest,
  new_tests,
  grown_tests,
  new_spectra,
  channels,
}: Digest): string {
  const ingests = runs.filter(({ command }) => command === 'ingest').length;
  const spectra = new_spectra.reduce((sum, { spectra: count }) => sum + count, 0);
  const what =
    ingests === 0
      ? `nothing was ingested${newest_ingest === null ? '' : `; the newest file came ${minute(newest_ingest)}`}`
      : `${plural(ingests, 'ingest')}: ${plural(new_tests.length, 'new test')}, ${plural(grown_tests.length, 'test')} went on, ${plural(spectra, 'new spectrum', 'new spectra')}`;
  const states = channelsText(channels);
  return `From ${minute(since)} to ${minute(until)}: ${what}.${states === '' ? '' : ` ${states}.`}`;
}

/** For a terminal or a mail. */
export function digestText(digest: Digest, actions: readonly Action[]): string {
  const sections = sectionsOf(digest).map(
    ({ title, lines }) => `${title}\n${lines.map((line) => `  ${visible(line)}\n`).join('')}`,
  );
  const todo =
    actions.length === 0
      ? '  nothing\n'
      : actions
          .map(
            ({ what, command }, at) =>
              `  ${at + 1}. ${visible(what)}\n${command === null ? '' : `     ${visible(command)}\n`}`,
          )
          .join('');
  return [`${headline(digest)}\n`, ...sections, `What to do\n${todo}`].join('\n');
}

/** Characters that would be taken for markup. */
const escaped = (text: string) => visible(text).replace(/[\\`*_[\]<>|]/g, '\\$&');

/** For a wiki or an issue. */
export function digestMarkdown(digest: Digest, actions: readonly Action[]): string {
  const sections = sectionsOf(digest).map(
    ({ title, lines }) => `## ${title}\n\n${lines.map((line) => `- ${escaped(line)}\n`).join('')}`,
  );
  const todo =
    actions.length === 0
      ? 'Nothing.\n'
      : actions
          .map(
            ({ what, command }, at) =>
              `${at + 1}. ${escaped(what)}\n${command === null ? '' : `\n   \`\`\`sh\n   ${visible(command)}\n   \`\`\`\n`}`,
          )
          .join('');
  return [`# What is new\n\n${headline(digest)}\n`, ...sections, `## What to do\n\n${todo}`].join('\n');
}
