/** A row of text with the line it begins on, or a row of a sheet with its number. */
export interface RawRow {
  line: number;
  fields: string[];
}

/** Whether a row with this beginning is a remark. */
export const isComment = (first: string | undefined): boolean => first?.trimStart().startsWith('#') === true;
