import { named } from '../../messages/message.js';
import { placesMessage } from '../../store/place.js';
import type { JudgedTarget } from '../../targets/evaluate.js';
import type { CellEvidence } from '../../targets/evidence.js';
import { groupBy } from '../../targets/group.js';
import { html, type Markup, nothing } from '../html.js';
import { type LeftOut, leftOutClause } from '../left-out.js';
import type { ReportModel } from '../model.js';
import { plainNumber } from '../numbers.js';
import { spoken, words } from '../speech.js';
import { typeset } from '../typeset.js';
import { capitalised, sentence, stopped, unitAfter } from '../words.js';
import { metricFormula, metricTitle } from './metric.js';
import { estimate } from './value.js';

/** An R² of 0.9998 is not 1. */
const FIT_DIGITS = 6;

/** Units in the names of conditions, as they are written after a number. */
const suffixes: readonly (readonly [string, string])[] = [
  ['_mah_per_cm2', 'mAh/cm²'],
  ['_ma_per_cm2', 'mA/cm²'],
  ['_mg_per_cm2', 'mg/cm²'],
  ['_celsius', '°C'],
  ['_kelvin', 'K'],
  ['_volt', 'V'],
  ['_mpa', 'MPa'],
  ['_um', 'µm'],
  ['_cm2', 'cm²'],
  ['_mah', 'mAh'],
  ['_second', 's'],
  ['_eV', 'eV'],
  ['_c_rate', 'C'],
  ['_S_cm', 'S/cm'],
];

/** A named figure with the unit its name carries: `pressure 100 MPa`. */
export function namedFigure(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  const found = suffixes.find(([suffix]) => name.endsWith(suffix));
  const unit = found?.[1] ?? '';
  const plain = unit === '' || unit === 'C' ? name : name.slice(0, -(found?.[0].length ?? 0));
  const title = spoken(named(name, plain.replaceAll('_', ' ')));
  if (typeof value === 'number') return `${title} ${plainNumber(value)}${unit === '' ? '' : ` ${unit}`}`;
  if (typeof value === 'boolean') return value ? title : null;
  if (typeof value === 'object') return null;
  return `${title} ${spoken(named(String(value), String(value)))}`;
}

export function namedFigures(figures: Record<string, unknown>): string {
  const texts = Object.entries(figures).map(([name, value]) => namedFigure(name, value));
  return words('parts', { items: texts.filter((text) => text !== null) });
}

/** Figures of a fit as people write them, each with its unit; `metric` is the unit of the cell's value. */
const fitFigures: Readonly<Record<string, readonly [title: string, unit: string]>> = {
  Ea_ln_sigma_eV: ['Eₐ (ln σ)', 'eV'],
  Ea_ln_sigma_ci95_low: ['95 % interval from', 'eV'],
  Ea_ln_sigma_ci95_high: ['to', 'eV'],
  r_squared: ['R²', '1'],
  Q0: ['Q₀', 'Q0_unit'],
  D_after: ['decay after the knee', '1/cycle'],
  D_energy: ['decay of the energy', '1/cycle'],
  n80_fitted_Q0: ['modelled life to 80 %', 'cycles'],
  lowest_block100_mean: ['lowest mean of 100 cycles', 'metric'],
  charge_weighted: ['weighted by charge', 'metric'],
  highest: ['highest', 'metric'],
  value_without_exclusions: ['without exclusions', 'metric'],
};

function fitText({ goodness }: CellEvidence, metricUnit: string): string {
  const { Q0_unit, ...figures } = goodness;
  const units: Record<string, string> = { metric: metricUnit, Q0_unit: String(Q0_unit ?? '1') };
  const texts = Object.entries(figures).map(([name, value]) => {
    const [title, unit = '1'] = fitFigures[name] ?? [];
    if (title === undefined || typeof value !== 'number') return namedFigure(name, value);
    return `${spoken(named(name, title))} ${plainNumber(value, FIT_DIGITS)}${unitAfter(units[unit] ?? unit)}`;
  });
  return words('parts', { items: texts.filter((text) => text !== null) });
}

/** Whole numbers as ranges: `1–3, 7`. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i + 1 < sorted.length && sorted[i + 1] === (sorted[i] as number) + 1) continue;
    parts.push(from === i ? `${sorted[i]}` : `${sorted[from]}–${sorted[i]}`);
    from = i + 1;
  }
  return parts.join(', ');
}

/** What was left out of a cell's value, by reason. */
function exclusions({ excluded }: CellEvidence): Markup {
  if (excluded.length === 0) return nothing;
  const items = [...groupBy(excluded, ({ reason }) => reason).values()].map((own) => {
    const cycles = own.flatMap(({ cycle }) => cycle ?? []);
    const spectra = own.flatMap(({ spectrum_id }) => spectrum_id ?? []);
    const what = [
      cycles.length > 0 ? words('cycles_named', { n: cycles.length, ranges: ranges(cycles) }) : '',
      spectra.length > 0 ? words('spectra_named', { n: spectra.length, ranges: ranges(spectra) }) : '',
    ].filter((text) => text !== '');
    const text = typeset(leftOutClause(own[0] as LeftOut));
    return html`<li>${what.length > 0 ? words('named', { name: words('parts', { items: what }), text }) : text}</li>`;
  });
  return html`<p>${words('left_out')}</p><ul class="plain">${items}</ul>`;
}

