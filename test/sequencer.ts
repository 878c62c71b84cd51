import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { projectRoot } from './shared-data.js';

/** Files that take longest, the longest first: begun last, one of them would keep a single worker busy at the end. */
const longest = [
  'docs/readme',
  'serve/page',
  'nightly/kill',
  'scale/lake',
  'scale/object-store',
  'ingest/outcomes',
  'ingest/portions',
  'ingest/audit',
  'ingest/bad',
  'ingest/load/reading',
  'report/report',
  'store/recovery',
  'ingest/identity',
  'ingest/settings-later',
  'ingest/containers/facts',
  'ingest/correct',
  'store/migrations',
  'ingest/lab/labs',
  'targets/cycling-verdicts',
  'report/page',
  'bundle/bundle',
  'query/cookbook',
  'nightly/disturbed',
  'cli/check',
  'nightly/month',
  'store/derive/life',
  'nightly/watch',
  'serve/runaway',
  'docs/library',
];

/** Place of a file in the order; files that are not listed come after those that are. */
function placeOf({ moduleId }: TestSpecification): number {
  const name = relative(projectRoot, moduleId)
    .split(sep)
    .join('/')
    .replace(/^test\/|\.test\.ts$/g, '');
  const at = longest.indexOf(name);
  return at === -1 ? longest.length : at;
}

/** Runs the longest files first, also where no earlier run has told how long each takes. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
