import type { DuckDBConnection } from '@duckdb/node-api';
import type { Message } from '../messages/message.js';
import { insertRows, type SqlRow } from '../store/connection.js';
import type { Repair } from './repair.js';

/** Everything that can be wrong or doubtful in what was read: a stable code, a severity, one sentence. */

export type Severity = 'info' | 'warning' | 'error';

/** The words of a finding, with their values. */
export interface FindingMessage extends Pick<Message, 'message' | 'wording' | 'values'> {
  code: FindingCode;
}

/** A finding before it is stored. */
export interface Finding extends FindingMessage {
  testId?: number | undefined;
  line?: number | undefined;
  /** Whether the stored data were changed because of it. */
  repaired?: boolean;
  /** The change that would correct the stored values, or did. */
  repair?: Repair | undefined;
}

const codes = {
  APPENDED: 'info',
  SHORTER_THAN_STORED: 'warning',
  SUPERSEDED: 'warning',
  PATH_REUSED: 'warning',
  NOT_READ_AGAIN: 'warning',
  CONFLICT: 'error',
  CURRENT_FROM_STATE: 'info',
  CURRENT_SIGN_FROM_STATE: 'warning',
  CURRENT_DIRECTION_UNKNOWN: 'warning',
  CURRENT_DIRECTION_FROM_COUNTERS: 'info',
  CURRENT_DIRECTION_HINT: 'warning',
  COUNTERS_SWAPPED: 'warning',
  COUNTER_IS_NET: 'warning',
  COUNTER_IS_THROUGHPUT: 'warning',
  COUNTER_SIGNED: 'info',
  STATE_WORD_UNKNOWN: 'warning',
  SIGN_FLIPPED: 'warning',
  SIGN_UNCERTAIN: 'warning',
  TIME_UNIT_FROM_CLOCK: 'info',
  VOLTAGE_IN_MILLIVOLT: 'warning',
  VOLTAGE_FROM_ELECTRODES: 'info',
  VOLTAGE_AGAINST_REFERENCE: 'warning',
  REFERENCE_BY_DEFAULT: 'info',
  DATE_ORDER_ASSUMED: 'warning',
  DATE_ORDER_UNKNOWN: 'warning',
  SEVERAL_TESTS: 'info',
  UNKNOWN_COLUMN: 'warning',
  CURRENT_COLUMN_GUESSED: 'warning',
  CELL_AMBIGUOUS: 'warning',
  TIME_SCALE: 'warning',
  TIME_BACKWARD: 'warning',
  TIME_GAP: 'info',
  DAYLIGHT_SAVING: 'warning',
  DUPLICATE_RECORDS: 'warning',
  CYCLE_JUMP: 'warning',
  CYCLE_NOT_INTEGER: 'warning',
  VALUES_NOT_STORED: 'info',
  UNIT_IMPLAUSIBLE: 'warning',
  COUNTER_SCOPE: 'warning',
  COUNTER_INTEGRAL_DIFF: 'warning',
  COUNTER_INTEGRAL_CONFLICT: 'warning',
  COUNTER_FALLS: 'warning',
  RECORDS_REJECTED: 'warning',
  CYCLE_COUNT_DIFFERS: 'warning',
  MICRO_CYCLES: 'info',
  PART_ORDER_BY_NAME: 'warning',
  PART_ORDER_CONFLICT: 'info',
  STEP_CUT_AT_FILE_END: 'warning',
  RECORDS_REPEATED: 'warning',
  CURRENT_FROM_CHARGE: 'info',
  START_UNKNOWN: 'warning',
  INCOMPLETE_FILE: 'warning',
  CONTAINER_NOTE: 'info',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof codes;

/** How bad a finding of this code is. */
export function severityOf(code: FindingCode): Severity {
  return codes[code];
}

/** Stores findings about a file that is in the ledger. */
export async function insertFindings(
  connection: DuckDBConnection,
  fileId: number,
  findings: readonly Finding[],
): Promise<void> {
  await insertRows(
    connection,
    'findings',
    findings.map((finding) => findingRow(fileId, finding)),
  );
}

/** What `findings.message_values` has of a message; null where it has no values. */
export const storedValues = ({ wording, values }: Pick<Message, 'wording' | 'values'>): string | null =>
  values === undefined ? null : JSON.stringify({ ...(wording === undefined ? {} : { wording }), values });

/** The row of `findings` for a finding about a file of the ledger. */
export function findingRow(fileId: number, finding: Finding): SqlRow {
  const { code, message, testId, line, repaired, repair } = finding;
  return {
    file_id: fileId,
    test_id: testId ?? null,
    code,
    severity: severityOf(code),
    message,
    message_values: storedValues(finding),
    line_number: line ?? null,
    repaired: repaired ?? false,
    repair: repair === undefined ? null : JSON.stringify(repair),
  };
}
