import { significant } from '../truth.js';
import { encode } from '../write/encode.js';
import { text } from '../write/text.js';
import { awkwardFiles } from './awkward.js';
import { cathodeCells } from './cathode.js';
import { denseCell } from './dense.js';
import { lithiumCells } from './lithium.js';
import { EXPECTED_VERDICTS, MATERIALS } from './materials.js';
import { oxideCells } from './oxide.js';
import { sulfidePellets } from './sulfide.js';

const MATERIAL_COLUMNS =
  'material_id,name,category,cost,reference_cost,cost_basis,cost_currency,price_year,cost_scale,cost_relative_uncertainty,' +
  'reference_cost_relative_uncertainty,areal_mass_mg_per_cm2,reference_areal_mass_mg_per_cm2,areal_mass_relative_uncertainty,' +
  'reference_areal_mass_relative_uncertainty,source,source_date';
const CELL_COLUMNS =
  'cell_id,material_id,cell_type,batch,file_pattern,electrode_area_cm2,thickness_um,diameter_mm,relative_density,active_mass_mg,' +
  'nominal_capacity_mah,lower_cutoff_volt,upper_cutoff_volt,current_accuracy_relative,lithium_excess_mah,interface_count,' +
  'formation_cycles,lead_resistance_ohm,excluded_reason,electrode_area_relative_uncertainty,thickness_relative_uncertainty,' +
  'diameter_relative_uncertainty,active_mass_relative_uncertainty';
const CONDITION_COLUMNS = 'file_pattern,temperature_celsius,state_of_charge,pressure_mpa,branch';

const SETTINGS = [
  '# Settings of this laboratory, read by Cellar beside materials.csv, cells.csv and conditions.csv.',
  '',
  '# Dates such as 01/02/2026 in the exports mean January 2nd.',
  'date_order = "mdy"',
  '# The clocks of all instruments.',
  'time_zone = "Europe/Berlin"',
  '',
  '# What a file name tells: named groups of a regular expression over the path below the ingested root.',
  '[[file_name_patterns]]',
  'files = "gamry/**"',
  "pattern = '_(?<temperature_celsius>-?\\d+(?:\\.\\d+)?)degC'",
];

/**
 * The sample laboratory: a folder of exports and metadata as a lab would keep it, and the truth behind it.
 * @param {number} seed
 * @returns {{files: import('../truth.js').SampleFile[], truth: object}} paths relative to the lab folder
 */
export function makeLab(seed) {
  const cells = [
    ...sulfidePellets(seed),
    ...oxideCells(seed),
    ...cathodeCells(seed),
    ...lithiumCells(seed),
    denseCell(seed),
  ];
  const exports = cells.flatMap((cell) => cell.files);
  const measured = [...exports, ...awkwardFiles(exports)];
  return {
    files: [...measured, ...metadataFiles(cells)],
    truth: {
      about: [
        'What the files of lab/ were made from. Units are in the names; ratios are fractions.',
        'files: what an ingest of lab/ in path order has to find. rows, charge_ah and discharge_ah are the totals of the',
        'vendor counters over all complete rows (rows excludes rejected lines; their charge is inside the counters).',
        'Impedance: the circuit each spectrum was computed from, plus Gaussian noise of 0.25 to 0.3 % of |Z|.',
        'cells: the law behind each cell. verdicts: what the rd-fund targets must say, with the value behind it.',
      ],
      seed,
      check_exit_code: 1,
      ingest_exit_code: 4,
      verdicts: EXPECTED_VERDICTS.map((expected) => ({ ...expected, value: significant(expected.value, 5) })),
      materials: Object.fromEntries(MATERIALS.map((material) => [material.material_id, material])),
      cells: Object.fromEntries(
        cells.map(({ cell, truth, files }) => [
          cell.cell_id,
          { ...truth, files: files.map(({ path }) => path) },
        ]),
      ),
      files: Object.fromEntries(
        measured.map(({ path, bytes, truth }) => [path, { bytes: bytes.length, ...truth }]),
      ),
    },
  };
}

/** @param {{cell: object, conditions: object[]}[]} cells @returns {import('../truth.js').SampleFile[]} */
function metadataFiles(cells) {
  const tables = {
    'materials.csv': csv(MATERIAL_COLUMNS, MATERIALS),
    'cells.csv': csv(
      CELL_COLUMNS,
      cells.map(({ cell }) => cell),
    ),
    'conditions.csv': csv(
      CONDITION_COLUMNS,
      cells.flatMap(({ conditions }) => conditions),
    ),
    'cellar.toml': text(SETTINGS),
  };
  return Object.entries(tables).map(([path, content]) => ({ path, bytes: encode(content), truth: {} }));
}

/** @param {string} header @param {object[]} rows objects whose keys are among the columns */
function csv(header, rows) {
  const columns = header.split(',');
  const lines = rows.map((row) => {
    const values = /** @type {Record<string, unknown>} */ (row);
    const unknown = Object.keys(values).filter((key) => !columns.includes(key));
    if (unknown.length > 0) throw new Error(`no column for ${unknown.join(', ')}`);
    return columns.map((column) => quoted(values[column] ?? '')).join(',');
  });
  return text([header, ...lines]);
}

/** @param {unknown} value */
function quoted(value) {
  const plain = String(value);
  return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
