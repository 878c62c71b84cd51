import type { CellType } from '../../analysis/coulombic-efficiency/index.js';
import type { CellDescription, FrequencyWindow, ImpedanceFit } from '../../analysis/impedance/index.js';
import type { FitResult } from '../../analysis/result.js';
import type { Verdict } from '../../analysis/verdict/index.js';
import { usageError } from '../../errors.js';
import type { Figure } from '../../report/plot/figure.js';
import { numberColumn, optionalNumbers, readColumns, requireColumns, textColumn } from './columns.js';
import type { FitKind } from './descriptions.js';
import { readSpectrum } from './spectrum.js';

/** Options of `cellar fit`, as commander gives them. */
export interface FitCommandOptions {
  circuit?: string;
  weighting: 'modulus' | 'unit';
  alternatives: boolean;
  spectrum: number;
  cellType: CellType;
  geometryUncertainty?: number;
  temperatureHalfWidth?: number;
  temperatureAtSample?: boolean;
  instrumentHalfWidth?: number;
  requiredCycles?: number;
  threshold?: number;
  capacityWander?: number;
  minHertz?: number;
  maxHertz?: number;
  exclude?: number[];
  leadOhm?: number;
  thicknessUm?: number;
  diameterMm?: number;
  /** `FILE=25`, in °C. */
  temperature?: string[];
  output?: string;
  /** Folder of the laboratory's own formats, and the format an export is to be read as. */
  lab?: string;
  format?: string;
}

/** One fit of a plain file; what it returns beside the common parts stands in the JSON too. */
type FitCommand = (path: string, options: FitCommandOptions) => Promise<CommandResult>;

/** What a fit of a plain file gives; the verdict where a threshold was given and the kind has one. */
export interface CommandResult extends FitResult {
  circuit?: string;
  verdict?: Verdict | string;
  /** The same with what was left out of a spectrum. */
  with_excluded?: ImpedanceFit['with_excluded'];
}

const fitImpedance: FitCommand = async (path, options) => {
  const { circuit, weighting, alternatives } = options;
  const impedance = await import('../../analysis/impedance/index.js');
  if (circuit !== undefined) await checkCircuit(circuit);
  const { model: _model, ...fit } = impedance.fitImpedance(await readSpectrum(path, options), {
    circuit,
    weighting,
    compare_circuits: alternatives,
    window: windowOf(options),
    lead: options.leadOhm,
    cell: cellOf(options),
  });
  return fit;
};

/** What the options leave out of a spectrum. */
export const windowOf = ({ minHertz, maxHertz, exclude }: FitCommandOptions): FrequencyWindow => ({
  min_hertz: minHertz,
  max_hertz: maxHertz,
  exclude_hertz: exclude,
});

const UM_PER_CM = 1e4;
const MM_PER_CM = 10;

/** The cell that the options describe; undefined where they say nothing of its geometry. */
function cellOf({ cellType, thicknessUm, diameterMm }: FitCommandOptions): CellDescription | undefined {
  if (thicknessUm === undefined && diameterMm === undefined) return undefined;
  const diameter = diameterMm === undefined ? null : diameterMm / MM_PER_CM;
  return {
    cell_type: cellType,
    thickness_cm: thicknessUm === undefined ? null : thicknessUm / UM_PER_CM,
    area_cm2: diameter === null ? null : (Math.PI * diameter ** 2) / 4,
  };
}

/** A circuit that cannot be read is a wrong request, not data that allow no fit. */
export async function checkCircuit(code: string): Promise<void> {
  const { parseCircuit } = await import('../../analysis/impedance/index.js');
  try {
    parseCircuit(code);
  } catch (error) {
    throw usageError((error as Error).message);
  }
}

const fitKramersKronig: FitCommand = async (path, options) => {
  const { testKramersKronig } = await import('../../analysis/impedance/index.js');
  return testKramersKronig(await readSpectrum(path, options));
};

const fitDistribution: FitCommand = async (path, options) => {
  const { fitDrt } = await import('../../analysis/impedance/index.js');
  const fit = fitDrt(await readSpectrum(path, options), {
    window: windowOf(options),
    lead: options.leadOhm,
  });
  if (options.output !== undefined) {
    const { drtFigure } = await import('../../report/figures/drt.js');
    await saveFigures([drtFigure(path, fit)], options.output);
  }
  return fit;
};

