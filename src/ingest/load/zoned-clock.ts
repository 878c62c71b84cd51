/** In steps of a quarter of an hour, within which no zone changes its offset. */
const bucketSeconds = 900;

/** A zone's offset from UTC. */
class ZoneOffsets {
  private readonly format: Intl.DateTimeFormat;
  private readonly known = new Map<number, number>();

  constructor(timeZone: string) {
    const [year, month, day, hour, minute, second] = Array<'numeric'>(6).fill('numeric');
    this.format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-hc-h23', {
      timeZone,
      ...{ year, month, day, hour, minute, second },
    });
  }

  /** Seconds east of UTC at an instant (Unix seconds). */
  at(instant: number): number {
    const bucket = Math.floor(instant / bucketSeconds);
    const known = this.known.get(bucket);
    if (known !== undefined) return known;
    const begin = bucket * bucketSeconds;
    const parts = new Map(
      this.format.formatToParts(begin * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
    const wall = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    const offset = wall / 1000 - begin;
    this.known.set(bucket, offset);
    return offset;
  }
}

/**
 * The absolute time (s) of a wall clock in a zone, record by record in their order. In the hour (on Lord Howe half an hour)
 * that a clock shows twice in autumn, a time is the first one until the clock falls back, then the second.
 */
export class ZonedClock {
  private readonly offsets: ZoneOffsets;
  private before = Number.NaN;
  private fellBack = false;

  constructor(timeZone: string) {
    this.offsets = new ZoneOffsets(timeZone);
  }

  /** @param clock the wall clock in seconds since 1970 as if it were UTC; NaN: none */
  next(clock: number): number {
    const { before } = this;
    this.before = clock;
    if (Number.isNaN(clock)) return Number.NaN;
    // In microseconds as whole numbers, so that sums and differences are exact.
    const wall = Math.round(clock * 1e6);
    const { first, last } = this.instantsOf(wall);
    if (first === last) this.fellBack = false;
    else if (clock < before) this.fellBack = true;
    return (this.fellBack ? last : first) / 1e6;
  }

  private wallOf(instant: number): number {
    return instant + this.offset(instant);
  }

  private offset(micros: number): number {
    return this.offsets.at(micros / 1e6) * 1e6;
  }

  /** The first and the last instant that a wall clock can mean; a time that is skipped in spring continues from before. */
  private instantsOf(wall: number): { first: number; last: number } {
    const [before, behind] = [-86_400e6, 86_400e6].map((apart) => wall - this.offset(wall + apart)) as [
      number,
      number,
    ];
    const real = [before, behind].filter((instant) => this.wallOf(instant) === wall);
    const instants = real.length > 0 ? real : [Math.max(before, behind)];
    return { first: Math.min(...instants), last: Math.max(...instants) };
  }
}
