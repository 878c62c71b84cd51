/** Milliseconds that the clocks of a time zone are ahead of UTC at an instant. */
function aheadOf(zone: string, instant: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant of a wall clock in a zone: `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`. In the
 * hour that a clock shows twice in autumn, the first one is taken.
 *
 * @param wall the wall clock as if it were UTC
 */
export function utcOf(wall: Date, zone: string): Date {
  if (zone === 'UTC') return wall;
  const time = wall.getTime();
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(time - (offset[1] === '-' ? -1 : 1) * minutes * 60_000);
  }
  // The offsets half a day before and after bracket a change; of two instants with this wall clock the earlier one
  // counts.
  const [before, after] = [aheadOf(zone, time - 43_200_000), aheadOf(zone, time + 43_200_000)];
  const fits = [before, after]
    .map((ahead) => time - ahead)
    .filter((instant) => instant + aheadOf(zone, instant) === time);
  return new Date(fits.length === 0 ? time - before : Math.min(...fits));
}
