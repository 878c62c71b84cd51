/** Loss of capacity in storage: Q_loss = A·exp(−Eₐ/kT)·tⁿ. */
import { cyclingMessages as say } from '../../messages/cycling.js';
import { type Message, named } from '../../messages/message.js';
import { verdictMessages } from '../../messages/verdict.js';
import { BOLTZMANN_EV_PER_KELVIN, REFERENCE_KELVIN, ZERO_CELSIUS_KELVIN } from '../constants.js';
import { type ExcludedPoint, type FitResult, NotComputable, type Quantity, quantity } from '../result.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { type Bounds, boundsAround, mapBounds } from '../statistics/intervals.js';
import { fitLine, type LineFit } from '../statistics/linear-regression.js';
import { insufficient, judge, type Verdict } from '../verdict/judge.js';

/** Time at which the lines of the cells are compared. */
const REFERENCE_DAY = 180;
/** Smaller losses are only scatter of the capacity test. */
const SMALLEST_LOSS = 0.005;
const MINIMUM_POINTS = 4;

/** What a verdict on the exponent needs. */
export const CALENDAR_EVIDENCE = { temperatures: 3, cells: 5, times: 5 } as const;

/** Check-ups of stored cells, arrays of one length. */
export interface CalendarInput {
  cell: ArrayLike<string>;
  /** Storage temperature, °C. */
  temperature_celsius: ArrayLike<number>;
  time_day: ArrayLike<number>;
  /** Fraction of the initial capacity that is lost. */
  loss: ArrayLike<number>;
}

export interface CalendarOptions {
  /** Half width of the storage temperatures, K. Default 0. */
  temperature_half_width_kelvin?: number;
  /** Limit of the exponent. Default 0.5. */
  threshold?: number;
}

/** The line of one cell. */
export interface CalendarCell {
  cell: string;
  temperature_celsius: number;
  points: number;
  exponent: number;
  /** Of the loss after 180 days. */
  ln_loss_180_day: number;
}

export interface CalendarFit extends FitResult {
  cells: CalendarCell[];
  temperatures: number;
  times: number;
  verdict_n: Verdict;
}

/**
 * One line per cell, ln loss over ln(t/180 d) with weights loss² (errors of a loss are alike in capacity), then the m
 * cells as units: n is the mean of their exponents with t(m − 1), and Eₐ comes from the line of their losses after 180
 * days over 1/T with t(m − 2). One plane through all points would treat the points of a cell as independent: its
 * interval holds the true Eₐ in only 42–47 % of cases.
 * Sources: I. Bloom et al., J. Power Sources 101 (2001) 238 for the law; JCGM 100:2008 for the temperature term.
 *
 * @throws NotComputable `FEW_CELLS` below two cells with four losses of 0.5 % or more
 */
export function fitCalendar(input: CalendarInput, options: CalendarOptions = {}): CalendarFit {
  const { cells, excluded, times } = fitCells(input);
  if (cells.length < 2) {
    const message = `${cells.length} cells with ${MINIMUM_POINTS} losses of 0.5 % or more; the scatter between cells needs two`;
    throw new NotComputable('FEW_CELLS', message);
  }
  const temperatures = new Set(cells.map((cell) => Math.round(cell.temperature_celsius))).size;
  const exponent = exponentOf(cells);
  const line = temperatures > 1 && cells.length > 2 ? arrheniusLine(cells) : null;
  const u = (options.temperature_half_width_kelvin ?? 0) / Math.sqrt(3);
  const evidence = { cells: cells.length, temperatures, times };
  return {
    results: [exponent, ...(line === null ? [] : arrheniusRows(line, cells, u))],
    goodness: { ...evidence, between_cells_sd_n: standardDeviation(cells.map((one) => one.exponent)) },
    warnings: missingCalendarEvidence(evidence),
    excluded,
    cells,
    temperatures,
    times,
    verdict_n: judgeExponent(exponent, evidence, options.threshold ?? 0.5),
  };
}

/**
 * Losses from capacities. The initial capacity of a cell is the one at its earliest time, which becomes a loss of 0
 * and is left out of the fit.
 */
export function lossOfCapacity(
  cell: readonly string[],
  timeDay: readonly number[],
  capacity: readonly number[],
): number[] {
  const first = new Map<string, number>();
  cell.forEach((name, i) => {
    const before = first.get(name);
    if (!((capacity[i] as number) > 0) || !Number.isFinite(timeDay[i])) return;
    if (before === undefined || (timeDay[i] as number) < (timeDay[before] as number)) first.set(name, i);
  });
  return cell.map((name, i) => 1 - (capacity[i] as number) / (capacity[first.get(name) ?? -1] as number));
}

function fitCells(input: CalendarInput): { cells: CalendarCell[]; excluded: ExcludedPoint[]; times: number } {
  const excluded: ExcludedPoint[] = [];
  const ofCell = new Map<string, number[]>();
  for (let index = 0; index < input.cell.length; index++) {
    const reason = unusable(input.time_day[index], input.loss[index], input.temperature_celsius[index]);
    if (reason !== null) excluded.push({ index, reason });
    else {
      const cell = input.cell[index] as string;
      ofCell.set(cell, [...(ofCell.get(cell) ?? []), index]);
    }
  }
  const cells: CalendarCell[] = [];
  const times = new Set<number>();
  for (const [cell, indices] of ofCell) {
    const days = indices.map((i) => input.time_day[i] as number);
    if (indices.length < MINIMUM_POINTS || new Set(days).size < 2) {
      const reason = `cell ${cell} has ${indices.length} losses, ${MINIMUM_POINTS} are needed`;
      excluded.push(...indices.map((index) => ({ index, reason })));
      continue;
    }
    for (const day of days) times.add(day);
    const line = lossLine(
      days,
      indices.map((i) => input.loss[i] as number),
    );
    cells.push({
      cell,
      temperature_celsius: mean(indices.map((i) => input.temperature_celsius[i] as number)),
      points: indices.length,
      exponent: line.slope,
      ln_loss_180_day: line.intercept,
    });
  }
  excluded.sort((a, b) => a.index - b.index);
  return { cells, excluded, times: times.size };
}

