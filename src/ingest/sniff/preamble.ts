/** First match of a preamble's patterns for a fact, in the order of the patterns; its groups with blanks between them. */
export function preambleMatch(
  patterns: readonly RegExp[] | undefined,
  lines: readonly string[],
): string | undefined {
  for (const pattern of patterns ?? []) {
    for (const line of lines) {
      const groups = pattern.exec(line)?.slice(1) ?? [];
      const value = groups
        .filter((group) => group !== undefined)
        .join(' ')
        .trim();
      if (value !== '') return value;
    }
  }
  return undefined;
}
