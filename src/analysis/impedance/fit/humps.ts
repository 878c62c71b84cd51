/** One hump of the distribution of relaxation times: a candidate for an arc. */
export interface Hump {
  resistance_ohm: number;
  /** Mean and variance of ln τ (τ in s). */
  log_time: number;
  log_time_variance: number;
}

function humpOf(log_time: Float64Array, resistance_ohm: Float64Array, from: number, to: number): Hump {
  let sum = 0;
  let mean = 0;
  let square = 0;
  for (let k = from; k < to; k++) {
    sum += resistance_ohm[k]!;
    mean += resistance_ohm[k]! * log_time[k]!;
    square += resistance_ohm[k]! * log_time[k]! ** 2;
  }
  mean /= sum;
  return { resistance_ohm: sum, log_time: mean, log_time_variance: Math.max(0, square / sum - mean * mean) };
}

/** Cuts the histogram at its minima. */
export function cutAtMinima(log_time: Float64Array, r: Float64Array): Hump[] {
  const cuts = [0];
  for (let k = 1; k < r.length - 1; k++) {
    if (r[k]! <= r[k - 1]! && r[k]! < r[k + 1]!) cuts.push(k);
  }
  cuts.push(r.length);
  return cuts
    .slice(1)
    .map((to, i) => ({ from: cuts[i]!, to }))
    .filter(({ from, to }) => r.subarray(from, to).some((value) => value > 0))
    .map(({ from, to }) => humpOf(log_time, r, from, to));
}

function merged(a: Hump, b: Hump): Hump {
  const resistance_ohm = a.resistance_ohm + b.resistance_ohm;
  const share = b.resistance_ohm / resistance_ohm;
  const distance = b.log_time - a.log_time;
  return {
    resistance_ohm,
    log_time: a.log_time + share * distance,
    log_time_variance:
      (1 - share) * a.log_time_variance + share * b.log_time_variance + share * (1 - share) * distance ** 2,
  };
}

function halves(hump: Hump): [Hump, Hump] {
  const half = Math.max(Math.sqrt(hump.log_time_variance), 0.5);
  const part = { resistance_ohm: hump.resistance_ohm / 2, log_time_variance: hump.log_time_variance / 4 };
  return [
    { ...part, log_time: hump.log_time - half },
    { ...part, log_time: hump.log_time + half },
  ];
}

/** Humps closer than this in ln τ are parts of one. */
const nearby = 3.5;

/** Removes the hump that matters least: it is joined to a near neighbour, else dropped. */
function withoutWeakest(humps: Hump[], significance: (hump: Hump) => number): Hump[] {
  let weakest = 0;
  humps.forEach((hump, i) => {
    if (significance(hump) < significance(humps[weakest]!)) weakest = i;
  });
  const distance = (i: number) =>
    humps[i] ? Math.abs(humps[i].log_time - humps[weakest]!.log_time) : Number.POSITIVE_INFINITY;
  const neighbour = distance(weakest - 1) < distance(weakest + 1) ? weakest - 1 : weakest + 1;
  const left = humps.slice();
  if (distance(neighbour) < nearby) left[neighbour] = merged(humps[neighbour]!, humps[weakest]!);
  left.splice(weakest, 1);
  return left;
}

/** Joins the two neighbours that lose the least shape when joined (Ward's criterion, weighted by significance). */
function withClosestJoined(humps: Hump[], significance: (hump: Hump) => number): Hump[] {
  const cost = (i: number) => {
    const [a, b] = [significance(humps[i]!), significance(humps[i + 1]!)];
    return ((a * b) / (a + b)) * (humps[i + 1]!.log_time - humps[i]!.log_time) ** 2;
  };
  let closest = 0;
  for (let i = 1; i < humps.length - 1; i++) if (cost(i) < cost(closest)) closest = i;
  return [
    ...humps.slice(0, closest),
    merged(humps[closest]!, humps[closest + 1]!),
    ...humps.slice(closest + 2),
  ];
}

function withWidestSplit(humps: Hump[]): Hump[] {
  const widest = humps.reduce(
    (best, hump, i) => (hump.log_time_variance > humps[best]!.log_time_variance ? i : best),
    0,
  );
  return humps.flatMap((hump, i) => (i === widest ? halves(hump) : [hump]));
}

function subsets<T>(list: T[], count: number): T[][] {
  if (count === 0) return [[]];
  return list.flatMap((item, i) => subsets(list.slice(i + 1), count - 1).map((rest) => [item, ...rest]));
}

/** This many more humps than needed are kept, and all choices among them are tried. */
const spareHumps = 2;

/**
 * The humps as `count` arcs. Where there are too many, there are several ways: the weakest are left out or the closest
 * joined until only a few too many are left, then every choice among those is taken. Which one is right depends on
 * whether noise has split a hump or added one.
 */
export function selectHumps(humps: Hump[], count: number, significance: (hump: Hump) => number): Hump[][] {
  let few = humps;
  while (few.length < count) few = withWidestSplit(few);
  return [withoutWeakest, withClosestJoined].flatMap((reduce) => {
    const found: Hump[][] = [];
    let left = few;
    while (left.length > count + spareHumps) left = reduce(left, significance);
    for (; left.length > count; left = reduce(left, significance)) found.push(...subsets(left, count));
    return [...found, left];
  });
}
