CREATE TABLE "materials" (
  "material_id" VARCHAR,
  "name" VARCHAR,
  "category" VARCHAR,
  "cost" DOUBLE,
  "reference_cost" DOUBLE,
  "cost_basis" VARCHAR,
  "cost_currency" VARCHAR,
  "price_year" INTEGER,
  "cost_scale" VARCHAR,
  "cost_relative_uncertainty" DOUBLE,
  "reference_cost_relative_uncertainty" DOUBLE,
  "areal_mass_mg_per_cm2" DOUBLE,
  "reference_areal_mass_mg_per_cm2" DOUBLE,
  "areal_mass_relative_uncertainty" DOUBLE,
  "reference_areal_mass_relative_uncertainty" DOUBLE,
  "source" VARCHAR,
  "source_date" VARCHAR
);

CREATE TABLE "cells" (
  "cell_id" VARCHAR,
  "material_id" VARCHAR,
  "cell_type" VARCHAR,
  "batch" VARCHAR,
  "file_pattern" VARCHAR,
  "electrode_area_cm2" DOUBLE,
  "thickness_um" DOUBLE,
  "diameter_mm" DOUBLE,
  "relative_density" DOUBLE,
  "active_mass_mg" DOUBLE,
  "cell_mass_g" DOUBLE,
  "cell_volume_cm3" DOUBLE,
  "nominal_capacity_mah" DOUBLE,
  "lower_cutoff_volt" DOUBLE,
  "upper_cutoff_volt" DOUBLE,
  "current_accuracy_relative" DOUBLE,
  "lithium_excess_mah" DOUBLE,
  "interface_count" INTEGER,
  "formation_cycles" INTEGER,
  "lead_resistance_ohm" DOUBLE,
  "lead_file_pattern" VARCHAR,
  "circuit" VARCHAR,
  "heating_branch" VARCHAR,
  "excluded_reason" VARCHAR,
  "electrode_area_relative_uncertainty" DOUBLE,
  "thickness_relative_uncertainty" DOUBLE,
  "diameter_relative_uncertainty" DOUBLE,
  "active_mass_relative_uncertainty" DOUBLE,
  "cell_mass_relative_uncertainty" DOUBLE,
  "cell_volume_relative_uncertainty" DOUBLE
);

CREATE TABLE "conditions" (
  "file_pattern" VARCHAR,
  "temperature_celsius" DOUBLE,
  "state_of_charge" DOUBLE,
  "pressure_mpa" DOUBLE,
  "branch" VARCHAR
);

CREATE TABLE "files" (
  "file_id" INTEGER,
  "path" VARCHAR,
  "root" VARCHAR,
  "sha256" VARCHAR,
  "size_bytes" BIGINT,
  "head_key" VARCHAR,
  "content_bytes" BIGINT,
  "modified_at" TIMESTAMP,
  "is_last_line_open" BOOLEAN,
  "modified_ns" BIGINT,
  "format" VARCHAR,
  "format_version" VARCHAR,
  "encoding" VARCHAR,
  "status" VARCHAR,
  "lines_total" BIGINT,
  "lines_head" BIGINT,
  "lines_structural" BIGINT,
  "rows_loaded" BIGINT,
  "rows_rejected" BIGINT,
  "unmapped_columns" JSON,
  "ingested_at" TIMESTAMP,
  "tool_version" VARCHAR,
  "related_file_id" INTEGER,
  "message" VARCHAR,
  "vanished_at" TIMESTAMP
);

CREATE TABLE "test_files" (
  "test_id" INTEGER,
  "file_id" INTEGER,
  "first_record_index" BIGINT,
  "first_line" BIGINT
);

CREATE TABLE "rejects" (
  "file_id" INTEGER,
  "line_number" BIGINT,
  "column_name" VARCHAR,
  "raw_value" VARCHAR,
  "raw_line" VARCHAR,
  "reason" VARCHAR
);

CREATE TABLE "findings" (
  "file_id" INTEGER,
  "test_id" INTEGER,
  "code" VARCHAR,
  "severity" VARCHAR,
  "message" VARCHAR,
  "line_number" BIGINT,
  "repaired" BOOLEAN,
  "repair" JSON
);

