import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileScan } from '../bytes/scan.js';
import { linesOfRecords, recordCountAt, type ViewColumns } from '../containers/columns.js';
import type { Finding } from '../findings.js';
import type { Format } from '../formats/definition.js';
import type { RecordFacts } from '../load/record-facts.js';
import { recordedRepairs } from '../repair.js';
import { rowsAt } from '../sniff/date-order.js';
import { splitFields, unwrapLine } from '../sniff/dialect.js';
import type { TablePlan } from '../sniff/plan.js';
import type { SniffedFile } from '../sniff/sniff.js';
import { type Rows, timeAgainstClock } from './clock.js';
import { type AuditFacts, auditFacts, auditTest, collectFacts, type TestContext } from './index.js';
import { detectScope } from './scope.js';
import {
  declaredScope,
  dropSensorless,
  hasCounterPair,
  type SignCounts,
  settleTest,
  signCounts,
} from './settle.js';
import { settleClocks } from './settle-clock.js';
import { settleCounters } from './settle-counters.js';
import { TestRecords } from './stored-facts.js';

/** What was found about a newly loaded test, before it is decided whether it is kept. */
export interface ExaminedTest {
  currentDirection: 'known' | 'unknown';
  counterScope: string;
  /** What was settled. */
  findings: Finding[];
  facts: AuditFacts;
  context: TestContext;
  /** What the clock of the file says about its times. */
  clock: Finding | undefined;
}

/** The file a test was read from. */
export interface ExaminedFile {
  path: string;
  sniffed: SniffedFile;
  scan: Pick<FileScan, 'isGzip' | 'contentBytes'>;
}

/** A loaded test and what it was read from. */
export interface LoadedTest {
  file: ExaminedFile;
  plan: TablePlan;
  testId: number;
  /** Facts gathered while its records were loaded; absent: they are gathered from what is stored. */
  gathered?: RecordFacts | undefined;
}

/** Settles loaded tests whose tables are read alike, and collects their facts. */
export async function examineTests(
  connection: DuckDBConnection,
  format: Format,
  tests: readonly LoadedTest[],
): Promise<ExaminedTest[]> {
  const [first] = tests;
  if (first === undefined) return [];
  const recordsOf = tests.map(({ testId, gathered }) => new TestRecords(connection, testId, gathered));
  const signs: SignCounts[] = [];
  const sensorless: number[] = [];
  for (const records of recordsOf) {
    signs.push(signCounts(format, await records.facts()));
    sensorless.push(await dropSensorless(connection, records));
  }
  const clocks = await settleClocks(connection, tests);
  for (const records of recordsOf) if (clocks.has(records.testId)) records.noteChange();
  const counters = await settleCounters(connection, first.plan, recordsOf);
  const hasPair = hasCounterPair(first.plan);
  const examined: ExaminedTest[] = [];
  for (const [index, { file, plan, testId }] of tests.entries()) {
    const records = recordsOf[index]!;
    const settled = await settleTest(connection, format, plan, records, signs[index]!);
    const facts = auditFacts(await records.facts(), hasPair);
    const ofCounters = counters.get(testId);
    const declared = ofCounters?.isNet === true ? 'net' : declaredScope(format, plan);
    const detected = detectScope(facts, declared);
    const headers = new Map([...plan.mapping].map(([role, { field }]) => [role as string, field.text]));
    examined.push({
      ...settled,
      findings: [...(clocks.get(testId) ?? []), ...(ofCounters?.findings ?? []), ...settled.findings],
      counterScope: detected ?? declared,
      facts,
      context: {
        headerOf: (column) => headers.get(column),
        hasPair,
        isDirectionKnown: settled.currentDirection === 'known',
        sensorless: sensorless[index]!,
        declaredScope: declared,
        detectedScope: detected,
      },
      clock: await auditClock(file, plan),
    });
  }
  return examined;
}

/** Places of a file, as shares of its length, at which its times are compared with its clock. */
const clockPlaces = [0.25, 0.5, 0.75, 1];

async function auditClock(
  { path, sniffed, scan }: ExaminedFile,
  plan: TablePlan,
): Promise<Finding | undefined> {
  if (!plan.mapping.has('test_time_second') || !plan.mapping.has('date_time') || plan.testTime === 'clock')
    return undefined;
  const { delimiter } = plan.dialect;
  const lines = sniffed.head.lines.slice(plan.firstLine - 1, plan.lastLine);
  const cut = (line: string) => splitFields(unwrapLine(line, delimiter), delimiter);
  const stretches: Rows[] = [{ length: lines.length, at: (index) => cut(lines[index]!) }];
  const columns = sniffed.view?.columns;
  for (const share of sniffed.head.isWhole ? [] : clockPlaces) {
    if (columns === undefined) stretches.push(await rowsAt(share, path, sniffed.text, scan, plan));
    else {
      const records = await recordsAt(columns, plan.firstLine, share);
      stretches.push(records.map((line) => splitFields(line, delimiter)));
    }
  }
  return timeAgainstClock(stretches, plan, plan.dateOrder);
}

/** Number of records that are examined at one place. */
const stretchRecords = 500;

/** Records, as text, at a share of all records that are held as columns. */
function recordsAt(columns: ViewColumns, line: number, share: number): Promise<string[]> {
  const recordCount = recordCountAt(columns, line);
  const count = Math.min(stretchRecords, recordCount);
  const first = Math.floor(share * (recordCount - count));
  return linesOfRecords(
    columns,
    line,
    Array.from({ length: count }, (_, at) => first + at),
  );
}

/** What the audits find in a test, with the number that it has now. */
export function auditFindings({ clock, facts, context }: ExaminedTest, testId: number): Finding[] {
  const found = [...(clock === undefined ? [] : [clock]), ...auditTest(facts, context)];
  return found.map((finding) => ({ ...finding, testId }));
}

/** What the audits find in a test that may have been repaired before. */
export async function auditStored(
  connection: DuckDBConnection,
  examined: ExaminedTest,
  testId: number,
): Promise<Finding[]> {
  const repairs = await recordedRepairs(connection, testId);
  if (repairs.length === 0) return auditFindings(examined, testId);
  const { hasPair } = examined.context;
  const facts = (await collectFacts(connection, [testId], hasPair)).get(testId) ?? examined.facts;
  const isMended = (finding: Finding) =>
    repairs.some((repair) => JSON.stringify(repair) === JSON.stringify(finding.repair));
  return auditFindings({ ...examined, facts }, testId).filter((finding) => !isMended(finding));
}