function fileList(cell: CellEvidence, model: ReportModel): Markup {
  if (cell.files.length === 0) return nothing;
  const items = cell.files.map(
    (file) =>
      html`<li><code>${model.relativePath(file.path)}</code> ${spoken(placesMessage(file, file.first_line, file.last_line))}</li>`,
  );
  return html`<p>${words('files_listed', { n: cell.files.length })}</p><ul class="plain files">${items}</ul>`;
}

const rulingText = ({ ruling, messages }: CellEvidence) =>
  ruling === null ? '' : ` ${stopped(sentence(messages?.ruling ? spoken(messages.ruling) : ruling))}`;

function cellStatus(cell: CellEvidence): string {
  if (cell.excluded_reason !== null)
    return words('excluded_because', { reason: typeset(cell.excluded_reason) });
  if (cell.supports === 'verdict') return words('counts') + rulingText(cell);
  const lacks = cell.messages?.missing;
  const missing = typeset(lacks == null ? (cell.missing ?? cell.supports) : spoken(lacks));
  return words('does_not_count', { missing }) + rulingText(cell);
}

function cellRow(cell: CellEvidence, judged: JudgedTarget): Markup {
  const { unit } = judged.target;
  return html`<tr><th scope="row">${cell.cell_id}</th><td class="num">${estimate(cell, unit)}</td><td class="num">${cell.n === null ? '' : plainNumber(cell.n)}</td><td>${cellStatus(cell)}</td></tr>
`;
}

/** The cells behind a verdict, one line each. */
export function cellTable(judged: JudgedTarget): Markup {
  const { cells } = judged.evidence;
  if (cells.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words('cells_behind', { title: metricTitle(judged), material: judged.material_id })}"><table class="cells">
<thead><tr><th scope="col">${words('column_cell')}</th><th scope="col">${words('column_cell_value')}</th><th scope="col">${words('column_points')}</th><th scope="col">${words('column_in_verdict')}</th></tr></thead>
<tbody>${cells.map((cell) => cellRow(cell, judged))}</tbody></table></div>
`;
}

function cellSource(cell: CellEvidence, judged: JudgedTarget, model: ReportModel): Markup {
  const conditions = namedFigures(cell.conditions);
  const goodness = fitText(cell, judged.evidence.metric_unit);
  return html`<div class="source"><h4>${cell.cell_id}</h4>
${cell.method === '' ? nothing : html`<p>${stopped(sentence(spoken(cell.messages?.method ?? named(cell.method, cell.method))))}</p>`}
${conditions === '' ? nothing : html`<p>${words('measured_under', { conditions: typeset(conditions) })}</p>`}
${goodness === '' ? nothing : html`<p>${words('fit_figures', { figures: typeset(goodness) })}</p>`}
${cell.warnings.length === 0 ? nothing : html`<ul class="plain">${cell.warnings.map((warning) => html`<li><code>${warning.code}</code> ${stopped(sentence(spoken(warning)))}</li>`)}</ul>`}
${exclusions(cell)}${fileList(cell, model)}</div>
`;
}

const poolingFigures = [
  'best',
  'worst',
  'prediction95_low',
  'prediction95_high',
  'lower_tolerance_90_95',
  'upper_tolerance_90_95',
] as const;

/** How the cells were put together. */
function pooling(judged: JudgedTarget): Markup {
  const { pooling: pooled, without_exclusions } = judged.evidence;
  const after = unitAfter(judged.target.unit);
  const figures =
    pooled === null
      ? []
      : poolingFigures.flatMap((name) => {
          const value = pooled[name];
          return typeof value === 'number' ? [`${words(`pool/${name}`)} ${plainNumber(value)}${after}`] : [];
        });
  const whole = without_exclusions as { value: number } | null;
  return html`${
    pooled === null || judged.sample_size < 2
      ? nothing
      : html`<p>${words('pooled', {
          n: judged.sample_size,
          on: words(pooled.on === 'logarithms' ? 'pooled_on/logarithms' : 'pooled_on/values'),
          figures: capitalised(words('parts', { items: figures })),
        })}</p>`
  }${whole === null ? nothing : html`<p>${words('with_excluded', { value: `${plainNumber(whole.value)}${after}` })}</p>`}`;
}

/** Formula, inputs, exclusions, files and lines: the way back from a number. */
export function sources(judged: JudgedTarget, model: ReportModel): Markup {
  const { evidence, target } = judged;
  const conditions = namedFigures(evidence.conditions);
  return html`<details class="sources"><summary>${words('where_from')}</summary>
<p><span class="formula">${metricFormula(judged)}</span></p>
<p>${words('target_row')} <code>${target.id}</code>${stopped(`${evidence.source === null ? '' : words('target_source', { source: evidence.source })}${conditions === '' ? '' : words('target_conditions', { conditions })}`)}</p>
${pooling(judged)}
<div class="source-list">${evidence.cells.map((cell) => cellSource(cell, judged, model))}</div>
<p>${words('in_terminal')} <code>cellar why ${judged.material_id}/${target.id}</code>${stopped('')} ${words('computed_by', { version: model.manifest.tool_version })}</p>
</details>
`;
}