/** Writes figures as a page or as SVG, by the file's ending. */
export async function saveFigures(figures: readonly Figure[], file: string): Promise<void> {
  const { htmlFile, svgFile } = await import('../../plot/svg.js');
  const { writeAtomically } = await import('../../report/files-out.js');
  if (!/\.(html?|svg)$/i.test(file)) throw usageError(`${file}: a figure is written as .html or .svg`);
  await writeAtomically(file, /\.svg$/i.test(file) ? svgFile(figures) : htmlFile(figures));
}

/** What shifts all conductivities of a file alike: as given, else assumed and said. */
async function commonTerms({
  geometryUncertainty,
  temperatureHalfWidth,
  temperatureAtSample,
}: FitCommandOptions) {
  const { assumedText, assumedValues, combined, statedOrAssumed } = await import(
    '../../analysis/uncertainty/index.js'
  );
  const geometry = [statedOrAssumed('thickness', null), statedOrAssumed('diameter', null, 2)];
  const name = temperatureAtSample === true ? 'temperature_at_sample' : 'temperature';
  const assumed = [
    ...(geometryUncertainty === undefined
      ? [...geometry.map((one) => one.assumed ?? ''), 'state them with --geometry-uncertainty']
      : []),
    ...(temperatureHalfWidth === undefined
      ? [assumedText(name), 'state it with --temperature-half-width']
      : []),
  ];
  return {
    geometry_relative_uncertainty: geometryUncertainty ?? combined(geometry),
    temperature_half_width_kelvin: temperatureHalfWidth ?? assumedValues[name].value,
    warnings: assumed.length === 0 ? [] : [{ code: 'UNCERTAINTY_ASSUMED', message: assumed.join('; ') }],
  };
}

const fitArrhenius: FitCommand = async (path, options) => {
  const analysis = await import('../../analysis/arrhenius/index.js');
  const { warnings, ...common } = await commonTerms(options);
  const { threshold } = options;
  const table = await readColumns(path);
  requireColumns(table, ['temperature_celsius', 'conductivity_siemens_per_centimeter']);
  const orNaN = (values: (number | null)[]) => values.map((value) => value ?? Number.NaN);
  const branch = textColumn(table, 'branch');
  const errors = optionalNumbers(table, 'conductivity_standard_error');
  const fit = analysis.fitArrhenius(
    {
      temperature_celsius: orNaN(numberColumn(table, 'temperature_celsius')),
      conductivity_siemens_per_centimeter: orNaN(numberColumn(table, 'conductivity_siemens_per_centimeter')),
      ...(branch === undefined ? {} : { branch }),
      ...(errors === undefined ? {} : { conductivity_standard_error: errors }),
    },
    {
      ...common,
      ...(threshold === undefined ? {} : { target_siemens_per_centimeter: threshold }),
    },
  );
  const all = { ...fit, warnings: [...fit.warnings, ...warnings] };
  if (threshold === undefined) return all;
  const { judgeConductivity } = await import('../../analysis/verdict/index.js');
  return { ...all, verdict: judgeConductivity(all, { comparison: '>', threshold }) };
};

const fitDecay: FitCommand = async (path, { requiredCycles, threshold, capacityWander }) => {
  const analysis = await import('../../analysis/decay/index.js');
  const { assumedText, assumedValues } = await import('../../analysis/uncertainty/index.js');
  const table = await readColumns(path);
  requireColumns(table, ['cycle', 'capacity']);
  const label = textColumn(table, 'label');
  const energy = optionalNumbers(table, 'energy');
  const fit = analysis.fitDecay(
    {
      cycle: numberColumn(table, 'cycle').map((value) => value ?? Number.NaN),
      capacity: numberColumn(table, 'capacity'),
      ...(label === undefined ? {} : { label }),
      ...(energy === undefined ? {} : { energy }),
    },
    {
      capacity_wander_relative: capacityWander ?? assumedValues.capacity_wander.value,
      ...(threshold === undefined ? {} : { target_per_cycle: threshold }),
      ...(requiredCycles === undefined ? {} : { minimum_cycles: requiredCycles }),
    },
  );
  if (capacityWander !== undefined) return fit;
  const message = `${assumedText('capacity_wander')}; state it with --capacity-wander`;
  return { ...fit, warnings: [...fit.warnings, { code: 'ASSUMED', message }] };
};

