/** How long the parts of a longer task took, one after another. */
export class PieceTimes {
  private readonly ended: { what: string; seconds: number }[] = [];
  private what: string | undefined;
  private since = 0;

  /** Begins the next part, which ends the one before; undefined ends the last. */
  begin(what: string | undefined, now: number = performance.now()): void {
    if (this.what !== undefined) this.ended.push({ what: this.what, seconds: (now - this.since) / 1000 });
    this.what = what;
    this.since = now;
  }

  /** All that have ended, in order. */
  get pieces(): readonly { what: string; seconds: number }[] {
    return this.ended;
  }

  /** The longest ones in one line: `the cluster 31.0 s, cycles of 24 tests: labels 12.4 s, …`. */
  longest(count: number): string {
    const sorted = [...this.ended].sort((a, b) => b.seconds - a.seconds);
    const named = sorted.slice(0, count).map(({ what, seconds }) => `${what} ${seconds.toFixed(1)} s`);
    const rest = sorted.slice(count).reduce((sum, { seconds }) => sum + seconds, 0);
    return [...named, ...(sorted.length > count ? [`all others ${rest.toFixed(1)} s`] : [])].join(', ');
  }
}
