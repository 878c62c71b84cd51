import type { CoulombicEfficiencyFit } from '../../analysis/coulombic-efficiency/index.js';
import type { DecayFit } from '../../analysis/decay/index.js';
import type { CellRecord } from '../../fits/cells.js';
import type { Fit } from '../../fits/fit.js';
import { arrhenius } from '../../fits/kinds/arrhenius.js';
import { coulombicEfficiency as efficiencyKind } from '../../fits/kinds/coulombic-efficiency.js';
import { decay } from '../../fits/kinds/decay.js';
import { impedance } from '../../fits/kinds/impedance.js';
import { impedanceSeries } from '../../fits/kinds/impedance-series.js';
import { conductivitiesOf } from '../../fits/making/conductivities.js';
import { seriesBySpectrum } from '../../fits/making/impedance-series.js';
import type { Message } from '../../messages/message.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import type { LabData } from '../../targets/lab-data.js';
import { coulombicEfficiency } from '../../targets/metrics/coulombic-efficiency.js';
import { metricOf } from '../../targets/metrics/index.js';
import { scaleIn, thresholdIn } from '../../targets/units.js';
import { type ArrheniusSubject, arrheniusAxes, arrheniusFigure } from '../figures/arrhenius.js';
import { bodeFigure } from '../figures/bode.js';
import { type CapacityLimits, capacityFigure } from '../figures/capacity.js';
import { type CellEfficiency, type EfficiencyTarget, efficiencyFigure } from '../figures/efficiency.js';
import { type FittedSpectrum, fittedSpectrum } from '../figures/fitted-spectrum.js';
import { nyquistFigure } from '../figures/nyquist.js';
import { html, type Markup, nothing } from '../html.js';
import type { MaterialReport } from '../model.js';
import { type Figure, renderFigure } from '../plot/figure.js';
import { words } from '../speech.js';

const REFERENCE_CELSIUS = 25;
const PERCENT = 100;

const cellsOf = (lab: LabData, { material }: MaterialReport): CellRecord[] =>
  lab.fits.cells.filter(({ material_id }) => material_id === material.material_id);

const refusalOf = (fit: Fit<unknown> | undefined): Message | null => fit?.refusal ?? null;

/** The limit of a metric's target in the metric's own unit; null where there is no such target. */
function limitOf(judged: readonly JudgedTarget[], id: string): number | null {
  const target = judged.find((one) => one.target.metric === id)?.target;
  const metric = metricOf(id);
  return target === undefined || metric === undefined ? null : thresholdIn(metric, target);
}

function group(title: string, lead: string, figures: readonly Figure[]): Markup {
  if (figures.length === 0) return nothing;
  return html`<section class="plots"><h3>${title}</h3><p class="lead">${lead}</p><div class="figures">${figures.map(renderFigure)}</div></section>
`;
}

function arrheniusPlots(report: MaterialReport, lab: LabData): Markup {
  const limit = limitOf(report.judged, 'conductivity_25c');
  const subjects = cellsOf(lab, report).flatMap((cell): ArrheniusSubject[] => {
    const conductivities = conductivitiesOf(lab.fits).get(cell.cell_id);
    if (conductivities === undefined) return [];
    const fit = lab.fits.find(arrhenius, cell.cell_id);
    return [{ cell_id: cell.cell_id, conductivities, pellet: fit?.result ?? null, refusal: refusalOf(fit) }];
  });
  const axes = arrheniusAxes(
    subjects.map(({ conductivities }) => conductivities),
    limit,
  );
  const figures = subjects.flatMap((subject) => arrheniusFigure(subject, axes, limit) ?? []);
  return group(words('plots_arrhenius'), words('plots_arrhenius_lead'), figures);
}

function fittedSpectra(report: MaterialReport, lab: LabData): FittedSpectrum[] {
  const own = new Set(cellsOf(lab, report).map(({ cell_id }) => cell_id));
  const series = seriesBySpectrum(lab.fits.of(impedanceSeries));
  return lab.fits.spectra.flatMap(({ cell, spectrum }, i) => {
    const fit = lab.fits.of(impedance)[i]?.result;
    if (fit == null || !own.has(cell.cell_id)) return [];
    return [fittedSpectrum(cell, spectrum, fit, series.get(spectrum.spectrum_id) ?? null)];
  });
}

const farFromReference = ({ spectrum }: FittedSpectrum): number =>
  spectrum.temperature_celsius === null
    ? Number.POSITIVE_INFINITY
    : Math.abs(spectrum.temperature_celsius - REFERENCE_CELSIUS);

