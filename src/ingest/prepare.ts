import { statSync } from 'node:fs';
import { findingMessages as say } from '../messages/findings.js';
import type { FoundFile } from './bytes/discover.js';
import { FileChangedError, type FileScan, headKeyBytes, readHead, scanFile } from './bytes/scan.js';
import { completeText, linesOfAll } from './containers/columns.js';
import { ContainerRefusal } from './containers/record-table.js';
import { dropView, type TextView } from './containers/view.js';
import type { Finding } from './findings.js';
import type { Format } from './formats/index.js';
import type { Settings } from './lab/index.js';
import { findGrowth, type Growth, headKeyOf } from './ledger/growth.js';
import type { LedgerIndex } from './ledger/ledger-index.js';
import { ledgerPath } from './ledger/ledger-row.js';
import { canReadColumns } from './load/read-columns.js';
import { dependsOn, type ReadSettings } from './read-with.js';
import type { RereadFile } from './rereads.js';
import type { DateOrder } from './sniff/clock.js';
import { settleDateOrder, startOf } from './sniff/date-order.js';
import type { TablePlan } from './sniff/plan.js';
import type { ReferenceElectrode } from './sniff/reference-electrode.js';
import { type SniffedFile, type SniffResult, sniffFile, textPath } from './sniff/sniff.js';
import { splitTests } from './sniff/split-tests.js';

/**
 * What is found out about a file without the database, so that reading the next files overlaps with storing the
 * previous ones.
 */

export interface PrepareContext {
  index: LedgerIndex;
  /** Settings of the metadata folder that a file belongs to. */
  settingsOf: (file: FoundFile) => Settings;
  /** `--date-order`, which outranks the settings. */
  dateOrder: DateOrder | undefined;
  formats: readonly Format[];
  /** The format as which a file has to be read: from `--format`, or from the settings. */
  forcedFor: (file: FoundFile) => Format | undefined;
  /** What the laboratory declares for reading a file. */
  declaredFor: (file: FoundFile) => ReadSettings;
  /** Stored files to be read again, by the path they are read from. */
  rereads: ReadonlyMap<string, RereadFile>;
  onBytes: (count: number) => void;
  /** Called when a file was read, before its transaction ends. */
  onStored?: ((path: string) => void) | undefined;
}

/** How a recognised file is read. */
export interface ReadingPlan {
  sniffed: SniffedFile;
  /** Its tables with the order of their dates settled. */
  tables: TablePlan[];
  /** Wall clock at the start of each table. */
  starts: (Date | undefined)[];
  /** What is doubtful about its head. */
  findings: Finding[];
  /** Settings that made, or would make, a difference. */
  dependsOn: (keyof ReadSettings)[];
}

export type PreparedFile =
  /** No format reads it. */
  | { kind: 'refused'; file: FoundFile; sniffed: Extract<SniffResult, { kind: 'refused' }>; scan: FileScan }
  /** `grownFrom`: SHA-256 of the stored content it begins with, where it has to be read whole all the same. */
  | {
      kind: 'readable';
      file: FoundFile;
      reading: ReadingPlan;
      scan: FileScan;
      grownFrom?: string;
      reread?: RereadFile;
    }
  /** It begins with the content of a file that is stored. */
  | { kind: 'grown'; file: FoundFile; reading: ReadingPlan; growth: Growth; headKey: string }
  /** It could not be read. */
  | { kind: 'failed'; file: FoundFile; error: Error };

/** @throws FileChangedError where size or time of a file are not those it was found with */
export function checkUnchanged(file: FoundFile): void {
  const now = statSync(file.path, { bigint: true });
  if (Number(now.size) !== file.size || now.mtimeNs !== file.modifiedNs) {
    throw new FileChangedError('the file changed while it was read; the next run takes it');
  }
}

const againstReference = (column: string, { name: reference, isByDefault }: ReferenceElectrode): Finding =>
  say(isByDefault ? 'REFERENCE_BY_DEFAULT' : 'VOLTAGE_AGAINST_REFERENCE', { column, reference });

