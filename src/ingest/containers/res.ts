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

/** Numbers of the rows of each test, in their order in the database. */
function rowsByTest(tests: Float64Array): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < tests.length; row++) {
    const own = rows.get(tests[row]!);
    if (own === undefined) rows.set(tests[row]!, [row]);
    else own.push(row);
  }
  return rows;
}

/** Values of auxiliary channels, of all tests. */
interface Auxiliary {
  byTest: ReadonlyMap<number, number[]>;
  /** Number of the record, index and kind of the channel, value. */
  columns: Float64Array[];
  /** Units by kind and index. */
  units: ReadonlyMap<string, string>;
}

function auxiliaryOf(database: JetDatabase): Auxiliary | undefined {
  const table = database.table('Auxiliary_Table');
  if (table === undefined || table.rowCount === 0) return undefined;
  const wanted = ['Test_ID', 'Data_Point', 'Auxiliary_Index', 'Data_Type', 'X'];
  const [tests, ...columns] = database.numbers(table, wanted);
  const units = new Map<string, string>();
  const described = database.table('Aux_Global_Data_Table');
  if (described !== undefined) {
    const names = ['Auxiliary_Index', 'Data_Type', 'Unit'];
    for (const [index, type, unit] of database.rows(described, names))
      units.set(`${type}/${index}`, String(unit ?? ''));
  }
  return { byTest: rowsByTest(tests!), columns, units };
}

/** Auxiliary values of a test by channel: `Aux_Voltage_1(V)`. The text of the unit decides what they are. */
function auxiliaryColumns(
  { byTest, columns: [points, indexes, types, values], units }: Auxiliary,
  test: number,
  place: ReadonlyMap<number, number>,
): RecordColumn[] {
  const columns = new Map<string, Float64Array>();
  for (const row of byTest.get(test) ?? []) {
    const at = place.get(points![row]!);
    if (at === undefined) continue;
    const [type, index] = [types![row]!, indexes![row]!];
    const unit = units.get(`${type}/${index}`) ?? (type === 0 ? 'V' : type === 1 ? 'C' : '');
    const kind = /^m?V$/i.test(unit) ? 'Voltage' : /^.?C$/i.test(unit) ? 'Temperature' : `Type${type}`;
    const name = `Aux_${kind}_${index + 1}(${unit})`;
    let column = columns.get(name);
    if (column === undefined) {
      column = new Float64Array(place.size).fill(Number.NaN);
      columns.set(name, column);
    }
    column[at] = values![row]!;
  }
  return [...columns].map(([name, column]) => ({ name, values: column }));
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
  const [tests, ...columns] = database.numbers(table, ['Test_ID', ...there.map(([name]) => name)]);
  const byTest = rowsByTest(tests!);
  const facts = testFacts(database);
  const auxiliary = auxiliaryOf(database);
  const points = columns[there.findIndex(([name]) => name === 'Data_Point')];
  return [...byTest]
    .sort(([a], [b]) => a - b)
    .map(([test, rows]) => {
      const pointOf = (row: number) => points?.[row] ?? Number.NaN;
      rows.sort((a, b) => pointOf(a) - pointOf(b));
      const own = there.map(([name, shown], at): RecordColumn => {
        const values = Float64Array.from(rows, (row) => columns[at]![row]!);
        return name === 'DateTime'
          ? { name: shown, values: values.map(dayNumberTime), stands: { for: 'clock', text: instantText } }
          : { name: shown, values };
      });
      if (auxiliary !== undefined) {
        const place = new Map(rows.map((row, index) => [pointOf(row), index]));
        own.push(...auxiliaryColumns(auxiliary, test, place));
      }
      const about = byTest.size > 1 ? [`Test: ${test}`] : [];
      return { columns: own, count: rows.length, facts: { ...facts.get(test), about } };
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
