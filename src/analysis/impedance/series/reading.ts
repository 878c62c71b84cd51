import { arcsOf, logTimeConstant } from '../circuit/arcs.js';
import { parseCircuit, seriesPlaces } from '../circuit/parse.js';
import { roleOf } from '../material/assignment.js';
import { type CellDescription, interfacesInSeries, known } from '../material/geometry.js';
import type { SeriesReading, TemperatureSeriesFit } from './fit-series.js';

/**
 * A cell with the capacitances that decide the roles of the arcs of one reading: medians over the series, not those of
 * the reading itself.
 */
export function describedBySeries(
  cell: CellDescription,
  { arc_median_C_F }: TemperatureSeriesFit,
  { resistors }: SeriesReading,
): CellDescription {
  const medians = resistors.flatMap((resistor, j) => {
    const C = arc_median_C_F[j];
    return C === undefined ? [] : [[resistor, C] as const];
  });
  return { ...cell, role_capacitances_F: Object.fromEntries(medians) };
}

/** An arc of another circuit is taken as the same arc of the series if its capacitance is within this factor. */
const sameArc = 10;

/**
 * Resistance of the electrolyte (ohm) by the circuit that one spectrum alone would be given: series resistance and the
 * arcs whose capacitance is that of an electrolyte's arc of the series. Null where that circuit is the series' own.
 */
export function freelyChosenResistance(
  cell: CellDescription,
  { arc_median_C_F }: TemperatureSeriesFit,
  { circuit, free_circuit, free_parameters }: SeriesReading,
): number | null {
  if (free_circuit === null || free_circuit === circuit) return null;
  const [area, thickness] = [known(cell.area_cm2), known(cell.thickness_cm)];
  const isElectrolyte = (C: number) =>
    roleOf(
      area === null || thickness === null ? null : (C * thickness) / area,
      area === null ? null : (C * interfacesInSeries(cell)) / area,
    ) !== 'interface';
  const tracked = arc_median_C_F.filter(isElectrolyte);
  const parsed = parseCircuit(free_circuit);
  const values = parsed.parameters.map(({ name }) => free_parameters[name]!);
  const arcs = arcsOf(parsed.root).filter((arc) => {
    const C = Math.exp(logTimeConstant(arc, values)) / values[arc.resistance]!;
    return tracked.some((own) => Math.abs(Math.log(C / own)) <= Math.log(sameArc));
  });
  const places = [...seriesPlaces(parsed), ...arcs.map((arc) => arc.resistance)];
  const sum = places.reduce((total, place) => total + values[place]!, 0);
  return sum > 0 ? sum : null;
}
