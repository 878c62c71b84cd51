import { defineFormat, described } from './definition.js';
import { stateWords } from './states.js';

const units = { time: 's', current: 'A', voltage: 'V', charge: 'Ah', energy: 'Wh', temperature: '°C' };
/** Single letters are compared letter by letter: `t` is a time, `T` a temperature. */
const letters = (...names: string[]) => names.map((name) => ({ name, exact: true, assumed: true }));

/** What may come before or after the name of a quantity without changing it: `Cell Current`, `Voltage_measured`. */
const ofTheCell =
  'cell|battery|batt?|applied|measured|meas|main|test|actual|sample|ist|zell(?:en)?|gemessene[rs]?';

/** Names of a quantity, with a word that refers to the cell. */
const named = (...names: string[]) =>
  [`(?:${ofTheCell})[ _-]*(?:${names.join('|')})`, `(?:${names.join('|')})[ _-]+(?:${ofTheCell})`].map(
    (pattern) => ({ name: new RegExp(`^${pattern}$`, 'iu'), assumed: true as const }),
  );

/** The potential of one electrode against a reference: `E_WE`, `Working electrode potential`, `Anode vs. Li/Li+`. */
const potentialOf = (electrode: string) => [
  {
    name: new RegExp(
      `^(?:(?:[euv]|potential|voltage)[ _-]+(?:${electrode})(?:[ _-]*electrode)?|` +
        `(?:${electrode})(?:[ _-]*electrode)?[ _-]*(?:potential|voltage|(?=vs)))(?:[ _-]*vs?\\b.*)?$`,
      'i',
    ),
    assumed: true as const,
  },
];

/** Structured tables of BEEP: Arbin's names in lower case. */
export const beepCsv = defineFormat({
  id: 'beep-csv',
  vendor: 'BEEP',
  title: 'BEEP structured table',
  evidence: 'described',
  kind: 'timeseries',
  recognise: {
    header: [[/^test_time$/], [/^cycle_index$/], [/^(voltage|current)$/], [/^(charge|discharge)_capacity$/]],
    without: ['channel_index'],
  },
  defaultUnits: units,
  columns: {
    vendor_record_index: described('data_point'),
    vendor_cycle_count: described('cycle_index'),
    step_id: described('step_index'),
    test_time_second: described('test_time'),
    step_time_second: described('step_time'),
    date_time: described('date_time_iso', 'date_time'),
    current_ampere: described('current'),
    voltage_volt: described('voltage'),
    charging_capacity_ah: described('charge_capacity'),
    discharging_capacity_ah: described('discharge_capacity'),
    charging_energy_wh: described('charge_energy'),
    discharging_energy_wh: described('discharge_energy'),
    ambient_temperature_celsius: described('temperature'),
  },
  ignored: [
    /^(test_id|is_fc_data|ac_impedance|aci_phase_angle)$/,
    'date_time',
    'internal_resistance',
    /^d[vq]\/?_?d[tqv]$/i,
    /^(channel|barcode|protocol)/,
  ],
  sign: 'signed',
  counters: 'cycle',
});

/** Solutions that PyBaMM writes as a table: its current is positive on discharge. */
export const pybammCsv = defineFormat({
  id: 'pybamm-csv',
  vendor: 'PyBaMM',
  title: 'PyBaMM solution table',
  evidence: 'described',
  kind: 'timeseries',
  recognise: {
    header: [
      [/^Time \[(s|min|h)\]$/],
      [/^Current \[m?A\]$/],
      [/^Discharge capacity \[A\.h\]$/, /^Terminal voltage \[V\]$/, /^Throughput capacity \[A\.h\]$/],
    ],
  },
  defaultUnits: units,
  columns: {
    test_time_second: described('Time'),
    voltage_volt: described('Voltage', 'Terminal voltage', 'Battery voltage'),
    current_ampere: [{ name: 'Current', negate: true, assumed: true }],
    // Counts from the start, and falls on charge: the negative of a net capacity.
    net_capacity_ah: [{ name: 'Discharge capacity', negate: true, assumed: true }],
    net_energy_wh: [{ name: 'Discharge energy', negate: true, assumed: true }],
    vendor_cycle_count: described('Cycle'),
    step_id: described('Step'),
    ambient_temperature_celsius: described(
      'Ambient temperature',
      'X-averaged cell temperature',
      'Cell temperature',
    ),
  },
  ignored: [/\[[^\]]*\]$/, 'C-rate'],
  sign: 'signed',
  counters: 'net',
});

/**
 * Any table whose header names a time and a voltage. The meaning of the sign of its current is not stated; units that
 * are not in the header are taken as A, V, Ah, Wh, s.
 */
