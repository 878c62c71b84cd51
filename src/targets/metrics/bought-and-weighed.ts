import { z } from 'zod';
import { judgeCost } from '../../analysis/materials/index.js';
import {
  type AssumedName,
  statedOrAssumed,
  type UncertaintyComponent,
} from '../../analysis/uncertainty/index.js';
import { judge } from '../../analysis/verdict/index.js';
import type { Message } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { verdictMessages } from '../../messages/verdict.js';
import type { MaterialRecord } from '../lab-data.js';
import { fractionUnits } from '../units.js';
import { defineMaterialMetric, type MaterialMetric } from './definition.js';

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

/** Names of the empty columns, as what is missing; null where none is empty. */
function missingColumns(
  material: MaterialRecord,
  columns: readonly (keyof MaterialRecord)[],
): Message | null {
  const empty = columns.filter((column) => material[column] === null);
  return empty.length === 0 ? null : say('MISSING_IN_MATERIALS', { names: empty });
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

/** The quotient of two numbers, with the uncertainties of both; u² = ratio²·(u_new² + u_ref²), JCGM 100:2008 5.1.6. */
function quotient(
  value: number | null,
  reference: number | null,
  stated: readonly [AssumedName, number | null][],
): { ratio: number | null; components: UncertaintyComponent[] } {
  if (value === null || reference === null) return { ratio: null, components: [] };
  const ratio = value / reference;
  return { ratio, components: stated.map(([name, of]) => statedOrAssumed(name, of, ratio)) };
}

const costQuotient = (material: MaterialRecord) =>
  quotient(material.cost, material.reference_cost, [
    ['cost', material.cost_relative_uncertainty],
    ['reference_cost', material.reference_cost_relative_uncertainty],
  ]);

const reduction = (ratio: number | null) => (ratio === null ? null : 1 - ratio);

/** A metric of the cost of the material divided by that of the reference. */
const metricOfCost = (
  { id, title, formula }: Pick<MaterialMetric, 'id' | 'title' | 'formula'>,
  ofRatio: (ratio: number | null) => number | null,
) =>
  defineMaterialMetric({
    id,
    level: 'material',
    title,
    formula: `${formula}, same currency, price year, basis and scale`,
    units: fractionUnits,
    settings,
    measure(material) {
      const { ratio, components } = costQuotient(material);
      const missing = missingColumns(material, costColumns);
      return { value: ofRatio(ratio), components, missing, inputs: costInputs(material) };
    },
    judge: (material, estimate, limit) => judgeCost(estimate, limit, statedBasis(material)),
  });

export const costReduction = metricOfCost(
  {
    id: 'cost_reduction',
    title: 'cost reduction against the reference',
    formula: '1 − cost/reference_cost',
  },
  reduction,
);

export const costRatio = metricOfCost(
  { id: 'cost_ratio', title: 'cost over that of the reference', formula: 'cost/reference_cost' },
  (ratio) => ratio,
);

export const massReduction = defineMaterialMetric({
  id: 'mass_reduction',
  level: 'material',
  title: 'reduction of the mass per area against the reference',
  formula: '1 − areal_mass/reference_areal_mass',
  units: fractionUnits,
  settings,
  measure(material) {
    const { areal_mass_mg_per_cm2: mass, reference_areal_mass_mg_per_cm2: reference } = material;
    const { ratio, components } = quotient(mass, reference, [
      ['areal_mass', material.areal_mass_relative_uncertainty],
      ['reference_areal_mass', material.reference_areal_mass_relative_uncertainty],
    ]);
    const inputs = {
      areal_mass_mg_per_cm2: mass,
      reference_areal_mass_mg_per_cm2: reference,
      areal_mass_relative_uncertainty: material.areal_mass_relative_uncertainty,
      reference_areal_mass_relative_uncertainty: material.reference_areal_mass_relative_uncertainty,
      source: material.source,
      source_date: material.source_date,
    };
    return { value: reduction(ratio), components, missing: missingColumns(material, massColumns), inputs };
  },
  judge: (_material, estimate, limit) => judge(estimate, limit, verdictMessages('NO_AREAL_MASS')),
});
