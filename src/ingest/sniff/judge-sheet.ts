import type { JudgeSheet, SheetMeaning } from '../containers/sheet-text.js';
import type { Role } from '../formats/definition.js';
import type { Format } from '../formats/index.js';
import { LeftAsideError, MissingColumnError, OtherFormatError } from './map-columns.js';
import { planTables, type TablePlan } from './plan.js';
import { recognise } from './recognise.js';

function columnsOf({ mapping }: TablePlan, roles: readonly Role[]): number[] {
  return roles.flatMap((role) => mapping.get(role)?.field.index ?? []);
}

/** Decides by the formats which sheets of a workbook hold records. */
export function judgeSheets(formats: readonly Format[]): JudgeSheet {
  // Without a header a list of three numbers would be a spectrum.
  const candidates = formats.filter(({ header }) => header.kind !== 'none');
  return (lines) => {
    const head = { lines, isWhole: false };
    const recognition = recognise(head, candidates);
    if (recognition === undefined) return undefined;
    const { kind } = recognition.format;
    const meaning: SheetMeaning['kind'] =
      kind === 'summary' ? 'summary' : kind === 'impedance' ? 'impedance' : 'records';
    try {
      const [plan] = planTables(recognition, head);
      if (plan === undefined) return undefined;
      return {
        kind: meaning,
        headerLine: plan.headerLine,
        times: columnsOf(plan, ['test_time_second', 'step_time_second']),
        dates: columnsOf(plan, ['date_time']),
        runsOn: columnsOf(plan, ['vendor_record_index', 'test_time_second'])[0],
      };
    } catch (error) {
      const isRefusal =
        error instanceof MissingColumnError ||
        error instanceof LeftAsideError ||
        error instanceof OtherFormatError;
      if (!isRefusal) throw error;
      return undefined;
    }
  };
}
