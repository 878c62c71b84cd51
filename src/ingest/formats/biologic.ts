import { defineFormat, described } from './definition.js';

/** BioLogic EC-Lab / BT-Lab text. `<I>` is the mean since the previous record; `dq` is exact. */
const columns = {
  test_time_second: ['time', { name: 'time_s', unit: 's', assumed: true }],
  voltage_volt: [
    'Ecell',
    ...described('Ewe-Ece', '<Ewe-Ece>'),
    'Ewe',
    '<Ewe>',
    { name: /^<Ewe\/V>$/, unit: 'V', assumed: true },
  ],
  current_ampere: ['I', '<I>'],
  step_id: [{ name: 'Ns', exact: true }],
  vendor_cycle_count: ['cycle number', 'z cycle', { name: 'cycleNumber', assumed: true }],
  charge_increment_ah: [{ name: 'dq', exact: true }],
  net_capacity_ah: ['(Q-Qo)'],
  charging_capacity_ah: ['Q charge', { name: 'QCharge', unit: 'mAh', assumed: true }],
  discharging_capacity_ah: ['Q discharge', { name: 'QDischarge', unit: 'mAh', assumed: true }],
  charging_energy_wh: ['Energy charge', 'Energy we charge'],
  discharging_energy_wh: ['Energy discharge', 'Energy we discharge'],
  ambient_temperature_celsius: [
    { name: /^Temperature$/ },
    { name: /^Temperature\/.{1,3}C$/u, unit: '°C' },
    { name: 'T', exact: true, assumed: true },
  ],
  frequency_hertz: ['freq'],
  real_impedance_ohm: ['Re(Z)', ...described('Re(Zstack)'), { name: '-Re(Z)', negate: true, assumed: true }],
  imaginary_impedance_ohm: [
    { name: '-Im(Z)', negate: true },
    ...described('Im(Z)'),
    { name: '-Im(Zstack)', negate: true, assumed: true },
  ],
  absolute_impedance_ohm: ['|Z|', ...described('|Zstack|')],
  phase_degree: ['Phase(Z)', ...described('Phase(Zstack)')],
};

const electrodes = {
  working: ['Ewe', '<Ewe>', { name: /^<Ewe\/V>$/, unit: 'V', assumed: true }],
  counter: ['Ece', '<Ece>'],
};

