/** Voltage against progress of a step, as straight lines between given points. */

/**
 * @param {[number, number][]} points progress (0 to 1) and volt, progress ascending
 * @returns {(progress: number) => number}
 */
export function polyline(points) {
  return (progress) => {
    const upper = Math.max(
      1,
      points.findIndex(([x]) => x >= progress),
    );
    const [x0, y0] = /** @type {[number, number]} */ (points[upper - 1]);
    const [x1, y1] = /** @type {[number, number]} */ (points[upper] ?? points.at(-1));
    return y0 + ((y1 - y0) * (progress - x0)) / (x1 - x0);
  };
}

/** A rest: fast at first, then slow. @param {number} from volt @param {number} to volt */
export function relaxation(from, to) {
  return (/** @type {number} */ progress) =>
    to + (from - to) * (1 - progress) * (1 - progress) * (1 - progress);
}

/** A voltage held by the cycler. @param {number} volt */
export function held(volt) {
  return () => volt;
}
