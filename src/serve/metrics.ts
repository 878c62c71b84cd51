/** Metrics for Prometheus: counts by route and status, seconds, and present activity. */
export class Metrics {
  private readonly requests = new Map<string, { count: number; seconds: number }>();
  private readonly counts = new Map<string, number>();

  /** Notes an answered request. @param route as declared, never the requested address */
  answered(route: string, status: number, seconds: number): void {
    const key = `route="${route}",status="${status}"`;
    const found = this.requests.get(key) ?? { count: 0, seconds: 0 };
    this.requests.set(key, { count: found.count + 1, seconds: found.seconds + seconds });
  }

  count(name: 'cancelled' | 'killed' | 'publications'): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** @param present values of the moment, by name */
  text(present: Readonly<Record<string, number>>): string {
    const lines: string[] = [];
    const metric = (
      name: string,
      kind: 'counter' | 'gauge',
      values: readonly (readonly [string, number])[],
    ) => {
      lines.push(`# TYPE cellar_${name} ${kind}`);
      for (const [labels, value] of values) {
        lines.push(`cellar_${name}${labels === '' ? '' : `{${labels}}`} ${value}`);
      }
    };
    const all = [...this.requests];
    metric(
      'requests_total',
      'counter',
      all.map(([labels, { count }]) => [labels, count]),
    );
    metric(
      'request_seconds_total',
      'counter',
      all.map(([labels, { seconds }]) => [labels, seconds]),
    );
    for (const name of ['cancelled', 'killed', 'publications']) {
      metric(`${name}_total`, 'counter', [['', this.counts.get(name) ?? 0]]);
    }
    for (const [name, value] of Object.entries(present)) metric(name, 'gauge', [['', value]]);
    return `${lines.join('\n')}\n`;
  }
}
