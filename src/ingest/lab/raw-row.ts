/** A row of text with the line it begins in, or of a workbook's sheet with its number. */
export interface RawRow {
  line: number;
  fields: string[];
}

/** Whether a row that begins so is a remark. */
export const isComment = (first: string | undefined): boolean => first?.trimStart().startsWith('#') === true;
