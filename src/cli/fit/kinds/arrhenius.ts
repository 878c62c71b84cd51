import { numberColumn, optionalNumbers, readColumns, requireColumns, textColumn } from '../columns.js';
import type { FitCommandOptions, PlainFit } from './definition.js';

/** What shifts all conductivities of a file together: as given, else assumed and printed as such. */
async function commonTerms({
  geometryUncertainty,
  temperatureHalfWidth,
  temperatureAtSample,
}: FitCommandOptions) {
  const { assumedText, assumedValues, combined, statedOrAssumed } = await import(
    '../../../analysis/uncertainty/index.js'
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

/** Conductivity over temperature. */
export const arrhenius: PlainFit = {
  kind: 'arrhenius',
  columns: 'temperature_celsius, conductivity_siemens_per_centimeter[, branch, conductivity_standard_error]',
  examples: ['cellar fit arrhenius pellet.csv --geometry-uncertainty 0.01'],
  fit: async (path, options) => {
    const analysis = await import('../../../analysis/arrhenius/index.js');
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
        conductivity_siemens_per_centimeter: orNaN(
          numberColumn(table, 'conductivity_siemens_per_centimeter'),
        ),
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
    const { judgeConductivity } = await import('../../../analysis/verdict/index.js');
    return { ...all, verdict: judgeConductivity(all, { comparison: '>', threshold }) };
  },
};
