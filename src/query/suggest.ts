/** Number of single-letter insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1);
      }
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/**
 * The name most likely meant by `word`: a slip of few letters, or a name that begins with it or contains it as whole words
 * (`voltage` for `voltage_volt`). Undefined where nothing is near.
 */
export function closest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const scored = names.map((name) => {
    const candidate = name.toLowerCase();
    const distance = editDistance(wanted, candidate);
    if (distance <= Math.max(1, Math.floor(wanted.length / 3))) return { name, score: distance };
    const words = candidate.split('_');
    const contained = wanted.split('_').every((part) => words.includes(part));
    return { name, score: contained ? 10 + candidate.length / 100 : Number.POSITIVE_INFINITY };
  });
  scored.sort((a, b) => a.score - b.score);
  return scored[0] !== undefined && Number.isFinite(scored[0].score) ? scored[0].name : undefined;
}
