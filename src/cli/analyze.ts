import type { Command } from 'commander';
import type { DerivedResult } from '../analysis/impedance/result.js';
import type { FitSet } from '../fits/fit-set.js';
import { impedance } from '../fits/kinds/impedance.js';
import { impedanceMaterial } from '../fits/kinds/impedance-material.js';
import { fitKinds, fitTables } from '../fits/kinds/index.js';
import { fitProgress, waitOption } from './support/analysis.js';
import { requireDatabase } from './support/database.js';
import { metadataUpdate } from './support/metadata.js';
import { valueWithInterval } from './support/numbers.js';
import { write, writeJson, writeTable } from './support/output.js';
import { takeInterruption } from './support/process.js';
import { action, type Session } from './support/session.js';

interface Options {
  json?: boolean;
  wait: string;
}

const tableNames = fitTables.map(({ definition }) => definition.name);

export function registerAnalyze(program: Command): void {
  program
    .command('analyze')
    .description('fit what changed since the last run')
    .option('--json', 'print the fits as one JSON object')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
What is fitted:
${fitKinds.map(({ kind, title }) => `  ${kind.padEnd(22)}${title}`).join('\n')}

Examples:
  cellar analyze                  then: cellar query "SELECT * FROM arrhenius_fits"
  cellar analyze --json

The results are in the tables ${tableNames.join(', ')}
and cell_metrics. \`cellar check\` does this first by itself.`,
    )
    .action(action(runAnalyze));
}

/** One line of the table of fits. */
interface FitLine {
  kind: string;
  cell_id: string;
  subject: string;
  quantity: string | null;
  value: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  unit: string | null;
  note: string;
}

/** The quantities of each kind that say most. */
const headline = new Map<string, readonly string[]>(fitKinds.map((kind) => [kind.kind, kind.headline]));

interface Row {
  quantity: string;
  label?: string;
  value: number | null;
  unit: string;
  ci95_low: number | null;
  ci95_high: number | null;
  status?: string;
}

function resultsOf(result: unknown): Row[] {
  const given = result as { results?: Row[]; fit?: { results: Row[] } };
  return given.fit?.results ?? given.results ?? [];
}

/** Temperature, circuit and status of each reading, and why it has no value, by spectrum. */
async function readingNotes(set: FitSet): Promise<Map<string, string>> {
  const { conductivitiesOf } = await import('../fits/making/conductivities.js');
  const { reasonToDistrust } = await import('../fits/making/trust.js');
  const excluded = new Map(
    [...conductivitiesOf(set).values()]
      .flat()
      .map(({ spectrum_id, excluded_why }) => [spectrum_id, excluded_why]),
  );
  return new Map(
    set.spectra.map(({ spectrum }, i) => {
      const subject = String(spectrum.spectrum_id);
      const own = set.find(impedanceMaterial, subject);
      const fit = set.of(impedance)[i];
      const { temperature_celsius: at, spectrum_id } = spectrum;
      const reason =
        (excluded.get(spectrum_id) ?? reasonToDistrust(fit))?.message ?? reasonWithoutValue(own?.result);
      const parts = [
        at === null ? 'temperature not known' : `${at} °C`,
        own?.result?.circuit ?? fit?.result?.circuit,
        reason,
      ];
      return [subject, parts.filter((part) => part != null).join('; ')];
    }),
  );
}

/** The reason why a derived result has no value, or why its value is doubtful. */
function reasonWithoutValue(result: DerivedResult | null | undefined): string | null {
  const warnings = result?.warnings ?? [];
  const open = warnings.find(({ code }) => code === 'ARC_NOT_CLOSED' || code === 'ASSIGNMENT_AMBIGUOUS');
  if (open !== undefined) return open.message;
  if ((result?.results.length ?? 0) > 0) return null;
  return warnings[0]?.message ?? null;
}

async function linesOf(set: FitSet): Promise<FitLine[]> {
  const notes = await readingNotes(set);
  return set.all.flatMap((fit): FitLine[] => {
    const ofReading = fit.kind === 'impedance_material' ? (notes.get(fit.subject) ?? '') : '';
    const base = { kind: fit.kind, cell_id: fit.cell_id, subject: fit.subject };
    const none = { quantity: null, value: null, ci95_low: null, ci95_high: null, unit: null };
    if (fit.refusal !== null) return [{ ...base, ...none, note: fit.refusal.message }];
    const wanted = headline.get(fit.kind) ?? [];
    const found = resultsOf(fit.result).filter(({ quantity }) => wanted.includes(quantity));
    if (found.length === 0 && ofReading !== '') return [{ ...base, ...none, note: ofReading }];
    return found.map(({ quantity, label, value, ci95_low, ci95_high, unit, status }) => ({
      ...base,
      quantity: label ?? quantity,
      value,
      ci95_low,
      ci95_high,
      unit,
      note: [ofReading, status === 'ok' || status === undefined ? '' : status]
        .filter((part) => part !== '')
        .join('; '),
    }));
  });
}

async function runAnalyze(session: Session, options: Options): Promise<void> {
  requireDatabase(session.db);
  const { analyzeAndStore } = await import('../targets/check.js');
  const progress = fitProgress(session);
  const outcome = await analyzeAndStore(null, {
    database: session.db,
    command: 'cellar analyze',
    waitSeconds: waitOption(options.wait),
    signal: takeInterruption(),
    prepare: metadataUpdate(session),
    ...progress,
  }).finally(() => progress.stop());
  const { fits } = outcome.lab;
  const lines = await linesOf(fits);
  if (options.json === true) {
    await writeJson({
      schema: 'cellar.analyze/1',
      fits: lines,
      new_fits: fits.fresh,
      written: outcome.written,
    });
    return;
  }
  if (lines.length > 0) {
    await writeTable(
      [
        { name: 'kind' },
        { name: 'cell' },
        { name: 'spectrum' },
        { name: 'quantity' },
        { name: 'value [95 % interval]' },
        { name: 'note' },
      ],
      lines.map((line) => [
        line.kind,
        line.cell_id,
        line.kind.startsWith('impedance') ? line.subject : '',
        line.quantity ?? '',
        line.unit === null ? '' : valueWithInterval(line.value, line.ci95_low, line.ci95_high, line.unit),
        line.note,
      ]),
      session.options,
    );
  }
  const carried = fits.all.length - fits.fresh;
  await write(
    `\n${fits.fresh} new fits, ${carried} unchanged${fits.all.length === 0 ? ': no data of a declared cell' : ''}\n`,
  );
}
