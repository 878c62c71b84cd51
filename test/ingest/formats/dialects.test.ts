import { describe, expect, it } from 'vitest';
import { measurementsOf, readWritten } from '../written-export.js';

/** Dialects that only a description shows: each header as described, with two rows whose meaning is known. */

interface Dialect {
  id: string;
  text: string;
  /** Expected values of the second record. */
  second: Record<string, number | string>;
}

const rows = (header: string, ...records: string[]) => `${[header, ...records].join('\n')}\n`;

const dialects: Dialect[] = [
  {
    id: 'arbin-csv',
    text: rows(
      'Data_Point,Test_Time(s),Step_Time(s),Date_Time,Step_Index,Cycle_Index,Current(A),Voltage(V),Charge_Capacity(Ah),Discharge_Capacity(Ah),Charge_Energy(Wh),Discharge_Energy(Wh),dV/dt(V/s),Internal_Resistance(Ohm),Is_FC_Data,AC_Impedance(Ohm),ACI_Phase_Angle(Deg)',
      '1,0.5,0.5,05/25/2024 10:00:00,1,1,0,3.5,0,0,0,0,0,0,0,0,0',
      '2,60.5,60.5,05/25/2024 10:01:00,1,1,-0.1,3.4,0,0.0016,0,0.005,0,0,0,0,0',
    ),
    second: {
      test_time_second: 60.5,
      current_ampere: -0.1,
      discharging_capacity_ah: 0.0016,
      vendor_cycle_count: 1,
    },
  },
  {
    id: 'arbin-csv',
    text: rows(
      'Test_ID,Channel_ID,Date_Time,Data_Point,Test_Time (min),Step_Time (min),Cycle_ID,Step_ID,Current (mA),Voltage (mV),Charge_Capacity (mAh),Discharge_Capacity (mAh),Charge_Energy (mWh),Discharge_Energy (mWh),Data_Flags',
      '7,3,16139582150000000,1,0,0,1,2,0,3500,0,0,0,0,0',
      '7,3,16139582750000000,2,1,1,1,2,100,3600,1.6,0,6,0,0',
    ),
    second: {
      test_time_second: 60,
      current_ampere: 0.1,
      voltage_volt: 3.6,
      charging_capacity_ah: 0.0016,
      charging_energy_wh: 0.006,
      unix_time_second: 1613958275,
    },
  },
  {
    id: 'maccor-text',
    text: rows(
      'Rec#\tCyc#\tStep\tTest Time (Hr)\tStep Time (Hr)\tCapacity (AHr)\tEnergy (WHr)\tCurrent [A]\tVoltage [V]\tMD\tES\tDPT',
      '1\t0\t1\t0\t0\t0\t0\t0\t3.5\tR\t0\t01/20/2026 09:15:00',
      '2\t0\t2\t0.5\t0.5\t0.05\t0.18\t0.1\t3.6\tC\t1\t01/20/2026 09:45:00',
    ),
    second: {
      test_time_second: 1800,
      charging_capacity_ah: 0.05,
      charging_energy_wh: 0.18,
      current_ampere: 0.1,
    },
  },
  {
    id: 'neware-older',
    text: rows(
      'Record ID,Cycle ID,Step ID,Time(h:min:s.ms),Realtime,Current(mA),Voltage(V),Capacitance_Chg(mAh),Capacitance_DChg(mAh),Engy_Chg(mWh),Engy_DChg(mWh),Temperature(C),DCIR(O),Power(mW),dQ/dV(mAh/V)',
      '1,1,1,00:00:00.500,1970-01-01 08:00:00,0,3.5,0,0,0,0,25,0,0,0',
      '2,1,1,00:01:00.500,2020-05-18 16:28:52,100,3.6,1.6,0,6,0,25.5,0,0,0',
    ),
    second: {
      test_time_second: 60.5,
      current_ampere: 0.1,
      charging_capacity_ah: 0.0016,
      charging_energy_wh: 0.006,
      ambient_temperature_celsius: 25.5,
    },
  },
  {
    id: 'neware-older',
    text: rows(
      'Record number,Cycle ID,Step ID,Status,Relative Time(h:min:s.ms),Real Time(h:min:s.ms),Voltage(V),Cur(mA),CapaCity(mAh),Energy(mWh)',
      '1,1,1,Rest,0:00:00.000,2020-05-18 16:28:52,3.5,0,0,0',
      '2,1,2,CC_Chg,0:00:30.000,2020-05-18 16:29:22,3.6,100,0.8,3',
    ),
    second: {
      voltage_volt: 3.6,
      current_ampere: 0.1,
      vendor_step_type: 'CC_Chg',
      charging_capacity_ah: 0.0008,
    },
  },
  {
    id: 'repower-csv',
    text: rows(
      'Cycle ID,Step ID,Record ID,Step State,Relative Time(Hour),System Time,Voltage(V),Current(A),Capacity(Ah),Energy(Wh),MTV1',
      '1,1,1,Rest,0,2021-03-01 10:00:00,3.5,0,0,0,25',
      '1,2,2,CC Charge,0.5,2021-03-01 10:30:00,3.6,0.2,0.1,0.36,26',
    ),
    second: {
      test_time_second: 1800,
      current_ampere: 0.2,
      charging_capacity_ah: 0.1,
      ambient_temperature_celsius: 26,
      vendor_cycle_count: 1,
    },
  },
  {
    id: 'landt-text',
    text: rows(
      'Rec#\tCyc#\tStep\tTest(Sec)\tStep(Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt-Time',
      '1\t0\t1\t0\t0\t0\t0\t0\t3.5\tR\t0\t2024-04-30 14:33:19',
      '2\t0\t2\t60\t10\t0.001\t0.003\t0.1\t3.6\tC\t1\t2024-04-30 14:34:19',
    ),
    second: { test_time_second: 60, charging_capacity_ah: 0.001, step_id: '2', current_ampere: 0.1 },
  },
  {
    id: 'landt-table',
    text: rows(
      'Record\tCycle-Index\tStep-Index\tTestTime/Sec\tStepTime/Sec\tVoltage/V\tCurrent/mA\tCapacity/mAh\tSysTime',
      '1\t1\t1\t0\t0\t3.5\t0\t0\t2024-04-30 14:33:19',
      '2\t1\t2\t60\t10\t3.6\t100\t0.28\t2024-04-30 14:34:19',
    ),
    second: {
      test_time_second: 60,
      current_ampere: 0.1,
      charging_capacity_ah: 0.00028,
      vendor_cycle_count: 1,
    },
  },
  {
    id: 'landt-table',
    text: rows(
      '记录\t循环\t步骤\t测试时间/Sec\t步骤时间/Sec\t电压/V\t电流/mA\t容量/mAh\t系统时间',
      '1\t1\t1\t0\t0\t3.5\t0\t0\t2024-04-30 14:33:19',
      '2\t1\t2\t60\t10\t3.6\t-100\t0.28\t2024-04-30 14:34:19',
    ),
    second: { test_time_second: 60, current_ampere: -0.1, discharging_capacity_ah: 0.00028, step_id: '2' },
  },
  {
    id: 'novonix-csv',
    text: rows(
      '[Summary]',
      'Novonix HPC data file',
      'Started: 2022-04-11 10:58:07 AM',
      '[End Summary]',
      '[Protocol]',
      '[0: Open_circuit_storage:]',
      '[End Protocol]',
      '[Data]',
      'Date and Time,Cycle #,Step #,Runtime (h), Step Time (h),Current (A),Voltage (V),Net Capacity (Ah),Temperature (C)',
      '4/11/2022 10:58:07 AM,1,1,0,0,0.1,3.5,0,25',
      '4/11/2022 11:28:07 AM,1,1,0.5,0.5,0.1,3.6,0.05,25.5',
      '4/11/2022 11:29:07 AM,1,1,0.51,0,-0.1,3.5,0.05,25.5',
    ),
    second: {
      test_time_second: 1800,
      vendor_step_type: '1',
      net_capacity_ah: 0.05,
      voltage_volt: 3.6,
      ambient_temperature_celsius: 25.5,
    },
  },
  {
    id: 'pec-csv',
    text: rows(
      'Test:,7',
      'Test,Cell,Rack,Shelf,Position,Cell ID,Step,Cycle,Total Time (Decimal Hours),Step Time (Minutes),Real Time,Voltage (uV),Current (uA),Charge Capacity (Ah),Discharge Capacity (Ah),ReasonCode,',
      '7,1,R,1,1,C1,0,0,0,0,01/20/2026 09:15:00,3500000,0,0,0,1,',
      '7,1,R,1,1,C1,0,0,0.5,30,01/20/2026 09:45:00,3600000,100000,0.05,0,1,',
    ),
    second: { test_time_second: 1800, voltage_volt: 3.6, current_ampere: 0.1, charging_capacity_ah: 0.05 },
  },
  {
    id: 'basytec-text',
    text: rows(
      '~Resultfile from Basytec Battery Test System',
      '~Start of Test: 19.06.2023 17:56:53',
      '~Time[h:min:s]\tDataSet\tLine\tCommand\tVoltage[V]\tCurrent[A]\tAh[Ah]\tTemp[°C]\tCyc-Count',
      '0:00:00.0\t1\t3\tPause\t3.5\t0\t0\t25\t0',
      '0:01:00.5\t2\t4\tCharge\t3.6\t0.1\t0.0016\t25.5\t1',
    ),
    second: {
      test_time_second: 60.5,
      voltage_volt: 3.6,
      net_capacity_ah: 0.0016,
      ambient_temperature_celsius: 25.5,
    },
  },
  {
    id: 'basytec-blanks',
    text: rows(
      '~Resultfile from Basytec Battery Test System',
      '~Start of Test: 19.06.2023 17:56:53',
      '~Time[h]  DataSet  t-Step[h]  Line  Command  U[V]  I[A]  Ah[Ah]',
      '0.0    1  0.0  3  Pause   3.5  0.0  0.0',
      '0.5    2  0.5  3  Charge  3.6  0.1  0.05',
    ),
    second: { test_time_second: 1800, voltage_volt: 3.6, net_capacity_ah: 0.05, vendor_step_type: 'Charge' },
  },
  {
    id: 'basytec-processed-csv',
    text: rows(
      'run_time,c_vol,c_cur,c_surf_temp,amb_temp,step_type',
      '0:00:00.000,3.5,0,25,24,Pause',
      '0:01:00.500,3.6,0.1,25.5,24.5,Charge',
    ),
    second: {
      test_time_second: 60.5,
      voltage_volt: 3.6,
      current_ampere: 0.1,
      ambient_temperature_celsius: 24.5,
    },
  },
  {
    id: 'digatron-csv',
    text: rows(
      'Prüfling;Zelle 4',
      'Schritt Nr.;Zustand;Zeitstempel;Progr. Zeit;Schritt Zeit;Zyklus;Spannung;Strom;AhAkku;T_Batt',
      ';;;;;;[V];[A];[Ah];[°C]',
      '1;PAU;20.01.2026 09:15:00;00:00:00;00:00:00;1;3,5;0;0;25',
      '2;LAD;20.01.2026 09:45:00;00:30:00;00:30:00;1;3,6;0,1;0,05;25,5',
    ),
    second: {
      test_time_second: 1800,
      voltage_volt: 3.6,
      current_ampere: 0.1,
      net_capacity_ah: 0.05,
      ambient_temperature_celsius: 25.5,
      step_id: '2',
    },
  },
  {
    id: 'bdf-csv',
    text: rows(
      'Test Time / ms,Unix Time / ms,Voltage / mV,Current / mA,Charge Capacity / Ah,Discharge Capacity / Ah',
      '0,1613958215000,3500,0,0,0',
      '60500,1613958275500,3600,100,0.0016,0',
    ),
    second: {
      test_time_second: 60.5,
      unix_time_second: 1613958275.5,
      voltage_volt: 3.6,
      charging_capacity_ah: 0.0016,
    },
  },
  {
    id: 'bdf-csv',
    text: rows(
      'test_time_second,voltage_volt,current_ampere,date_time',
      '0,3.5,0,2021-02-22 01:43:35.500+00:00',
      '60.5,3.6,0.1,2021-02-22 01:44:36.000+00:00',
    ),
    second: { test_time_second: 60.5, unix_time_second: 1613958276, voltage_volt: 3.6 },
  },
  {
    id: 'biologic-bare',
    text: rows(
      'mode\tox/red\terror\ttime/s\tEcell/V\t<I>/mA\tQ charge/mA.h\tQ discharge/mA.h\tcycle number\t',
      '3\t0\t0\t0\t3.5\t0\t0\t0\t0\t',
      '1\t1\t0\t60\t3.6\t100\t1.6\t0\t0\t',
    ),
    second: { test_time_second: 60, voltage_volt: 3.6, current_ampere: 0.1, charging_capacity_ah: 0.0016 },
  },
  {
    id: 'biologic-csv',
    text: rows(
      'time_s,Ecell_V,Ewe_V,I_mA,QCharge_mA_h,QDischarge_mA_h,EnergyCharge_W_h,Temperature__C,cycleNumber',
      '0,3.5,3.4,0,0,0,0,25,0',
      '60,3.6,3.5,100,1.6,0,0.006,25.5,0',
    ),
    second: {
      voltage_volt: 3.6,
      current_ampere: 0.1,
      charging_capacity_ah: 0.0016,
      charging_energy_wh: 0.006,
      ambient_temperature_celsius: 25.5,
    },
  },
  {
    id: 'beep-csv',
    text: rows(
      'data_point,cycle_index,step_index,test_time,step_time,current,voltage,charge_capacity,discharge_capacity,charge_energy,discharge_energy,date_time_iso',
      '0,1,1,0,0,0,3.5,0,0,0,0,2020-01-01T00:00:00+00:00',
      '1,1,1,60,60,0.1,3.6,0.0016,0,0.006,0,2020-01-01T00:01:00+00:00',
    ),
    second: {
      test_time_second: 60,
      current_ampere: 0.1,
      charging_capacity_ah: 0.0016,
      unix_time_second: 1577836860,
    },
  },
  {
    id: 'pybamm-csv',
    text: rows('Time [s],Voltage [V],Current [A],Discharge capacity [A.h]', '0,3.6,5,0', '360,3.5,5,0.5'),
    second: { test_time_second: 360, current_ampere: -5, net_capacity_ah: -0.5, voltage_volt: 3.5 },
  },
  ...[
    'Time[s],Voltage[V],Current[A],Temperature[°C]',
    'time /s;E /V;I /mA;T /K',
    't_s,U_V,I_A,T_C',
    'TestTime(s)\tPotential(V)\tCurrent(A)\tTemp(C)',
    'time__s,voltage__V,current__A,temperature__C',
    '# Time (h), <V>/V, I/A, Temperature [K]',
  ].map((header): Dialect => {
    const delimiter = /[;\t,]/.exec(header.replace('# ', ''))![0];
    const current = header.includes('I /mA') ? '100' : '0.1';
    const temperature = header.includes('K') ? '298.15' : '25';
    const time = header.includes('(h)') ? '0.5' : '1800';
    const record = (first: string) => [first, '3.6', current, temperature].join(delimiter);
    return {
      id: 'generic-csv',
      text: rows(header, record('0'), record(time)),
      second: {
        test_time_second: 1800,
        voltage_volt: 3.6,
        current_ampere: 0.1,
        ambient_temperature_celsius: 25,
      },
    };
  }),
];

