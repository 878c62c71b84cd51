/**
 * Units as vendors write them, and how a written number becomes a canonical one. Conversion divides by an exact
 * integer where it can: 12.3 mA is 12.3/1000 A to the last bit, while 12.3·0.001 is not.
 */

import { remembered } from '../../remembered.js';

export type Dimension =
  | 'time'
  | 'voltage'
  | 'current'
  | 'charge'
  | 'energy'
  | 'temperature'
  | 'frequency'
  | 'impedance'
  | 'angle'
  | 'admittance'
  | 'capacitance'
  | 'inductance'
  | 'resistivity'
  | 'none';

export interface UnitConversion {
  dimension: Dimension;
  multiply?: number;
  divide?: number;
  /** Added after scaling: kelvin to degree Celsius. */
  add?: number;
}

const unit = (dimension: Dimension, more: Omit<UnitConversion, 'dimension'> = {}): UnitConversion => ({
  dimension,
  ...more,
});

/** Spellings are compared after `normaliseUnit`; case matters (mA is not MA), so both forms that occur are listed. */
const conversions: Record<string, UnitConversion> = {
  s: unit('time'),
  sec: unit('time'),
  secs: unit('time'),
  second: unit('time'),
  seconds: unit('time'),
  Sec: unit('time'),
  Second: unit('time'),
  Seconds: unit('time'),
  ms: unit('time', { divide: 1000 }),
  min: unit('time', { multiply: 60 }),
  Min: unit('time', { multiply: 60 }),
  minute: unit('time', { multiply: 60 }),
  minutes: unit('time', { multiply: 60 }),
  Minutes: unit('time', { multiply: 60 }),
  h: unit('time', { multiply: 3600 }),
  Hr: unit('time', { multiply: 3600 }),
  hr: unit('time', { multiply: 3600 }),
  Hour: unit('time', { multiply: 3600 }),
  hour: unit('time', { multiply: 3600 }),
  hours: unit('time', { multiply: 3600 }),
  Hours: unit('time', { multiply: 3600 }),
  'Decimal Hours': unit('time', { multiply: 3600 }),
  std: unit('time', { multiply: 3600 }),
  Stunden: unit('time', { multiply: 3600 }),
  Sekunden: unit('time'),
  d: unit('time', { multiply: 86400 }),
  day: unit('time', { multiply: 86400 }),
  days: unit('time', { multiply: 86400 }),
  Tage: unit('time', { multiply: 86400 }),
  秒: unit('time'),
  分钟: unit('time', { multiply: 60 }),
  小时: unit('time', { multiply: 3600 }),
  V: unit('voltage'),
  volt: unit('voltage'),
  Volt: unit('voltage'),
  伏: unit('voltage'),
  volts: unit('voltage'),
  Volts: unit('voltage'),
  mV: unit('voltage', { divide: 1000 }),
  uV: unit('voltage', { divide: 1_000_000 }),
  µV: unit('voltage', { divide: 1_000_000 }),
  A: unit('current'),
  ampere: unit('current'),
  amperes: unit('current'),
  amp: unit('current'),
  Amps: unit('current'),
  milliampere: unit('current', { divide: 1000 }),
  milliamps: unit('current', { divide: 1000 }),
  安: unit('current'),
  毫安: unit('current', { divide: 1000 }),
  mA: unit('current', { divide: 1000 }),
  mAmps: unit('current', { divide: 1000 }),
  uA: unit('current', { divide: 1_000_000 }),
  µA: unit('current', { divide: 1_000_000 }),
  nA: unit('current', { divide: 1_000_000_000 }),
  Ah: unit('charge'),
  AHr: unit('charge'),
  'A.h': unit('charge'),
  'Amp-hr': unit('charge'),
  mAh: unit('charge', { divide: 1000 }),
  'mA.h': unit('charge', { divide: 1000 }),
  'mAmp-hr': unit('charge', { divide: 1000 }),
  uAh: unit('charge', { divide: 1_000_000 }),
  µAh: unit('charge', { divide: 1_000_000 }),
  mAs: unit('charge', { divide: 3_600_000 }),
  As: unit('charge', { divide: 3600 }),
  C: unit('charge', { divide: 3600 }),
  mC: unit('charge', { divide: 3_600_000 }),
  Wh: unit('energy'),
  WHr: unit('energy'),
  'W.h': unit('energy'),
  'Watt-hr': unit('energy'),
  mWh: unit('energy', { divide: 1000 }),
  'mW.h': unit('energy', { divide: 1000 }),
  'mWatt-hr': unit('energy', { divide: 1000 }),
  uWh: unit('energy', { divide: 1_000_000 }),
  µWh: unit('energy', { divide: 1_000_000 }),
  mWs: unit('energy', { divide: 3_600_000 }),
  Ws: unit('energy', { divide: 3600 }),
  J: unit('energy', { divide: 3600 }),
  degC: unit('temperature'),
  '°C': unit('temperature'),
  celsius: unit('temperature'),
  K: unit('temperature', { add: -273.15 }),
  Hz: unit('frequency'),
  hertz: unit('frequency'),
  kHz: unit('frequency', { multiply: 1000 }),
  mHz: unit('frequency', { divide: 1000 }),
  MHz: unit('frequency', { multiply: 1_000_000 }),
  ohm: unit('impedance'),
  ohms: unit('impedance'),
  Ohm: unit('impedance'),
  Ohms: unit('impedance'),
  OHM: unit('impedance'),
  Ω: unit('impedance'),
  mOhm: unit('impedance', { divide: 1000 }),
  mohm: unit('impedance', { divide: 1000 }),
  mΩ: unit('impedance', { divide: 1000 }),
  kOhm: unit('impedance', { multiply: 1000 }),
  kohm: unit('impedance', { multiply: 1000 }),
  kΩ: unit('impedance', { multiply: 1000 }),
  MOhm: unit('impedance', { multiply: 1_000_000 }),
  Mohm: unit('impedance', { multiply: 1_000_000 }),
  MΩ: unit('impedance', { multiply: 1_000_000 }),
  deg: unit('angle'),
  degree: unit('angle'),
  degrees: unit('angle'),
  '°': unit('angle'),
  rad: unit('angle', { multiply: 180 / Math.PI }),
  S: unit('admittance'),
  mS: unit('admittance', { divide: 1000 }),
  µS: unit('admittance', { divide: 1_000_000 }),
  uS: unit('admittance', { divide: 1_000_000 }),
  siemens: unit('admittance'),
  '1/ohm': unit('admittance'),
  '1/Ω': unit('admittance'),
  'ohm-1': unit('admittance'),
  'Ω-1': unit('admittance'),
  F: unit('capacitance'),
  mF: unit('capacitance', { divide: 1000 }),
  µF: unit('capacitance', { divide: 1_000_000 }),
  uF: unit('capacitance', { divide: 1_000_000 }),
  nF: unit('capacitance', { divide: 1_000_000_000 }),
  pF: unit('capacitance', { divide: 1_000_000_000_000 }),
  farad: unit('capacitance'),
  H: unit('inductance'),
  mH: unit('inductance', { divide: 1000 }),
  µH: unit('inductance', { divide: 1_000_000 }),
  uH: unit('inductance', { divide: 1_000_000 }),
  nH: unit('inductance', { divide: 1_000_000_000 }),
  henry: unit('inductance'),
  'ohm cm': unit('resistivity'),
  ohm·cm: unit('resistivity'),
  'ohm*cm': unit('resistivity'),
  'Ohm cm': unit('resistivity'),
  'Ω cm': unit('resistivity'),
  Ω·cm: unit('resistivity'),
  'ohm m': unit('resistivity', { multiply: 100 }),
  'Ω m': unit('resistivity', { multiply: 100 }),
  '1': unit('none'),
};

