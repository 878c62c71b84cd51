import { NotComputable } from '../../result.js';
import { bandOf, toTransformed } from './elements.js';
import { compileCircuit } from './evaluate.js';
import { parseCircuit } from './parse.js';

/**
 * The spectrum of a circuit (ohm) at the given frequencies, in their order.
 * @param values every parameter of the circuit by name: `{ R0: 12, CPE1_Q: 1e-6, CPE1_n: 0.9 }`
 * @throws NotComputable `BAD_PARAMETER` for one that is missing, not above 0, or an exponent of 1 or more
 */
export function simulateImpedance(
  code: string,
  values: Record<string, number>,
  frequency_hertz: ArrayLike<number>,
) {
  const circuit = parseCircuit(code);
  const theta = Float64Array.from(circuit.parameters, ({ name, transform }) => {
    const transformed = toTransformed(transform, values[name] ?? Number.NaN);
    if (Number.isFinite(transformed)) return transformed;
    const range = transform === 'log' ? 'above 0' : 'between 0 and 1';
    throw new NotComputable(
      'BAD_PARAMETER',
      `${name} = ${values[name]} in ${code}: a number ${range} is needed`,
    );
  });
  const evaluator = compileCircuit(circuit, bandOf(frequency_hertz));
  evaluator.evaluate(theta, null);
  return { frequency_hertz, real_impedance_ohm: evaluator.z.re, imaginary_impedance_ohm: evaluator.z.im };
}