describe('described dialects', () => {
  it.each(
    dialects.map(
      (dialect) =>
        [dialect.id, dialect.text.split('\n').find((line) => /[VU]/.test(line))!, dialect] as const,
    ),
  )('%s: %s', async (id, _header, dialect) => {
    const read = await readWritten(dialect.text);
    expect(read.sniffed.recognition.format.id).toBe(id);
    expect(read.loaded.rejects).toEqual([]);
    expect(read.sniffed.tables[0]!.unknown.map(({ text }) => text)).toEqual([]);
    const second = (await measurementsOf(read))[1]!;
    for (const [key, expected] of Object.entries(dialect.second)) {
      if (typeof expected === 'number') expect(second[key], key).toBeCloseTo(expected, 9);
      else expect(second[key], key).toBe(expected);
    }
  });

  it('takes a table of cycles for no time series', async () => {
    const text = rows(
      'Cycle_Index,Test_Time(s),Current(A),Voltage(V),Charge_Capacity(Ah),Discharge_Capacity(Ah),Charge_Energy(Wh),Discharge_Energy(Wh),Internal_Resistance(Ohm),Charge_Time(s),DisCharge_Time(s),Vmax_On_Cycle(V),Date_Time',
      '1,7200,0,3.5,1.1,1.05,4,3.9,0,3600,3500,4.2,01/02/2020 10:00:00',
    );
    const read = await readWritten(text);
    expect(read.sniffed.recognition.format.id).toBe('arbin-cycles');
    expect(await read.rows('SELECT * FROM vendor_cycles')).toMatchObject([
      {
        vendor_cycle_count: 1,
        charging_capacity_ah: 1.1,
        discharging_capacity_ah: 1.05,
        maximum_voltage_volt: 4.2,
      },
    ]);
    expect(await measurementsOf(read)).toEqual([]);
  });

  it('opens a step where the step time starts again and no column numbers steps', async () => {
    const { text } = dialects.find(({ id }) => id === 'novonix-csv')!;
    const found = await measurementsOf(await readWritten(text));
    expect(found.map(({ step_count }) => step_count)).toEqual([1, 1, 2]);
  });
});
