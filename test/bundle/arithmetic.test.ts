import { describe, expect, it } from 'vitest';
import { arithmetic, isAlike, isAlikeText } from '../../src/bundle/arithmetic.js';

describe('what two engines compute', () => {
  it('is told apart by a checksum that is the same each time', () => {
    expect(arithmetic()).toMatch(/^[0-9a-f]{32}$/);
    expect(arithmetic()).toBe(arithmetic());
  });

  it('is alike to seven digits, and not beyond', () => {
    expect(isAlike(0.012819196673671, 0.012819196673682)).toBe(true);
    expect(isAlike(1, 1.000001)).toBe(false);
    expect(isAlike(0, 0)).toBe(true);
  });

  it.each([
    ['D 0.0123 to 0.0456', 'D 0.0123 to 0.0457', true],
    ['D 0.0123 to 0.0456', 'D 0.0123 to 0.0459', false],
    ['12 cells', '13 cells', false],
    ['PASS: 3.10', 'FAIL: 3.10', false],
    ['value 1.2345678912e-3', 'value 1.2345678913e-3', true],
    ['value 1.23e-3', 'value 1.24e-3', false],
  ])('"%s" and "%s": %s', (one, other, isSame) => {
    expect(isAlikeText(one, other)).toBe(isSame);
  });
});
