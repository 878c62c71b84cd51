/**
 * Sources of uncertainty: a number carries its components, and its interval is computed from them in one place, so
 * that the budget that is shown gives exactly the bound that is judged.
 */

import type { Message } from '../../messages/message.js';
import { normalQuantile, studentTQuantile } from '../statistics/distributions.js';
import { type Bounds, NO_BOUNDS, Z_ONE_SIDED, Z_TWO_SIDED } from '../statistics/intervals.js';
import { type AssumedName, assumedMessage, assumedValues } from './assumed.js';

/** Measured: from the scatter of the data. Declared: stated by the laboratory. Assumed: stated by nobody. */
export type ComponentKind = 'measured' | 'declared' | 'assumed';

/** One source of uncertainty. */
export interface UncertaintyComponent {
  /** What it is: `readings`, `thickness`, `temperature`, `between cells`, … */
  component: string;
  kind: ComponentKind;
  distribution: 'student' | 'normal' | 'rectangular';
  /** Standard uncertainty in the unit of the value; relative where the value is judged on the ln scale. */
  standard_uncertainty: number;
  /** Degrees of freedom of Student's t; null where the normal quantile applies. */
  dof: number | null;
  /**
   * Whether all cells that were measured with the same instrument share it, so that more cells do not average it out.
   */
  shared: boolean;
  /** How an assumed one is printed; absent where nothing was assumed. */
  assumed?: string;
  /** The same as a code with values. */
  assumes?: Message;
  /** What was assumed, and its half width in the unit of the table of assumed values. */
  assumption?: { name: AssumedName; half_width: number };
}

/** The scale of the components, on which the bounds are symmetric. */
export type BoundScale = 'linear' | 'ln';

/**
 * A component from the scatter of the data, with Student's t. A standard error without degrees of freedom gives no
 * interval.
 */
export function fromScatter(component: string, standardError: number, dof: number): UncertaintyComponent {
  return {
    component,
    kind: 'measured',
    distribution: 'student',
    standard_uncertainty: standardError,
    dof,
    shared: false,
  };
}

/** A standard uncertainty of the measurement itself, for which degrees of freedom do not matter. */
export function ofReading(component: string, standardUncertainty: number): UncertaintyComponent {
  return {
    component,
    kind: 'measured',
    distribution: 'normal',
    standard_uncertainty: standardUncertainty,
    dof: null,
    shared: false,
  };
}

/**
 * A relative standard uncertainty as the laboratory states it, else the assumed half width divided by √3.
 *
 * @param stated relative standard uncertainty; null: not stated. 0 counts as stated
 * @param sensitivity change of the value for a relative change of 1
 * @param assumedHalfWidth where it differs from the table
 */
export function statedOrAssumed(
  name: AssumedName,
  stated: number | null,
  sensitivity = 1,
  assumedHalfWidth: number = assumedValues[name].value,
): UncertaintyComponent {
  if (stated === null) return assumedComponent(name, name, sensitivity, assumedHalfWidth);
  return {
    component: name,
    kind: 'declared',
    distribution: 'normal',
    standard_uncertainty: Math.abs(sensitivity * stated),
    dof: null,
    shared: true,
  };
}

/** A half width that the laboratory states, rectangular: u = a/√3. Source: JCGM 100:2008, 4.3.7. */
export function declaredHalfWidth(
  component: string,
  halfWidth: number,
  sensitivity = 1,
): UncertaintyComponent {
  return {
    component,
    kind: 'declared',
    distribution: 'rectangular',
    standard_uncertainty: Math.abs(sensitivity * halfWidth) / Math.sqrt(3),
    dof: null,
    shared: true,
  };
}

/** The part of a component that describes an assumed value. */
export function assumedAs(
  name: AssumedName,
  value: number = assumedValues[name].value,
): Required<Pick<UncertaintyComponent, 'assumed' | 'assumes'>> {
  const assumes = assumedMessage(name, value);
  return { assumed: assumes.message, assumes };
}

