import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats } from '../../../src/ingest/formats/index.js';
import { planTables } from '../../../src/ingest/sniff/plan.js';
import { recognise } from '../../../src/ingest/sniff/recognise.js';
import { sniffFile } from '../../../src/ingest/sniff/sniff.js';
import { hasRealData, realData, sayIfAbsent } from '../../shared-data.js';

function planOf(...lines: string[]) {
  const head = { lines, isWhole: true };
  const [plan] = planTables(recognise(head, formats)!, head);
  return plan!;
}

const described = (...lines: string[]) =>
  planOf(...lines).auxiliary.map(({ name, unit, kind }) => [name, unit, kind]);

/** A plain table with one more column. */
const plain = (header: string, values = ['1', '2', '3']) =>
  described(
    `time (s);voltage (V);current (A);${header}`,
    ...values.map((value, at) => `${at};3.${at};0.1;${value}`),
  );

describe('what a column without a role is', () => {
  it.each([
    ['Thermocouple 2 (°C)', 'Thermocouple 2', '°C', 'temperature'],
    ['T_tab [K]', 'T_tab', 'K', 'temperature'],
    ['Aux_Temperature_3 (C)', 'Aux_Temperature_3', 'C', 'temperature'],
    ['Temperature (C)_4', 'Temperature_4', 'C', 'temperature'],
    ['V_ref [mV]', 'V_ref', 'mV', 'voltage'],
    ['Stack pressure (kPa)', 'Stack pressure', 'kPa', 'pressure'],
    ['Pressure_Psi', 'Pressure', 'Psi', 'pressure'],
    ['Clamping force (N)', 'Clamping force', 'N', 'force'],
    ['Rel. humidity (%)', 'Rel. humidity', '%', 'humidity'],
    ['DCIR/Ohms', 'DCIR', 'Ohms', 'resistance'],
    ['dT/dt (C/s)', 'dT/dt', 'C/s', 'other'],
    ['Heat flow (mW)', 'Heat flow', 'mW', 'other'],
    ['Gas counter', 'Gas counter', undefined, 'other'],
  ])('%s', (header, ...wanted) => {
    expect(plain(header)).toEqual([wanted]);
  });

  it('a column of words is none, and one of which nothing is known but its name', () => {
    expect(plain('Remark', ['1', 'pause', '3'])).toEqual([]);
    expect(plain('Remark', ['', '', ''])).toEqual([]);
  });

  it('a sensor that begins later than the first rows is one', () => {
    expect(plain('Thermocouple (°C)', ['', '', ''])).toEqual([['Thermocouple', '°C', 'temperature']]);
  });

  it('a unit may stand in a column of its own behind it, and the number of a channel is none', () => {
    const columns =
      'Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tAux #1\t Units';
    const row = '1\t0\t1\t  0d 00:00:0\t  0d 00:00:0\t0\t0\t0\t3.4\tR\t0\t12/11/2020 12:22:12\t25.4\t C  ';
    expect(described("Today's Date:\t1\tDate of Test:\t12/11/2020", columns, row)).toEqual([
      ['Aux #1', 'C', 'temperature'],
    ]);
  });
});

describe('what a person is told of', () => {
  const unknown = (header: string) =>
    planOf(
      `Data Point,Date Time,Test Time (s),Step Index,Cycle Index,Current (A),Voltage (V),Charge Capacity (Ah),${header}`,
      '1,01/02/2024 10:00:00,0,1,1,1,3,0,7',
      '2,01/02/2024 10:00:10,10,1,1,1,3,0,8',
    );

  it('a column that is kept is not new in its format', () => {
    expect(unknown('Gas flow (ml/min)')).toMatchObject({ unknown: [], unmapped: [] });
  });

  it('but one that looks like a role which nothing fills is told', () => {
    expect(unknown('Dischrg Capacity (Ah)').unknown).toEqual([
      { text: 'Dischrg Capacity (Ah)', nearest: 'Discharge Capacity', isKept: true },
    ]);
  });

  it('flags and what can be computed are left out, as the format declares', () => {
    expect(unknown('Power (W),dV/dt (V/s),Is_FC_Data').auxiliary).toEqual([]);
  });
});

