interface Source {
  name: string;
  bytes: Buffer;
}

/** A mutant of one of the sources by its number. */
export function nativeMutant(
  sources: Source[],
  seed: number,
  number: number,
): { source: string; mutant: Buffer; changes: string[] };

/** What is wrong with how a mutant is read. */
export function nativeFaults(
  library: { sniffFile: unknown; dropView: unknown },
  path: string,
  mutant: Buffer,
): Promise<{ faults: string[]; status: string }>;
