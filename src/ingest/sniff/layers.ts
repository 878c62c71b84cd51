import { nameKey } from '../formats/header.js';

/** Positions of the values that records need from the cycle rows and step rows of an interleaved export. */
export interface LayerPositions {
  /** Fields of a cycle row. */
  cycleFields: number;
  /** Fields of a step row, including the leading empty one. */
  stepFields: number;
  /** Positions in a step row, from 0. */
  stepIndex: number;
  stepNumber: number | undefined;
  stepType: number | undefined;
}

const names = {
  index: ['step index', '工步号'],
  number: ['step number', '工步序号'],
  type: ['step type', '工步类型'],
};

/** Reads the positions from the two header rows above the record header; undefined where these rows are absent. */
export function layerPositions(
  cycleHeader: readonly string[],
  stepHeader: readonly string[],
): LayerPositions | undefined {
  const position = (spellings: readonly string[]) => {
    const found = stepHeader.findIndex((field) => spellings.includes(nameKey(field)));
    return found === -1 ? undefined : found;
  };
  const stepIndex = position(names.index);
  if (stepIndex === undefined) return undefined;
  return {
    cycleFields: cycleHeader.length,
    stepFields: stepHeader.length,
    stepIndex,
    stepNumber: position(names.number),
    stepType: position(names.type),
  };
}
