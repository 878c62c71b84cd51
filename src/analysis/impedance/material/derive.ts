import type { DerivedResult, ImpedanceFit } from '../result.js';
import { circuitSpread, otherResistances } from './circuit-spread.js';
import { conductivityFromFit } from './electrolyte.js';
import type { CellDescription } from './geometry.js';
import { interfacialResistanceFromFit } from './interface.js';

/**
 * What a cell of this type is measured for: a pellet for the conductivity, a symmetric cell for both, any other cell
 * for the interface.
 */
export function deriveMaterial(fit: ImpedanceFit, cell: CellDescription): Required<DerivedResult> {
  const parts = [
    ...(cell.cell_type === 'pellet' || cell.cell_type === 'symmetric'
      ? [conductivityFromFit(fit, cell)]
      : []),
    ...(cell.cell_type === 'pellet' ? [] : [interfacialResistanceFromFit(fit, cell)]),
  ];
  const warnings = parts.flatMap((part) => part.warnings);
  return {
    results: parts.flatMap((part) => part.results),
    warnings: warnings.filter(
      ({ code, message }, i) => warnings.findIndex((w) => w.code === code && w.message === message) === i,
    ),
    arcs: parts[0]?.arcs ?? [],
    circuit_spread: circuitSpread(fit, cell),
    other_resistances: otherResistances(fit, cell),
  };
}
