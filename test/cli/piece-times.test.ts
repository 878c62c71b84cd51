import { expect, it } from 'vitest';
import { PieceTimes } from '../../src/cli/support/piece-times.js';

it('says how long each piece of a work took, the longest first', () => {
  const times = new PieceTimes();
  times.begin('the cluster', 0);
  times.begin('steps', 30_000);
  times.begin('labels', 31_000);
  times.begin('cycles', 43_500);
  times.begin(undefined, 44_000);
  expect(times.pieces.map(({ what }) => what)).toEqual(['the cluster', 'steps', 'labels', 'cycles']);
  expect(times.longest(2)).toBe('the cluster 30.0 s, labels 12.5 s, all others 1.5 s');
  expect(times.longest(9)).toBe('the cluster 30.0 s, labels 12.5 s, steps 1.0 s, cycles 0.5 s');
});
