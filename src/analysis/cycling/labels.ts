import { cyclingMessages as say } from '../../messages/cycling.js';
import { type Message, named } from '../../messages/message.js';

/** What a cycle is for; the labels of `cycles.label`. */
export const CYCLE_LABELS = [
  'partial',
  'interrupted',
  'pulse',
  'formation',
  'checkup',
  'capacity_limited',
  'ageing',
] as const;

/** What a cycle was for. */
export type CycleLabel = (typeof CYCLE_LABELS)[number];

/** Other spellings found in plain files, in lower case and without separators. */
const SPELLINGS: Readonly<Record<string, CycleLabel>> = {
  cycle: 'ageing',
  aging: 'ageing',
  ageing: 'ageing',
  agingcycle: 'ageing',
  ageingcycle: 'ageing',
  checkup: 'checkup',
  check: 'checkup',
  capacitycheck: 'checkup',
  referenceperformancetest: 'checkup',
  rpt: 'checkup',
  capacitylimited: 'capacity_limited',
  formation: 'formation',
  interrupted: 'interrupted',
  partial: 'partial',
  pulse: 'pulse',
  hppc: 'pulse',
  gitt: 'pulse',
};

/**
 * The label in the spelling of this project; null for an unknown one. Cycles without a label count as ageing if no
 * cycle is labelled ageing, else as unlabelled (null).
 */
export function normaliseLabels(
  labels: ArrayLike<string | null> | undefined,
  length: number,
): (CycleLabel | null)[] {
  if (labels === undefined) return Array.from({ length }, () => 'ageing');
  const given = Array.from({ length }, (_, i) => (labels[i] ?? '').toLowerCase().replace(/[^a-z]/g, ''));
  const named = given.map((label) => SPELLINGS[label] ?? null);
  const someAgeing = named.some((label) => label === 'ageing' || label === 'capacity_limited');
  return named.map((label, i) => (given[i] === '' && !someAgeing ? 'ageing' : label));
}

/**
 * Which cycles end because the programmed charge was reached, not because the cell is full: the charge capacity equals
 * that of a neighbour within 0.1 % while the voltage stays more than 5 mV below its upper limit.
 */
export function capacityLimitedCycles(
  chargingCapacity: ArrayLike<number | null>,
  highestVoltage: ArrayLike<number | null>,
  upperCutoffVolt: number,
): boolean[] {
  const near = (a: number, b: number | null | undefined) =>
    b != null && Math.abs(b - a) <= 1e-3 * Math.abs(a);
  return Array.from({ length: chargingCapacity.length }, (_, i) => {
    const charge = chargingCapacity[i] ?? null;
    const volt = highestVoltage[i] ?? null;
    if (charge === null || charge <= 0 || volt === null || volt >= upperCutoffVolt - 0.005) return false;
    return near(charge, chargingCapacity[i - 1]) || near(charge, chargingCapacity[i + 1]);
  });
}

/** Why a cycle with this label is left out where only other labels count. */
export const labelMessage = (label: string | null): Message =>
  label === null ? say('LABEL/unknown') : say('LABEL', { label: named(label, label) });
