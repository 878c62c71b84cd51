import { z } from 'zod';
import { judgeCost, ratioOf, reductionOf } from '../../analysis/materials/index.js';
import { judge } from '../../analysis/verdict/index.js';
import type { MaterialRecord } from '../lab-data.js';
import { fractionUnits } from '../units.js';
import { defineMaterialMetric } from './definition.js';

/** Metrics of a material that is bought or weighed: nothing is pooled over cells. */

const settings = z.strictObject({});

const statedBasis = (material: MaterialRecord) => ({
  basis: material.cost_basis,
  currency: material.cost_currency,
  price_year: material.price_year,
  scale: material.cost_scale,
});

function costInputs(material: MaterialRecord) {
  return {
    cost: material.cost,
    reference_cost: material.reference_cost,
    cost_relative_uncertainty: material.cost_relative_uncertainty,
    reference_cost_relative_uncertainty: material.reference_cost_relative_uncertainty,
    ...statedBasis(material),
    source: material.source,
    source_date: material.source_date,
  };
}

/** Names of the columns that are empty, as what is missing; null where none is. */
function missingColumns(material: MaterialRecord, columns: readonly (keyof MaterialRecord)[]): string | null {
  const empty = columns.filter((column) => material[column] === null);
  return empty.length === 0 ? null : `${empty.join(', ')} in materials.csv`;
}

const costColumns = [
  'cost',
  'reference_cost',
  'cost_basis',
  'cost_currency',
  'price_year',
  'cost_scale',
] as const;
const massColumns = ['areal_mass_mg_per_cm2', 'reference_areal_mass_mg_per_cm2'] as const;

const costEstimate = (material: MaterialRecord, of: typeof ratioOf) =>
  material.cost === null || material.reference_cost === null
    ? null
    : of(
        material.cost,
        material.reference_cost,
        material.cost_relative_uncertainty ?? 0,
        material.reference_cost_relative_uncertainty ?? 0,
      );

export const costReduction = defineMaterialMetric({
  id: 'cost_reduction',
  level: 'material',
  title: 'cost reduction against the reference',
  formula: '1 − cost/reference_cost, same currency, price year, basis and scale',
  units: fractionUnits,
  settings,
  measure: (material) => ({
    estimate: costEstimate(material, reductionOf),
    missing: missingColumns(material, costColumns),
    inputs: costInputs(material),
  }),
  judge: (material, estimate, limit) => judgeCost(estimate, limit, statedBasis(material)),
});

export const costRatio = defineMaterialMetric({
  id: 'cost_ratio',
  level: 'material',
  title: 'cost over that of the reference',
  formula: 'cost/reference_cost, same currency, price year, basis and scale',
  units: fractionUnits,
  settings,
  measure: (material) => ({
    estimate: costEstimate(material, ratioOf),
    missing: missingColumns(material, costColumns),
    inputs: costInputs(material),
  }),
  judge: (material, estimate, limit) => judgeCost(estimate, limit, statedBasis(material)),
});

export const massReduction = defineMaterialMetric({
  id: 'mass_reduction',
  level: 'material',
  title: 'reduction of the mass per area against the reference',
  formula: '1 − areal_mass/reference_areal_mass',
  units: fractionUnits,
  settings,
  measure(material) {
    const { areal_mass_mg_per_cm2: mass, reference_areal_mass_mg_per_cm2: reference } = material;
    const estimate =
      mass === null || reference === null
        ? null
        : reductionOf(
            mass,
            reference,
            material.areal_mass_relative_uncertainty ?? 0,
            material.reference_areal_mass_relative_uncertainty ?? 0,
          );
    const inputs = {
      areal_mass_mg_per_cm2: mass,
      reference_areal_mass_mg_per_cm2: reference,
      areal_mass_relative_uncertainty: material.areal_mass_relative_uncertainty,
      reference_areal_mass_relative_uncertainty: material.reference_areal_mass_relative_uncertainty,
      source: material.source,
      source_date: material.source_date,
    };
    return { estimate, missing: missingColumns(material, massColumns), inputs };
  },
  judge: (_material, estimate, limit) =>
    judge(estimate, limit, 'no mass per area of the material or of its reference'),
});
