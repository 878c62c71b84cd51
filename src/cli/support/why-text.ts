import type { Message } from '../../messages/message.js';
import { placesIn } from '../../store/place.js';
import type { AlternativeLine } from '../../targets/alternatives.js';
import type { BudgetLine } from '../../targets/budget.js';
import { largestSource } from '../../targets/budget-advice.js';
import { dayOf } from '../../targets/due.js';
import type { CellEvidence, SourceFile } from '../../targets/evidence.js';
import { storedAsOf } from '../../targets/projection.js';
import { unitSymbol } from '../../targets/units.js';
import type { FilePart, StoredMetric, StoredReading, StoredVerdict } from '../../targets/why.js';
import { plainLimit, shortNumber, valueWithInterval } from './numbers.js';
import type { Style } from './style.js';

/** Exclusions of one kind are counted, and this many are named. */
const namedExclusions = 8;

const asText = (value: unknown): string => {
  if (typeof value === 'number') return shortNumber(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** `name value` of everything that is known. */
function facts(values: Record<string, unknown>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${asText(value)}`)
    .join(', ');
}

function lineRange(file: SourceFile | FilePart): string {
  const places = placesIn(file, file.first_line, file.last_line);
  return places === '' ? '' : `, ${places}`;
}

interface LeftOut {
  cycle?: number;
  spectrum_id?: number;
  reason: string;
}

/** Exclusions by reason: cycles and spectra with their numbers. */
function exclusionLines(excluded: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { cycle, spectrum_id, reason } of excluded) {
    const what = cycle === undefined ? `spectrum ${spectrum_id}` : String(cycle);
    byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
  }
  return [...byReason].map(([reason, items]) => {
    const shown = items.slice(0, namedExclusions).join(', ');
    const rest = items.length > namedExclusions ? `, … (${items.length})` : '';
    const kind = excluded.some(({ cycle }) => cycle !== undefined) ? 'cycles ' : '';
    return `left out: ${kind}${shown}${rest}: ${reason}`;
  });
}

/** What is missing as of today; empty where nothing is missing. */
function missingText(missing: string | null, message: Message | null | undefined): string {
  const text = storedAsOf(missing, message, dayOf(new Date())) ?? '';
  return text === '' ? '' : `missing: ${text}`;
}

function cellLines(cell: CellEvidence, unit: string): string[] {
  const value = valueWithInterval(cell.value, cell.ci95_low, cell.ci95_high, unit);
  const excluded = cell.excluded_reason === null ? '' : `  EXCLUDED: ${cell.excluded_reason}`;
  const lacks = missingText(cell.missing, cell.messages?.missing);
  const open = lacks === '' ? '' : `; ${lacks}`;
  return [
    `  ${cell.cell_id}: ${value}${cell.n === null ? '' : `, n = ${cell.n}`}${excluded}`,
    ...[
      cell.method === '' ? '' : `${cell.method}${open}`,
      cell.method === '' ? lacks : '',
      cell.ruling ?? '',
      facts(cell.conditions),
      facts(cell.goodness),
      ...exclusionLines(cell.excluded),
      ...cell.warnings.map(({ code, message }) => `${code}: ${message}`),
      ...cell.files.map((file) => `${file.path}${lineRange(file)}`),
    ]
      .filter((line) => line !== '')
      .map((line) => `    ${line}`),
  ];
}

/** The uncertainty budget: every source with its standard uncertainty and its share of the variance. */
function budgetLines(budget: readonly BudgetLine[]): string[] {
  const largest = largestSource(budget);
  if (largest === null) return [];
  return [
    '',
    largest.text.message,
    'uncertainty budget (standard uncertainty, share of the variance):',
    ...budget.map(({ component, kind, standard_uncertainty: u, unit, dof, share, shared, assumed }) => {
      const degrees = dof === null ? '' : `, ${shortNumber(dof)} degrees of freedom`;
      const common = shared ? ', shared by all cells' : '';
      const what = assumed === null ? kind : assumed;
      return `  ${component}: ${shortNumber(u)} ${unitSymbol(unit)}, ${(100 * share).toFixed(1)} %, ${what}${degrees}${common}`.replace(
        '  ,',
        ',',
      );
    }),
  ];
}

/** What the verdict would be under other defensible choices, and which of them change it. */
function alternativeLines(alternatives: readonly AlternativeLine[], unit: string): string[] {
  if (alternatives.length === 0) return [];
  return [
    '',
    'what it depends on (other defensible choices):',
    ...alternatives.map(
      ({ choice, alternative, value, bound95_low, bound95_high, verdict, crosses, counts }) => {
        const other = valueWithInterval(value, bound95_low, bound95_high, unit);
        const side = crosses
          ? `, on the other side of the limit${counts ? '' : ' (shown, does not count)'}`
          : '';
        return `  ${choice}: ${alternative}: ${other}, ${verdict}${side}`;
      },
    ),
  ];
}

/** Everything behind one verdict. */
export function verdictExplanation(verdict: StoredVerdict, style: Style): string {
  const { evidence, unit } = verdict;
  const limit = plainLimit(verdict.comparison, verdict.threshold, unit);
  const value = valueWithInterval(verdict.value, verdict.ci95_low, verdict.ci95_high, unit);
  const bounds = valueWithInterval(verdict.value, verdict.bound95_low, verdict.bound95_high, unit);
  const lines = [
    style.bold(`${verdict.material_id}/${verdict.target_id}: ${verdict.verdict}`),
    verdict.reason,
    `${evidence.metric_title}: ${value}, target ${limit}, n = ${verdict.sample_size}`,
    ...(verdict.bound95_low === null ? [] : [`compared with one-sided 95 % bounds: ${bounds}`]),
    ...(verdict.missing === null ? [] : [missingText(verdict.missing, verdict.messages?.missing)]),
    ...verdict.milestones.map(
      (one) => `milestone ${one.due}, ${plainLimit(verdict.comparison, one.threshold, unit)}: ${one.verdict}`,
    ),
    ...(verdict.due === null ? [] : [`due ${verdict.due}`]),
    ...(verdict.owner === null ? [] : [`owner: ${verdict.owner}`]),
    ...(verdict.note === null ? [] : [`note: ${verdict.note}`]),
    ...budgetLines(verdict.budget),
    ...alternativeLines(verdict.alternatives, unit),
    '',
    `formula: ${evidence.formula}`,
    ...(evidence.source === null ? [] : [`target from: ${evidence.source}`]),
    ...(Object.keys(evidence.conditions).length === 0 ? [] : [`conditions: ${facts(evidence.conditions)}`]),
    ...(evidence.pooling === null ? [] : [`pooled: ${facts(evidence.pooling)}`]),
    ...(evidence.without_exclusions === null
      ? []
      : [`with the excluded cells: ${facts(evidence.without_exclusions as Record<string, unknown>)}`]),
    ...(evidence.inputs === null
      ? []
      : [`inputs (materials.csv): ${facts(evidence.inputs as Record<string, unknown>)}`]),
    ...(evidence.cells.length > 0 ? ['', 'cells:'] : []),
    ...evidence.cells.flatMap((cell) => cellLines(cell, unit)),
    ...(verdict.warnings.length > 0
      ? ['', ...verdict.warnings.map(({ code, message }) => `${code}: ${message}`)]
      : []),
    `target table ${verdict.target_table}, run ${verdict.run_id}`,
  ];
  return `${lines.join('\n')}\n`;
}

interface CellExplanation {
  cell_id: string;
  metrics: StoredMetric[];
  readings: StoredReading[];
  files: FilePart[];
  verdicts: string[];
}

/** Temperature, circuit, value and status of a spectrum, and why it supports no value. */
function readingText(reading: StoredReading): string {
  const { temperature_celsius: at, branch, circuit, unit, status, reason } = reading;
  return [
    `spectrum ${reading.spectrum_id}`,
    at === null ? 'temperature not known' : `${at} °C${branch === null ? '' : ` ${branch}`}`,
    circuit,
    unit === null || reading.value === null
      ? null
      : valueWithInterval(reading.value, reading.ci95_low, reading.ci95_high, unit),
    status === 'ok' ? null : status,
    reason === null ? null : `left out: ${reason}`,
  ]
    .filter((part) => part !== null)
    .join('; ');
}

/** Everything that was measured on a cell. */
export function cellText(
  { cell_id, metrics, readings, files, verdicts }: CellExplanation,
  style: Style,
): string {
  const lines = [
    style.bold(cell_id),
    ...(metrics.length === 0 ? ['nothing was measured on it yet; `cellar analyze` makes the fits'] : []),
    ...metrics.flatMap((metric) => [
      `${metric.metric}: ${valueWithInterval(metric.value, metric.ci95_low, metric.ci95_high, metric.unit)}${metric.n === null ? '' : `, n = ${metric.n}`}`,
      ...[
        metric.method ?? '',
        missingText(metric.missing, metric.messages?.missing),
        metric.excluded_reason === null ? '' : `EXCLUDED: ${metric.excluded_reason}`,
        facts(metric.conditions),
        facts(metric.goodness),
        ...exclusionLines(metric.excluded),
        ...metric.warnings.map(({ code, message }) => `${code}: ${message}`),
      ]
        .filter((line) => line !== '')
        .map((line) => `  ${line}`),
    ]),
    ...(readings.length > 0 ? ['', 'spectra:'] : []),
    ...readings.map((reading) => `  ${readingText(reading)}`),
    ...(verdicts.length > 0 ? ['', `in the verdicts: ${verdicts.join(', ')}`] : []),
    ...(files.length > 0 ? ['', 'files:'] : []),
    ...files.map((file) => `  ${file.path}${lineRange(file)}`),
  ];
  return `${lines.join('\n')}\n`;
}
