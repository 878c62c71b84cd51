/** What `cellar init` writes: commented templates of the files a laboratory keeps beside its exports. */

const targetTemplate = `# Targets: what a material has to reach. Judge against them with: cellar check --targets targets.toml
# \`cellar targets metrics\` lists every metric with its units and conditions.

name = "my-targets"

[[targets]]
id = "sulfide-conductivity"           # unique in this file
category = "sulfide_electrolyte"      # materials.csv says which material is of which category
metric = "conductivity_25c"
comparison = ">"                      # >, <, >= or <=; strict where written so
threshold = 1e-2
unit = "S/cm"                         # the unit of the threshold, and of the verdict
# conditions = { minimum_cells = 3, requires = ["pressure_mpa", "relative_density"] }
source = "where this limit comes from"

# [[targets]]
# id = "anode-efficiency"
# category = "li_metal_anode"
# metric = "coulombic_efficiency"
# comparison = ">"
# threshold = 99.5
# unit = "percent"
# conditions = { required_cycles = 500 }
# source = "where this limit comes from"
`;

const materials = `# One line per material. Lines that begin with # are comments. Leave empty what is not known: an uncertainty that is
# not stated is assumed, and printed as assumed (docs/method.md).
# category: sulfide_electrolyte, oxide_electrolyte, li_rich_cathode, li_metal_anode, current_collector or cell.
# Costs: both in cost_currency (such as EUR) per cost_basis (kg, m2 or kwh), same price_year and cost_scale.
# Masses per area (weighed coupons) are for current collectors. Uncertainties are relative standard uncertainties: 0.02 is 2 %.
material_id,name,category,cost,reference_cost,cost_basis,cost_currency,price_year,cost_scale,cost_relative_uncertainty,reference_cost_relative_uncertainty,areal_mass_mg_per_cm2,reference_areal_mass_mg_per_cm2,areal_mass_relative_uncertainty,reference_areal_mass_relative_uncertainty,source,source_date,confirmed
# LPSC,"Argyrodite Li5.5PS4.5Cl1.5",sulfide_electrolyte,412,870,kg,EUR,2025,"1 t/year, model estimate",0.06,0.04,,,,,"process cost model, sheet 4",2025-11-20,
`;

const cells = `# One line per cell, half cell, symmetric cell or pellet. Leave empty what is not
# known: an uncertainty that is not stated is assumed, and printed as assumed (docs/method.md).
# cell_type: full, anode_free, cathode_half, anode_half, li_cu, symmetric, or pellet (electrolyte between blocking electrodes).
# file_pattern: which files are of this cell, such as neware/*-3-5-*.csv; not needed where the cell's id is in the file's name.
# Pellets need thickness_um and diameter_mm (or electrode_area_cm2); cathodes active_mass_mg; whole cells cell_mass_g and cell_volume_cm3.
# current_accuracy_relative: half width of the error of the current, 0.0002 is 0.02 %, of the reading or, where
# current_accuracy_of says range, of current_range_ma. charge_ratio_half_width: calibrated for the ratio of two charges.
# capacity_wander_relative: slow changes of the capacity that are not the cell. temperature_half_width_kelvin: of its
# temperatures; temperature_at_sample: yes where a sensor sat at the sample. confirmed: columns and quantities, separated by
# spaces, that look implausible and are right.
# storage_temperature_celsius: of a cell that ages in storage, with a check-up now and then.
# lead_resistance_ohm, or lead_file_pattern for the spectrum of a shorted cell: subtracted from impedance.
cell_id,material_id,cell_type,batch,file_pattern,electrode_area_cm2,thickness_um,diameter_mm,relative_density,active_mass_mg,cell_mass_g,cell_volume_cm3,nominal_capacity_mah,diffusion_length_um,lower_cutoff_volt,upper_cutoff_volt,current_accuracy_relative,lithium_excess_mah,interface_count,formation_cycles,lead_resistance_ohm,lead_file_pattern,circuit,excluded_reason,electrode_area_relative_uncertainty,thickness_relative_uncertainty,diameter_relative_uncertainty,active_mass_relative_uncertainty,cell_mass_relative_uncertainty,cell_volume_relative_uncertainty,current_accuracy_of,current_range_ma,charge_ratio_half_width,capacity_wander_relative,temperature_half_width_kelvin,temperature_at_sample,storage_temperature_celsius,confirmed
# LPSC-01,LPSC,pellet,B1,,,912,10,0.91,,,,,,,,,,,,0.25,,,,,0.006,0.002,,,,,,,,0.5,yes,,
`;

const conditions = `# What a file does not say about itself. The first line whose file_pattern fits a path counts.
# branch: heating or cooling, for spectra of one pellet taken on the way up and down.
file_pattern,temperature_celsius,state_of_charge,pressure_mpa,branch
# biologic/LPSC-01_25degC_*.mpt,25,,100,
# gamry/**/*_heating.DTA,,,100,heating
`;

const settings = `# Settings of this laboratory. Cellar reads this file beside materials.csv, cells.csv and conditions.csv.

# Dates such as 01/02/2026 mean January 2nd ("mdy") or February 1st ("dmy").
# date_order = "dmy"

# The clocks of the instruments.
# time_zone = "Europe/Berlin"

# Files that are not looked at.
# ignore = ["**/old/**"]

# The same for the files that a pattern fits, and the format to read them as. When a setting is changed later, it reaches
# files that are stored: they are read again.
# [[files]]
# pattern = "maccor/**"
# date_order = "mdy"
# time_zone = "America/Chicago"
# format = "maccor-text"
# ignore = false

# What holds for every line of cells.csv and materials.csv that leaves the column empty.
# [uncertainty]
# temperature_half_width_kelvin = 0.5
# temperature_at_sample = true
# current_accuracy_relative = 0.0002
# current_accuracy_of = "reading"

# Bounds of this laboratory's own, in place of those that docs/method.md lists: [lower, upper]. What lies outside is
# shown, not judged, until it stands in the column confirmed.
# [plausible]
# thickness_um = [300, 1500]

# Whom \`cellar notify\` tells; docs/nightly.md shows mail, Slack, Teams and ntfy.
# [notify]
# command = ["logger", "-t", "cellar"]

# What a file name tells: named groups (cell_id, temperature_celsius, state_of_charge, branch) of a regular expression
# over the path below the ingested folder.
# [[file_name_patterns]]
# files = "gamry/**"
# pattern = '_(?<temperature_celsius>-?\\d+(?:\\.\\d+)?)degC'
`;

/** Templates by file name, in the order they are written. */
export const labTemplates: Readonly<Record<string, string>> = {
  'materials.csv': materials,
  'cells.csv': cells,
  'conditions.csv': conditions,
  'cellar.toml': settings,
  'targets.toml': targetTemplate,
};