const ignored = [
  /^(mode|ox\/red|error|control changes|Ns changes|counter inc\.|half cycle|z cycle|I Range)$/,
  /^control\//,
  /^(Ece|<Ece>|Ewe|<Ewe>|Ewe-Ece|<Ewe-Ece>|<I>|\|Ewe\||\|Ece\||\|I\|)/,
  /^(dQ|Q charge\/discharge|Capacity|Efficiency|\|?Energy|x$|P\/|Pwe|R\/|Rwe|step time)/,
  /^(Capacitance|Analog|Phase|\|Z|Re\(|Im\(|-Im\(|\|Y|\|C\||\|M\||\|Permittivity|\|Resistivity|\|Conductivity|Tan|Cs|Cp|THD|NSD|NSR)/,
  /^(Rapp|Rcmp|Rdc|Rac|\|Estack|<E\d|d\(Q-Qo\)|charge time|discharge time|cycle time|rotation rate|uts)/,
  /\(Q-Qo\)\/C/,
  'cycle number',
  /^Loss Angle/,
];

const shared = {
  vendor: 'BioLogic',
  kind: 'mixed' as const,
  columns,
  electrodes,
  ignored,
  defaultUnits: {},
  sign: 'signed' as const,
  counters: 'half_cycle' as const,
  dateOrder: 'month-first' as const,
};

/** `.mpt` and `.txt` with their preamble; the header's line number is declared in line 2. */
export const biologicMpt = defineFormat({
  ...shared,
  id: 'biologic-mpt',
  title: 'BioLogic EC-Lab / BT-Lab text, every technique',
  evidence: 'recorded',
  software: ['EC-Lab 11.33', 'EC-Lab 11.36', 'EC-Lab 11.43', 'EC-Lab 11.50', 'BT-Lab 1.79', 'BT-Lab 1.80'],
  delimiter: '\t',
  recognise: { lines: [{ pattern: /^(EC|BT)-Lab ASCII FILE/, within: 1 }] },
  header: { kind: 'declared', pattern: /^Nb header lines\s*:\s*(\d+)/ },
  preamble: {
    started_at: [/^Acquisition started on\s*:\s*(.+?)\s*$/, /^Technique started on\s*:\s*(.+?)\s*$/],
    channel: [/^Run on channel\s*:\s*(\S+)/],
    source: [/^File\s*:\s*(.+?)\s*$/],
  },
  sample: 'biologic-mpt',
});

/** `.mpr`, whose columns are named as in the text. */
export const biologicMpr = defineFormat({
  ...shared,
  id: 'biologic-mpr',
  title: 'BioLogic EC-Lab / BT-Lab .mpr, every technique',
  evidence: 'recorded',
  software: ['EC-Lab 10.40 to 11.62', 'BT-Lab 1.79'],
  delimiter: '\t',
  recognise: {
    lines: [{ pattern: /^Records of a BioLogic \.mpr file$/, within: 1 }],
    header: [['time', 'freq']],
  },
  restartsAt: 'Records of a BioLogic .mpr file',
  preamble: { started_at: [/^Started: (.+)$/], channel: [/^Channel: (.+)$/] },
});

/** The same table after someone deleted the preamble. */
export const biologicBare = defineFormat({
  ...shared,
  id: 'biologic-bare',
  title: 'BioLogic text without its preamble',
  evidence: 'described',
  delimiter: '\t',
  recognise: {
    header: [
      ['mode', 'freq'],
      [/^time\/s$/, /^freq\/Hz$/],
      // Tables of admittances are read by their names alone.
      ['mode', /^time\/s$/, /^-?(Re|Im)\(Z/, /^\|Z/],
    ],
  },
});

/**
 * EC-Lab's spellings without a preamble: BT-Lab "advanced" csv (an unnamed index column, time as a date, many empty
 * columns), or the few columns somebody exported. `Ewe/V` and `<I>/mA` are written by this vendor alone.
 */
export const btLabAdvancedCsv = defineFormat({
  ...shared,
  id: 'bt-lab-advanced-csv',
  title: 'BT-Lab advanced CSV, or a few EC-Lab columns',
  evidence: 'described',
  recognise: {
    header: [
      [/^time\/(s|min|h)$/],
      [/^<?E(we|cell)>?\/m?V$/, /^<?Ewe-Ece>?\/m?V$/, /^<Ewe\/V>$/, /^<?I>?\/[mµu]?A$/],
      ['cycle number', 'cycle_index', /^Ns$/, /^Q charge\//, /^mode$/, /^<?I>?\/[mµu]?A$/],
    ],
  },
  ignored: [...ignored, 'cycle_index'],
  sample: 'bt-lab-advanced-csv',
});

/** A table of the same quantities with underscores for every other character, as scripts write it. */
export const biologicCsv = defineFormat({
  ...shared,
  id: 'biologic-csv',
  title: 'BioLogic quantities, plain CSV (time_s, Ecell_V, I_mA)',
  evidence: 'described',
  recognise: { header: [[/^time_s$/], [/^(Ecell|Ewe|Ewe_Ece)_V$/, /^I_mA$/]] },
  columns: {
    test_time_second: [{ name: 'time', assumed: true }],
    voltage_volt: [
      { name: 'Ecell', assumed: true },
      { name: 'Ewe_Ece', assumed: true },
      { name: 'Ewe', assumed: true },
    ],
    current_ampere: [{ name: 'I', assumed: true }],
    step_id: [{ name: 'Ns', exact: true, assumed: true }],
    vendor_cycle_count: [
      { name: 'cycleNumber', assumed: true },
      { name: 'cycle_number', assumed: true },
    ],
    charging_capacity_ah: [{ name: /^Q_?[Cc]harge_mA_?h$/, unit: 'mAh', assumed: true }],
    discharging_capacity_ah: [{ name: /^Q_?[Dd]ischarge_mA_?h$/, unit: 'mAh', assumed: true }],
    charging_energy_wh: [{ name: /^Energy_?[Cc]harge_W_?h$/, unit: 'Wh', assumed: true }],
    discharging_energy_wh: [{ name: /^Energy_?[Dd]ischarge_W_?h$/, unit: 'Wh', assumed: true }],
    ambient_temperature_celsius: [{ name: 'Temperature', assumed: true }],
    frequency_hertz: [{ name: 'freq', assumed: true }],
  },
  ignored: [...ignored, /^(mode|ox_red|error|half_?[Cc]ycle|Ece_V|Q_Qo|QQo|Capacity|control|dq|dQ)/],
});