/**
 * `hh:mm:ss`, `ss.xxx`, `h:min:s.ms`, `Hours in hh:mm:ss.xxx`: patterns of an elapsed time; a bare number is in
 * seconds.
 */
const timePattern =
  /^(?:hours in )?(?:d+[.: ])?(?:(?:h{1,4}|m{2}|min)[:.])?(?:(?:m{1,2}|min)[:.])?s{1,2}(?:[.,:](?:x+|f+|s+|0+|m{1,2}s|ms|zzz))?$/i;
const datePattern =
  /^(?:y{2,4}|m{1,4}|d{1,2}|j{2,4}|t{2})(?:[-/. ]+(?:y{2,4}|m{1,4}|d{1,2}|j{2,4}|t{2})){2}(?:[ T,]+h.*)?$/i;

/** Whether a unit is a pattern for elapsed times, in which case a bare number is in seconds. */
export const isTimePattern = (text: string): boolean => /[:.]/.test(text) && timePattern.test(text.trim());

/** Whether a unit is a pattern for dates, such as `m/d/yyyy` or `TT.MM.JJJJ`. */
export const isDatePattern = (text: string): boolean => datePattern.test(text.trim());

/** One spelling for characters that look alike: micro sign, ohm sign, degree signs that were damaged by encodings. */
export const normaliseUnit = remembered((text) =>
  text
    .trim()
    .replace(/ vs\.? .*$/, '')
    .replaceAll('μ', 'µ')
    .replaceAll('Ω', 'Ω')
    .replace('℃', '°C')
    .replace(/\^?\(?[-−]1\)?$/, '-1')
    .replace('⁻¹', '-1')
    .replace(/^[^\w\s°µ]{1,3}C$/u, '°C')
    .replace(/^[µ](?=[AVW])/u, 'µ'),
);

/** The conversion of a written unit in the expected dimension; undefined where it is not a unit of that dimension. */
export function unitConversion(text: string, dimension: Dimension): UnitConversion | undefined {
  const spelling = normaliseUnit(text);
  if (dimension === 'time' && isTimePattern(spelling)) return unit('time');
  // "C" is coulomb for a charge and degree Celsius for a temperature; likewise "s" is never an angle.
  if (dimension === 'temperature' && /^(C|deg ?C|Deg ?C|degrees C)$/.test(spelling))
    return unit('temperature');
  const found = conversions[spelling] ?? conversions[caseBlind(spelling, dimension) ?? ''];
  return found?.dimension === dimension ? found : undefined;
}

const byLowerCase = new Map<string, string>();
for (const [name, { dimension }] of Object.entries(conversions)) {
  const key = `${dimension} ${name.toLowerCase()}`;
  if (!byLowerCase.has(key)) byLowerCase.set(key, name);
}

/** `AH` is `Ah`. But a capital M may mean mega, so such a unit is read exactly as written or not at all. */
function caseBlind(spelling: string, dimension: Dimension): string | undefined {
  if (spelling.startsWith('M') && dimension !== 'time') return undefined;
  return byLowerCase.get(`${dimension} ${spelling.toLowerCase()}`);
}

/** The dimension of a written unit, where it names one. */
export function unitDimension(text: string): Dimension | undefined {
  const spelling = normaliseUnit(text);
  if (isTimePattern(spelling)) return 'time';
  return (conversions[spelling] ?? conversions[caseBlind(spelling, 'admittance') ?? ''])?.dimension;
}

/** A number in the canonical unit; the order of the operations is part of the result. */
export function convert(value: number, { multiply, divide, add }: UnitConversion): number {
  let converted = value;
  if (multiply !== undefined) converted *= multiply;
  if (divide !== undefined) converted /= divide;
  if (add !== undefined) converted += add;
  return converted;
}
