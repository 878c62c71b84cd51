/** What an arc may stand for, by its capacitance. */
export type ArcBand =
  | 'unphysical'
  | 'bulk'
  | 'grain_boundary'
  | 'surface_layer'
  | 'interface'
  | 'electrochemical_reaction';

/** What an arc is, judged by its effective capacitance. */
export interface ArcAssignment {
  band: ArcBand;
  /** Other bands that this capacitance allows. */
  may_also_be: (ArcBand | 'minor_phase')[];
}

/** Upper ends of the bands in F, at a cell constant of 1 cm⁻¹ (bulk, grain boundary) or per cm² (the others). */
const bands: { band: ArcBand; below: number }[] = [
  { band: 'unphysical', below: 1e-13 },
  { band: 'bulk', below: 1e-11 },
  { band: 'grain_boundary', below: 1e-8 },
  { band: 'surface_layer', below: 1e-7 },
  { band: 'interface', below: 1e-5 },
  { band: 'electrochemical_reaction', below: Number.POSITIVE_INFINITY },
];

const overlaps: { other: ArcBand | 'minor_phase'; from: number; to: number }[] = [
  { other: 'minor_phase', from: 1e-11, to: 2e-11 },
  { other: 'surface_layer', from: 1e-9, to: 1e-8 },
];

/**
 * The band of a normalised capacitance (F). Bands overlap: always show the value with the label.
 * Source: J. T. S. Irvine, D. C. Sinclair & A. R. West, Adv. Mater. 2 (1990) 132.
 */
export function assignArc(normalised_capacitance_farad: number): ArcAssignment {
  const { band } = bands.find(({ below }) => normalised_capacitance_farad < below) ?? bands.at(-1)!;
  const may_also_be = overlaps
    .filter(({ from, to }) => normalised_capacitance_farad >= from && normalised_capacitance_farad < to)
    .map(({ other }) => other);
  return { band, may_also_be };
}

const grainBoundaryEnd = 1e-8;

/**
 * The band of an arc of a cell: by C·l/A as long as that is small enough for bulk or grain boundary, else by C/A.
 * Without the thickness C/A alone decides.
 */
export function assignArcOfCell(
  capacitance_farad: number,
  area_cm2: number,
  thickness_cm: number | null,
): ArcAssignment {
  const normalised = thickness_cm === null ? null : (capacitance_farad * thickness_cm) / area_cm2;
  if (normalised !== null && normalised < grainBoundaryEnd) return assignArc(normalised);
  const perArea = assignArc(capacitance_farad / area_cm2);
  // C·l/A excludes bulk and grain boundary, however small C/A is.
  if (normalised !== null && ['unphysical', 'bulk', 'grain_boundary'].includes(perArea.band)) {
    return { band: 'surface_layer', may_also_be: [perArea.band] };
  }
  return perArea;
}

/** What an arc belongs to. Where the bands overlap: `ambiguous`. */
export type ArcRole = 'electrolyte' | 'interface' | 'ambiguous' | 'unknown';

/** Limits of C·l/A (F) and of C·interfaces/A (F/cm²), see `roleOf`. */
const electrolyteBelow = 5e-9;
const interfaceAbove = 2e-8;
const interfacePerArea = 1e-7;
/** Without a thickness: below this (F/cm²) an arc belongs to the electrolyte. */
const electrolytePerArea = 1e-9;

/**
 * The role of an arc by both normalisations of its capacitance: C·l/A, which for a bulk or grain boundary does not
 * depend on the shape of the pellet, and C·m/A for each of m equal interfaces in series. They disagree where grains
 * are few and large, and across thin separators.
 */
export function roleOf(normalised_F: number | null, per_interface_F_cm2: number | null): ArcRole {
  if (per_interface_F_cm2 === null) return 'unknown';
  const isLarge = per_interface_F_cm2 >= interfacePerArea;
  if (normalised_F === null) {
    if (isLarge) return 'interface';
    return per_interface_F_cm2 < electrolytePerArea ? 'electrolyte' : 'ambiguous';
  }
  if (normalised_F < electrolyteBelow && !isLarge) return 'electrolyte';
  return normalised_F >= interfaceAbove && isLarge ? 'interface' : 'ambiguous';
}
