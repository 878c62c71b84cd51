import { describe, expect, it } from 'vitest';
import { layoutTable, renderTable } from '../../src/cli/support/table.js';
import { textWidth, visible, wrap } from '../../src/cli/support/text-width.js';

describe('renderTable', () => {
  it('lines up digits on the right and text on the left, and shows units', () => {
    const text = renderTable(
      [{ name: 'cell' }, { name: 'capacity', unit: 'Ah', align: 'right' }],
      [
        ['A1', '2.5'],
        ['LONG-2', '12.25'],
      ],
    );
    expect(text).toBe(
      [
        'cell    capacity (Ah)',
        '──────  ─────────────',
        'A1                2.5',
        'LONG-2          12.25',
        '',
      ].join('\n'),
    );
  });

  it('wraps text columns to fit the width, never numbers', () => {
    const text = renderTable(
      [{ name: 'reason' }, { name: 'n', align: 'right' }],
      [['only three temperatures where five are required', '3']],
      30,
    );
    const lines = text.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => textWidth(line)))).toBeLessThanOrEqual(30);
    expect(lines.length).toBeGreaterThan(3);
    expect(
      lines
        .map((line) => line.replace(/\s+3$/, '').trim())
        .slice(2)
        .join(' '),
    ).toBe('only three temperatures where five are required');
  });

  it('turns into one block per row where no grid fits', () => {
    const columns = Array.from({ length: 12 }, (_, index) => ({
      name: `quantity_${index}`,
      align: 'right' as const,
    }));
    const row = columns.map((_, index) => String(index * 1000));
    expect(layoutTable(columns, [row], 80).kind).toBe('records');
    const text = renderTable(columns, [row], 80);
    expect(text).toContain('── row 1');
    expect(text).toContain('quantity_11  11000');
  });

  it('keeps columns straight behind wide and combining characters', () => {
    const lines = renderTable(
      [{ name: 'state' }, { name: 'x' }],
      [
        ['恒流充电', '1'],
        ['e\u0301t\u00e9', '2'],
      ],
    ).split('\n');
    expect(textWidth(lines[2]!)).toBe(textWidth(lines[3]!));
  });
});

describe('visible', () => {
  it('disarms control sequences and line ends', () => {
    expect(visible('a\u001b[2Jb\nc\td\u202ee')).toBe('a\\u001b[2Jb\\nc\\td\\u202ee');
  });
});

describe('wrap', () => {
  it('breaks long words and loses no character', () => {
    const lines = wrap('abcdefghij klm', 4);
    expect(lines.every((line) => line.length <= 4)).toBe(true);
    expect(lines.join('')).toBe('abcdefghijklm');
  });
});
