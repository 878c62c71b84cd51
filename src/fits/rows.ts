import type { SqlRow } from '../store/connection.js';
import type { Fit } from './fit.js';
import type { FitMaker, FitSet } from './fit-set.js';
import { fitKinds } from './kinds/index.js';
import { toJson } from './plain.js';

/** Rows of the fit tables by table; `run_id` is null where the fit is new. */
export type FitRows = Record<string, SqlRow[]>;

/** What the tables of fits hold for these fits. */
export async function fitRows(set: FitSet): Promise<FitRows> {
  const contents: FitRows = { fits: set.all.map(recordOf) };
  for (const kind of fitKinds) {
    const { rows = {} }: FitMaker = await kind.load();
    for (const { definition } of kind.tables) contents[definition.name] = rows[definition.name]?.(set) ?? [];
  }
  return contents;
}

function recordOf(fit: Fit<unknown>): SqlRow {
  return {
    run_id: fit.run_id,
    kind: fit.kind,
    subject: fit.subject,
    cell_id: fit.cell_id,
    input_key: fit.input_key,
    result: fit.result === null ? null : toJson(fit.result),
    refusal_code: fit.refusal?.code ?? null,
    refusal: fit.refusal?.message ?? null,
    refusal_message: fit.refusal === null ? null : toJson(fit.refusal),
  };
}
