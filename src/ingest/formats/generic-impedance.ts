import { defineFormat, described } from './definition.js';

const units = { frequency: 'Hz', impedance: 'ohm', angle: 'deg', time: 's' };

/** A name, and the same with a minus before it: then the values are negated on reading. */
const eitherSign = (...names: string[]) =>
  names.flatMap((name) => [
    { name, assumed: true },
    { name: `-${name}`, negate: true, assumed: true },
  ]);

/** A plain table with a frequency and the two parts, or modulus and phase, of an impedance. */
export const genericImpedance = defineFormat({
  id: 'generic-impedance',
  vendor: 'generic',
  title: 'Plain impedance table with a header',
  evidence: 'recorded',
  kind: 'impedance',
  recognise: {
    roles: [
      ['frequency_hertz'],
      ['real_impedance_ohm', 'absolute_impedance_ohm'],
      ['imaginary_impedance_ohm', 'phase_degree'],
    ],
  },
  comments: /^\s*[#!%]/,
  defaultUnits: units,
  columns: {
    frequency_hertz: [
      'f',
      'freq',
      'frequency',
      ...described('impedance frequency', 'freq.'),
      { name: 'frequency_hertz', unit: 'Hz', assumed: true },
    ],
    real_impedance_ohm: [
      "Z'",
      'Re(Z)',
      ...described('z_re', 'zre', 'zr', 're', 'real', 'zreal', 'z_real', 're z', 'rez', 'real impedance'),
      { name: 'real_impedance_ohm', unit: 'ohm', assumed: true },
    ],
    imaginary_impedance_ohm: [
      "Z''",
      { name: '-Im(Z)', negate: true },
      { name: "-Z''", negate: true, assumed: true },
      ...eitherSign('Z"', 'z_im', 'zim', 'zi', 'im', 'imag', 'imaginary', 'zimag', 'z_imag', 'im z', 'imz'),
      ...eitherSign('imaginary impedance'),
      ...described('Im(Z)'),
      { name: 'imaginary_impedance_ohm', unit: 'ohm', assumed: true },
    ],
    absolute_impedance_ohm: ['|Z|', ...described('Z', 'mag', 'magnitude', 'modulus', 'absolute impedance')],
    phase_degree: [
      'phase',
      ...eitherSign('phase angle', 'phz', 'phi', 'theta'),
      { name: '-phase', negate: true, assumed: true },
    ],
    test_time_second: described('time', 'elapsed time'),
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
