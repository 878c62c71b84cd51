/** Temperatures that contradict each other, or look like kelvin. */

const LOWEST_KELVIN = 250;
const HIGHEST_KELVIN = 400;
const LARGEST_DISAGREEMENT_KELVIN = 2;
const ZERO_CELSIUS_KELVIN = 273.15;

/** Whether all temperatures of a series, given in °C, lie in the range of ordinary measurements in kelvin. */
export const looksLikeKelvin = (celsius: readonly number[]): boolean =>
  celsius.length > 0 && celsius.every((value) => value >= LOWEST_KELVIN && value <= HIGHEST_KELVIN);

/** A number with a unit of temperature, separated from the rest of a name: 60C, -10degC, 24.5°C, 298K. */
const written =
  /(?:(?<![\p{L}\p{N}.])|(?=[-+]))([-+]?)(\d{1,3}(?:\.\d+)?) ?_?(°C|deg(?:rees?)? ?C?|C|K)(?![\p{L}\p{N}])/gu;

/**
 * Every temperature in a file name, °C. A hyphen before it may be a sign or part of the name, so both readings are
 * given.
 */
export function temperaturesNamedIn(name: string): number[] {
  return [...name.matchAll(written)].flatMap(([, sign, digits, unit]) => {
    const value = Number(digits) - (unit === 'K' ? ZERO_CELSIUS_KELVIN : 0);
    return sign === '' || sign === '+' || unit === 'K' ? [value] : [value, -value];
  });
}

/**
 * Whether a stated temperature contradicts every temperature that a name or a preamble gives; without any there is no
 * contradiction.
 */
export const contradicts = (stated: number, said: readonly number[]): boolean =>
  said.length > 0 && said.every((value) => Math.abs(value - stated) > LARGEST_DISAGREEMENT_KELVIN);
