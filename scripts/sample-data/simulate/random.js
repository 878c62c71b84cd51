import { ln } from './arithmetic.js';

/**
 * A source of random numbers that repeats: mulberry32, seeded by a number and a name, so that each simulated cell
 * has a stream of its own and a file added later changes no other.
 *
 * @param {number} seed
 * @param {string} name
 */
export function randomStream(seed, name) {
  let state = hashOf(`${seed}/${name}`);

  /** Uniform in [0, 1). */
  function uniform() {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Standard normal, by Marsaglia's polar method. */
  function normal() {
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * ln(s)) / s);
    }
  }

  /**
   * First-order autoregressive noise, stationary from its first value: cycle-to-cycle scatter of a real cell is
   * correlated (chamber temperature, contact), not white.
   * @param {number} count @param {number} standard_deviation @param {number} correlation lag-1
   */
  function autoregressive(count, standard_deviation, correlation) {
    const innovation = standard_deviation * Math.sqrt(1 - correlation * correlation);
    const values = [standard_deviation * normal()];
    while (values.length < count) values.push(correlation * (values.at(-1) ?? 0) + innovation * normal());
    return values;
  }

  return { uniform, normal, autoregressive };
}

/** @typedef {ReturnType<typeof randomStream>} Random */

/** FNV-1a, 32 bits. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