CREATE TABLE "tests" (
  "test_id" INTEGER,
  "file_id" INTEGER,
  "part_index" INTEGER,
  "cell_id" VARCHAR,
  "cell_hint" VARCHAR,
  "vendor" VARCHAR,
  "channel" VARCHAR,
  "started_at" TIMESTAMP,
  "time_zone" VARCHAR,
  "current_direction" VARCHAR,
  "counter_scope" VARCHAR,
  "record_count" BIGINT,
  "temperature_celsius" DOUBLE,
  "pressure_mpa" DOUBLE
);

CREATE TABLE "measurements" (
  "test_id" INTEGER,
  "record_index" BIGINT,
  "line_number" BIGINT,
  "vendor_record_index" BIGINT,
  "test_time_second" DOUBLE,
  "unix_time_second" DOUBLE,
  "step_count" BIGINT,
  "step_id" VARCHAR,
  "vendor_step_type" VARCHAR,
  "vendor_cycle_count" DOUBLE,
  "current_ampere" DOUBLE,
  "voltage_volt" DOUBLE,
  "charging_capacity_ah" DOUBLE,
  "discharging_capacity_ah" DOUBLE,
  "net_capacity_ah" DOUBLE,
  "charging_energy_wh" DOUBLE,
  "discharging_energy_wh" DOUBLE,
  "net_energy_wh" DOUBLE,
  "ambient_temperature_celsius" DOUBLE
);

CREATE TABLE "vendor_cycles" (
  "file_id" INTEGER,
  "row_index" BIGINT,
  "cell_id" VARCHAR,
  "vendor_cycle_count" DOUBLE,
  "vendor_label" VARCHAR,
  "charging_capacity_ah" DOUBLE,
  "discharging_capacity_ah" DOUBLE,
  "charging_energy_wh" DOUBLE,
  "discharging_energy_wh" DOUBLE,
  "minimum_voltage_volt" DOUBLE,
  "maximum_voltage_volt" DOUBLE,
  "minimum_current_ampere" DOUBLE,
  "maximum_current_ampere" DOUBLE,
  "test_time_second" DOUBLE
);

CREATE TABLE "steps" (
  "test_id" INTEGER,
  "step_count" BIGINT,
  "cycle_count" BIGINT,
  "vendor_cycle_count" DOUBLE,
  "step_id" VARCHAR,
  "vendor_step_type" VARCHAR,
  "step_type" VARCHAR,
  "first_record_index" BIGINT,
  "last_record_index" BIGINT,
  "record_count" BIGINT,
  "start_time_second" DOUBLE,
  "end_time_second" DOUBLE,
  "duration_second" DOUBLE,
  "largest_gap_second" DOUBLE,
  "capacity_ah" DOUBLE,
  "energy_wh" DOUBLE,
  "charging_capacity_ah" DOUBLE,
  "discharging_capacity_ah" DOUBLE,
  "charging_energy_wh" DOUBLE,
  "discharging_energy_wh" DOUBLE,
  "charging_capacity_counter_ah" DOUBLE,
  "discharging_capacity_counter_ah" DOUBLE,
  "charging_energy_counter_wh" DOUBLE,
  "discharging_energy_counter_wh" DOUBLE,
  "charging_capacity_integrated_ah" DOUBLE,
  "discharging_capacity_integrated_ah" DOUBLE,
  "charging_energy_integrated_wh" DOUBLE,
  "discharging_energy_integrated_wh" DOUBLE,
  "constant_current_capacity_ah" DOUBLE,
  "capacity_source" VARCHAR,
  "start_voltage_volt" DOUBLE,
  "end_voltage_volt" DOUBLE,
  "mean_voltage_volt" DOUBLE,
  "minimum_voltage_volt" DOUBLE,
  "maximum_voltage_volt" DOUBLE,
  "last_voltage_change_volt" DOUBLE,
  "start_current_ampere" DOUBLE,
  "end_current_ampere" DOUBLE,
  "mean_current_ampere" DOUBLE,
  "root_mean_square_current_ampere" DOUBLE,
  "maximum_absolute_current_ampere" DOUBLE,
  "mean_temperature_celsius" DOUBLE,
  "maximum_temperature_celsius" DOUBLE
);

