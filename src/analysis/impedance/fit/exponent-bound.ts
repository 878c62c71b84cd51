import { elementsOf, parseCircuit } from '../circuit/parse.js';
import { boundExponent, type CircuitFit } from './fit-circuit.js';

function freeLabel(taken: Set<string>, number: number): string {
  let candidate = number;
  while (taken.has(`C${candidate}`)) candidate++;
  return `C${candidate}`;
}

/** Labels of the CPEs (not ZARCs) whose fitted exponent is at its bound, n = 1. */
export function exponentsAtBound(fit: CircuitFit): string[] {
  return elementsOf(fit.model.circuit.root)
    .filter(({ element, first }) => element.symbol === 'CPE' && fit.model.values[first + 1]! > boundExponent)
    .map(({ label }) => label);
}

/** The circuit with these CPEs replaced by capacitors of the same number, or of the next free one. */
export function withCapacitors(fit: CircuitFit, labels: string[]) {
  const taken = new Set(elementsOf(fit.model.circuit.root).map(({ label }) => label));
  let code = fit.model.circuit.code;
  for (const label of labels) {
    const capacitor = freeLabel(taken, Number(label.slice(3)));
    taken.add(capacitor);
    code = code.replace(new RegExp(`${label}(?!\\d)`), capacitor);
  }
  return parseCircuit(code);
}