/** The spectra of one cell: the one nearest to 25 °C is shown, the others are folded. */
function cellSpectra(subjects: readonly FittedSpectrum[]): Markup {
  const [first, ...rest] = [...subjects].sort(
    (a, b) => farFromReference(a) - farFromReference(b) || a.spectrum.spectrum_id - b.spectrum.spectrum_id,
  );
  if (first === undefined) return nothing;
  const pair = (subject: FittedSpectrum) =>
    html`<div class="figures">${renderFigure(nyquistFigure(subject))}${renderFigure(bodeFigure(subject))}</div>`;
  const others = rest.sort(
    (a, b) =>
      (a.spectrum.temperature_celsius ?? 0) - (b.spectrum.temperature_celsius ?? 0) ||
      a.spectrum.spectrum_id - b.spectrum.spectrum_id,
  );
  return html`<h4>${first.cell.cell_id}</h4>${pair(first)}${
    others.length === 0
      ? nothing
      : html`<details class="more"><summary>${words('more_spectra', { n: others.length, cell: first.cell.cell_id })}</summary>${others.map(pair)}</details>`
  }`;
}

function impedancePlots(report: MaterialReport, lab: LabData): Markup {
  const subjects = fittedSpectra(report, lab);
  if (subjects.length === 0) return nothing;
  const cells = [...new Set(subjects.map(({ cell }) => cell.cell_id))];
  return html`<section class="plots"><h3>${words('plots_impedance')}</h3><p class="lead">${words('plots_impedance_lead')}</p>${cells.map((id) => cellSpectra(subjects.filter(({ cell }) => cell.cell_id === id)))}</section>
`;
}

function capacityPlots(report: MaterialReport, lab: LabData): Markup {
  const limits: CapacityLimits = {
    decay: limitOf(report.judged, 'decay_rate'),
    capacity: limitOf(report.judged, 'specific_capacity'),
  };
  const figures = cellsOf(lab, report).flatMap((cell): Figure[] => {
    const fit = lab.fits.find(decay, cell.cell_id);
    const life = lab.fits.lives.get(cell.cell_id);
    if (fit === undefined || life === undefined) return [];
    return [capacityFigure(cell, life, fit.result as DecayFit | null, refusalOf(fit), limits) ?? []].flat();
  });
  return group(words('plots_capacity'), words('plots_capacity_lead'), figures);
}

/** A cell's efficiency as the verdict has it, percent; nothing where the target does not concern it. */
function cellEfficiency(report: MaterialReport, cell_id: string): CellEfficiency {
  const judged = report.judged.find(({ target }) => target.metric === 'coulombic_efficiency');
  const evidence = judged?.evidence.cells.find((one) => one.cell_id === cell_id);
  const inUnit = judged === undefined ? 1 : scaleIn(coulombicEfficiency, judged.target.unit);
  const of = (value: number | null | undefined) => (value == null ? null : (PERCENT * value) / inUnit);
  return {
    value: of(evidence?.value),
    ci95_low: of(evidence?.ci95_low),
    ci95_high: of(evidence?.ci95_high),
    bound95_low: of(evidence?.bound95_low),
  };
}

function efficiencyPlots(report: MaterialReport, lab: LabData): Markup {
  const judged = report.judged.find(({ target }) => target.metric === 'coulombic_efficiency');
  const threshold = limitOf(report.judged, 'coulombic_efficiency');
  if (judged === undefined || threshold === null) return nothing;
  const target: EfficiencyTarget = {
    threshold: PERCENT * threshold,
    required_cycles: Number(judged.target.conditions.required_cycles ?? 500),
  };
  const figures = cellsOf(lab, report).flatMap((cell): Figure[] => {
    const fit = lab.fits.find(efficiencyKind, cell.cell_id);
    const life = lab.fits.lives.get(cell.cell_id);
    if (fit === undefined || life === undefined) return [];
    const value = cellEfficiency(report, cell.cell_id);
    return [
      efficiencyFigure(cell, life, fit.result as CoulombicEfficiencyFit | null, value, target) ?? [],
    ].flat();
  });
  return group(words('plots_efficiency'), words('plots_efficiency_lead'), figures);
}

/** Every plot behind a material's verdicts. */
export function plots(report: MaterialReport, lab: LabData): Markup {
  return html`${arrheniusPlots(report, lab)}${capacityPlots(report, lab)}${efficiencyPlots(report, lab)}${impedancePlots(report, lab)}`;
}
