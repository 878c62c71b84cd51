/** Seeded pseudo-random numbers, so that whatever is resampled repeats exactly for the same input. */

/** A source of uniform deviates in [0, 1). */
export type RandomSource = () => number;

/**
 * The mulberry32 generator (T. Ettinger, public domain): 32 bits of state, period 2³², good enough for
 * restarts, resampling and simulation.
 */
export function mulberry32(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Standard normal deviates from uniform ones, by the polar method.
 * Source: G. Marsaglia & T. A. Bray, SIAM Rev. 6 (1964) 260.
 */
export function normalDeviates(random: RandomSource): RandomSource {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spare = v * scale;
        return u * scale;
      }
    }
  };
}

/** A 32-bit seed from the numbers that a result depends on (FNV-1a over their IEEE 754 little-endian bytes). */
export function seedFromNumbers(...series: ArrayLike<number>[]): number {
  const bytes = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (const values of series) {
    for (let i = 0; i < values.length; i++) {
      bytes.setFloat64(0, values[i] as number, true);
      for (let k = 0; k < 8; k++) hash = Math.imul(hash ^ bytes.getUint8(k), 0x01000193);
    }
  }
  return hash >>> 0;
}