CREATE TABLE "cycles" (
  "test_id" INTEGER,
  "cycle_count" BIGINT,
  "vendor_cycle_count" DOUBLE,
  "label" VARCHAR,
  "cell_cycle" BIGINT,
  "cell_cycle_label" VARCHAR,
  "first_step_count" BIGINT,
  "last_step_count" BIGINT,
  "first_record_index" BIGINT,
  "last_record_index" BIGINT,
  "charging_capacity_ah" DOUBLE,
  "discharging_capacity_ah" DOUBLE,
  "charging_energy_wh" DOUBLE,
  "discharging_energy_wh" DOUBLE,
  "charging_capacity_counter_ah" DOUBLE,
  "discharging_capacity_counter_ah" DOUBLE,
  "charging_energy_counter_wh" DOUBLE,
  "discharging_energy_counter_wh" DOUBLE,
  "charging_capacity_integrated_ah" DOUBLE,
  "discharging_capacity_integrated_ah" DOUBLE,
  "charging_energy_integrated_wh" DOUBLE,
  "discharging_energy_integrated_wh" DOUBLE,
  "capacity_source" VARCHAR,
  "counter_deviation" DOUBLE,
  "coulombic_efficiency" DOUBLE,
  "charge_quotient" DOUBLE,
  "energy_efficiency" DOUBLE,
  "mean_charging_voltage_volt" DOUBLE,
  "mean_discharging_voltage_volt" DOUBLE,
  "voltage_hysteresis_volt" DOUBLE,
  "constant_current_share" DOUBLE,
  "charging_c_rate" DOUBLE,
  "discharging_c_rate" DOUBLE,
  "start_time_second" DOUBLE,
  "charging_duration_second" DOUBLE,
  "discharging_duration_second" DOUBLE,
  "duration_second" DOUBLE,
  "minimum_voltage_volt" DOUBLE,
  "maximum_voltage_volt" DOUBLE,
  "end_of_charge_rest_voltage_volt" DOUBLE,
  "end_of_discharge_rest_voltage_volt" DOUBLE,
  "mean_temperature_celsius" DOUBLE,
  "maximum_temperature_celsius" DOUBLE,
  "is_complete" BOOLEAN,
  "warnings" JSON
);

CREATE TABLE "spectra" (
  "spectrum_id" INTEGER,
  "file_id" INTEGER,
  "sweep_index" INTEGER,
  "cell_id" VARCHAR,
  "cell_hint" VARCHAR,
  "temperature_celsius" DOUBLE,
  "temperature_source" VARCHAR,
  "state_of_charge" DOUBLE,
  "pressure_mpa" DOUBLE,
  "branch" VARCHAR,
  "measured_at" TIMESTAMP,
  "sweep_started_at" TIMESTAMP,
  "point_count" INTEGER
);

CREATE TABLE "impedance" (
  "spectrum_id" INTEGER,
  "point_index" INTEGER,
  "line_number" BIGINT,
  "frequency_hertz" DOUBLE,
  "real_impedance_ohm" DOUBLE,
  "imaginary_impedance_ohm" DOUBLE,
  "test_time_second" DOUBLE
);

CREATE TABLE "fits" (
  "run_id" INTEGER,
  "kind" VARCHAR,
  "subject" VARCHAR,
  "cell_id" VARCHAR,
  "input_key" VARCHAR,
  "result" JSON,
  "refusal_code" VARCHAR,
  "refusal" VARCHAR
);

CREATE TABLE "impedance_fits" (
  "run_id" INTEGER,
  "spectrum_id" INTEGER,
  "cell_id" VARCHAR,
  "temperature_celsius" DOUBLE,
  "circuit" VARCHAR,
  "kramers_kronig" VARCHAR,
  "quantity" VARCHAR,
  "value" DOUBLE,
  "unit" VARCHAR,
  "standard_error" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "n" DOUBLE,
  "dof" DOUBLE,
  "n_eff" DOUBLE,
  "method" VARCHAR,
  "status" VARCHAR,
  "goodness" JSON,
  "warnings" JSON,
  "excluded" JSON,
  "standard_error_adjusted" DOUBLE,
  "relative_standard_error" DOUBLE
);

CREATE TABLE "conductivities" (
  "run_id" INTEGER,
  "spectrum_id" INTEGER,
  "cell_id" VARCHAR,
  "temperature_celsius" DOUBLE,
  "branch" VARCHAR,
  "conductivity_siemens_per_centimeter" DOUBLE,
  "resistance_ohm" DOUBLE,
  "conductivity_standard_error" DOUBLE,
  "geometry_relative_uncertainty" DOUBLE,
  "quantity" VARCHAR,
  "value" DOUBLE,
  "unit" VARCHAR,
  "standard_error" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "n" DOUBLE,
  "dof" DOUBLE,
  "n_eff" DOUBLE,
  "method" VARCHAR,
  "status" VARCHAR,
  "goodness" JSON,
  "warnings" JSON,
  "excluded" JSON
);

