import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { boundsFrom } from '../../src/analysis/uncertainty/index.js';
import { judge } from '../../src/analysis/verdict/index.js';
import type { CellRecord } from '../../src/fits/cells.js';
import { activeMassComponent, cellConstantComponents } from '../../src/fits/uncertainty.js';
import type { JudgedTarget } from '../../src/targets/evaluate.js';
import type { MaterialRecord } from '../../src/targets/lab-data.js';
import { metricOf } from '../../src/targets/metrics/index.js';
import { inWords } from '../message.js';
import { goldenFiles, sayIfAbsent } from '../shared-data.js';
import { Laboratory } from './laboratory.js';

/** Verdicts beside the reference: what is assumed where nothing is stated, leads, open and ambiguous arcs. */

// biome-ignore lint/suspicious/noExplicitAny: the reference has a shape per kind.
type Golden = any;
const read = (name: string): Golden => {
  const file = goldenFiles().get(`${name}.json`);
  return file === undefined ? null : JSON.parse(readFileSync(file, 'utf8'));
};
const has = read('tgt-04-assumed-uncertainty') !== null;
sayIfAbsent(has, 'golden verdicts');

/** Names of components as the reference has them: of a quotient `new` and `reference`. */
const assumedOf = (components: readonly { component: string; assumed?: string }[], of?: string) =>
  components
    .filter(({ assumed }) => assumed !== undefined)
    .map(({ component }) =>
      component === of ? 'new' : component === `reference_${of}` ? 'reference' : component,
    );

const cases = (name: string): [string, Golden][] =>
  has ? read(name).cases.map((one: Golden) => [one.name, one]) : [];

describe.skipIf(!has)('an uncertainty that nobody states', () => {
  const relative = { lower: 1e-9 };
  it.each(cases('tgt-04-assumed-uncertainty'))('%s', (_name, { kind, inputs, expected }) => {
    const cell = {
      thickness_relative_uncertainty: inputs.u_thickness ?? null,
      diameter_relative_uncertainty: inputs.u_diameter ?? null,
      electrode_area_cm2: null,
      active_mass_mg: inputs.active_mass_mg ?? null,
      active_mass_relative_uncertainty: null,
    } as CellRecord;
    const near = (found: number | null, wanted: number | undefined) =>
      wanted === undefined || expect(Math.abs((found as number) / wanted - 1)).toBeLessThan(relative.lower);
    if (kind === 'reduction') {
      const material = {
        [inputs.of === 'cost' ? 'cost' : 'areal_mass_mg_per_cm2']: inputs.new,
        [inputs.of === 'cost' ? 'reference_cost' : 'reference_areal_mass_mg_per_cm2']: inputs.reference,
        cost_relative_uncertainty: null,
        reference_cost_relative_uncertainty: null,
        areal_mass_relative_uncertainty: null,
        reference_areal_mass_relative_uncertainty: null,
      } as unknown as MaterialRecord;
      const metric = metricOf(inputs.of === 'cost' ? 'cost_reduction' : 'mass_reduction');
      if (metric?.level !== 'material') throw new Error('no such metric');
      const { value, components } = metric.measure(material);
      const estimate = { value: value as number, ...boundsFrom(value as number, components) };
      near(value, expected.reduction);
      near(estimate.bound95_low, expected.lower95);
      near(estimate.bound95_high, expected.upper95);
      near(Math.hypot(...components.map((one) => one.standard_uncertainty)), expected.u);
      expect(assumedOf(components, inputs.of)).toEqual(expected.assumed);
      expect(judge(estimate, { comparison: '>', threshold: inputs.limit }).verdict).toBe(expected.verdict);
      return;
    }
    const components = kind === 'capacity' ? [activeMassComponent(cell)] : cellConstantComponents(cell);
    const value = inputs.sigma_S_cm ?? inputs.mAh_g;
    const estimate = { value, ...boundsFrom(value, components, 'ln') };
    near(Math.hypot(...components.map((one) => one.standard_uncertainty)), expected.u_relative);
    near(estimate.bound95_low, expected.lower95);
    near(estimate.bound95_high, expected.upper95);
    expect(assumedOf(components)).toEqual(expected.assumed);
    expect(judge(estimate, { comparison: '>', threshold: inputs.limit }).verdict).toBe(expected.verdict);
  });
});

describe.skipIf(!has)('leads that were not subtracted', () => {
  it.each(cases('tgt-05-leads'))('%s', (_name, { inputs, expected }) => {
    const { quantity, comparison, limit, lower95, upper95, leads_subtracted } = inputs;
    const estimate = {
      value: Math.sqrt(lower95 * upper95),
      ci95_low: lower95,
      ci95_high: upper95,
      bound95_low: lower95,
      bound95_high: upper95,
      one_sided: leads_subtracted
        ? null
        : {
            // Leads only add resistance.
            bound: quantity === 'sigma25' ? ('lower' as const) : ('upper' as const),
            code: 'LEADS_NOT_SUBTRACTED',
            reason: inWords('leads are not subtracted'),
            needed: inWords('a short or blank'),
          },
    };
    expect(judge(estimate, { comparison, threshold: limit }).verdict).toBe(expected.verdict);
  });
});

describe.skipIf(!has)('interfaces whose arcs stay open, or may be grain boundaries', () => {
  const ids = ['eis-n17-arc-not-closed', 'eis-n20-thin-separator-ambiguous', 'eis-n29-open-arc-fails'];
  const limits = [2, 10, 30];
  let judged: JudgedTarget[];
  beforeAll(async () => {
    const lab = new Laboratory();
    for (const id of ids) {
      const { cell, data } = read(id);
      lab.material(id, 'oxide_electrolyte');
      // Of one cell nothing is said about a material: three that are the same.
      for (const copy of [1, 2, 3]) {
        lab.cell(`${id} ${copy}`, id, cell.cell_type, {
          thickness_um: 1e4 * cell.thickness_cm,
          electrode_area_cm2: cell.area_cm2,
          interface_count: cell.interface_count,
        });
        lab.spectrum(`${id} ${copy}`, 25, data.freq_hz, data.z_re_ohm, data.z_im_ohm);
      }
    }
    judged = await lab.judgeAll(
      ...limits.map((threshold) => ({
        id: `below-${threshold}`,
        category: 'oxide_electrolyte',
        metric: 'interfacial_asr',
        comparison: '<',
        threshold,
        unit: 'ohm cm2',
      })),
    );
  });

  it.each(has ? ids : [])('%s', (id) => {
    const { expected } = read(id);
    const of = (limit: number) =>
      judged.find((one) => one.material_id === id && one.target.id === `below-${limit}`) as JudgedTarget;
    for (const limit of limits) {
      const wanted = expected[`verdict_less_than_${limit}`];
      if (wanted !== undefined) expect(of(limit).verdict, `< ${limit}`).toBe(wanted);
      // An arc that stays open gives a lower bound, which passes nothing.
      if (expected.arc_closed === false) expect(of(limit).verdict).not.toBe('PASS');
    }
    const bound = expected.asr_lower_bound_ohm_cm2 ?? expected.reported_value;
    expect((of(10).value as number) / bound).toBeCloseTo(1, 1);
  });
});