function planFindings(plan: TablePlan): Finding[] {
  const findings: Finding[] = plan.unknown.map(({ text: column, nearest, isKept }) => ({
    ...(nearest === undefined
      ? say(`UNKNOWN_COLUMN/${isKept ? 'kept' : 'left'}`, { column })
      : say(`UNKNOWN_COLUMN/${isKept ? 'kept' : 'left'}-near`, { column, nearest })),
    ...(plan.headerLine === undefined ? {} : { line: plan.headerLine }),
  }));
  const voltage = plan.mapping.get('voltage_volt');
  if (voltage?.settledUnit !== undefined) {
    findings.push({ ...say('VOLTAGE_IN_MILLIVOLT'), repaired: true });
  }
  if (voltage?.minus !== undefined) {
    const [working, counter] = [voltage.field.text, voltage.minus.field.text];
    findings.push(say('VOLTAGE_FROM_ELECTRODES', { working, counter }));
  }
  if (plan.reference !== undefined) findings.push(againstReference(voltage!.field.text, plan.reference));
  const current = plan.mapping.get('current_ampere');
  if (current?.isGuessed === true) {
    findings.push({
      ...say('CURRENT_COLUMN_GUESSED', {
        column: current.field.text,
        unit: current.writtenUnit ?? say('USUAL_UNIT'),
      }),
      ...(plan.headerLine === undefined ? {} : { line: plan.headerLine }),
    });
  }
  const time = plan.mapping.get('test_time_second') ?? plan.mapping.get('step_time_second');
  if (time?.settledUnit !== undefined) {
    const { writtenUnit: written, settledUnit: unit } = time;
    const message =
      written === undefined
        ? say('TIME_UNIT_FROM_CLOCK/silent', { unit })
        : say('TIME_UNIT_FROM_CLOCK/wrong', { written, unit });
    findings.push({ ...message, repaired: true });
  }
  return findings;
}

async function settleReading(
  context: PrepareContext,
  file: FoundFile,
  sniffed: SniffedFile,
  content: Pick<FileScan, 'isGzip' | 'contentBytes'>,
): Promise<ReadingPlan> {
  const { format } = sniffed.recognition;
  const asked = context.dateOrder ?? context.settingsOf(file).date_order;
  const findings: Finding[] = [...(sniffed.view?.notes ?? [])];
  const tables: TablePlan[] = [];
  let hasOpenOrder = false;
  const [only] = sniffed.tables;
  const isPlain = sniffed.tables.length === 1 && format.hook === undefined && !format.layered;
  const parts =
    only === undefined || !isPlain
      ? sniffed.tables
      : await splitTests(
          textPath(file.path, sniffed),
          content.isGzip,
          sniffed.text.encoding,
          only,
          format.cellColumns,
          content.contentBytes,
        );
  // A sweep and the record before it, each with its own head, are not two tests.
  const tests = sniffed.tables.length > 1 ? parts.filter(({ kind }) => kind !== 'impedance') : parts;
  if (tests.length > 1) {
    const names = tests
      .slice(0, 4)
      .map(({ channel, ownChannel }, at) => channel ?? ownChannel ?? `test ${at + 1}`);
    findings.push(
      say(`SEVERAL_TESTS/${sniffed.tables.length > 1 ? 'heads' : 'columns'}`, {
        count: tests.length,
        names: [...names, ...(tests.length > 4 ? ['…'] : [])],
      }),
    );
  }
  for (const plan of parts) {
    const { order, finding, isOpen } = await settleDateOrder(
      plan,
      format,
      asked,
      textPath(file.path, sniffed),
      sniffed,
      content,
    );
    if (finding !== undefined) findings.push(finding);
    hasOpenOrder ||= isOpen === true;
    tables.push({ ...plan, dateOrder: order });
  }
  findings.push(...tables.flatMap(planFindings));
  return {
    sniffed,
    tables,
    starts: tables.map((plan) => startOf(plan, plan.dateOrder, format.startsBy)),
    findings,
    dependsOn: dependsOn(tables, hasOpenOrder),
  };
}

/** Reads a recognised file completely, once, for everything that decides how its body is read. */
export async function prepareWhole(
  context: PrepareContext,
  file: FoundFile,
  sniffed: SniffedFile,
): Promise<Extract<PreparedFile, { kind: 'readable' }>> {
  const { isGzip, view } = sniffed;
  // An instrument's own file has no lines; those of its text are counted in that.
  const own = await scanFile(
    file.path,
    isGzip,
    view === undefined ? sniffed.text : undefined,
    context.onBytes,
  );
  const scan = view === undefined ? own : await scanView(view, sniffed, own);
  return { kind: 'readable', file, reading: await settleReading(context, file, sniffed, scan), scan };
}

/** The result of one pass over the text of a container; what identifies the file comes from its own bytes. */
async function scanView(view: TextView, sniffed: SniffedFile, own: FileScan): Promise<FileScan> {
  const sourceBytes = own.contentBytes;
  if (view.columns !== undefined) {
    return { ...own, sourceBytes, lineCount: linesOfAll(view, view.columns), isTerminated: true };
  }
  const text = await scanFile(view.path, false, sniffed.text);
  return { ...text, sha256: own.sha256, headKey: own.headKey, sourceBytes };
}

