import { JetDatabase, type JetTable } from './jet.js';
import {
  ContainerRefusal,
  dayNumberText,
  dayNumberTime,
  instantText,
  type RecordColumn,
  type RecordFile,
  type RecordTable,
} from './record-table.js';

/** Arbin's `.res`: an Access database, each of its tests a table of records. */

const records = 'Channel_Normal_Table';

/** Columns of a record by the names of Arbin's exports. */
const columnNames: [string, string][] = [
  ['Data_Point', 'Data_Point'],
  ['Test_Time', 'Test_Time(s)'],
  ['Step_Time', 'Step_Time(s)'],
  ['DateTime', 'DateTime'],
  ['Step_Index', 'Step_Index'],
  ['Cycle_Index', 'Cycle_Index'],
  ['Current', 'Current(A)'],
  ['Voltage', 'Voltage(V)'],
  ['Charge_Capacity', 'Charge_Capacity(Ah)'],
  ['Discharge_Capacity', 'Discharge_Capacity(Ah)'],
  ['Charge_Energy', 'Charge_Energy(Wh)'],
  ['Discharge_Energy', 'Discharge_Energy(Wh)'],
  ['dV/dt', 'dV/dt(V/s)'],
  ['Internal_Resistance', 'Internal_Resistance(Ohm)'],
  ['AC_Impedance', 'AC_Impedance(Ohm)'],
  ['ACI_Phase_Angle', 'ACI_Phase_Angle(Deg)'],
];

const numberOf = (value: number | string | null | undefined) =>
  typeof value === 'number' ? value : Number.NaN;

/** A value of an auxiliary channel: number of the record, index and kind of the channel. */
type AuxiliaryValue = [point: number, index: number, type: number, value: number];

/** Auxiliary values by test. */
function auxiliaryValues(database: JetDatabase): Map<number, AuxiliaryValue[]> {
  const byTest = new Map<number, AuxiliaryValue[]>();
  const table = database.table('Auxiliary_Table');
  if (table === undefined || table.rowCount === 0) return byTest;
  const wanted = ['Test_ID', 'Data_Point', 'Auxiliary_Index', 'Data_Type', 'X'];
  for (const row of database.rows(table, wanted)) {
    const [test, ...value] = row.map(numberOf);
    const known = byTest.get(test!);
    if (known === undefined) byTest.set(test!, [value as AuxiliaryValue]);
    else known.push(value as AuxiliaryValue);
  }
  return byTest;
}

/** Auxiliary values of a test by channel: `Aux_Voltage_1(V)`. The text of the unit decides what they are. */
function auxiliaryColumns(
  database: JetDatabase,
  auxiliary: readonly AuxiliaryValue[],
  place: ReadonlyMap<number, number>,
): RecordColumn[] {
  if (auxiliary.length === 0) return [];
  const described = database.table('Aux_Global_Data_Table');
  const units = new Map<string, string>();
  if (described !== undefined) {
    const wanted = ['Auxiliary_Index', 'Data_Type', 'Unit'];
    for (const [index, type, unit] of database.rows(described, wanted))
      units.set(`${type}/${index}`, String(unit ?? ''));
  }
  const columns = new Map<string, Float64Array>();
  for (const [point, index, type, value] of auxiliary) {
    const at = place.get(point);
    if (at === undefined) continue;
    const unit = units.get(`${type}/${index}`) ?? (type === 0 ? 'V' : type === 1 ? 'C' : '');
    const kind = /^m?V$/i.test(unit) ? 'Voltage' : /^.?C$/i.test(unit) ? 'Temperature' : `Type${type}`;
    const name = `Aux_${kind}_${index + 1}(${unit})`;
    let values = columns.get(name);
    if (values === undefined) {
      values = new Float64Array(place.size).fill(Number.NaN);
      columns.set(name, values);
    }
    values[at] = value;
  }
  return [...columns].map(([name, values]) => ({ name, values }));
}

interface ArbinTest {
  channel: string | undefined;
  startedAt: string | undefined;
}

function testFacts(database: JetDatabase): Map<number, ArbinTest> {
  const facts = new Map<number, ArbinTest>();
  const table = database.table('Global_Table');
  if (table === undefined) return facts;
  const wanted = ['Test_ID', 'Channel_Index', 'Start_DateTime'];
  for (const [id, channel, start] of database.rows(table, wanted)) {
    if (typeof id !== 'number') continue;
    facts.set(id, {
      // Counted from 0 in the file, but from 1 on the tester.
      channel: typeof channel === 'number' ? String(channel + 1) : undefined,
      startedAt: typeof start === 'number' ? dayNumberText(start) : undefined,
    });
  }
  return facts;
}

/** The tests of a database, with the records of each in the order of their numbers. */
function testsOf(database: JetDatabase, table: JetTable): RecordTable[] {
  const there = columnNames.filter(([name]) => table.columns.some((column) => column.name === name));
  const rows = database.rows(table, ['Test_ID', ...there.map(([name]) => name)]);
  const byTest = new Map<number, (number | string | null)[][]>();
  for (const row of rows) {
    const test = numberOf(row[0]);
    const known = byTest.get(test);
    if (known === undefined) byTest.set(test, [row]);
    else known.push(row);
  }
  const facts = testFacts(database);
  const auxiliary = auxiliaryValues(database);
  const pointAt = there.findIndex(([name]) => name === 'Data_Point') + 1;
  return [...byTest]
    .sort(([a], [b]) => a - b)
    .map(([test, own]) => {
      own.sort((a, b) => numberOf(a[pointAt]) - numberOf(b[pointAt]));
      const place = new Map(own.map((row, index) => [numberOf(row[pointAt]), index]));
      const columns = there.map(([name, shown], index): RecordColumn => {
        const values = Float64Array.from(own, (row) => numberOf(row[index + 1]));
        return name === 'DateTime'
          ? { name: shown, values: values.map(dayNumberTime), stands: { for: 'clock', text: instantText } }
          : { name: shown, values };
      });
      columns.push(...auxiliaryColumns(database, auxiliary.get(test) ?? [], place));
      const about = byTest.size > 1 ? [`Test: ${test}`] : [];
      return { columns, count: own.length, facts: { ...facts.get(test), about } };
    });
}

/**
 * Reads a `.res` file.
 *
 * @throws ContainerRefusal where it cannot be read
 */
export function readRes(file: Buffer): RecordFile {
  const database = new JetDatabase(file);
  const table = database.table(records);
  if (table === undefined) {
    const names = [...database.tables.keys()].filter((name) => !name.startsWith('MSys'));
    throw new ContainerRefusal(
      `an Access database, but not an Arbin result file; tables found: ${names.slice(0, 12).join(', ')}`,
    );
  }
  const tables = testsOf(database, table);
  if (tables.length > 0) return { tables, notes: [] };
  const columns = columnNames.map(([, name]) => ({ name, values: new Float64Array(0) }));
  return { tables: [{ columns, count: 0, facts: { about: [] } }], notes: [] };
}