describe('a cell with a reference electrode', () => {
  const eclab = (columns: string) => {
    const names = columns.split(',');
    return planOf(
      'EC-Lab ASCII FILE',
      'Nb header lines : 3',
      names.join('\t'),
      names.map((_, at) => at).join('\t'),
    );
  };
  const voltage = (columns: string) => {
    const { mapping, auxiliary } = eclab(columns);
    const { field, minus } = mapping.get('voltage_volt')!;
    return [field.text, minus?.field.text, ...auxiliary.map(({ name }) => name)];
  };

  it.each([
    ['time/s,Ecell/V,I/mA,Ewe/V,Ece/V', ['Ecell/V', undefined, 'Ewe', 'Ece']],
    ['time/s,Ewe/V,Ece/V,Ewe-Ece/V,I/mA', ['Ewe-Ece/V', undefined, 'Ewe', 'Ece']],
    ['time/s,Ewe/V,I/mA,Ece/V', ['Ewe/V', 'Ece/V', 'Ewe', 'Ece']],
    ['time/s,<Ewe>/V,I/mA,<Ece>/V', ['<Ewe>/V', '<Ece>/V', '<Ewe>', '<Ece>']],
    ['time/s,Ewe/V,I/mA', ['Ewe/V', undefined]],
  ])('%s', (columns, wanted) => {
    expect(voltage(columns)).toEqual(wanted);
  });

  it.each([
    ['E_WE (V);E_CE (V)', ['E_WE (V)', 'E_CE (V)']],
    ['Cathode potential (V);Anode potential (V)', ['Cathode potential (V)', 'Anode potential (V)']],
    ['Voltage (V);WE potential (V);CE potential (V)', ['Voltage (V)', undefined]],
  ])('in a plain table: %s', (columns, wanted) => {
    const values = columns.split(';').map((_, at) => String(3 - at));
    const { mapping, auxiliary } = planOf(
      `time (s);current (A);${columns}`,
      ...[0, 1, 2].map((at) => `${at};0.1;${values.join(';')}`),
    );
    const { field, minus } = mapping.get('voltage_volt')!;
    expect([field.text, minus?.field.text]).toEqual(wanted);
    expect(auxiliary).toHaveLength(2);
  });

  it('one electrode alone is no voltage of a cell', () => {
    const lines = ['time (s);current (A);WE potential (V)', '0;0.1;3.1', '1;0.1;3.2'];
    expect(recognise({ lines, isWhole: true }, formats)).toBeUndefined();
  });
});

