import { describe, expect, it } from 'vitest';
import { named } from '../../src/messages/message.js';
import { targetMessages as say } from '../../src/messages/targets.js';
import { escapeText, html, slug } from '../../src/report/html.js';
import { fixed, plainNumber } from '../../src/report/numbers.js';
import { logTicks } from '../../src/report/plot/scale.js';
import { speaking, spoken } from '../../src/report/speech.js';
import { typeset } from '../../src/report/typeset.js';
import { estimateText, missingItems, sentence, thresholdText } from '../../src/report/words.js';
import { inWords } from '../message.js';

/** How numbers and words are set: a wrong digit or unit on the page is a wrong report. */

/** With ordinary spaces, for reading. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers', () => {
  it.each([
    [0.0127834, 0.01225, 0.01332, '0.01278 S/cm (95 % interval 0.01225 to 0.01332)'],
    [302.07, 285.9, 318.3, '302 S/cm (95 % interval 286 to 318)'],
    [3.8e-5, 3.7e-5, 3.9e-5, '3.80 × 10⁻⁵ S/cm (95 % interval 3.70 × 10⁻⁵ to 3.90 × 10⁻⁵)'],
    [14, 0.068, 2873, '14 S/cm (95 % interval 0.068 to 2900)'],
    [0.0033, 1.2e-46, 8.5451658334324e40, '0.0033 S/cm (95 % interval 1.2 × 10⁻⁴⁶ to 8.5 × 10⁴⁰)'],
    [-0.035, -1.086, 1.143, '−0.035 S/cm (95 % interval −1.086 to 1.143)'],
  ])('%d known to %d … %d have the digits that its interval allows', (value, ci95_low, ci95_high, text) => {
    expect(plain(estimateText({ value, ci95_low, ci95_high }, 'S/cm'))).toBe(text);
  });

  it('without an interval are no estimate with one', () => {
    expect(plain(estimateText({ value: 54.7309, ci95_low: null, ci95_high: null }, 'percent'))).toBe(
      '54.73 %',
    );
    expect(estimateText({ value: null, ci95_low: null, ci95_high: null }, 'percent')).toBe('not available');
  });

  it('are rounded, never cut, and carry a true minus', () => {
    expect(fixed(2.675, 1)).toBe('2.7');
    expect(fixed(-0.04, 1)).toBe('0.0');
    expect(plainNumber(-1234567)).toBe('−1.235\u00a0×\u00a010⁶');
    expect(plainNumber(0.99996, 4)).toBe('1');
    expect(plain(plainNumber(36964, 5))).toBe('36 964');
  });

  it('of a limit are as the target has them', () => {
    expect(plain(thresholdText('<=', 1, '1'))).toBe('≤ 1');
    expect(plain(thresholdText('>', 99.5, 'percent'))).toBe('> 99.5 %');
    expect(plain(thresholdText('<', 10, 'ohm cm2'))).toBe('< 10 Ω·cm²');
  });

  it('stand on a logarithmic axis where powers of ten are, or between them where it is short', () => {
    expect(logTicks([1, 1e5]).map(({ value }) => value)).toEqual([1, 10, 100, 1000, 1e4, 1e5]);
    expect(logTicks([0.004, 0.06]).map(({ value }) => value)).toEqual([0.005, 0.01, 0.02, 0.05]);
  });
});

describe('words', () => {
  it('say what is missing cell by cell, whatever the sentence of a cell holds', () => {
    const lacks = (cell: string, what: string) => say('CELL_LACKS', { cell, what: inWords(what) });
    const ofCells = [lacks('A', 'no cycle; a rate needs three'), lacks('B', '4 more cycles')];
    expect(missingItems(say('WAYS', { ways: ofCells }))).toEqual([
      'A: no cycle; a rate needs three',
      'B: 4 more cycles',
    ]);
    const others = [inWords('three cells'), inWords('a stated pressure')];
    expect(missingItems(say('WAYS', { ways: others }))).toEqual(['three cells', 'a stated pressure']);
  });

  it('get true signs, cell types as people write them, and units that stay with their numbers', () => {
    const cells = say('CONDITION/cells', { types: [named('li_cu', 'li_cu')] });
    expect(cells.message).toBe('li_cu cells');
    expect(speaking({ language: 'en' }, () => spoken(cells))).toBe('Li|Cu cells');
    expect(speaking({ language: 'zh' }, () => spoken(cells))).toBe('Li|Cu 电池');
    expect(typeset('not <= 1; -0.118 to 1 V, 25 °C')).toBe('not ≤ 1; −0.118 to 1\u00a0V, 25\u00a0°C');
    expect(sentence('cell LI3D-01: measured in 2026-04')).toBe('Cell LI3D-01: measured in 2026-04');
  });

  it('from outside are never markup', () => {
    expect(html`<p title="${'"><script>'}">${'<b>&'}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;</p>',
    );
    expect(escapeText('a\u0000b\ud800c')).toBe('a\ufffdb\ufffdc');
  });

  it('make ids that differ where names differ', () => {
    const ids = ['A-1', 'A 1', 'A/1', 'A_1', 'ä', 'ö'].map(slug);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
  });
});
