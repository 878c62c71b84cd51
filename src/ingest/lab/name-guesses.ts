/**
 * What the name of a file may tell a person who fills in metadata: guesses for a draft, never used without
 * confirmation.
 */

/** Words in names that say how or when something was measured, not what. */
const notAnId =
  /^(p?eis|geis|gcpl|ocv|cv|lsv|ca|cp|mb|vmp|imp|impedance|zcurve|nyquist|bode|cyc(le|ling)?s?|rate|formation|ageing|aging|test|run|meas(urement)?|data|export|file|scan|part|sheet|record|channel|ch|cell|sample|step|up|down|heating|cooling|before|after|new|old|final|copy|raw|c\d{1,2}|ch?\d+|ca\d|wb\d*|v\d|nr|no|r\d|[a-z])$/i;
const aQuantity =
  /^[-+]?\d+([.,]\d+)?(mv|v|ma|a|mah|ah|hz|khz|mhz|mm|um|µm|cm|mg|g|mpa|bar|h|s|min|k|kelvin|deg|degc|c|°c|%)?$/i;
const aDate = /^(\d{8}|\d{6}|\d{4}-\d{2}-\d{2}|\d{1,2}[.-]\d{1,2}[.-]\d{2,4})(t?\d{4,6})?$/i;

const withoutEnding = (name: string) =>
  name.replace(/(\.(gz|csv|txt|tsv|dat|mpt|z|dta|[a-z0-9]{1,5}))+$/i, '');

/**
 * A likely id of the cell in a path: from the name, else from the folder; undefined where nothing looks like an id.
 */
export function guessedId(path: string): string | undefined {
  for (const part of path.split('/').toReversed().slice(0, 2)) {
    const tokens = withoutEnding(part)
      .replace(temperaturePattern, ' ')
      .split(/[_\s]+/)
      .filter((token) => /[\p{L}\p{N}]/u.test(token))
      .filter((token) => !notAnId.test(token) && !aQuantity.test(token) && !aDate.test(token));
    const both = tokens.find((token) => /\p{L}/u.test(token) && /\d/.test(token));
    const found = both ?? tokens.find((token) => /\p{L}/u.test(token));
    if (found !== undefined) return found.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  }
  return undefined;
}

/** 25degC, 25 °C, m10C, -10C, minus10C, 298K; a hyphen after a letter or digit is a separator. */
const temperaturePattern =
  /(?<![\p{L}\p{N}.])((?<!\p{L}|\p{N})[-−]|m(?:inus)?[-_ ]?)?(\d{1,3}(?:[.,]\d+)?)[ _]?(?:(°|deg|grad)[ _]?c?|c|celsius|k|kelvin)(?![\p{L}\p{N}])/iu;

/** A likely temperature in a name; undefined where there is none, or none that is realistic for a battery. */
export function guessedTemperature(path: string): number | undefined {
  for (const part of path.split('/').toReversed()) {
    const found = temperaturePattern.exec(part);
    if (found === null) continue;
    const [text, sign, digits] = found;
    const number = Number(digits!.replace(',', '.')) * (sign === undefined ? 1 : -1);
    const celsius = /k(elvin)?$/i.test(text) ? Number((number - 273.15).toFixed(2)) : number;
    if (celsius >= -100 && celsius <= 400) return celsius;
  }
  return undefined;
}

/** Geometry that a name or a preamble states. */
export interface GuessedGeometry {
  thickness_um?: number;
  diameter_mm?: number;
  electrode_area_cm2?: number;
  active_mass_mg?: number;
}

const lengthIn = { nm: 1e-3, um: 1, µm: 1, μm: 1, mm: 1e3, cm: 1e4 } as const;
const massIn = { mg: 1, g: 1e3, ug: 1e-3, µg: 1e-3 } as const;
const areaIn = { mm2: 0.01, 'mm²': 0.01, cm2: 1, 'cm²': 1 } as const;

function quantity(text: string, words: string, units: Readonly<Record<string, number>>): number | undefined {
  const names = Object.keys(units)
    .sort((a, b) => b.length - a.length)
    .join('|');
  const pattern = new RegExp(
    `(?:${words})[\\p{L} ]*[\\s_:=(-]*(\\d+(?:[.,]\\d+)?)[\\s_]*[([]?(${names})(?![\\p{L}\\p{N}²])|(?:${words})[\\p{L} ]*[([/ ]+(${names})[)\\]]?\\s*[:=,;\\t ]\\s*(\\d+(?:[.,]\\d+)?)`,
    'iu',
  );
  const found = pattern.exec(text);
  const number = Number((found?.[1] ?? found?.[4])?.replace(',', '.'));
  const unit = (found?.[2] ?? found?.[3])?.toLowerCase();
  const value = unit === undefined ? Number.NaN : number * (units[unit] ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? Number(value.toPrecision(6)) : undefined;
}

/** Geometry and mass as the beginning of an export, or its name, states them with a unit. */
export function guessedGeometry(text: string): GuessedGeometry {
  const thickness = quantity(text, 'thickness|dicke|thick|(?<![\\p{L}\\p{N}])t', lengthIn);
  const diameter = quantity(text, 'diameter|durchmesser|dia|(?<![\\p{L}\\p{N}])d', lengthIn);
  const area = quantity(text, 'surface area|electrode area|sample area|area|fläche', areaIn);
  const mass = quantity(text, 'active mass|active material mass|mass of active material|aktivmasse', massIn);
  return {
    ...(thickness === undefined ? {} : { thickness_um: thickness }),
    ...(diameter === undefined ? {} : { diameter_mm: Number((diameter / 1000).toPrecision(6)) }),
    ...(area === undefined ? {} : { electrode_area_cm2: area }),
    ...(mass === undefined ? {} : { active_mass_mg: mass }),
  };
}
