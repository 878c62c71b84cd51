import { editDistance } from '../edit-distance.js';

/**
 * The name most likely meant by `word`: one that differs by a few letters, begins with it, or contains it as whole
 * words (`voltage` for `voltage_volt`). Undefined where nothing is near.
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
