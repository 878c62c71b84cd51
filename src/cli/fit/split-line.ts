import { parseString } from 'fast-csv';

/** Fields of one line of a plain file. A module of its own, so that the parser is loaded only where a file is read. */
export function splitLine(content: string, delimiter: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let fields: string[] = [];
    parseString<string[], string[]>(content, { delimiter, headers: false, trim: true })
      .on('error', reject)
      .on('data', (row: string[]) => {
        fields = row;
      })
      .on('end', () => resolve(fields));
  });
}
