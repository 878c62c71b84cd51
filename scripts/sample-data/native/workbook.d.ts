/** A workbook with these sheets. */
export function workbook(sheets: { name: string; rows: (number | string)[][] }[]): Buffer;
