import { describe, expect, it } from 'vitest';
import { named } from '../../src/messages/message.js';
import { targetMessages as say } from '../../src/messages/targets.js';
import { trendFigure } from '../../src/report/figures/trend.js';
import { asOfDay, type HistoryPoint, projectionOf } from '../../src/report/history.js';
import { renderFigure } from '../../src/report/plot/figure.js';
import type { JudgedTarget } from '../../src/targets/evaluate.js';
import { projectedDate, withoutDates } from '../../src/targets/projection.js';
import { inWords } from '../message.js';

/** The past of a verdict, and the date it points to: a projection must never look like a result. */

const point = (day: string, verdict: HistoryPoint['verdict'], value: number | null): HistoryPoint => ({
  run_id: 1,
  started_at: new Date(`${day}T20:00:00Z`),
  target_id: 'anode-efficiency',
  material_id: 'LI3D',
  verdict,
  value,
  bound95_low: value === null ? null : value - 0.3,
  bound95_high: value === null ? null : value + 0.3,
  threshold: 99.5,
  unit: 'percent',
  sample_size: 2,
});

const past = [
  point('2026-01-10', 'INSUFFICIENT DATA', null),
  point('2026-02-01', 'INSUFFICIENT DATA', 99.1),
  point('2026-03-01', 'INSUFFICIENT DATA', 99.2),
];

/** So many eligible cycles that a cell lacks, with the date at which they will be done. */
const lacks = (cell: string, more: number, done: number, days: number, readyOn: string) =>
  say('CELL_LACKS', {
    cell,
    what: say('MORE_OF', {
      more,
      what: named('eligible cycles'),
      done,
      required: 500,
      when: say('READY_ABOUT', { long: say('LONG/days', { n: days }), pace: 12, readyOn }),
    }),
  });

const missing = say('WAYS', {
  ways: [lacks('LI3D-01', 393, 107, 34, '2026-04-14'), lacks('LI3D-02', 407, 93, 36, '2026-04-16')],
});

const judged = {
  material_id: 'LI3D',
  verdict: 'INSUFFICIENT DATA',
  value: 99.2,
  missing: missing.message,
  said: { reason: [], missing },
  target: {
    id: 'anode-efficiency',
    comparison: '>',
    threshold: 99.5,
    unit: 'percent',
    due: null,
    milestones: [],
  },
  evidence: { pooling: null, cells: [] },
} as unknown as JudgedTarget;

describe('the day of a page', () => {
  it('is none, or the day after the last date that has passed, the same until the next one does', () => {
    const days = ['2026-04-14', '2026-04-15', '2026-04-16', '2026-04-17', '2027-01-01'];
    expect(days.map((day) => asOfDay([judged], day))).toEqual([
      null,
      '2026-04-15',
      '2026-04-15',
      '2026-04-17',
      '2026-04-17',
    ]);
  });

  it('is today where a target has a date', () => {
    const dated = { ...judged, target: { ...judged.target, due: '2026-12-31' } };
    expect(asOfDay([judged, dated], '2026-04-20')).toBe('2026-04-20');
  });
});

describe('the projection', () => {
  it('is the date of the last cell, and what is missing can be told without it', () => {
    expect(projectedDate(missing)).toEqual(new Date('2026-04-16T00:00:00Z'));
    expect(withoutDates(missing)).toBe(
      'LI3D-01: 393 more eligible cycles (107 of 500); LI3D-02: 407 more eligible cycles (93 of 500)',
    );
    expect(projectedDate(inWords('20 more samples (23 in all)'))).toBeNull();
  });

  it('is drawn ahead of the states so far and called a projection', () => {
    const figure = trendFigure(judged, past, projectionOf(judged, '2026-03-02'));
    const { text } = renderFigure(figure!);
    expect(text).toContain('projection: verdict about 2026-04-16');
    expect(text).toContain('Projection, not a result');
    const [line] = /<path class="projection" d="M[\d.]+ 24v/.exec(text) ?? [];
    expect(line).toBeDefined();
    // Two states have a value to draw; the one without is told in words.
    expect(figure?.drawing.text.match(/<path class="open"/g)).toHaveLength(2);
    expect(text).toContain('2026-01-10 INSUFFICIENT DATA, no value');
  });

  it('is not drawn once its date has passed', () => {
    const later = [...past, point('2026-05-02', 'INSUFFICIENT DATA', 99.2)];
    expect(projectionOf(judged, '2026-04-16')).toMatchObject({ hasPassed: false });
    const projection = projectionOf(judged, '2026-05-02');
    expect(projection).toMatchObject({ date: '2026-04-16', hasPassed: true });
    expect(renderFigure(trendFigure(judged, later, projection)!).text).not.toContain('rojection');
  });
});
