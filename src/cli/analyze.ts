import type { Command } from 'commander';
import type { DerivedResult } from '../analysis/impedance/result.js';
import type { FitSet } from '../fits/fit-set.js';
import { reasonToDistrust } from '../fits/kinds/trust.js';
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

export function registerAnalyze(program: Command): void {
  program
    .command('analyze')
    .description('fit what changed since the last run: spectra, Arrhenius lines, decay, coulombic efficiency')
    .option('--json', 'print the fits as one JSON object')
    .option('--wait <seconds>', 'how long to wait for another writer', '10')
    .addHelpText(
      'after',
      `
Examples:
  cellar analyze                  then: cellar query "SELECT * FROM arrhenius_fits"
  cellar analyze --json

The results are in the tables impedance_fits, conductivities, arrhenius_fits, decay_fits,
coulombic_efficiency_fits and cell_metrics. \`cellar check\` does this first by itself.`,
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

/** The quantity of each kind that says most, by its name in the results. */
const headline: Record<string, readonly string[]> = {
  impedance_material: ['sigma_total_S_cm', 'interfacial_asr_ohm_cm2', 'interfacial_asr_lower_bound_ohm_cm2'],
  arrhenius: ['sigma25_S_cm', 'sigma25_measured_S_cm', 'Ea_eV'],
  decay: ['D'],
  voltage_fade: ['mean_voltage_trend'],
  coulombic_efficiency: ['mean'],
};

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
function readingNotes(set: FitSet): Map<string, string> {
  const material = new Map(set.material.map((fit) => [fit.subject, fit]));
  const excluded = new Map(
    [...set.conductivities.values()]
      .flat()
      .map(({ spectrum_id, excluded_why }) => [spectrum_id, excluded_why]),
  );
  return new Map(
    set.spectra.map(({ spectrum }, i) => {
      const subject = String(spectrum.spectrum_id);
      const own = material.get(subject);
      const { temperature_celsius: at, spectrum_id } = spectrum;
      const reason =
        (excluded.get(spectrum_id) ?? reasonToDistrust(set.impedance[i]))?.message ??
        reasonWithoutValue(own?.result);
      const parts = [
        at === null ? 'temperature not known' : `${at} °C`,
        own?.result?.circuit ?? set.impedance[i]?.result?.circuit,
        reason,
      ];
      return [subject, parts.filter((part) => part != null).join('; ')];
    }),
  );
}

/** What a derived result says in place of a value, or against it. */
function reasonWithoutValue(result: DerivedResult | null | undefined): string | null {
  const warnings = result?.warnings ?? [];
  const open = warnings.find(({ code }) => code === 'ARC_NOT_CLOSED' || code === 'ASSIGNMENT_AMBIGUOUS');
  if (open !== undefined) return open.message;
  if ((result?.results.length ?? 0) > 0) return null;
  return warnings[0]?.message ?? null;
}

function linesOf(set: FitSet): FitLine[] {
  const notes = readingNotes(set);
  return set.all.flatMap((fit): FitLine[] => {
    const ofReading = fit.kind === 'impedance_material' ? (notes.get(fit.subject) ?? '') : '';
    const base = { kind: fit.kind, cell_id: fit.cell_id, subject: fit.subject };
    const none = { quantity: null, value: null, ci95_low: null, ci95_high: null, unit: null };
    if (fit.refusal !== null) return [{ ...base, ...none, note: fit.refusal.message }];
    const wanted = headline[fit.kind] ?? [];
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
  const lines = linesOf(fits);
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
