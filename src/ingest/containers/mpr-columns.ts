/** Columns of BioLogic's `.mpr`: the meaning of each id in the data module. Ids have 16 bits. */

export type MprType = 'f4' | 'f8' | 'u2' | 'u4';

export interface MprColumn {
  type: MprType;
  /** Its name in the text export. */
  name: string;
}

/** Bytes of a value. */
export const widths: Record<MprType, number> = { f4: 4, f8: 8, u2: 2, u4: 4 };

/** Flags share one byte, which is at the position of the first of their ids: mask and shift of each. */
export const flags: ReadonlyMap<number, { name: string; mask: number; shift: number }> = new Map([
  [1, { name: 'mode', mask: 0x03, shift: 0 }],
  [2, { name: 'ox/red', mask: 0x04, shift: 2 }],
  [3, { name: 'error', mask: 0x08, shift: 3 }],
  [21, { name: 'control changes', mask: 0x10, shift: 4 }],
  [31, { name: 'Ns changes', mask: 0x20, shift: 5 }],
  [65, { name: 'counter inc.', mask: 0x80, shift: 7 }],
]);

const table: [MprType, Record<number, string>][] = [
  [
    'f8',
    {
      4: 'time/s',
      7: 'dq/mA.h',
      11: '<I>/mA',
      13: '(Q-Qo)/mA.h',
      23: 'dQ/mA.h',
      24: 'cycle number',
      74: '|Energy|/W.h',
      123: 'Energy charge/W.h',
      124: 'Energy discharge/W.h',
      125: 'Capacitance charge/µF',
      126: 'Capacitance discharge/µF',
      438: 'step time/s',
      467: 'Q charge/discharge/mA.h',
      880: 'Energy we/W.h',
      883: 'Energy ce charge/W.h',
      884: 'Energy ce discharge/W.h',
    },
  ],
  ['u2', { 39: 'I Range', 131: 'Ns' }],
  ['u4', { 468: 'half cycle', 469: 'z cycle' }],
  [
    'f4',
    {
      5: 'control/V/mA',
      6: 'Ewe/V',
      8: 'I/mA',
      9: 'Ece/V',
      16: 'Analog IN 1/V',
      17: 'Analog IN 2/V',
      18: 'Analog IN 3/V',
      19: 'control/V',
      20: 'control/mA',
      32: 'freq/Hz',
      33: '|Ewe|/V',
      34: '|I|/A',
      35: 'Phase(Z)/deg',
      36: '|Z|/Ohm',
      37: 'Re(Z)/Ohm',
      38: '-Im(Z)/Ohm',
      70: 'P/W',
      75: 'Analog OUT/V',
      76: '<I>/mA',
      77: '<Ewe>/V',
      78: 'Cs-2/µF-2',
      96: '|Ece|/V',
      98: 'Phase(Zce)/deg',
      99: '|Zce|/Ohm',
      100: 'Re(Zce)/Ohm',
      101: '-Im(Zce)/Ohm',
      163: '|Estack|/V',
      168: 'Rcmp/Ohm',
      169: 'Cs/µF',
      172: 'Cp/µF',
      173: 'Cp-2/µF-2',
      174: '<Ewe>/V',
      241: '|E1|/V',
      242: '|E2|/V',
      271: 'Phase(Z1)/deg',
      272: 'Phase(Z2)/deg',
      301: '|Z1|/Ohm',
      302: '|Z2|/Ohm',
      331: 'Re(Z1)/Ohm',
      332: 'Re(Z2)/Ohm',
      361: '-Im(Z1)/Ohm',
      362: '-Im(Z2)/Ohm',
      326: 'R/Ohm',
      391: '<E1>/V',
      392: '<E2>/V',
      422: 'Phase(Zstack)/deg',
      423: '|Zstack|/Ohm',
      424: 'Re(Zstack)/Ohm',
      425: '-Im(Zstack)/Ohm',
      426: '<Estack>/V',
      430: 'Phase(Zwe-ce)/deg',
      431: '|Zwe-ce|/Ohm',
      432: 'Re(Zwe-ce)/Ohm',
      433: '-Im(Zwe-ce)/Ohm',
      434: '(Q-Qo)/C',
      435: 'dQ/C',
      441: '<Ece>/V',
      462: 'Temperature/°C',
      471: '<Ece>/V',
      473: 'THD Ewe/%',
      474: 'THD I/%',
      475: 'THD Ece/%',
      476: 'NSD Ewe/%',
      477: 'NSD I/%',
      478: 'NSD Ece/%',
      479: 'NSR Ewe/%',
      480: 'NSR I/%',
      481: 'NSR Ece/%',
      ...harmonics(486, 'Ewe', 'V'),
      ...harmonics(492, 'I', 'A'),
      ...harmonics(498, 'Ece', 'V'),
    },
  ],
];

function harmonics(from: number, of: string, unit: string): Record<number, string> {
  return Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [from + index, `|${of} h${index + 2}|/${unit}`]),
  );
}

export const mprColumns: ReadonlyMap<number, MprColumn> = new Map(
  table.flatMap(([type, names]) =>
    Object.entries(names).map(([id, name]) => [Number(id), { type, name }] as const),
  ),
);

/** Techniques by the first byte of the settings. */
export const techniques: Readonly<Record<number, string>> = {
  4: 'GCPL',
  6: 'CV',
  11: 'OCV',
  22: 'MP',
  24: 'CA',
  25: 'CP',
  28: 'Wait',
  29: 'PEIS',
  30: 'GEIS',
  50: 'ZIR',
  51: 'CVA',
  108: 'LSV',
  117: 'stepwise control',
  118: 'stepwise control',
  119: 'GCPL family',
  127: 'Modulo Bat',
  136: 'battery capacity determination',
};
