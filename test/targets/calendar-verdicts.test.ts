import { describe, expect, it } from 'vitest';
import { Laboratory } from './laboratory.js';

const target = {
  id: 'storage',
  category: 'cell',
  metric: 'calendar_exponent',
  comparison: '<',
  threshold: 0.5,
  unit: '1',
};

const days = [0, 30, 60, 120, 240, 480];

/** Cells stored at some temperatures, two each, with a check-up as a test of its own now and then. */
function stored(exponent: number, celsius: readonly number[], copies = 2): Laboratory {
  const lab = new Laboratory().material('P', 'cell');
  for (const temperature of celsius) {
    for (let copy = 1; copy <= copies; copy++) {
      const id = `S${temperature}-${copy}`;
      lab.cell(id, 'P', 'full', { nominal_capacity_mah: 3000, storage_temperature_celsius: temperature });
      days.forEach((day, i) => {
        const loss = 0.012 * (temperature / 25) * (1 + 0.03 * copy) * (day / 30) ** (exponent + 0.01 * copy);
        lab.cycled(id, [{ discharging_capacity_ah: 3 * (1 - (day === 0 ? 0 : loss)), cell_cycle: i + 1 }], {
          started_at: new Date(Date.UTC(2025, 0, 1) + 86_400_000 * day),
        });
      });
    }
  }
  return lab;
}

describe('the exponent of time in storage', () => {
  it('is the mean over stored cells, and judged by the scatter between them', async () => {
    const judged = await stored(0.42, [25, 40, 55]).judge(target);
    expect(judged).toMatchObject({ verdict: 'PASS', sample_size: 6 });
    expect(judged.value).toBeCloseTo(0.435, 6);
    expect(judged.bound95_high).toBeGreaterThan(0.435);
    expect((await stored(0.6, [25, 40, 55]).judge(target)).verdict).toBe('FAIL');
  });

  it('needs three temperatures, five cells and the date of every check-up', async () => {
    const two = await stored(0.42, [25, 40], 3).judge(target);
    expect(two.verdict).toBe('INSUFFICIENT DATA');
    expect(two.missing).toContain('2 temperatures, 3 are needed');
    const few = await stored(0.42, [25, 40, 55], 1).judge(target);
    expect(few.missing).toContain('3 cells, 5 are needed');
    const cycled = new Laboratory().material('P', 'cell').cell('C', 'P', 'full').cycled('C', []);
    expect((await cycled.judge(target)).missing).toContain('storage_temperature_celsius');
  });
});
