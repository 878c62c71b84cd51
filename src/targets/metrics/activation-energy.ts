import { z } from 'zod';
import { fromScatter, ofReading, type UncertaintyComponent } from '../../analysis/uncertainty/index.js';
import type { OtherChoice } from '../../analysis/verdict/index.js';
import type { CellRecord } from '../../fits/cells.js';
import { arrhenius } from '../../fits/kinds/arrhenius.js';
import type { PelletFit } from '../../fits/making/arrhenius.js';
import { conductivitiesOf } from '../../fits/making/conductivities.js';
import { temperatureHalfWidth } from '../../fits/uncertainty.js';
import { type Message, named } from '../../messages/message.js';
import { targetMessages as say } from '../../messages/targets.js';
import { sourcesOf, surroundings, withSource } from './conductivity-25c.js';
import {
  cellConditions,
  defineCellMetric,
  measured,
  methodOf,
  type Support,
  unmeasured,
} from './definition.js';

const KILOJOULE_PER_MOLE = 96.485_332_12;

/** The two linear forms; their Ea differ by about kT, so a target has to state which one it means. */
const forms = ['ln_sigma', 'ln_sigma_T'] as const;

/** The judged series in one form: Ea, its scatter, and the effect of an error of the temperatures. */
function energyOf({ fit }: PelletFit, form: (typeof forms)[number]) {
  const own = fit.judged_branch === null ? null : fit.branches?.[fit.judged_branch];
  const { results, goodness } = (own?.forms ?? fit.forms)[form];
  const row = results.find(({ quantity }) => quantity === 'Ea_eV');
  return { row, u_temperature: Number(goodness.Ea_u_temperature_eV ?? 0) };
}

function otherEnergies(
  pellet: PelletFit,
  value: number,
  form: (typeof forms)[number],
  components: UncertaintyComponent[],
): OtherChoice[] {
  const inLnSigma = energyOf(pellet, 'ln_sigma').row?.value;
  if (inLnSigma == null) return [];
  // Other choices are known in the form ln σ; in the other form they change Ea by the same amount.
  const of = (
    choice: OtherChoice['choice'],
    alternative: string,
    Ea: number | null | undefined,
  ): OtherChoice[] =>
    Ea == null
      ? []
      : [{ choice, alternative, value: form === 'ln_sigma' ? Ea : value + Ea - inLnSigma, components }];
  return [
    ...pellet.fit.alternatives.flatMap(({ choice, alternative, Ea_eV }) =>
      choice === 'branch' ? of(choice, alternative, Ea_eV) : [],
    ),
    ...of('circuit', 'the circuit of each temperature alone', pellet.free_circuits?.Ea_eV),
    ...of('assignment', 'arcs that may be either as interface', pellet.if_interface?.Ea_eV),
    ...of('points', 'with trimmed points', pellet.untrimmed?.Ea_eV),
  ];
}

/**
 * What prevents Ea from supporting a verdict: a curved law, or too few temperatures; the distance from 25 °C does not
 * matter.
 */
function supportOf({ fit }: PelletFit): { supports: Support; missing: Message | null } {
  const { source, otherwise, because } = fit.verdict_basis;
  if (fit.model_selected !== 'arrhenius') {
    return { supports: 'INCONCLUSIVE', missing: say('CURVED_ENERGY') };
  }
  if (source !== 'fit' && otherwise === 'INSUFFICIENT DATA') return { supports: otherwise, missing: because };
  return { supports: 'verdict', missing: null };
}

export const activationEnergy = defineCellMetric({
  id: 'activation_energy',
  level: 'cell',
  title: 'activation energy of the conductivity',
  formula: 'Ea of ln σ = ln σ0 − Ea/(kT), or with form = "ln_sigma_T" of ln(σT) = ln A − Ea/(kT), over 1/T',
  units: { eV: 1, meV: 1000, 'kJ/mol': KILOJOULE_PER_MOLE },
  pooling: 'plain',
  cellTypes: ['pellet'],
  settings: z.strictObject({ ...cellConditions, form: z.enum(forms).default('ln_sigma') }),
  measure(lab, cell: CellRecord, { form }) {
    const points = conductivitiesOf(lab.fits).get(cell.cell_id) ?? [];
    const around = surroundings(lab, cell, points);
    const { temperature_celsius: _at, ...conditions } = around.conditions;
    const fitted = lab.fits.find(arrhenius, cell.cell_id);
    const pellet = fitted?.result;
    if (pellet == null) {
      const missing = fitted?.refusal ?? say('NO_SPECTRA');
      return unmeasured(cell.cell_id, missing, { ...around, conditions });
    }
    const { row, u_temperature } = energyOf(pellet, form);
    if (row?.value == null) return unmeasured(cell.cell_id, say('NO_ENERGY'), { ...around, conditions });
    const temperature: UncertaintyComponent = {
      component: 'temperature',
      kind: 'declared',
      distribution: 'rectangular',
      standard_uncertainty: u_temperature,
      dof: null,
      shared: true,
    };
    const components = [
      fromScatter('temperatures', row.standard_error ?? Number.NaN, row.dof ?? 0),
      ...withSource([temperature], temperatureHalfWidth(cell, sourcesOf(points))),
      ...(pellet.circuit.matters ? [ofReading('choice of circuit', pellet.circuit.u_Ea_eV)] : []),
    ];
    return {
      ...measured(cell.cell_id, row.value, components, { ...around, conditions }),
      alternatives: otherEnergies(pellet, row.value, form, components),
      standard_error: row.standard_error,
      n: row.n,
      dof: row.dof,
      n_eff: row.n_eff,
      ...(pellet.fit.judged_branch === null
        ? { method: row.method }
        : methodOf(
            say('METHOD/of_branch', {
              method: named(row.method, row.method),
              branch: named(pellet.fit.judged_branch),
            }),
          )),
      ...supportOf(pellet),
      warnings: [...pellet.fit.warnings, ...pellet.warnings, ...around.warnings].filter(
        ({ code }) => code !== 'LEADS_NOT_SUBTRACTED',
      ),
      goodness: { form, model: pellet.fit.model_selected },
      sources: { spectrum_ids: pellet.spectrum_ids, test_ids: [] },
    };
  },
});
