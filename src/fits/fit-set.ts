import type { DuckDBConnection } from '@duckdb/node-api';
import { type SqlRow, select } from '../store/connection.js';
import { type CellRecord, readCells } from './cells.js';
import { type Fit, fitName, type KnownFits, type Subject } from './fit.js';
import type { FitKind } from './kinds/definition.js';
import { type FitKindName, fitKinds } from './kinds/index.js';
import { type CellLife, readLives } from './lives.js';
import { type CellSpectrum, cellSpectra, readSpectra } from './spectra.js';

export interface FitOptions {
  /** Called once, before spectra are fitted, with their number; not called where none is new. */
  onStart?: ((spectra: number) => void) | undefined;
  /** Called as each of them is done. */
  onSpectrum?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The module of a kind of fit. */
export interface FitMaker {
  /** Makes the fits of the kind; those that are `known` from the same input are taken over. */
  make(set: FitSet, known: KnownFits, options: FitOptions): Promise<Fit<unknown>[]>;
  /** The rows of each table that the kind declares, once the fits of all kinds are made. */
  rows?: Readonly<Record<string, (set: FitSet) => SqlRow[]>>;
}

/** A kind that the database knows, with the module that makes its fits. */
type KnownKind<Module = unknown> = FitKind<FitKindName, Module>;

/** The fits that the module of a kind makes. */
type MadeBy<Module> = Module extends { make(...given: never[]): Promise<(infer Made)[]> } ? Made : never;

/** All fits of a laboratory together with what they were made from. */
export class FitSet {
  readonly #made = new Map<string, readonly Fit<unknown>[]>();
  readonly #bySubject = new Map<string, Fit<unknown>>();

  readonly cells: readonly CellRecord[];
  /** Spectra of declared cells; the fits of the kind `impedance` have the same order. */
  readonly spectra: readonly CellSpectrum[];
  readonly lives: ReadonlyMap<string, CellLife>;

  constructor({ cells, spectra, lives }: Pick<FitSet, 'cells' | 'spectra' | 'lives'>) {
    this.cells = cells;
    this.spectra = spectra;
    this.lives = lives;
  }

  /** Every fit of one kind. */
  of<Module>({ kind }: KnownKind<Module>): readonly MadeBy<Module>[] {
    const made = this.#made.get(kind);
    if (made === undefined) throw new Error(`the fits of the kind ${kind} are not made yet`);
    return made as readonly MadeBy<Module>[];
  }

  /** The fit of one kind for a cell or for the number of a spectrum. */
  find<Module>({ kind }: KnownKind<Module>, subject: string): MadeBy<Module> | undefined {
    return this.#bySubject.get(fitName(kind, subject)) as MadeBy<Module> | undefined;
  }

  add({ kind }: KnownKind, made: readonly Fit<unknown>[]): void {
    this.#made.set(kind, made);
    for (const fit of made) this.#bySubject.set(fitName(kind, fit.subject), fit);
  }

  /** Every fit of every kind. */
  get all(): Fit<unknown>[] {
    return [...this.#made.values()].flat();
  }

  /** How many fits no earlier run had made from the same input. */
  get fresh(): number {
    return this.all.filter(({ run_id }) => run_id === null).length;
  }
}

/** A subject for each cell of some types that was cycled, with what goes into its fit. */
export function subjectsOfLives<Input>(
  { cells, lives }: FitSet,
  types: readonly (string | null)[],
  inputOf: (cell: CellRecord, life: CellLife) => Input,
): Subject<Input>[] {
  return cells.flatMap((cell) => {
    const life = lives.get(cell.cell_id);
    if (life === undefined || !types.includes(cell.cell_type)) return [];
    return [{ subject: cell.cell_id, cell_id: cell.cell_id, input: inputOf(cell, life) }];
  });
}

type StoredFit = Omit<Fit<string>, 'refusal'> & {
  refusal_code: string | null;
  refusal: string | null;
  refusal_message: string | null;
};

/** What earlier runs fitted. */
async function readKnownFits(connection: DuckDBConnection): Promise<KnownFits> {
  const rows = await select<StoredFit>(connection, 'SELECT * FROM fits');
  return new Map(
    rows.map(({ refusal_code, refusal, refusal_message, result, ...row }) => [
      fitName(row.kind, row.subject),
      {
        ...row,
        result: result === null ? null : JSON.parse(result),
        refusal:
          refusal_code === null
            ? null
            : { ...JSON.parse(refusal_message ?? '{}'), code: refusal_code, message: refusal ?? '' },
      },
    ]),
  );
}

/**
 * Makes every fit that the data in the database allow; what was fitted before from the same input is taken from there.
 * Nothing is written.
 */
export async function makeFits(connection: DuckDBConnection, options: FitOptions = {}): Promise<FitSet> {
  const cells = await readCells(connection);
  const spectra = cellSpectra(cells, await readSpectra(connection));
  const set = new FitSet({ cells, spectra, lives: await readLives(connection) });
  const known = await readKnownFits(connection);
  for (const kind of fitKinds) {
    const { make }: FitMaker = await kind.load();
    set.add(kind, await make(set, known, options));
  }
  return set;
}
