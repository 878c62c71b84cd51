/** Columns of numbers as a Parquet file. */
export function parquet(columns: readonly (readonly [name: string, values: readonly number[]])[]): Buffer;
