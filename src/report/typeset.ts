const NO_BREAK_SPACE = '\u00a0';

const unitsBehindNumbers =
  /(?<=\d) (?=(?:%|°C|[kM]?Hz|mHz|m?Ω|m?A|mAh|m?S|V|eV|K|F|MPa|mg|µm|cm²|h|days|EUR)(?![A-Za-z]))/g;

/**
 * Words as they are set on a page and in a drawing: typographic signs, and no line break between a number and its
 * unit.
 */
export const typeset = (text: string): string =>
  text
    .replaceAll('<=', '≤')
    .replaceAll('>=', '≥')
    .replace(/(^|[\s(])-(?=\d)/g, '$1−')
    .replace(unitsBehindNumbers, NO_BREAK_SPACE);
