import { type AnalysisWarning, NotComputable } from '../analysis/result.js';
import { coded } from '../messages/message.js';
import type { FitKindName } from './kinds/index.js';
import { contentKey, plain } from './plain.js';
import { fitVersion } from './version.js';

/** Something to fit: a spectrum, or the series of a cell. */
export interface Subject<Input> {
  /** Number of the spectrum, or the cell's id. */
  subject: string;
  cell_id: string;
  input: Input;
}

/** What a fit gave: an answer, or why there is none. */
export interface Outcome<Result> {
  result: Result | null;
  refusal: AnalysisWarning | null;
}

/** One fit as a whole, as table `fits` keeps it. */
export interface Fit<Result> extends Outcome<Result> {
  kind: FitKindName;
  subject: string;
  cell_id: string;
  input_key: string;
  /** The run that made it; null until it is stored. */
  run_id: number | null;
}

/** Stored fits by kind and subject. */
export type KnownFits = ReadonlyMap<string, Fit<unknown>>;

/** Key of a fit among the known ones. */
export const fitName = (kind: FitKindName, subject: string): string => `${kind} ${subject}`;

/** Why nothing can be computed, with its values where it has them. */
const refusalOf = ({ code, message, why }: NotComputable): AnalysisWarning =>
  why === undefined ? { code, message } : coded(code, why);

/** Runs an analysis; data from which nothing can be computed are an outcome, not an error. */
export function outcomeOf<Result>(analysis: () => Result): Outcome<Result> {
  try {
    return { result: plain(analysis()), refusal: null };
  } catch (error) {
    if (!(error instanceof NotComputable)) throw error;
    return { result: null, refusal: refusalOf(error) };
  }
}

/**
 * The fits of one kind: what was fitted before from the same input is taken over, the rest goes through `compute` in
 * one batch.
 */
export async function fitSubjects<Input, Result>(
  kind: FitKindName,
  subjects: readonly Subject<Input>[],
  known: KnownFits,
  compute: (inputs: readonly Input[]) => Promise<Outcome<Result>[]> | Outcome<Result>[],
): Promise<Fit<Result>[]> {
  const version = fitVersion(kind);
  const keys = subjects.map(({ input }) => contentKey(kind, version, input));
  const carried = subjects.map(({ subject }, i) => {
    const before = known.get(fitName(kind, subject)) as Fit<Result> | undefined;
    return before?.input_key === keys[i] ? before : undefined;
  });
  const changed = subjects.filter((_, i) => carried[i] === undefined);
  const outcomes = await compute(changed.map(({ input }) => input));
  const fresh = outcomes[Symbol.iterator]();
  return subjects.map(({ subject, cell_id }, i) => {
    const before = carried[i];
    if (before !== undefined) return { ...before, cell_id };
    const { result, refusal } = fresh.next().value as Outcome<Result>;
    return { kind, subject, cell_id, input_key: keys[i] as string, run_id: null, result, refusal };
  });
}
