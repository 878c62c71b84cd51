import { type ColumnDefinition, column, type TableDefinition } from '../../store/tables/definition.js';
import { fitColumns, fittedCell, writingRun } from '../../store/tables/fit-columns.js';

/** A table of quantities that a kind of fit gives, and how the view `cell_fits` shows its rows. */
export interface FitTable {
  definition: TableDefinition;
  /** The kind of its rows in `cell_fits`. */
  shownAs: string;
  /** The column that distinguishes several fits of one cell or spectrum. */
  scope: string;
}

/**
 * One kind of fit, declared once: tables, views, comments, documentation and the commands come from here.
 * `Module` is the module that makes the fits.
 */
export interface FitKind<Kind extends string = string, Module = unknown> {
  /** As `fits.kind` has it. `src/fits/making` has the module of this name, with - in place of _. */
  kind: Kind;
  /** What is fitted, in a few words. */
  title: string;
  /** The most informative quantities, best first; none where another kind shows what this one gives. */
  headline: readonly string[];
  /** The tables that its module writes. */
  tables: readonly FitTable[];
  /** Loads the module that makes the fits: `make`, and `rows` for each of the tables. A declaration loads nothing heavy. */
  load: () => Promise<Module>;
}

/** Declares a kind of fit. */
export const defineFitKind = <Kind extends string, Module>(
  kind: FitKind<Kind, Module>,
): FitKind<Kind, Module> => kind;

const spectrumColumns: readonly ColumnDefinition[] = [
  column('spectrum_id', 'INTEGER', 'The spectrum.'),
  fittedCell,
  column('temperature_celsius', 'DOUBLE', 'Temperature of the spectrum.', { unit: '°C' }),
];

interface FitTableParts {
  name: string;
  /** What one row is. */
  row: string;
  shownAs: string;
  scope: string;
  /** Its own columns, before and after those that all fit tables share; `scope` is one of them. */
  own: readonly ColumnDefinition[];
  more?: readonly ColumnDefinition[];
}

function fitTable(subject: readonly ColumnDefinition[], parts: FitTableParts): FitTable {
  const { name, row, shownAs, scope, own, more = [] } = parts;
  const columns = [writingRun, ...subject, ...own, ...fitColumns, ...more];
  return { definition: { name, row, columns }, shownAs, scope };
}

/** A table of quantities fitted on cells. */
export const tableOfCells = (parts: FitTableParts): FitTable => fitTable([fittedCell], parts);

/** A table of quantities fitted on spectra. */
export const tableOfSpectra = (parts: FitTableParts): FitTable => fitTable(spectrumColumns, parts);
