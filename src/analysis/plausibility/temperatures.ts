/** Temperatures that contradict each other, or look like kelvin. */

const LOWEST_KELVIN = 250;
const HIGHEST_KELVIN = 400;
const LARGEST_DISAGREEMENT_KELVIN = 2;
const ZERO_CELSIUS_KELVIN = 273.15;
/** No series of one specimen steps over so much. */
const LEAST_GAP_KELVIN = 100;
const NEIGHBOURHOOD_KELVIN = 50;

const isKelvinOfOrdinary = (value: number) => value >= LOWEST_KELVIN && value <= HIGHEST_KELVIN;

/**
 * Whether temperatures of a series, given in °C, lie where kelvin of ordinary measurements do: all of them, or some that
 * stand far above the others and, taken as kelvin, among them.
 */
export function looksLikeKelvin(celsius: readonly number[]): boolean {
  const high = celsius.filter(isKelvinOfOrdinary);
  if (high.length === 0) return false;
  const others = celsius.filter((value) => !isKelvinOfOrdinary(value));
  if (others.length === 0) return true;
  const [lowest, highest] = [Math.min(...others), Math.max(...others)];
  return (
    Math.min(...high) - highest >= LEAST_GAP_KELVIN &&
    high.every((value) => {
      const asKelvin = value - ZERO_CELSIUS_KELVIN;
      return asKelvin >= lowest - NEIGHBOURHOOD_KELVIN && asKelvin <= highest + NEIGHBOURHOOD_KELVIN;
    })
  );
}

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
