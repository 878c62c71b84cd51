import { numberColumn, optionalNumbers, readColumns, requireColumns, textColumn } from '../columns.js';
import type { PlainFit } from './definition.js';

/** The name of the column of efficiencies, whatever unit is written beside it. */
const efficiencyName = (names: readonly string[]) =>
  names.find((name) => name === 'coulombic_efficiency') ??
  names.find((name) => /^(coulombic[ _-]?efficiency|ce)([ _([/%]|$)/i.test(name));

/** Statistics of coulombic efficiencies. */
export const coulombicEfficiency: PlainFit = {
  kind: 'coulombic-efficiency',
  columns: 'cycle, charge, discharge[, label]; or cycle, coulombic_efficiency[, label]',
  examples: ['cellar fit coulombic-efficiency ce.csv --cell-type li_cu --required-cycles 500'],
  fit: async (path, options) => {
    const analysis = await import('../../../analysis/coulombic-efficiency/index.js');
    const { assumedText, assumedValues } = await import('../../../analysis/uncertainty/index.js');
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
      warnings.push({
        code: 'CE_PERCENT',
        message: `the column ${name} is in percent and was divided by 100`,
      });
    if (halfWidth === undefined) {
      const message = `${assumedText('charge_ratio')}; state it with --instrument-half-width`;
      warnings.push({ code: 'ASSUMED', message });
    }
    return { ...fit, warnings };
  },
};
