import { existsSync, readFileSync } from 'node:fs';

export interface Example {
  /** Its number in the cookbook; `/query?example=N` opens it. */
  number: number;
  question: string;
  sql: string;
}

const pattern = /### (\d+)\. ([^\n]+)\n(?:(?!###)[\s\S])*?```sql\n([\s\S]*?)```/g;
let found: Example[] | undefined;

/** The questions of docs/queries.md, which ships with the program; read once. */
export function cookbook(): Example[] {
  if (found === undefined) {
    const file = new URL('../../docs/queries.md', import.meta.url);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    found = [...text.matchAll(pattern)].map(([, number, question = '', sql = '']) => ({
      number: Number(number),
      question,
      sql: sql.trim(),
    }));
  }
  return found;
}
