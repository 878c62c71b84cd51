import { createHash } from 'node:crypto';
import type { Place } from '../export/index.js';
import type { DerivedManifest } from './derived.js';
import type { PartitionFacts } from './facts.js';
import { batchFolder, batchNotes, successMark, workFolder } from './folders.js';

/** Tests whose records are read together. */
export interface Batch {
  print: string;
  tests: PartitionFacts[];
  rows: number;
  /** Whether counters have to be carried over records that do not state them. */
  isCarried: boolean;
}

/** Step rows of an earlier, interrupted derivation, and those of its tests that have not changed. */
export interface DoneBatch {
  print: string;
  testIds: number[];
}

/** What a derivation has to do. */
export interface DerivationPlan {
  /** Tests to be read: their records changed, and no earlier attempt has finished them. */
  batches: Batch[];
  done: DoneBatch[];
  /** Tests that are numbered again: all tests of every life in which anything changed. */
  numbered: PartitionFacts[];
  /** Those of them whose step rows come from the last derivation. */
  kept: PartitionFacts[];
  /** Tests whose rows stay as they are. */
  unchanged: PartitionFacts[];
  /** Tests of the last derivation that are no longer in the lake. */
  removed: number[];
}

const printOf = (tests: readonly PartitionFacts[]) =>
  createHash('sha256')
    .update(JSON.stringify(tests.map(({ testId, recordsPrint }) => [testId, recordsPrint])))
    .digest('hex')
    .slice(0, 16);

/** Groups tests into batches of at most `batchRows` records; one test is never split. */
export function makeBatches(tests: readonly PartitionFacts[], batchRows: number): Batch[] {
  const groups: PartitionFacts[][] = [];
  let rows = 0;
  for (const test of tests) {
    const open = groups.at(-1);
    rows += test.rows;
    if (open !== undefined && rows <= batchRows) open.push(test);
    else {
      groups.push([test]);
      rows = test.rows;
    }
  }
  return groups.map((group) => ({
    print: printOf(group),
    tests: group,
    rows: group.reduce((sum, test) => sum + test.rows, 0),
    isCarried: group.some(({ isSparse }) => isSparse),
  }));
}

/** Fewer records than this are read at once, since carrying counters for all of them costs less than another batch. */
const fewRows = 1_000_000;

/** Tests whose counters have to be carried go into batches of their own. */
function batchesOf(tests: readonly PartitionFacts[], batchRows: number): Batch[] {
  const rows = tests.reduce((sum, test) => sum + test.rows, 0);
  if (rows <= Math.min(fewRows, batchRows)) return makeBatches(tests, batchRows);
  return [false, true].flatMap((sparse) =>
    makeBatches(
      tests.filter(({ isSparse }) => isSparse === sparse),
      batchRows,
    ),
  );
}

/** What an interrupted derivation has finished: a batch counts if its engine has written `_SUCCESS`. */
async function doneBatches(place: Place, wanted: readonly PartitionFacts[]): Promise<DoneBatch[]> {
  const present = await place.list(workFolder);
  const notes = [...present.keys()].filter((path) => path.startsWith(`${batchNotes}/`)).sort();
  const open = new Map(wanted.map(({ testId, recordsPrint }) => [testId, recordsPrint]));
  const found: DoneBatch[] = [];
  for (const path of notes) {
    const print = path.slice(batchNotes.length + 1).replace(/\.json$/, '');
    if (!present.has(`${batchFolder(print)}/${successMark}`)) continue;
    const noted = JSON.parse((await place.readText(path)) ?? '{}') as Record<string, string>;
    const testIds = Object.entries(noted)
      .filter(([id, recordsPrint]) => open.get(Number(id)) === recordsPrint)
      .map(([id]) => Number(id));
    for (const id of testIds) open.delete(id);
    if (testIds.length > 0) found.push({ print, testIds });
  }
  return found;
}

/** Compares a lake with its last derivation and with what an interrupted one has left in the work folder. */
export async function planDerivation(
  facts: readonly PartitionFacts[],
  last: DerivedManifest | undefined,
  place: Place,
  batchRows: number,
): Promise<DerivationPlan> {
  const before = new Map(last?.tests.map((test) => [test.test_id, test]));
  const isNew = (test: PartitionFacts) => before.get(test.testId)?.records !== test.recordsPrint;
  const isRenumbered = (test: PartitionFacts) =>
    isNew(test) || before.get(test.testId)?.numbering !== test.numberingPrint;
  const lives = new Set(facts.filter(isRenumbered).map(({ life }) => life));
  const changed = facts.filter(isNew);
  const done = await doneBatches(place, changed);
  const finished = new Set(done.flatMap(({ testIds }) => testIds));
  const open = changed.filter(({ testId }) => !finished.has(testId));
  const present = new Set(facts.map(({ testId }) => testId));
  return {
    batches: batchesOf(open, batchRows),
    done,
    numbered: facts.filter(({ life }) => lives.has(life)),
    kept: facts.filter((test) => lives.has(test.life) && !isNew(test)),
    unchanged: facts.filter(({ life }) => !lives.has(life)),
    removed: [...before.keys()].filter((id) => !present.has(id)),
  };
}
