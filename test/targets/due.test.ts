import { describe, expect, it } from 'vitest';
import { targetMessages } from '../../src/messages/targets.js';
import { dueStatuses, dueText, isOverdue } from '../../src/targets/due.js';
import { fadingCycles, Laboratory } from './laboratory.js';

const target = {
  id: 'q',
  category: 'li_rich_cathode',
  metric: 'specific_capacity',
  comparison: '>' as const,
  threshold: 350,
  unit: 'mAh/g',
  conditions: {},
  source: null,
  material: null,
  set: null,
  due: '2026-12-31',
  milestones: [],
  owner: null,
  note: null,
};

type Dated = Parameters<typeof dueStatuses>[0];

const dated = (more: Partial<Dated> = {}): Dated => ({
  target,
  verdict: 'FAIL',
  value: 320,
  said: { missing: null },
  milestones: [],
  ...more,
});

/** A value a month, from January 2026 on. */
const monthly = (...values: number[]) =>
  values.map((value, i) => ({ started_at: new Date(Date.UTC(2026, i, 1)), value }));

describe('targets with a date', () => {
  it('are met, or missed once the day has passed, not on the day itself', () => {
    const state = (judged: Dated, today: string) => dueStatuses(judged, [], today)[0]?.state;
    expect(state(dated({ verdict: 'PASS' }), '2027-06-01')).toBe('met');
    expect(state(dated(), '2026-12-31')).toBe('open');
    expect(state(dated(), '2027-01-01')).toBe('missed');
    expect(isOverdue(dated(), '2026-12-31')).toBe(false);
    expect(isOverdue(dated(), '2027-01-01')).toBe(true);
    expect(dueStatuses(dated({ target: { ...target, due: null } }), [], '2027-01-01')).toEqual([]);
  });

  it('are on time or late by the pace of the values, which is marked as a projection', () => {
    // 300, 310, 320: 10 a month, so 350 three months after March.
    const [status] = dueStatuses(dated(), monthly(300, 310, 320), '2026-03-01');
    expect(status).toMatchObject({ state: 'on time', from: 'values' });
    expect(status?.projected?.slice(0, 7)).toMatch(/^2026-0[56]$/);
    expect(dueText(status as NonNullable<typeof status>)).toContain('projection: 2026-');
    expect(dueStatuses(dated(), monthly(318, 319, 320), '2026-03-01')[0]?.state).toBe('late');
    const away = dueStatuses(dated(), monthly(340, 330, 320), '2026-03-01')[0];
    expect(away).toMatchObject({ state: 'late', projected: null });
    expect(dueStatuses(dated(), monthly(310, 320), '2026-03-01')[0]?.state).toBe('open');
    // The line through a rise that ended is above the limit already: that date has passed.
    const ended = dated({ value: 349 });
    expect(dueStatuses(ended, monthly(320, 345, 349, 349), '2026-06-01')[0]).toMatchObject({
      state: 'open',
      projected: null,
    });
  });

  it('wait for running tests, and never for a date that has passed', () => {
    const running = dated({
      verdict: 'INSUFFICIENT DATA',
      value: 360,
      said: {
        missing: targetMessages('READY_ABOUT', {
          long: targetMessages('LONG/days', { n: 4 }),
          pace: 12,
          readyOn: '2026-07-04',
        }),
      },
    });
    expect(dueStatuses(running, [], '2026-07-01')[0]).toMatchObject({
      state: 'on time',
      projected: '2026-07-04',
      from: 'tests',
    });
    expect(dueStatuses(running, [], '2026-07-05')[0]).toMatchObject({ state: 'open', projected: null });
  });

  it('judge each milestone at its own limit, and a target of one material for that one only', async () => {
    const lab = new Laboratory().material('M', 'li_rich_cathode').material('N', 'li_rich_cathode');
    for (const [i, Q0] of [310, 312, 311].entries()) {
      lab
        .cell(`C${i}`, 'M', 'cathode_half', {
          active_mass_mg: 5,
          batch: `B${i}`,
          active_mass_relative_uncertainty: 1e-3,
        })
        .cycled(`C${i}`, fadingCycles(20, Q0, 1e-5, i + 1));
    }
    const milestones = [
      { due: '2026-03-31', threshold: 300 },
      { due: '2026-06-30', threshold: 330 },
    ];
    const judged = await lab.judge({ ...target, material: 'M', milestones });
    expect(judged.milestones.map(({ verdict }) => verdict)).toEqual(['PASS', 'FAIL']);
    expect(judged.verdict).toBe('FAIL');
    expect(judged.reason).toMatch(/missed by 39(\.\d)? mAh\/g \(11\.\d % of the limit\)/);
    const states = dueStatuses(judged, [], '2026-07-01').map(({ state }) => state);
    expect(states).toEqual(['met', 'missed', 'open']);
  });
});
