import type { ArrheniusFit } from '../../analysis/arrhenius/index.js';
import { ZERO_CELSIUS_KELVIN } from '../../analysis/constants.js';
import type { ConductivityReading } from '../../fits/making/conductivities.js';
import { joined, type Markup } from '../html.js';
import { plainNumber } from '../numbers.js';
import type { KeyEntry } from '../plot/figure.js';
import { type Plane, points, type Shape } from '../plot/marks.js';
import { figureWords, spoken, words } from '../speech.js';

/** 1000/T in 1/K. */
export const inverseOf = (celsius: number) => 1000 / (celsius + ZERO_CELSIUS_KELVIN);

/** A reading that can be drawn. */
export type PlacedReading = ConductivityReading & { temperature_celsius: number; sigma: { value: number } };

export const isReading = (point: ConductivityReading): point is PlacedReading =>
  point.temperature_celsius !== null && point.sigma?.value != null && point.sigma.value > 0;

export interface Series {
  key: KeyEntry;
  readings: readonly PlacedReading[];
}

/** Why a reading is left out, in the language of the page. */
export const excludedText = ({
  excluded_reason,
  excluded_why,
}: Pick<ConductivityReading, 'excluded_reason' | 'excluded_why'>): string =>
  excluded_why === null ? (excluded_reason ?? '') : spoken(excluded_why);

/** `heating` or `cooling` as people read it. */
export const branchText = (branch: string): string =>
  branch === 'heating' || branch === 'cooling' ? figureWords(`branch/${branch}`) : branch;

/** Readings by kind: judged, of the other branch, excluded. */
export function seriesOf(
  readings: readonly PlacedReading[],
  judged: ArrheniusFit['judged_branch'] | undefined,
): Series[] {
  const used = readings.filter(({ excluded_reason }) => excluded_reason === null);
  const isJudged = ({ branch }: PlacedReading) => judged == null || branch === null || branch === judged;
  const series: Series[] = [
    {
      key: {
        mark: 'dot',
        className: 'data',
        text:
          judged == null
            ? figureWords('fig_measured')
            : figureWords('arr_measured_branch', { branch: branchText(judged) }),
      },
      readings: used.filter(isJudged),
    },
    {
      key: { mark: 'ring', className: 'other', text: figureWords('arr_other_branch') },
      readings: used.filter((reading) => !isJudged(reading)),
    },
    {
      key: { mark: 'cross', className: 'excluded', text: figureWords('fig_excluded') },
      readings: readings.filter(({ excluded_reason }) => excluded_reason !== null),
    },
  ];
  return series.filter((one) => one.readings.length > 0);
}

function readingTitle({
  temperature_celsius,
  sigma,
  branch,
  excluded_reason,
  excluded_why,
  spectrum_id,
}: PlacedReading): string {
  const items = [
    figureWords('arr_reading', {
      celsius: plainNumber(temperature_celsius),
      sigma: plainNumber(sigma.value),
    }),
    ...(branch ? [branchText(branch)] : []),
    figureWords('arr_spectrum', { id: String(spectrum_id) }),
    ...(excluded_reason
      ? [
          figureWords('fig_excluded_because', {
            reason: excludedText({ excluded_reason, excluded_why }),
          }),
        ]
      : []),
  ];
  return words('parts', { items });
}

/** The readings as symbols over 1000/T, at the height that `y` gives them. */
export function readingMarks(
  plane: Plane,
  series: readonly Series[],
  y: (reading: PlacedReading) => number,
): Markup {
  return joined(
    series.map(({ key, readings }) =>
      points(
        plane,
        readings.map((reading) => ({
          x: inverseOf(reading.temperature_celsius),
          y: y(reading),
          title: readingTitle(reading),
        })),
        key.className,
        { shape: key.mark as Shape, radius: 3 },
      ),
    ),
  );
}
