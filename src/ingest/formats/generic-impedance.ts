import { defineFormat, described } from './definition.js';
import { firstRoles, secondRoles } from './impedance-shapes.js';

const units = { frequency: 'Hz', impedance: 'ohm', angle: 'deg', time: 's' };

/** A name, and the same with a minus before it, in which case the values are negated on reading. */
const eitherSign = (...names: string[]) =>
  names.flatMap((name) => [
    { name, assumed: true },
    { name: `-${name}`, negate: true, assumed: true },
  ]);

/** Names whose meaning is clear only together with their unit. */
const withUnit = (...names: string[]) =>
  names.map((name) => ({ name, needsUnit: true, assumed: true as const }));

/** Columns of analysers that write admittance or an equivalent circuit per frequency. */
const otherShapes = {
  conductance_siemens: withUnit('G', "Y'", 'Re(Y)', 'Gp', 'conductance'),
  susceptance_siemens: withUnit('B', "Y''", 'Im(Y)', 'Bp', 'susceptance'),
  absolute_admittance_siemens: withUnit('|Y|', 'Y', 'admittance'),
  admittance_phase_degree: withUnit('Phase(Y)', 'phase of Y', 'theta(Y)', 'arg(Y)'),
  series_capacitance_farad: withUnit('Cs'),
  series_inductance_henry: withUnit('Ls'),
  parallel_capacitance_farad: withUnit('Cp'),
  parallel_resistance_ohm: withUnit('Rp'),
  loss_factor: described('D', 'tan δ', 'tan delta', 'tan(delta)', 'loss factor', 'dissipation factor'),
  quality_factor: described('Q', 'quality factor'),
};

/** A plain table with a frequency and an impedance: its parts, modulus and phase, or another pair that gives one. */
export const genericImpedance = defineFormat({
  id: 'generic-impedance',
  vendor: 'generic',
  title: 'Plain impedance table with a header',
  evidence: 'recorded',
  kind: 'impedance',
  recognise: {
    roles: [['frequency_hertz'], firstRoles, secondRoles],
  },
  header: { kind: 'row', skipsText: true },
  comments: /^\s*[#!%]/,
  defaultUnits: units,
  columns: {
    vendor_record_index: described('index', 'index #', 'point', 'number', 'no.'),
    frequency_hertz: [
      'f',
      'freq',
      'frequency',
      ...described('impedance frequency', 'freq.', 'Frequenz', 'fréquence', '频率', '频率值'),
      { name: 'frequency_hertz', unit: 'Hz', assumed: true },
    ],
    real_impedance_ohm: [
      "Z'",
      'Re(Z)',
      ...described('z_re', 'zre', 'zr', 're', 'real', 'zreal', 'z_real', 're z', 'rez', 'real impedance'),
      ...described(
        'Realteil',
        'Z Realteil',
        'Realteil Z',
        'real part',
        'Z real part',
        '实部',
        '阻抗实部',
        'Rs',
        'ESR',
      ),
      { name: 'R', exact: true, assumed: true },
      ...described("Zs'"),
      ...["Z'", "Zs'", 'Re(Z)', 'zre', 'z_re', 're', 'zreal'].map((name) => ({
        name: `-${name}`,
        negate: true,
        assumed: true as const,
      })),
      { name: 'real_impedance_ohm', unit: 'ohm', assumed: true },
    ],
    imaginary_impedance_ohm: [
      "Z''",
      { name: '-Im(Z)', negate: true },
      { name: "-Z''", negate: true, assumed: true },
      ...eitherSign("Zs''"),
      ...eitherSign('Z"', 'z_im', 'zim', 'zi', 'im', 'imag', 'imaginary', 'zimag', 'z_imag', 'im z', 'imz'),
      ...eitherSign(
        'imaginary impedance',
        'Imaginärteil',
        'Z Imaginärteil',
        'Imaginärteil Z',
        'imaginary part',
      ),
      ...eitherSign('Z imaginary part', '虚部', '阻抗虚部', 'Xs', 'reactance'),
      ...['X', '-X'].map((name) => ({
        name,
        exact: true,
        negate: name.startsWith('-'),
        assumed: true as const,
      })),
      ...described('Im(Z)'),
      { name: 'imaginary_impedance_ohm', unit: 'ohm', assumed: true },
    ],
    absolute_impedance_ohm: [
      '|Z|',
      ...described(
        'Z',
        'mag',
        'magnitude',
        'modulus',
        'absolute impedance',
        'impedance',
        'Impedanz',
        '阻抗',
        '阻抗模',
      ),
      ...described(
        'zmod',
        'z_mod',
        'zabs',
        'abs(Z)',
        'Betrag',
        'Betrag Z',
        'impedance magnitude',
        '|Impedance|',
      ),
    ],
    phase_degree: [
      'phase',
      ...eitherSign(
        'phase angle',
        'phz',
        'phi',
        'theta',
        'Phase(Z)',
        'θ',
        'φ',
        'ϕ',
        'Phasenwinkel',
        '相位',
        '相位角',
      ),
      ...eitherSign(
        'zphz',
        'z_phase',
        'zphase',
        'theta(Z)',
        'arg(Z)',
        'impedance phase',
        'phase shift',
        'angle',
      ),
      { name: '-phase', negate: true, assumed: true },
    ],
    ...otherShapes,
    test_time_second: described('time', 'elapsed time', 'Zeit'),
    ambient_temperature_celsius: [
      ...described(
        'temperature',
        'temp',
        'temp.',
        'sample temperature',
        'cell temperature',
        'Temperatur',
        '温度',
      ),
      { name: 'temperature_celsius', unit: '°C', assumed: true },
      // `t` is a time.
      { name: 'T', exact: true, needsUnit: true, assumed: true },
    ],
  },
  sign: 'unstated',
  sample: 'generic-impedance',
});

/** Three columns of numbers and no header: frequency, real part, imaginary part with its real sign. */
export const headerlessImpedance = defineFormat({
  id: 'headerless-impedance',
  vendor: 'generic',
  title: 'Three columns of numbers without a header: frequency, real, imaginary',
  evidence: 'recorded',
  kind: 'impedance',
  recognise: {
    lines: [
      {
        pattern:
          /^\s*\+?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*[,;\t ]\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*[,;\t ]\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*$/,
        within: 1,
      },
    ],
  },
  header: { kind: 'none', columns: ['frequency', 'real', 'imaginary'] },
  columns: {
    frequency_hertz: ['frequency'],
    real_impedance_ohm: ['real'],
    imaginary_impedance_ohm: ['imaginary'],
  },
  defaultUnits: { frequency: 'Hz', impedance: 'ohm' },
  sign: 'unstated',
  sample: 'headerless-impedance',
});