const fitCalendar: FitCommand = async (path, { threshold, temperatureHalfWidth }) => {
  const analysis = await import('../../analysis/calendar/index.js');
  const { assumedText, assumedValues } = await import('../../analysis/uncertainty/index.js');
  const table = await readColumns(path);
  const known = ['cell', 'temperature_celsius', 'time_day'];
  const isCapacity = !table.names.includes('loss') && table.names.includes('capacity');
  requireColumns(table, [...known, isCapacity ? 'capacity' : 'loss']);
  const numbers = (name: string) => numberColumn(table, name).map((value) => value ?? Number.NaN);
  const cell = (textColumn(table, 'cell') ?? []).map((name) => name ?? '');
  const time_day = numbers('time_day');
  const fit = analysis.fitCalendar(
    {
      cell,
      temperature_celsius: numbers('temperature_celsius'),
      time_day,
      loss: isCapacity ? analysis.lossOfCapacity(cell, time_day, numbers('capacity')) : numbers('loss'),
    },
    {
      temperature_half_width_kelvin: temperatureHalfWidth ?? assumedValues.temperature.value,
      ...(threshold === undefined ? {} : { threshold }),
    },
  );
  if (temperatureHalfWidth !== undefined) return fit;
  const message = `${assumedText('temperature')}; state it with --temperature-half-width`;
  return { ...fit, warnings: [...fit.warnings, { code: 'ASSUMED', message }] };
};

/** The column of efficiencies, however its unit is written beside the name. */
const efficiencyName = (names: readonly string[]) =>
  names.find((name) => name === 'coulombic_efficiency') ??
  names.find((name) => /^(coulombic[ _-]?efficiency|ce)([ _([/%]|$)/i.test(name));

const fitEfficiency: FitCommand = async (path, options) => {
  const analysis = await import('../../analysis/coulombic-efficiency/index.js');
  const { assumedText, assumedValues } = await import('../../analysis/uncertainty/index.js');
  const table = await readColumns(path);
  const name = efficiencyName(table.names);
  requireColumns(table, name === undefined ? ['cycle', 'charge', 'discharge'] : ['cycle']);
  const label = textColumn(table, 'label');
  const [charge, discharge] = [optionalNumbers(table, 'charge'), optionalNumbers(table, 'discharge')];
  const given = name === undefined ? undefined : analysis.readEfficiencies(numberColumn(table, name), name);
  const { instrumentHalfWidth: halfWidth, requiredCycles: required, threshold } = options;
  const fit = analysis.fitCoulombicEfficiency(
    {
      cycle: numberColumn(table, 'cycle').map((value) => value ?? Number.NaN),
      ...(charge === undefined ? {} : { charge }),
      ...(discharge === undefined ? {} : { discharge }),
      ...(given === undefined ? {} : { coulombic_efficiency: given.values }),
      ...(label === undefined ? {} : { label }),
    },
    {
      cell_type: options.cellType,
      instrument_half_width: halfWidth ?? assumedValues.charge_ratio.value,
      ...(required === undefined ? {} : { required_cycles: required }),
      ...(threshold === undefined ? {} : { threshold }),
    },
  );
  const warnings = [...fit.warnings];
  if (given?.isPercent === true)
    warnings.push({ code: 'CE_PERCENT', message: `the column ${name} is in percent and was divided by 100` });
  if (halfWidth === undefined) {
    const message = `${assumedText('charge_ratio')}; state it with --instrument-half-width`;
    warnings.push({ code: 'ASSUMED', message });
  }
  return { ...fit, warnings };
};

/** How each kind of fit is done. */
export const fits: Readonly<Record<Exclude<FitKind, 'conductivity'>, FitCommand>> = {
  impedance: fitImpedance,
  'kramers-kronig': fitKramersKronig,
  drt: fitDistribution,
  arrhenius: fitArrhenius,
  decay: fitDecay,
  calendar: fitCalendar,
  'coulombic-efficiency': fitEfficiency,
};