function refusedFor(
  sniffed: SniffedFile,
  { message }: ContainerRefusal,
): Extract<SniffResult, { kind: 'refused' }> {
  const { isGzip, recognition } = sniffed;
  return { kind: 'refused', isGzip, refusal: { status: 'rejected', message }, text: undefined, recognition };
}

/** A file that is refused because damage was found in its body when it was loaded; undefined for any other failure. */
export function refuseDamaged(prepared: PreparedFile, error: unknown): PreparedFile | undefined {
  if (prepared.kind !== 'readable' || !(error instanceof ContainerRefusal)) return undefined;
  const { file, reading, scan } = prepared;
  return { kind: 'refused', file, sniffed: refusedFor(reading.sniffed, error), scan };
}

/** What was sniffed, with all its records as text where they cannot be read from columns. */
async function withNeededText(sniffed: SniffResult): Promise<SniffResult> {
  if (sniffed.kind === 'refused' || sniffed.view?.columns === undefined) return sniffed;
  const { view, tables, recognition } = sniffed;
  if (canReadColumns(tables, recognition.format, view.columns!)) return sniffed;
  try {
    await completeText(view);
    return sniffed;
  } catch (error) {
    if (!(error instanceof ContainerRefusal)) throw error;
    dropView(view);
    return refusedFor(sniffed, error);
  }
}

async function prepareGrown(
  context: PrepareContext,
  file: FoundFile,
  sniffed: SniffedFile,
): Promise<PreparedFile | undefined> {
  const { isGzip } = sniffed;
  // A running instrument may change its own file at any place.
  if (sniffed.view !== undefined) return undefined;
  const { head } = await readHead(file.path, headKeyBytes);
  // The length of the content of a compressed file is known only after reading it.
  const candidates = context.index.growthCandidates(isGzip ? Number.POSITIVE_INFINITY : file.size, head);
  const growth = await findGrowth(file.path, candidates, context.onBytes, isGzip);
  if (growth === undefined) return undefined;
  if (isGzip) return { ...(await prepareWhole(context, file, sniffed)), grownFrom: growth.old.sha256! };
  const content = { isGzip: false, contentBytes: growth.contentBytes };
  const reading = await settleReading(context, file, sniffed, content);
  return { kind: 'grown', file, reading, growth, headKey: headKeyOf(head) };
}

/** A stored file that is read again, if its content still exists, possibly with more after it. */
async function rereadOf(
  context: PrepareContext,
  file: FoundFile,
  sniffed: SniffedFile,
): Promise<PreparedFile | undefined> {
  const reread = context.rereads.get(ledgerPath(file));
  if (reread === undefined) return undefined;
  const whole = await prepareWhole(context, file, sniffed);
  const { sha256, content_bytes } = reread.stored;
  if (whole.scan.sha256 === sha256) return { ...whole, reread };
  const isGrown = content_bytes !== null && content_bytes < whole.scan.contentBytes;
  const growth = isGrown
    ? await findGrowth(file.path, [reread.stored], () => undefined, sniffed.isGzip)
    : undefined;
  return growth === undefined ? undefined : { ...whole, reread };
}

async function prepareContent(context: PrepareContext, file: FoundFile): Promise<PreparedFile> {
  const sniffed = await withNeededText(
    await sniffFile(file.path, { format: context.forcedFor(file), formats: context.formats }),
  );
  if (sniffed.kind === 'refused') {
    const scan = await scanFile(file.path, sniffed.isGzip, sniffed.text, context.onBytes);
    return { kind: 'refused', file, sniffed, scan };
  }
  const reread = await rereadOf(context, file, sniffed);
  if (reread !== undefined) return reread;
  return (await prepareGrown(context, file, sniffed)) ?? (await prepareWhole(context, file, sniffed));
}

/** Finds out everything about a file that needs no database; a failure is a result like any other. */
export async function prepareFile(context: PrepareContext, file: FoundFile): Promise<PreparedFile> {
  try {
    const prepared = await prepareContent(context, file);
    checkUnchanged(file);
    if (prepared.kind === 'readable') {
      const { sha256, contentBytes, headKey } = prepared.scan;
      context.index.expect({
        path: ledgerPath(file),
        sha256,
        content_bytes: contentBytes,
        head_key: headKey,
      });
    } else if (prepared.kind === 'grown') {
      const { sha256, contentBytes } = prepared.growth;
      context.index.expect({
        path: ledgerPath(file),
        sha256,
        content_bytes: contentBytes,
        head_key: prepared.headKey,
      });
    }
    return prepared;
  } catch (error) {
    return { kind: 'failed', file, error: error as Error };
  }
}
