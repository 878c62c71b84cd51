import { chargeQuotient, coulombicEfficiency, energyEfficiency } from '../derive/efficiency.js';
import type { PartRule } from '../tables/definition.js';
import { column, tableDefinition } from '../tables/index.js';
import { taken, type ViewDefinition } from './definition.js';

/** Order of the parts of one cycle: by clock, then in the order in which the tests were ingested. */
const first = (value: string) => `arg_min(${value}, part) AS ${value}`;

/** Columns of `cycles` whose parts are combined by this rule. */
const ofParts = (rule: PartRule) =>
  tableDefinition('cycles')
    .columns.filter((one) => one.ofParts === rule)
    .map(({ name }) => name);

const summed = ofParts('sum');
const largest = ofParts('largest');
/** A value at the end of a half cycle comes from the last part that has it. */
const last = ofParts('last');

const perMass = (quantity: string) => `1e6 * ${quantity} / active_mass_mg`;
const perArea = (quantity: string) => `1e3 * ${quantity} / electrode_area_cm2`;

/**
 * One cycle of a cell's whole life. `cycles` already says which parts belong together (`cell_cycle`) and what the
 * whole is (`cell_cycle_label`); here the capacities of the parts are added, and quotients are computed from the sums.
 */
export const cellCycles: ViewDefinition = {
  name: 'cell_cycles',
  row: "one cycle of a cell's whole life, over all its tests; excluded cells stay in",
  sql: `
    SELECT cell_id, material_id, cell_type, batch, cell_cycle, test_id, cycle_count, vendor_cycle_count, part_count,
      label,
      label = 'formation' AS is_formation, label = 'checkup' AS is_checkup, is_complete,
      started_at, start_time_second,
      ${summed.join(', ')},
      ${perMass('charging_capacity_ah')} AS specific_charging_capacity_mah_per_g,
      ${perMass('discharging_capacity_ah')} AS specific_capacity_mah_per_g,
      ${perArea('discharging_capacity_ah')} AS areal_capacity_mah_per_cm2,
      1e6 * discharging_energy_wh / active_mass_mg AS specific_energy_wh_per_kg,
      cell_mass_g, cell_volume_cm3, 1e3 * discharging_energy_wh / cell_mass_g AS cell_specific_energy_wh_per_kg,
      1e3 * discharging_energy_wh / cell_volume_cm3 AS cell_energy_density_wh_per_l,
      ${coulombicEfficiency('label')} AS coulombic_efficiency, efficiency_objection, is_return_at_limit,
      log_interval_bound,
      ${chargeQuotient} AS charge_quotient,
      ${energyEfficiency('label')} AS energy_efficiency,
      charging_energy_wh / nullif(charging_capacity_ah, 0) AS mean_charging_voltage_volt,
      discharging_energy_wh / nullif(discharging_capacity_ah, 0) AS mean_discharging_voltage_volt,
      charging_energy_wh / nullif(charging_capacity_ah, 0)
        - discharging_energy_wh / nullif(discharging_capacity_ah, 0) AS voltage_hysteresis_volt,
      coalesce(discharging_c_rate, charging_c_rate) AS c_rate,
      ${largest.join(', ')}, minimum_voltage_volt, ${last.join(', ')}, mean_temperature_celsius,
      temperature_celsius, pressure_mpa, capacity_source, current_direction, excluded_reason, warnings
    FROM (
      SELECT t.cell_id, c.cell_cycle, count(*) AS part_count, any_value(l.material_id) AS material_id,
        any_value(l.cell_type) AS cell_type, any_value(l.batch) AS batch, any_value(l.active_mass_mg) AS active_mass_mg,
        any_value(l.cell_mass_g) AS cell_mass_g, any_value(l.cell_volume_cm3) AS cell_volume_cm3,
        any_value(l.electrode_area_cm2) AS electrode_area_cm2, any_value(l.excluded_reason) AS excluded_reason,
        ${['test_id', 'cycle_count', 'vendor_cycle_count', 'start_time_second']
          .map((name) => first(name).replace('(', '(c.'))
          .join(', ')},
        arg_min(t.started_at + to_microseconds(CAST(round(c.start_time_second * 1e6) AS BIGINT)), part) AS started_at,
        any_value(c.cell_cycle_label) AS label, any_value(c.efficiency_objection) AS efficiency_objection,
        bool_and(c.is_return_at_limit) AS is_return_at_limit, max(c.log_interval_bound) AS log_interval_bound,
        CASE WHEN count(*) = 1 THEN bool_and(c.is_complete) ELSE any_value(c.cell_cycle_label) <> 'partial' END
          AS is_complete,
        ${summed.map((name) => `sum(c.${name}) AS ${name}`).join(', ')},
        ${largest.map((name) => `max(c.${name}) AS ${name}`).join(', ')},
        ${last.map((name) => `arg_max(c.${name}, part) AS ${name}`).join(', ')},
        min(c.minimum_voltage_volt) AS minimum_voltage_volt,
        sum(c.mean_temperature_celsius * c.duration_second)
          / nullif(sum(c.duration_second) FILTER (c.mean_temperature_celsius IS NOT NULL), 0)
          AS mean_temperature_celsius,
        any_value(t.temperature_celsius) AS temperature_celsius, any_value(t.pressure_mpa) AS pressure_mpa,
        CASE WHEN count(DISTINCT c.capacity_source) = 1 THEN any_value(c.capacity_source) ELSE 'mixed' END
          AS capacity_source,
        CASE WHEN bool_or(t.current_direction = 'unknown') THEN 'unknown' ELSE 'known' END AS current_direction,
        to_json(list_sort(list_distinct(flatten(list(from_json(c.warnings, '["VARCHAR"]')))))) AS warnings
      FROM (
        -- In the order in which they were put together: by the cycles they hold.
        SELECT o.*, row_number() OVER (PARTITION BY cell_id ORDER BY first_cycle, last_cycle, test_id) AS part
        FROM tests o JOIN (
          SELECT test_id, min(cell_cycle) AS first_cycle, max(cell_cycle) AS last_cycle FROM cycles GROUP BY test_id
        ) USING (test_id)
      ) t
      JOIN cycles c ON c.test_id = t.test_id
      LEFT JOIN cells l ON l.cell_id = t.cell_id
      WHERE t.cell_id IS NOT NULL AND c.cell_cycle IS NOT NULL
      GROUP BY t.cell_id, c.cell_cycle
    ) g`,
  columns: [
    ...taken('cells', 'cell_id', 'material_id', 'cell_type', 'batch'),
    column(
      'cell_cycle',
      'BIGINT',
      'Running number in the life of the cell; 0 is a leading part in the other direction.',
    ),
    column('test_id', 'INTEGER', 'The test that holds it, or its first part.'),
    ...taken('cycles', 'cycle_count', 'vendor_cycle_count'),
    column(
      'part_count',
      'BIGINT',
      'Tests that hold a part of it: above 1 it ran on from one file into the next.',
    ),
    column(
      'label',
      'VARCHAR',
      'partial, interrupted, pulse, formation, checkup, capacity_limited or ageing, of the whole cycle.',
    ),
    column('is_formation', 'BOOLEAN', 'Whether it is labelled formation.'),
    column('is_checkup', 'BOOLEAN', 'Whether it is labelled checkup.'),
    column('is_complete', 'BOOLEAN', 'Both directions are there and it is not still running.'),
    column(
      'started_at',
      'TIMESTAMP',
      'Wall clock of its first record, in the time zone of its test; null if the file does not say.',
    ),
    ...taken('cycles', 'start_time_second', ...summed),
    column(
      'specific_charging_capacity_mah_per_g',
      'DOUBLE',
      'Charging capacity per mass of active material; null without it.',
      {
        unit: 'mAh/g',
      },
    ),
    column(
      'specific_capacity_mah_per_g',
      'DOUBLE',
      'Discharging capacity per mass of active material; null without it.',
      {
        unit: 'mAh/g',
        formula: '1000·discharging_capacity_ah/(active_mass_mg/1000)',
      },
    ),
    column(
      'areal_capacity_mah_per_cm2',
      'DOUBLE',
      'Discharging capacity per electrode area; null without it.',
      {
        unit: 'mAh/cm²',
        formula: '1000·discharging_capacity_ah/electrode_area_cm2',
      },
    ),
    column(
      'specific_energy_wh_per_kg',
      'DOUBLE',
      'Discharging energy per mass of active material: not that of a cell.',
      {
        unit: 'Wh/kg',
      },
    ),
    ...taken('cells', 'cell_mass_g', 'cell_volume_cm3'),
    column(
      'cell_specific_energy_wh_per_kg',
      'DOUBLE',
      'Discharging energy per mass of the whole cell; null without it.',
      {
        unit: 'Wh/kg',
        formula: 'discharging_energy_wh/(cell_mass_g/1000)',
      },
    ),
    column(
      'cell_energy_density_wh_per_l',
      'DOUBLE',
      'Discharging energy per volume of the whole cell; null without it.',
      {
        unit: 'Wh/L',
        formula: 'discharging_energy_wh/(cell_volume_cm3/1000)',
      },
    ),
    ...taken(
      'cycles',
      'coulombic_efficiency',
      'efficiency_objection',
      'is_return_at_limit',
      'log_interval_bound',
      'charge_quotient',
      'energy_efficiency',
      'mean_charging_voltage_volt',
      'mean_discharging_voltage_volt',
      'voltage_hysteresis_volt',
    ),
    column('c_rate', 'DOUBLE', 'C-rate of the discharge, or of the charge where there is no discharge.', {
      unit: '1/h',
    }),
    ...taken('cycles', ...largest, 'minimum_voltage_volt', ...last, 'mean_temperature_celsius'),
    ...taken('tests', 'temperature_celsius', 'pressure_mpa'),
    column('capacity_source', 'VARCHAR', 'counter or integrated; mixed where its parts differ.'),
    ...taken('tests', 'current_direction'),
    ...taken('cells', 'excluded_reason'),
    ...taken('cycles', 'warnings'),
  ],
};