export const genericCycling = defineFormat({
  id: 'generic-csv',
  vendor: 'generic',
  title: 'Plain cycling table: time, voltage and perhaps current',
  evidence: 'recorded',
  kind: 'timeseries',
  recognise: {
    roles: [['test_time_second', 'step_time_second', 'date_time', 'unix_time_second'], ['voltage_volt']],
    // A table of cycles may state a voltage as well.
    without: [/[ _]On[ _]Cycle/i, /^(min|max|mean|average)[ _.]*(voltage|current)/i],
  },
  comments: /^\s*[#!%]/,
  defaultUnits: units,
  columns: {
    vendor_record_index: ['index', ...described('record', 'record index', 'data point', 'datapoint', 'rec')],
    test_time_second: [
      'test_time',
      ...described('TestTime', 'total time', 'elapsed time', 'run time', 'Prog Time', 'time', 'uts'),
      ...described('Testzeit', 'Prüfzeit', 'Gesamtzeit', 'Messzeit', 'Zeit', 'temps', 'tiempo'),
      ...described('测试时间', '总时间', '时间', 'time measured', 'duration', 'timedelta'),
      ...letters('t'),
    ],
    step_time_second: [
      'step_time',
      ...described('StepTime', 'step duration', 'Schrittzeit', '步骤时间', '工步时间'),
    ],
    unix_time_second: described('unix time', 'unix_timestamp', 'epoch', 'epoch time', 'posix time'),
    date_time: [
      'date_stamp',
      ...described(
        'date_time_iso',
        'date time',
        'datetime',
        'date/time',
        'timestamp',
        'time stamp',
        'absolute time',
        'system time',
        'real time',
        'date',
        'Zeitstempel',
        'Datum/Uhrzeit',
        'Datum Uhrzeit',
        'Datum',
        '绝对时间',
        '系统时间',
        '日期',
      ),
    ],
    vendor_cycle_count: [
      'cycle',
      ...described(
        'cycle_index',
        'cycle_idx',
        'cycle number',
        'cycle count',
        'cycle no',
        'cycle no.',
        'cyc',
        'cyc#',
      ),
      ...described(
        'cycle id',
        'cycles',
        'Zyklus',
        'Zyklusnummer',
        'Zyklus Nr.',
        'Zyklen',
        '循环号',
        '循环序号',
        '循环',
      ),
    ],
    step_id: [
      'step',
      ...described('step_index', 'step_idx', 'step id', 'step number', 'step no', 'step no.', 'Ns'),
      ...described('Schritt', 'Schrittnummer', 'Schritt Nr.', '工步号', '工步'),
    ],
    vendor_step_type: described(
      'step type',
      'step name',
      'state',
      'status',
      'mode',
      'Zustand',
      'Modus',
      'Schritttyp',
      '工步类型',
      '状态',
    ),
    current_ampere: [
      'current',
      ...described(
        '<I>',
        'Im',
        'amps',
        'Strom',
        'curr',
        'cur',
        'Stromstärke',
        '电流',
        'courant',
        'corriente',
        'amperage',
      ),
      ...named('current', 'curr', 'cur', 'strom', 'stromstärke', '电流', 'courant', 'corriente', 'amperage'),
      { name: /^[Ii][ _](?:cell|batt?(?:ery)?|app(?:lied)?|meas(?:ured)?)$/, assumed: true },
      ...letters('I', 'i'),
    ],
    voltage_volt: [
      'voltage',
      ...described(
        'cell voltage',
        'terminal voltage',
        'potential',
        'Ecell',
        'Ewe',
        '<Ewe>',
        '<V>',
        'volts',
        'Vf',
        'Spannung',
        'volt',
        'Klemmenspannung',
        '电压',
        'tension',
        'voltaje',
      ),
      ...named(
        'voltage',
        'volt',
        'volts',
        'potential',
        'spannung',
        'klemmenspannung',
        '电压',
        'tension',
        'voltaje',
      ),
      { name: /^[UuVvEe][ _](?:cell|batt?(?:ery)?|meas(?:ured)?)$/, assumed: true },
      ...letters('U', 'E', 'V', 'u', 'v'),
    ],
    charging_capacity_ah: [
      'charge_capacity',
      ...described(
        'Q charge',
        'charging capacity',
        'chg capacity',
        'capacity charge',
        'chg cap',
        'Q_chg',
        'Q_ch',
      ),
      ...described('Ladekapazität', 'Ladungskapazität', '充电容量'),
    ],
    discharging_capacity_ah: [
      'discharge_Capacity',
      ...described('Q discharge', 'discharging capacity', 'dchg capacity', 'capacity discharge', 'dchg cap'),
      ...described('Q_dchg', 'Q_dis', 'Entladekapazität', '放电容量'),
    ],
    capacity_ah: [...described('capacity', 'step capacity', 'Kapazität', '容量'), ...letters('Q')],
    net_capacity_ah: described('net capacity', 'net charge', 'Q-Q0', '(Q-Qo)'),
    charging_energy_wh: described('charge energy', 'charging energy', 'Ladeenergie', '充电能量'),
    discharging_energy_wh: described('discharge energy', 'discharging energy', 'Entladeenergie', '放电能量'),
    energy_wh: described('energy', 'Energie', '能量'),
    ambient_temperature_celsius: [
      ...described('temperature', 'ambient temperature', 'cell temperature', 'temp', 'Temperatur', '温度'),
      ...named('temperature', 'temp', 'temperatur'),
      { name: /^T[ _](?:cell|batt?|amb(?:ient)?|env|surf(?:ace)?|chamber)$/, assumed: true },
      ...letters('T'),
    ],
  },
  electrodes: {
    working: [...described('Ewe', '<Ewe>'), ...potentialOf('we|working|cathode|positive|pos')],
    counter: [...described('Ece', '<Ece>'), ...potentialOf('ce|counter|anode|negative|neg')],
  },
  ignored: [/^Unnamed: \d+$/],
  preamble: {
    cell: [/^[#!%]*\s*"?cell(?: ?id| name)?\s*[:;=,\t]\s*"?([^;,\t"]+)/i],
    channel: [/^[#!%]*\s*"?(?:channel|kanal)(?: ?(?:id|no\.?|number))?\s*[:=]\s*"?([^;,\t"]+)/i],
    source: [/^[#!%]*\s*"?(?:source ?)?file ?name\s*[:=]\s*"?([^;,\t"]+)/i],
  },
  sign: 'unstated',
  states: stateWords,
  counters: 'step',
  sample: 'generic-csv',
});