describe("the reference of a voltage that is one electrode's", () => {
  const named = (line: string, columns = 'time/s\tEwe/V\t<I>/mA', volt = '1,5') =>
    planOf(
      'EC-Lab ASCII FILE',
      'Nb header lines : 4',
      line,
      columns,
      `0\t${volt}\t1\t0.2`,
      `1\t${volt}\t1\t0.2`,
    ).reference?.name;

  it.each([
    ['Reference electrode : Ag/AgCl / KCl (3.5M) (0.205 V)', 'Ag/AgCl / KCl (3.5M) (0.205 V)'],
    ['Reference electrode : Li+/Li (-3.020 V)', 'Li+/Li (-3.020 V)'],
    ['Reference electrode : (unspecified)', undefined],
    ['Reference electrode : counter electrode', undefined],
    ['Electrode connection : standard', undefined],
  ])('%s', (line, wanted) => {
    expect(named(line)).toBe(wanted);
  });

  it('is none where the voltage of the cell, or both potentials, are written', () => {
    const line = 'Reference electrode : Li+/Li (-3.020 V)';
    expect(named(line, 'time/s\tEcell/V\t<I>/mA\tEwe/V')).toBeUndefined();
    expect(named(line, 'time/s\tEwe-Ece/V\t<I>/mA\tEwe/V')).toBeUndefined();
    expect(named(line, 'time/s\tEwe/V\t<I>/mA\tEce/V')).toBeUndefined();
    expect(named(line, 'time/s\tEwe/V\t<I>/mA\tfreq/Hz')).toBe(undefined);
    expect(named(line, 'time/s\tEwe/V\t<I>/mA\tNs')).toBe('Li+/Li (-3.020 V)');
  });

  it('that EC-Lab names where nobody chose one is told from one that was chosen', () => {
    const line = 'Reference electrode : SCE Saturated Calomel Electrode (0.241 V)';
    const plan = (volt: string) =>
      planOf('EC-Lab ASCII FILE', 'Nb header lines : 4', line, 'time/s\tEwe/V\t<I>/mA', `0\t${volt}\t1`);
    expect(plan('3.7').reference).toMatchObject({ isByDefault: true });
    expect(plan('0.7').reference).toMatchObject({ isByDefault: false });
  });

  it.each([
    ['Potential (V vs. Ag/AgCl)', 'Ag/AgCl'],
    ['E (V vs Li/Li+)', 'Li/Li+'],
    ['Potential [V vs. Ref.]', undefined],
    ['Voltage (V)', undefined],
    ['Cell voltage (V vs. Li)', undefined],
  ])('in the header: %s', (header, wanted) => {
    const { reference } = planOf(`time (s);current (A);${header}`, '0;0.1;3.1', '1;0.1;3.2');
    expect(reference?.name).toBe(wanted);
  });

  it('in the head of a plain table counts for a potential, not for a voltage', () => {
    const of = (header: string) =>
      planOf('# Reference electrode: Ag/AgCl', `time (s);current (A);${header}`, '0;0.1;1.1', '1;0.1;1.2');
    expect(of('Potential (V)').reference?.name).toBe('Ag/AgCl');
    expect(of('Voltage (V)').reference).toBeUndefined();
  });
});

sayIfAbsent(hasRealData, 'exports with sensors');
describe.skipIf(!hasRealData)('in recorded exports (needs shared data)', () => {
  it.each([
    [
      'landt/SINTEF__LiGrR2032__2024-04-30__25degC__Landt.csv',
      ['Pressure Psi', 'temperature_2 C', 'temperature_3 C'],
    ],
    ['batteryarchive/CALCE_CX2-33_prism_LCO_25C_0-100_0.5-0.5C_d_timeseries.csv', ['Cell_Temperature C']],
    ['novonix/sample_data_novonix.csv', ['Circuit Temperature °C']],
    ['arbin/sample_data_arbin.csv', ['ACR Ohm', 'Internal Resistance Ohm']],
    ['bad/wait.mpt', ['Ewe V', 'Ece V']],
    ['biologic/vsp_ocv_with.mpt', ['Analog IN 1 V', 'Analog IN 2 V']],
    ['biologic/bcd.issue_241.mpt', []],
  ])('%s', async (name, wanted) => {
    const sniffed = await sniffFile(join(realData, name));
    if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
    expect(sniffed.tables[0]!.auxiliary.map(({ name, unit }) => `${name} ${unit}`)).toEqual(wanted);
  });

  it('maccor/maccor_001.txt: sixteen thermocouples', async () => {
    const sniffed = await sniffFile(join(realData, 'maccor', 'maccor_001.txt'));
    if (sniffed.kind !== 'readable') throw new Error(sniffed.refusal.message);
    const temperatures = sniffed.tables[0]!.auxiliary.filter(
      ({ kind, unit }) => kind === 'temperature' && unit === 'C',
    );
    expect(temperatures).toHaveLength(16);
  });
});