/** ln loss over ln(t/180 d), weighted by loss². */
function lossLine(days: readonly number[], loss: readonly number[]): LineFit {
  return fitLine(
    days.map((day) => Math.log(day / REFERENCE_DAY)),
    loss.map(Math.log),
    loss.map((share) => share * share),
  );
}

/** The exponent of one stored cell, from losses of 0.5 % or more; null with fewer than four of them. */
export function calendarExponent(
  days: readonly number[],
  loss: readonly number[],
): { exponent: number; days: number[] } | null {
  const used = days.map((_, i) => i).filter((i) => unusable(days[i], loss[i], 0) === null);
  const of = (values: readonly number[]) => used.map((i) => values[i] as number);
  if (used.length < MINIMUM_POINTS || new Set(of(days)).size < 2) return null;
  return { exponent: lossLine(of(days), of(loss)).slope, days: of(days) };
}

function unusable(
  day: number | undefined,
  loss: number | undefined,
  celsius: number | undefined,
): string | null {
  if (!Number.isFinite(celsius) || (celsius as number) <= -ZERO_CELSIUS_KELVIN) return 'no temperature';
  if (!((day as number) > 0)) return 'no time in storage';
  if (!Number.isFinite(loss)) return 'no loss';
  if ((loss as number) < SMALLEST_LOSS) return `a loss below ${100 * SMALLEST_LOSS} % is scatter`;
  return (loss as number) < 1
    ? null
    : 'a loss of 100 % or more: a loss is a fraction of the initial capacity';
}

function exponentOf(cells: readonly CalendarCell[]): Quantity {
  const m = cells.length;
  const exponents = cells.map(({ exponent }) => exponent);
  const value = mean(exponents);
  const error = standardDeviation(exponents) / Math.sqrt(m);
  return quantity({
    quantity: 'n',
    value,
    unit: '1',
    standard_error: error,
    ...boundsAround(value, error, m - 1),
    n: m,
    dof: m - 1,
    n_eff: m,
    method: 'mean over cells of one weighted line each, ln loss over ln t',
  });
}

const kelvinOf = ({ temperature_celsius }: CalendarCell) => temperature_celsius + ZERO_CELSIUS_KELVIN;

/** Loss after 180 days over 1/T − 1/T₀, so that the intercept is the loss at 25 °C. */
function arrheniusLine(cells: readonly CalendarCell[]): LineFit {
  return fitLine(
    cells.map((cell) => 1 / kelvinOf(cell) - 1 / REFERENCE_KELVIN),
    cells.map(({ ln_loss_180_day }) => ln_loss_180_day),
  );
}

/**
 * Eₐ and the loss after 180 days at 25 °C. The temperature term is that of an Arrhenius series: a common offset moves
 * Eₐ by 2u/T̄, an error that grows over the range by √2·u/(T_max − T_min).
 */
function arrheniusRows(line: LineFit, cells: readonly CalendarCell[], u: number): Quantity[] {
  const kelvin = cells.map(kelvinOf);
  const range = Math.max(...kelvin) - Math.min(...kelvin);
  const energy = -BOLTZMANN_EV_PER_KELVIN * line.slope;
  const error = BOLTZMANN_EV_PER_KELVIN * line.slope_se;
  const ofEnergy = Math.abs(energy) * u * Math.sqrt((2 / mean(kelvin)) ** 2 + 2 / range ** 2);
  const ofLoss = (Math.abs(energy) * u) / (BOLTZMANN_EV_PER_KELVIN * REFERENCE_KELVIN ** 2);
  const loss = Math.exp(line.intercept);
  const shared = {
    n: line.n,
    dof: line.dof,
    n_eff: line.n,
    method: 'line through the cells’ losses over 1/T',
  };
  const row = (name: string, value: number, unit: string, se: number, bounds: Bounds) =>
    quantity({
      quantity: name,
      value,
      unit,
      standard_error: line.dof > 0 ? se : null,
      ...bounds,
      ...shared,
    });
  return [
    row('Ea_eV', energy, 'eV', error, boundsAround(energy, error, line.dof, ofEnergy)),
    row(
      'loss_180_day_25_celsius',
      loss,
      '1',
      loss * line.intercept_se,
      mapBounds(boundsAround(line.intercept, line.intercept_se, line.dof, ofLoss), Math.exp),
    ),
  ];
}

type Evidence = Record<keyof typeof CALENDAR_EVIDENCE, number>;

/** What is missing for a verdict; empty where nothing is missing. */
export function missingCalendarEvidence(evidence: Evidence): Message[] {
  return (Object.keys(CALENDAR_EVIDENCE) as (keyof Evidence)[])
    .filter((name) => evidence[name] < CALENDAR_EVIDENCE[name])
    .map((name) =>
      say('FEW_CALENDAR_DATA', {
        n: evidence[name],
        what: named(name, name),
        needed: CALENDAR_EVIDENCE[name],
      }),
    );
}

function judgeExponent(exponent: Quantity, evidence: Evidence, threshold: number): Verdict {
  const missing = missingCalendarEvidence(evidence);
  if (missing.length > 0) return insufficient(verdictMessages('REASONS', { parts: missing }));
  return judge({ ...exponent, value: exponent.value as number }, { comparison: '<', threshold });
}