CREATE TABLE "arrhenius_fits" (
  "run_id" INTEGER,
  "cell_id" VARCHAR,
  "form" VARCHAR,
  "quantity" VARCHAR,
  "value" DOUBLE,
  "unit" VARCHAR,
  "standard_error" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "n" DOUBLE,
  "dof" DOUBLE,
  "n_eff" DOUBLE,
  "method" VARCHAR,
  "status" VARCHAR,
  "goodness" JSON,
  "warnings" JSON,
  "excluded" JSON
);

CREATE TABLE "decay_fits" (
  "run_id" INTEGER,
  "cell_id" VARCHAR,
  "series" VARCHAR,
  "quantity" VARCHAR,
  "value" DOUBLE,
  "unit" VARCHAR,
  "standard_error" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "n" DOUBLE,
  "dof" DOUBLE,
  "n_eff" DOUBLE,
  "method" VARCHAR,
  "status" VARCHAR,
  "goodness" JSON,
  "warnings" JSON,
  "excluded" JSON
);

CREATE TABLE "coulombic_efficiency_fits" (
  "run_id" INTEGER,
  "cell_id" VARCHAR,
  "scope" VARCHAR,
  "quantity" VARCHAR,
  "value" DOUBLE,
  "unit" VARCHAR,
  "standard_error" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "n" DOUBLE,
  "dof" DOUBLE,
  "n_eff" DOUBLE,
  "method" VARCHAR,
  "status" VARCHAR,
  "goodness" JSON,
  "warnings" JSON,
  "excluded" JSON
);

CREATE TABLE "cell_metrics" (
  "run_id" INTEGER,
  "cell_id" VARCHAR,
  "metric" VARCHAR,
  "settings" JSON,
  "quantity" VARCHAR,
  "value" DOUBLE,
  "unit" VARCHAR,
  "standard_error" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "n" DOUBLE,
  "dof" DOUBLE,
  "n_eff" DOUBLE,
  "method" VARCHAR,
  "status" VARCHAR,
  "goodness" JSON,
  "warnings" JSON,
  "excluded" JSON,
  "supports" VARCHAR,
  "missing" VARCHAR,
  "excluded_reason" VARCHAR,
  "conditions" JSON
);

CREATE TABLE "verdicts" (
  "run_id" INTEGER,
  "target_id" VARCHAR,
  "target_table" VARCHAR,
  "material_id" VARCHAR,
  "metric" VARCHAR,
  "value" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "comparison" VARCHAR,
  "threshold" DOUBLE,
  "unit" VARCHAR,
  "sample_size" INTEGER,
  "verdict" VARCHAR,
  "reason" VARCHAR,
  "missing" VARCHAR,
  "margin" DOUBLE,
  "warnings" JSON,
  "evidence" JSON
);

CREATE TABLE "verdict_history" (
  "run_id" INTEGER,
  "target_id" VARCHAR,
  "target_table" VARCHAR,
  "material_id" VARCHAR,
  "metric" VARCHAR,
  "value" DOUBLE,
  "ci95_low" DOUBLE,
  "ci95_high" DOUBLE,
  "bound95_low" DOUBLE,
  "bound95_high" DOUBLE,
  "comparison" VARCHAR,
  "threshold" DOUBLE,
  "unit" VARCHAR,
  "sample_size" INTEGER,
  "verdict" VARCHAR,
  "reason" VARCHAR,
  "missing" VARCHAR,
  "margin" DOUBLE,
  "warnings" JSON,
  "evidence" JSON
);

CREATE TABLE "runs" (
  "run_id" INTEGER,
  "command" VARCHAR,
  "started_at" TIMESTAMP,
  "finished_at" TIMESTAMP,
  "tool_version" VARCHAR,
  "parameters" JSON
);

CREATE TABLE "exclusions" (
  "cell_id" VARCHAR,
  "reason" VARCHAR,
  "decided_at" TIMESTAMP,
  "undone_at" TIMESTAMP
);

CREATE TABLE "meta" (
  "key" VARCHAR,
  "value" VARCHAR
);
