import { fitTables } from '../../fits/kinds/index.js';
import type { TableDefinition } from './definition.js';
import { cycles, steps } from './derived.js';
import { exclusions, files, findings, meta, rejects, runs, testFiles, tests } from './ledger.js';
import { auxiliaryChannels, impedance, measurements, spectra, vendorCycles } from './measurements.js';
import { cells, conditions, materials } from './metadata.js';
import {
  cellMetrics,
  fits,
  verdictAlternatives,
  verdictBudget,
  verdictHistory,
  verdicts,
} from './results.js';

export * from './definition.js';
export { type Keys, keysOf } from './keys.js';

/** Every table, in the order a newcomer would read them. */
export const tables: readonly TableDefinition[] = [
  materials,
  cells,
  conditions,
  files,
  testFiles,
  rejects,
  findings,
  tests,
  measurements,
  auxiliaryChannels,
  vendorCycles,
  steps,
  cycles,
  spectra,
  impedance,
  fits,
  ...fitTables.map(({ definition }) => definition),
  cellMetrics,
  verdicts,
  verdictBudget,
  verdictAlternatives,
  verdictHistory,
  runs,
  exclusions,
  meta,
];

/** The definition of a table. Throws on a name that does not exist, which is a bug of the caller. */
export function tableDefinition(name: string): TableDefinition {
  const found = tables.find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table ${name} is defined`);
  return found;
}

export { cells, conditions, cycles, files, materials, measurements, steps };
