import { describe, expect, it } from 'vitest';
import { bandOf, circuitElements } from '../../../src/analysis/impedance/circuit/elements.js';
import { compileCircuit } from '../../../src/analysis/impedance/circuit/evaluate.js';
import { codeOf, parseCircuit } from '../../../src/analysis/impedance/circuit/parse.js';
import { simulateImpedance } from '../../../src/analysis/impedance/index.js';

describe('circuit code', () => {
  it('names parameters by element and number', () => {
    const { parameters } = parseCircuit('L0-R0-p(R1,CPE1)-p(R2-Wo2,C2)-W3-ZARC4');
    expect(parameters.map(({ name }) => name)).toEqual([
      'L0',
      'R0',
      'R1',
      'CPE1_Q',
      'CPE1_n',
      'R2',
      'Wo2_R',
      'Wo2_tau',
      'C2',
      'W3',
      'ZARC4_R',
      'ZARC4_tau',
      'ZARC4_n',
    ]);
    expect(parameters.map(({ unit }) => unit).slice(0, 5)).toEqual(['H', 'ohm', 'ohm', 'ohm^-1 s^n', '1']);
  });

  it('nests series in parallel and parallel in series', () => {
    const code = 'R0-p(R1-p(R2,CPE2),CPE1)';
    expect(codeOf(parseCircuit(` ${code.replaceAll(',', ' , ')} `).root)).toBe(code);
  });

  it.each([
    ['R0-p(R1,CPE1', 13, '"," or ")" is missing'],
    ['R0-p(R1)', 4, 'at least two branches'],
    ['R0-X1', 4, 'no element begins with "X"'],
    ['R0-R', 5, 'a number is missing after "R"'],
    ['R0-R0', 4, '"R0" is there twice'],
    ['R0-', 4, 'missing at the end'],
    ['R0)', 3, '")" is not expected'],
    ['', 1, 'missing at the end'],
  ])('%j: says what is wrong at position %i', (code, position, message) => {
    expect(() => parseCircuit(code)).toThrow(`position ${position}: `);
    expect(() => parseCircuit(code)).toThrow(message);
    expect(() => parseCircuit(code)).toThrow('known elements');
  });
});

describe('impedance of the elements', () => {
  const omega = 7;
  const frequency = [omega / (2 * Math.PI)];
  const at = (code: string, values: Record<string, number>) => {
    const z = simulateImpedance(code, values, frequency);
    return [z.real_impedance_ohm[0]!, z.imaginary_impedance_ohm[0]!] as const;
  };
  const near = (found: readonly number[], re: number, im: number) => {
    expect(found[0]).toBeCloseTo(re, 12);
    expect(found[1]).toBeCloseTo(im, 12);
  };

  it('follows their definitions', () => {
    near(at('R1', { R1: 5 }), 5, 0);
    near(at('C1', { C1: 0.01 }), 0, -1 / (omega * 0.01));
    near(at('L1', { L1: 0.3 }), 0, 0.3 * omega);
    near(at('W1', { W1: 2 }), 2 / Math.sqrt(omega), -2 / Math.sqrt(omega));
    const size = 1 / (0.02 * omega ** 0.8);
    near(
      at('CPE1', { CPE1_Q: 0.02, CPE1_n: 0.8 }),
      size * Math.cos(0.4 * Math.PI),
      -size * Math.sin(0.4 * Math.PI),
    );
  });

  it('meets a parallel RC in closed form', () => {
    const x = omega * 4 * 0.05;
    near(at('p(R1,C1)', { R1: 4, C1: 0.05 }), 4 / (1 + x * x), (-4 * x) / (1 + x * x));
  });

  it('gives ZARC and p(R,CPE) the same curve', () => {
    const zarc = at('ZARC1', { ZARC1_R: 9, ZARC1_tau: 0.2, ZARC1_n: 0.85 });
    near(at('p(R1,CPE1)', { R1: 9, CPE1_Q: 0.2 ** 0.85 / 9, CPE1_n: 0.85 }), zarc[0], zarc[1]);
  });

  it('takes diffusion layers to their limits without overflow', () => {
    const fast = at('Ws1', { Ws1_R: 3, Ws1_tau: 1e-9 });
    near(fast, 3, (-3 * omega * 1e-9) / 3);
    // thick layers are Warburg elements: R/√(jωτ)
    const warburg = 3 / Math.sqrt(2 * omega * 1e6);
    near(at('Ws1', { Ws1_R: 3, Ws1_tau: 1e6 }), warburg, -warburg);
    near(at('Wo1', { Wo1_R: 3, Wo1_tau: 1e6 }), warburg, -warburg);
    // thin blocked layers: R/3 + 1/(jωτ/R)
    const [re, im] = at('Wo1', { Wo1_R: 3, Wo1_tau: 1e-4 });
    expect(re).toBeCloseTo(1, 6);
    expect(im).toBeCloseTo(-3 / (omega * 1e-4), 3);
  });

  it('refuses parameters that are missing or out of range', () => {
    expect(() => at('R1-C1', { R1: 1 })).toThrow('C1 = undefined');
    expect(() => at('CPE1', { CPE1_Q: 1, CPE1_n: 1 })).toThrow('between 0 and 1');
  });
});

describe('derivatives by forward accumulation', () => {
  const frequency = [1e6, 3e3, 50, 0.2, 1e-3];
  const codes = [
    ...circuitElements.map(({ symbol }) => `${symbol}1`),
    'L0-R0-p(R1,CPE1)-p(R2-Wo2,C2)-CPE3',
    'R0-p(R1-p(R2-Ws2,CPE2),CPE1)-W1-ZARC5',
  ];

  it.each(codes)('%s agrees with central differences', (code) => {
    const circuit = parseCircuit(code);
    const k = circuit.parameters.length;
    const n = frequency.length;
    const theta = Float64Array.from({ length: k }, (_, j) => 0.4 * Math.sin(3 * j + 1) - (j % 3));
    const evaluator = compileCircuit(circuit, bandOf(frequency));
    const derivatives = Array.from({ length: k }, () => ({
      re: new Float64Array(n),
      im: new Float64Array(n),
    }));
    evaluator.evaluate(theta, derivatives);
    const h = 1e-5;
    for (let j = 0; j < k; j++) {
      const shifted = (by: number) => {
        evaluator.evaluate(
          theta.map((value, i) => (i === j ? value + by : value)),
          null,
        );
        return { re: evaluator.z.re.slice(), im: evaluator.z.im.slice() };
      };
      const [up, down] = [shifted(h), shifted(-h)];
      evaluator.evaluate(theta, null);
      for (let i = 0; i < n; i++) {
        const scale = Math.hypot(evaluator.z.re[i]!, evaluator.z.im[i]!);
        expect(Math.abs(derivatives[j]!.re[i]! - (up.re[i]! - down.re[i]!) / (2 * h)) / scale).toBeLessThan(
          1e-7,
        );
        expect(Math.abs(derivatives[j]!.im[i]! - (up.im[i]! - down.im[i]!) / (2 * h)) / scale).toBeLessThan(
          1e-7,
        );
      }
    }
  });
});
