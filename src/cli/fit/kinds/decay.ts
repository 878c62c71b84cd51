import { numberColumn, optionalNumbers, readColumns, requireColumns, textColumn } from '../columns.js';
import type { PlainFit } from './definition.js';

/** Decay of a capacity per cycle. */
export const decay: PlainFit = {
  kind: 'decay',
  columns: 'cycle, capacity[, label, energy]',
  examples: ['cellar fit decay fade.csv --threshold 0.0005'],
  fit: async (path, { requiredCycles, threshold, capacityWander }) => {
    const analysis = await import('../../../analysis/decay/index.js');
    const { assumedText, assumedValues } = await import('../../../analysis/uncertainty/index.js');
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
  },
};
