/** What ends a spectrum at low frequency: nothing, a constant-phase element, or semi-infinite diffusion. */
export type Tail = 'none' | 'CPE' | 'W';

/** A circuit of the family: `[L0-][R0-]p(R1,CPE1)-…[-CPEk|-Wk]`. */
export interface Member {
  inductance: boolean;
  series: boolean;
  arcs: number;
  tail: Tail;
}

const withoutInductance: Omit<Member, 'inductance'>[] = [
  { series: true, arcs: 0, tail: 'CPE' },
  { series: false, arcs: 1, tail: 'none' },
  { series: true, arcs: 1, tail: 'none' },
  { series: false, arcs: 1, tail: 'CPE' },
  { series: true, arcs: 1, tail: 'CPE' },
  { series: true, arcs: 1, tail: 'W' },
  { series: false, arcs: 2, tail: 'none' },
  { series: false, arcs: 2, tail: 'CPE' },
  { series: true, arcs: 2, tail: 'none' },
  { series: true, arcs: 2, tail: 'CPE' },
  { series: true, arcs: 2, tail: 'W' },
  { series: false, arcs: 3, tail: 'CPE' },
  { series: true, arcs: 3, tail: 'none' },
];

/** The code of a member; equal blocks are numbered from the fastest. */
export function memberCode({ inductance, series, arcs, tail }: Member): string {
  return [
    ...(inductance ? ['L0'] : []),
    ...(series ? ['R0'] : []),
    ...Array.from({ length: arcs }, (_, i) => `p(R${i + 1},CPE${i + 1})`),
    ...(tail === 'none' ? [] : [`${tail}${arcs + 1}`]),
  ].join('-');
}

/** Number of parameters of a member. */
export function parameterCount({ inductance, series, arcs, tail }: Member): number {
  return Number(inductance) + Number(series) + 3 * arcs + { none: 0, CPE: 2, W: 1 }[tail];
}

/** Thirteen circuits, each with and without an inductance, in the order of their number of parameters. */
export const familyMembers: readonly Member[] = withoutInductance
  .flatMap((member) => [
    { inductance: false, ...member },
    { inductance: true, ...member },
  ])
  .sort((a, b) => parameterCount(a) - parameterCount(b));

/** The circuits among which the automatic choice is made. */
export const circuitFamily: readonly string[] = familyMembers.map(memberCode);

/** Whether ions pass the electrodes (`non_blocking`), or charge accumulates at them (`blocking`). */
export type Electrodes = 'blocking' | 'non_blocking';

/**
 * The members that are possible for a cell: where ions pass the electrodes, nothing blocks them at low frequency, so a
 * series constant-phase element is not possible.
 */
export function membersFor(electrodes: Electrodes | null): readonly Member[] {
  return electrodes === 'non_blocking' ? familyMembers.filter(({ tail }) => tail !== 'CPE') : familyMembers;
}

/** The member with this code, if there is one. */
export function memberOf(code: string): Member | undefined {
  return familyMembers.find((member) => memberCode(member) === code);
}

/** Whether everything in `part` is also in `whole`. */
export function contains(whole: Member, part: Member): boolean {
  return (
    whole.arcs >= part.arcs &&
    (whole.inductance || !part.inductance) &&
    (whole.series || !part.series) &&
    (part.tail === 'none' || part.tail === whole.tail)
  );
}
