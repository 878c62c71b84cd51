import { impedanceMessages as say } from '../../messages/impedance.js';
import type { Message } from '../../messages/message.js';
import { BOLTZMANN_EV_PER_KELVIN, ZERO_CELSIUS_KELVIN } from '../constants.js';
import { fitLine, leverageAt } from '../statistics/linear-regression.js';
import { declaredHalfWidth, fromScatter, type UncertaintyComponent } from '../uncertainty/index.js';
import { kelvinOf } from './form.js';
import { temperatureMeans, usableReadings } from './readings.js';
import type { ArrheniusInput } from './types.js';

const FEWEST_TEMPERATURES = 4;
const SMALLEST_SPAN_KELVIN = 30;
const FARTHEST_KELVIN = 10;

/** σ at a temperature by the Arrhenius line, and what it may support. */
export interface ConductivityAt {
  /** S/cm. */
  sigma: number;
  /** Sources of its relative uncertainty, without the geometry. */
  components: UncertaintyComponent[];
  n: number;
  dof: number;
  /** Activation energy by the form ln σ, eV. */
  Ea_eV: number;
  supports: 'verdict' | 'INCONCLUSIVE' | 'INSUFFICIENT DATA';
  /** Why it cannot support a verdict; null where it can. */
  reason: Message | null;
}

/**
 * Conductivity at a temperature from ln σ = ln σ₀ − Eₐ/(kT), least squares over 1/T − 1/T*, so that the intercept and
 * its error are those of the wanted value. A common error of all temperatures shifts it by Eₐ/(kT*²) per kelvin.
 * Source: N. R. Draper & H. Smith, Applied Regression Analysis, 3rd ed., chapter 3.
 *
 * @param celsius T*, °C
 * @param halfWidth of the error of the temperatures, K
 * @returns null below two temperatures
 */
export function conductivityAt(
  input: ArrheniusInput,
  celsius: number,
  halfWidth: number,
): ConductivityAt | null {
  const points = temperatureMeans(usableReadings(input).readings);
  if (points.length < 2) return null;
  const kelvin = celsius + ZERO_CELSIUS_KELVIN;
  const x = points.map((point) => 1 / kelvinOf(point) - 1 / kelvin);
  const line = fitLine(
    x,
    points.map(({ ln_conductivity }) => ln_conductivity),
  );
  const Ea_eV = -line.slope * BOLTZMANN_EV_PER_KELVIN;
  const error = line.residual_sd * Math.sqrt(leverageAt(line, 0));
  const perKelvin = Math.abs(line.slope) / kelvin ** 2;
  const celsiusOf = points.map(({ temperature_celsius }) => temperature_celsius);
  const [lowest, highest] = [Math.min(...celsiusOf), Math.max(...celsiusOf)];
  const outside = Math.max(0, lowest - celsius, celsius - highest);
  const isFar = outside > 0 && leverageAt(line, 0) > 2 * Math.max(...x.map((at) => leverageAt(line, at)));
  const open = (supports: ConductivityAt['supports'], reason: Message | null) => ({ supports, reason });
  const support =
    points.length < FEWEST_TEMPERATURES
      ? open(
          'INSUFFICIENT DATA',
          say('TEMPERATURES_MORE/enough', { n: points.length, enough: FEWEST_TEMPERATURES }),
        )
      : highest - lowest < SMALLEST_SPAN_KELVIN
        ? open('INSUFFICIENT DATA', say('TEMPERATURES_SPAN', { kelvin: (highest - lowest).toFixed(1) }))
        : outside > FARTHEST_KELVIN || isFar
          ? open('INCONCLUSIVE', say('EXTRAPOLATED/nearer', { celsius, kelvin: outside.toFixed(1) }))
          : open('verdict', null);
  return {
    sigma: Math.exp(line.intercept),
    components: [
      fromScatter('temperatures', error, line.dof),
      ...(halfWidth > 0 ? [declaredHalfWidth('temperature', halfWidth, perKelvin)] : []),
    ],
    n: points.length,
    dof: line.dof,
    Ea_eV,
    ...support,
  };
}
