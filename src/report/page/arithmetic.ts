import type { JudgedTarget } from '../../targets/evaluate.js';
import { html, type Markup, nothing } from '../html.js';
import { plainNumber } from '../numbers.js';
import { label, px } from '../plot/marks.js';
import { words } from '../speech.js';
import { capitalised, unitAfter } from '../words.js';

/** The inputs of a number that was bought or weighed, as in `evidence.inputs`. */
interface Inputs {
  cost?: number | null;
  reference_cost?: number | null;
  cost_relative_uncertainty?: number | null;
  reference_cost_relative_uncertainty?: number | null;
  areal_mass_mg_per_cm2?: number | null;
  reference_areal_mass_mg_per_cm2?: number | null;
  areal_mass_relative_uncertainty?: number | null;
  reference_areal_mass_relative_uncertainty?: number | null;
  basis?: string | null;
  currency?: string | null;
  price_year?: number | null;
  scale?: string | null;
  source?: string | null;
  source_date?: string | null;
}

interface ComparedMaterial {
  of: 'mass_per_area' | 'cost';
  unit: string;
  value: number | null;
  reference: number | null;
  uncertainty: number | null;
  reference_uncertainty: number | null;
}

const basisNames: Readonly<Record<string, string>> = { kg: 'kg', m2: 'm²', kwh: 'kWh' };

function compared(inputs: Inputs): ComparedMaterial {
  if ('areal_mass_mg_per_cm2' in inputs) {
    return {
      of: 'mass_per_area',
      unit: 'mg/cm²',
      value: inputs.areal_mass_mg_per_cm2 ?? null,
      reference: inputs.reference_areal_mass_mg_per_cm2 ?? null,
      uncertainty: inputs.areal_mass_relative_uncertainty ?? null,
      reference_uncertainty: inputs.reference_areal_mass_relative_uncertainty ?? null,
    };
  }
  const basis =
    inputs.basis === null || inputs.basis === undefined ? '?' : (basisNames[inputs.basis] ?? inputs.basis);
  return {
    of: 'cost',
    unit: `${inputs.currency ?? '?'}/${basis}`,
    value: inputs.cost ?? null,
    reference: inputs.reference_cost ?? null,
    uncertainty: inputs.cost_relative_uncertainty ?? null,
    reference_uncertainty: inputs.reference_cost_relative_uncertainty ?? null,
  };
}

/** The calculation with its numbers filled in. */
function calculation(judged: JudgedTarget, { value, reference }: ComparedMaterial): string | null {
  if (value === null || reference === null || judged.value === null) return null;
  const quotient = `${plainNumber(value, 6)} / ${plainNumber(reference, 6)}`;
  const result = `${plainNumber(judged.value)}${unitAfter(judged.target.unit)}`;
  return judged.target.metric.endsWith('_reduction')
    ? `1 − ${quotient} = ${result}`
    : `${quotient} = ${result}`;
}

const WIDTH = 440;
const LEFT = 86;
const RIGHT = 340;
const ROW = 26;

/** Where the value would have to end to meet the target. */
function limitOf({ target }: JudgedTarget, reference: number): number {
  const scale = target.unit === 'percent' ? 100 : 1;
  const share = target.threshold / scale;
  return reference * (target.metric.endsWith('_reduction') ? 1 - share : share);
}

function bars(judged: JudgedTarget, { of, unit, value, reference }: ComparedMaterial): Markup {
  if (value === null || reference === null) return nothing;
  const limit = limitOf(judged, reference);
  const largest = Math.max(value, reference, limit);
  const length = (amount: number) => px(((RIGHT - LEFT) * Math.max(amount, 0)) / largest);
  const row = (i: number, title: string, amount: number, className: string) =>
    html`${label(LEFT - 8, i * ROW + 18, title, 'row-name', 'end')}<rect class="${className}" x="${LEFT}" y="${i * ROW + 6}" width="${length(amount)}" height="16"/>${label(RIGHT + 4, i * ROW + 18, `${plainNumber(amount, 5)} ${unit}`, 'note')}`;
  const at = LEFT + Number(length(limit));
  const title = words('compared', {
    name: capitalised(words(of)),
    value: plainNumber(value, 5),
    reference: plainNumber(reference, 5),
    unit,
    limit: plainNumber(limit),
  });
  return html`<svg class="plot bars" role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} 76" width="${WIDTH}" height="76">${row(0, words('this_one'), value, 'bar')}${row(1, words('reference_row'), reference, 'bar reference-bar')}<path class="limit" d="M${px(at)} 2V56"/>${label(at, 70, words('target_at', { limit: plainNumber(limit), unit }), 'note target-text', 'middle')}</svg>`;
}

const percent = (uncertainty: number | null) =>
  uncertainty === null
    ? words('no_uncertainty')
    : words('relative_uncertainty', { percent: plainNumber(100 * uncertainty) });

/** Cost or mass as it is calculated, with basis, date and source; nothing for a measured metric. */
export function arithmetic(judged: JudgedTarget): Markup {
  if (judged.evidence.inputs === null) return nothing;
  const inputs = judged.evidence.inputs as Inputs;
  const numbers = compared(inputs);
  const amount = (value: number | null, uncertainty: number | null) =>
    value === null
      ? words('not_stated')
      : words('parts', { items: [`${plainNumber(value, 6)} ${numbers.unit}`, percent(uncertainty)] });
  const isCost = numbers.of === 'cost';
  const facts: [string, string][] = [
    [words('this_materials', { name: words(numbers.of) }), amount(numbers.value, numbers.uncertainty)],
    [words('reference'), amount(numbers.reference, numbers.reference_uncertainty)],
    ...(isCost
      ? ([
          [
            words('price_year'),
            inputs.price_year === null || inputs.price_year === undefined
              ? words('not_stated')
              : String(inputs.price_year),
          ],
          [words('scale'), inputs.scale ?? words('not_stated')],
        ] as [string, string][])
      : []),
    [
      words('source'),
      words('parts', {
        items: [inputs.source ?? words('not_stated'), inputs.source_date || words('date_not_stated')],
      }),
    ],
  ];
  const sum = calculation(judged, numbers);
  return html`<div class="arithmetic">
${sum === null ? nothing : html`<p class="formula">${sum}</p>`}
${bars(judged, numbers)}
<dl>${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
</div>
`;
}
