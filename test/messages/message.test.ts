import { describe, expect, it } from 'vitest';
import {
  coded,
  declaredMessages,
  defineMessages,
  named,
  onDay,
  readyDates,
  wordsOf,
} from '../../src/messages/message.js';
import { targetMessages } from '../../src/messages/targets.js';
import '../../src/messages/cycling.js';
import '../../src/messages/figures.js';
import '../../src/messages/findings.js';
import '../../src/messages/impedance.js';
import '../../src/messages/page.js';
import '../../src/messages/places.js';
import '../../src/messages/verdict.js';

/** Messages are codes with values; their words, in whatever language, are made where somebody reads them. */

const say = defineMessages({
  TEST_COUNT: { en: '{n} {n?cell|cells} of {material}', zh: '{material} 的 {n} 个电池' },
  TEST_LIST: { en: 'one of {names:, or }', zh: '{names:、}之一' },
  TEST_WHY: { en: 'open: {why}', zh: '待定：{why}' },
  'TEST_COUNT/none': { en: 'no cell', zh: '没有电池' },
});

const inChinese = (message: ReturnType<typeof say>) => wordsOf(message, { language: 'zh' });

describe('a message', () => {
  it('has its code, its words in English, and its values', () => {
    expect(say('TEST_COUNT', { n: 1, material: 'LPSC' })).toEqual({
      code: 'TEST_COUNT',
      message: '1 cell of LPSC',
      values: { n: 1, material: 'LPSC' },
    });
    expect(say('TEST_COUNT/none')).toEqual({
      code: 'TEST_COUNT',
      wording: 'TEST_COUNT/none',
      message: 'no cell',
    });
  });

  it('is written in another language with the messages and lists in it', () => {
    const count = say('TEST_COUNT', { n: 2, material: 'LPSC' });
    expect(inChinese(say('TEST_WHY', { why: count }))).toBe('待定：LPSC 的 2 个电池');
    expect(say('TEST_LIST', { names: ['a', 'b'] }).message).toBe('one of a, or b');
    expect(inChinese(say('TEST_LIST', { names: [count, say('TEST_COUNT/none')] }))).toBe(
      'LPSC 的 2 个电池、没有电池之一',
    );
  });

  it('survives being stored, goes by the code of another, and keeps its words where no table has them', () => {
    const stored = JSON.parse(JSON.stringify(coded('OTHER', say('TEST_COUNT', { n: 3, material: 'A' }))));
    expect(stored.code).toBe('OTHER');
    expect(wordsOf(stored, { language: 'zh' })).toBe('A 的 3 个电池');
    expect(wordsOf({ code: 'NOWHERE_DECLARED', message: 'as it is' }, { language: 'zh' })).toBe('as it is');
    expect(wordsOf({ code: 'TEST_COUNT', message: 'without values' }, { language: 'zh' })).toBe(
      'without values',
    );
  });

  it('looks names up, which are their own codes', () => {
    expect(named('active_mass').message).toBe('active mass');
    expect(wordsOf(named('active_mass'), { language: 'zh' })).toBe('活性物质质量');
    expect(wordsOf(named('LPSC-01'), { language: 'zh' })).toBe('LPSC-01');
  });

  it('tells the dates it projects as values, and none that has passed', () => {
    const when = targetMessages('READY_ABOUT', {
      long: targetMessages('LONG/days', { n: 4 }),
      pace: 12,
      readyOn: '2026-07-04',
    });
    const more = targetMessages('MORE', { more: 40, what: named('cycles'), when });
    expect(readyDates(targetMessages('WAYS', { ways: [more] }))).toEqual(['2026-07-04']);
    expect(wordsOf(more, { language: 'en', dates: false })).toBe('40 more cycles');
    expect(wordsOf(more, { language: 'en', day: '2026-07-04' })).toBe(more.message);
    expect(wordsOf(more, { language: 'zh', day: '2026-07-05' })).toContain('测试已停滞');
    expect(JSON.stringify(onDay(more, '2026-07-05'))).not.toContain('around 2026');
    expect(onDay(more, '2026-07-04')).toEqual(more);
  });

  it('has the same values in every language, and no code twice', () => {
    const shown = (text: string) => new Set([...text.matchAll(/\{(\w+)(?!\w|\?)/g)].map(([, name]) => name));
    for (const [code, { en, zh }] of declaredMessages()) expect([code, shown(zh)]).toEqual([code, shown(en)]);
    expect(() => defineMessages({ TEST_COUNT: { en: 'again', zh: '又' } })).toThrow('TEST_COUNT');
    // @ts-expect-error the types say so before
    defineMessages({ TEST_TYPES: { en: '{a} and {b}', zh: '{a}' } });
    // @ts-expect-error a value is missing
    say('TEST_COUNT', { n: 1 });
  });

  it('is in Chinese where it is said to be', () => {
    const sameInBoth = [...declaredMessages()].filter(
      ([code, { en, zh }]) =>
        !code.startsWith('TEST_') && !/\p{Script=Han}/u.test(zh) && /[a-z]{3}/i.test(en),
    );
    const words = sameInBoth.map(([, { zh }]) => zh.replace(/\{[^}]*\}/g, ''));
    // Units, symbols and names stay as they are.
    for (const text of words)
      expect(text).toMatch(/^[^a-z]*((mAh|mA|MPa|Hz|ohm|S|V|C|cm|h|Li|Cu|target)[^a-z]*)*$/);
  });
});