/** An assumed half width, rectangular: u = a/√3. */
export function assumedComponent(
  component: string,
  name: AssumedName,
  sensitivity = 1,
  halfWidth: number = assumedValues[name].value,
): UncertaintyComponent {
  return {
    ...declaredHalfWidth(component, halfWidth, sensitivity),
    kind: 'assumed',
    ...assumedAs(name, halfWidth),
    assumption: { name, half_width: halfWidth },
  };
}

/** A half width that the laboratory states, else the assumed one. */
export function halfWidthOrAssumed(
  component: string,
  name: AssumedName,
  stated: number | null,
  sensitivity = 1,
): UncertaintyComponent {
  return stated === null
    ? assumedComponent(component, name, sensitivity)
    : declaredHalfWidth(component, stated, sensitivity);
}

/** Quantile of a component's distribution: Student's t with its degrees of freedom, else the normal one. */
function quantileOf({ dof }: UncertaintyComponent, probability: number): number {
  if (dof !== null && Number.isFinite(dof)) return studentTQuantile(probability, dof);
  if (probability === 0.95) return Z_ONE_SIDED;
  return probability === 0.975 ? Z_TWO_SIDED : normalQuantile(probability);
}

/**
 * Half width for a one-sided probability: √(Σ(q_i·u_i)²), expanded uncertainties in quadrature, each with the quantile
 * of its own distribution. Null where a component has no finite uncertainty or no degree of freedom.
 * Source: JCGM 100:2008 (GUM), 5.1 and 6.2.
 */
export function halfWidth(components: readonly UncertaintyComponent[], probability: number): number | null {
  let sum = 0;
  for (const component of components) {
    const { standard_uncertainty: u, dof } = component;
    if (!Number.isFinite(u) || (dof !== null && !(dof > 0))) return null;
    if (u !== 0) sum += (quantileOf(component, probability) * u) ** 2;
  }
  return Math.sqrt(sum);
}

/** The one-sided bounds of a value at some probability; null where a component has no finite uncertainty. */
export function boundsAt(
  value: number,
  components: readonly UncertaintyComponent[],
  scale: BoundScale,
  probability: number,
): [number, number] | [null, null] {
  const half = halfWidth(components, probability);
  if (half === null || !Number.isFinite(value)) return [null, null];
  return scale === 'ln' ? [value * Math.exp(-half), value * Math.exp(half)] : [value - half, value + half];
}

/** Two-sided 95 % interval and one-sided 95 % bounds of a value from its components; no bounds without a component. */
export function boundsFrom(
  value: number,
  components: readonly UncertaintyComponent[],
  scale: BoundScale = 'linear',
): Bounds {
  if (components.length === 0) return { ...NO_BOUNDS };
  const [ci95_low, ci95_high] = boundsAt(value, components, scale, 0.975);
  const [bound95_low, bound95_high] = boundsAt(value, components, scale, 0.95);
  return { ci95_low, ci95_high, bound95_low, bound95_high };
}

/** Root of the sum of squares of the standard uncertainties. */
export const combined = (components: readonly UncertaintyComponent[]): number =>
  Math.hypot(...components.map(({ standard_uncertainty }) => standard_uncertainty));

/** Components of a value as components of factor·value. */
export const scaled = (components: readonly UncertaintyComponent[], factor: number): UncertaintyComponent[] =>
  components.map((component) => ({
    ...component,
    standard_uncertainty: Math.abs(factor) * component.standard_uncertainty,
  }));

/** The shared components of several cells: the largest of each, since they are not averaged out. */
export function sharedComponents(
  ofCells: readonly (readonly UncertaintyComponent[])[],
): UncertaintyComponent[] {
  const largest = new Map<string, UncertaintyComponent>();
  for (const one of ofCells.flat()) {
    const before = largest.get(one.component);
    if (one.shared && (before === undefined || one.standard_uncertainty > before.standard_uncertainty))
      largest.set(one.component, one);
  }
  return [...largest.values()];
}
