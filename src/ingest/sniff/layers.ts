import { nameKey } from '../formats/header.js';

/** Where the cycle rows and step rows of an interleaved export hold what records need of them. */
export interface LayerPositions {
  /** Fields of a cycle row. */
  cycleFields: number;
  /** Fields of a step row, the leading empty one included. */
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

/** Reads the positions off the two header rows above the record header; undefined where they are not there. */
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
