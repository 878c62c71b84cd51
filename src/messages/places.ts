import { defineMessages } from './message.js';

/** Where in a file something stands. */
export const placeMessages = defineMessages({
  NOWHERE: { en: '', zh: '' },
  'PLACE/line': { en: 'line {n}', zh: '第 {n} 行' },
  'PLACE/row': { en: 'row {n}', zh: '第 {n} 行' },
  'PLACE/record': { en: 'record {n}', zh: '第 {n} 条记录' },
  'PLACE/sheet': { en: 'sheet {sheet}, row {n}', zh: '工作表 {sheet} 第 {n} 行' },
  'PLACES/from': { en: 'from {place}', zh: '自{place}起' },
  'PLACES/between': { en: '{first} to {last}', zh: '{first}至{last}' },
  'PLACES/line': { en: 'lines {first} to {last}', zh: '第 {first} 至 {last} 行' },
  'PLACES/row': { en: 'rows {first} to {last}', zh: '第 {first} 至 {last} 行' },
  'PLACES/record': { en: 'records {first} to {last}', zh: '第 {first} 至 {last} 条记录' },
  'PLACES/sheet': {
    en: 'sheet {sheet}, rows {first} to {last}',
    zh: '工作表 {sheet} 第 {first} 至 {last} 行',
  },
});
