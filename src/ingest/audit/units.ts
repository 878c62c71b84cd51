import { auditMessages as say } from '../../messages/audit.js';
import type { Finding } from '../findings.js';
import { type Audit, brief, type TestContext, times, unitFactor } from './audit.js';
import type { AuditFacts } from './facts.js';

/** No cell and no channel exceeds these (V, A). */
const implausibleVolt = 100;
const implausibleAmpere = 1000;

/** A factor as a multiplication or a division: dividing by 1000 is exact, multiplying by 0.001 is not. */
export function scaledBy(factor: number): { multiply?: number; divide?: number } {
  return factor >= 1 ? { multiply: Math.round(factor) } : { divide: Math.round(1 / factor) };
}

/** Voltages and currents beyond those of cells and channels. */
export const magnitudes: Audit = (facts, context) => {
  const findings: Finding[] = [];
  if (Math.abs(facts.median_voltage) > implausibleVolt) {
    findings.push({
      ...say('UNIT_IMPLAUSIBLE/voltage', {
        column: context.headerOf('voltage_volt') ?? '',
        median: brief(facts.median_voltage),
      }),
      repair: { kind: 'scale', columns: ['voltage_volt'], divide: 1000 },
    });
  }
  const current = context.headerOf('current_ampere') ?? '';
  const largest = brief(facts.largest_current);
  const isCurrentJudged = countedRatio(facts, context) !== undefined;
  if (facts.largest_current > implausibleAmpere && !isCurrentJudged) {
    findings.push({
      ...say('UNIT_IMPLAUSIBLE/current', { column: current, largest }),
      repair: { kind: 'scale', columns: ['current_ampere'], divide: 1000 },
    });
  }
  return findings;
};

const capacityColumns = ['charging_capacity_ah', 'discharging_capacity_ah', 'net_capacity_ah'];

/**
 * Charge from current and time, divided by the charge from the counters, for both directions together and inside
 * steps.
 */
export function countedRatio(
  facts: AuditFacts,
  { hasPair }: Pick<TestContext, 'hasPair'>,
): number | undefined {
  const directed = facts.charge_counted + facts.discharge_counted;
  const net = facts.net_charge_counted + facts.net_discharge_counted;
  const counted = directed > 0 || hasPair ? directed : net;
  const integrated = facts.charge + facts.discharge;
  return counted > 0 && integrated > 0 ? integrated / counted : undefined;
}

/** The same for energy. */
function energyRatio({ energy, energy_counted }: AuditFacts): number | undefined {
  return energy > 0 && energy_counted > 0 ? energy / energy_counted : undefined;
}

const isNear = (ratio: number | undefined) => ratio !== undefined && Math.abs(ratio - 1) < 0.2;

/** Counters and integrated current that disagree by a factor between units. */
export const unitsOfCounters: Audit = (facts, context) => {
  const ratio = countedRatio(facts, context);
  const factor = ratio === undefined ? undefined : unitFactor(ratio);
  if (ratio === undefined || factor === undefined || facts.flowing_records < 10) return [];
  const column = context.headerOf('current_ampere') ?? '';
  const counter = ['charging_capacity_ah', 'discharging_capacity_ah', 'net_capacity_ah', 'capacity_ah']
    .map(context.headerOf)
    .find((header) => header !== undefined)!;
  if (isNear(energyRatio(facts))) {
    // The energy counters agree with current, voltage and time, so only the capacity is in another unit.
    return [
      {
        ...say('UNIT_IMPLAUSIBLE/counter', { times: times(factor), counter, factor: brief(factor) }),
        repair: { kind: 'scale', columns: capacityColumns, ...scaledBy(factor) },
      },
    ];
  }
  if (factor >= 1000 && facts.largest_current > implausibleAmpere && factor < 3600) {
    return [
      {
        ...say('UNIT_IMPLAUSIBLE/current-charge', {
          times: times(factor),
          largest: brief(facts.largest_current),
          column,
        }),
        repair: { kind: 'scale', columns: ['current_ampere'], divide: 1000 },
      },
    ];
  }
  return [say('UNIT_IMPLAUSIBLE/open', { times: times(factor), column, counter })];
};

/** Differences between counters and integrated current that matter (ANALYSIS: charge and energy). */
const noticeable = 0.002;
const serious = 0.01;

/** With fewer records with current than this, the integral cannot be compared with a counter. */
const enoughRecords = 30;

/** Compares counters with integrated charge, over the whole test and inside its steps. */
export const countersAndIntegral: Audit = (facts, context) => {
  const directions = [
    { name: 'charging' as const, integrated: facts.charge, counted: facts.charge_counted },
    { name: 'discharging' as const, integrated: facts.discharge, counted: facts.discharge_counted },
    ...(facts.charge_counted + facts.discharge_counted > 0
      ? []
      : [
          { name: 'charging' as const, integrated: facts.charge, counted: facts.net_charge_counted },
          { name: 'discharging' as const, integrated: facts.discharge, counted: facts.net_discharge_counted },
        ]),
  ].filter(({ integrated, counted }) => integrated > 0 && counted > 0);
  const ratio = countedRatio(facts, context);
  if (ratio === undefined || unitFactor(ratio) !== undefined) return [];
  if (facts.flowing_records < enoughRecords) return [];
  // A direction with hardly any charge tells nothing about the counters.
  const total = facts.charge + facts.discharge;
  const coarse = facts.current_resolution / (2 * facts.largest_current);
  const deviations = directions
    .filter(({ integrated }) => integrated > 0.01 * total)
    .map(({ name, integrated, counted }) => ({
      name,
      deviation: integrated / counted - 1,
      unsure: coarse + facts.charge_unsure / integrated,
    }))
    .filter(({ deviation, unsure }) => Math.abs(deviation) > noticeable + unsure);
  if (deviations.length === 0) return [];
  const isSerious = deviations.some(({ deviation, unsure }) => Math.abs(deviation) > serious + unsure);
  return [
    say(isSerious ? 'COUNTER_INTEGRAL_CONFLICT' : 'COUNTER_INTEGRAL_DIFF', {
      deviations: deviations.map(({ name, deviation }) =>
        say(`DEVIATION/${name}`, { percent: `${deviation > 0 ? '+' : ''}${brief(100 * deviation)}` }),
      ),
    }),
  ];
};
