/** Temperatures that contradict each other, or look like kelvin. */

const LOWEST_KELVIN = 250;
const HIGHEST_KELVIN = 400;
const LARGEST_DISAGREEMENT_KELVIN = 2;
const ZERO_CELSIUS_KELVIN = 273.15;

/** Whether all temperatures of a series, given in °C, lie where kelvin of ordinary measurements do. */
export const looksLikeKelvin = (celsius: readonly number[]): boolean =>
  celsius.length > 0 && celsius.every((value) => value >= LOWEST_KELVIN && value <= HIGHEST_KELVIN);

/** A number with a unit of temperature that stands alone in a name: 60C, -10degC, 24.5°C, 298K. */
const written =
  /(?:(?<![\p{L}\p{N}.])|(?=[-+]))([-+]?)(\d{1,3}(?:\.\d+)?) ?_?(°C|deg(?:rees?)? ?C?|C|K)(?![\p{L}\p{N}])/gu;

/** Every temperature a file's name states, °C; a hyphen before it may be a sign or part of the name: both are given. */
export function temperaturesNamedIn(name: string): number[] {
  return [...name.matchAll(written)].flatMap(([, sign, digits, unit]) => {
    const value = Number(digits) - (unit === 'K' ? ZERO_CELSIUS_KELVIN : 0);
    return sign === '' || sign === '+' || unit === 'K' ? [value] : [value, -value];
  });
}

/** Whether a stated temperature contradicts all that a name or a preamble says; nothing said contradicts nothing. */
export const contradicts = (stated: number, said: readonly number[]): boolean =>
  said.length > 0 && said.every((value) => Math.abs(value - stated) > LARGEST_DISAGREEMENT_KELVIN);
