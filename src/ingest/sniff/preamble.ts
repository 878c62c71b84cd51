/** First match of a preamble's patterns for a fact, in the order of the patterns. */
export function preambleMatch(
  patterns: readonly RegExp[] | undefined,
  lines: readonly string[],
): string | undefined {
  for (const pattern of patterns ?? []) {
    for (const line of lines) {
      const value = pattern.exec(line)?.[1]?.trim();
      if (value !== undefined && value !== '') return value;
    }
  }
  return undefined;
}
