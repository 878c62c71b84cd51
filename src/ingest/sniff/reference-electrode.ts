import type { MappedField } from './map-columns.js';

/**
 * Potentiostats write the potential of the working electrode against a reference. With the reference lead on the
 * counter electrode it is the voltage of the cell; with a named reference, and without the potential of the counter
 * electrode, it is not.
 */

/** The reference of the voltage of a table. */
export interface ReferenceElectrode {
  /** As the file names it. */
  name: string;
  /** Whether it is only the default name of EC-Lab, because no potential against this reference is that high. */
  isByDefault: boolean;
}

/** Columns that potentiostats fill with the potential of the working electrode. */
const potential = /^[<|]*e(we|[ _]?we)?\b|^e$|potential|^vf$|^we\b|working/i;
/** Columns whose name says that they are the voltage of the whole cell. */
const wholeCell = /cell|ewe ?- ?ece|battery|pack|full/i;

const preambleLine =
  /^[\s"#!%]*(?:ref(?:erence)?\.? electrode(?: type)?|Referenzelektrode|参比电极)"?\s*[:=,;\t]+\s*"?(.*?)[\s",;]*$/i;
const inHeader = /\bv(?:s\.?|ersus)\s+([^\])]*[^\s\])])/i;
/** Words that name no electrode, or say that the counter electrode is the reference. */
const noReference =
  /^\(?(|-|none|no|n\/?a|not .*|un(specified|set|known).*|ref(erence)?\.?|re|oc[vp]|eoc|ce\b.*|=.*|counter.*|(cell|battery)\b.*|(two|2)[- ]?electrode.*|shorted.*|0(\.0*)? ?v?)\)?$/i;

/** The default of EC-Lab, and a potential (V) against it that no electrode of a battery has. */
const byDefault = { name: /^SCE Saturated Calomel Electrode/, highest: 2 };

/**
 * The named reference electrode, where the voltage of a table is the potential of one electrode only.
 *
 * @param voltage the column that feeds the voltage
 * @param preamble lines above the table
 * @param values first values of the column in records that are not points of impedance
 */
export function referenceElectrode(
  voltage: MappedField | undefined,
  preamble: readonly string[],
  values: readonly string[],
): ReferenceElectrode | undefined {
  if (voltage === undefined || voltage.minus !== undefined) return undefined;
  if (values.length === 0 || wholeCell.test(voltage.field.text)) return undefined;
  const named = inHeader.exec(voltage.field.text)?.[1];
  const isPotential = voltage.field.readings.some(({ name }) => potential.test(name));
  const stated = () =>
    preamble.map((line) => preambleLine.exec(line)?.[1]).find((text) => text !== undefined);
  const name = (named ?? (isPotential ? stated() : undefined))?.trim();
  if (name === undefined || noReference.test(name)) return undefined;
  const highest = Math.max(...values.map((value) => Number(value.replace(',', '.'))).filter(Number.isFinite));
  return { name, isByDefault: byDefault.name.test(name) && highest > byDefault.highest };
}
