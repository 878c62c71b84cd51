import { defineMessages } from './message.js';

/** What was found in reading that verdicts, and so the report, speak of. */
export const findingMessages = defineMessages({
  VOLTAGE_AGAINST_REFERENCE: {
    en: 'the voltage is "{column}", the potential of one electrode against {reference}: the file does not give the voltage of the cell. Export that or the counter electrode\'s potential too; with the reference lead on the counter electrode both are the same',
    zh: '电压为 "{column}"，即一个电极相对于 {reference} 的电位：文件未给出电池电压。请一并导出电池电压或对电极的电位；若参比引线接在对电极上，则两者相同',
  },
  TEMPERATURE_LOOKS_KELVIN: {
    en: '{cell}: temperatures of {range} °C look like kelvin; correct them, or write temperature_celsius into its column confirmed in cells.csv',
    zh: '{cell}：{range} °C 的温度看起来是开尔文；请更正，或在 cells.csv 的 confirmed 列中写入 temperature_celsius',
  },
  'SAME_RECORDS/cells': {
    en: '{cell}: {path} holds the same measurement as {other_path}, of {other_cell}; one specimen is not two: mend file_pattern, or write records into the column confirmed of {cell} in cells.csv',
    zh: '{cell}：{path} 与 {other_cell} 的 {other_path} 是同一次测量；一个样品不能算作两个：请更正 file_pattern，或在 cells.csv 中 {cell} 的 confirmed 列写入 records',
  },
  'SAME_RECORDS/tests': {
    en: '{cell}: {path} holds the same measurement as {other_path}, so that it counts twice: forget one of them, or write records into the column confirmed of {cell} in cells.csv',
    zh: '{cell}：{path} 与 {other_path} 是同一次测量，因此被计算两次：请移除其中之一，或在 cells.csv 中 {cell} 的 confirmed 列写入 records',
  },
  DEGREES: { en: '{low}', zh: '{low}' },
  'DEGREES/range': { en: '{low} to {high}', zh: '{low} 至 {high}' },
  'TEMPERATURE_CONFLICT/name': {
    en: "conditions.csv says {stated} °C, the name of the file {said} °C; correct the pattern, or write temperature_celsius into the cell's column confirmed",
    zh: 'conditions.csv 给出 {stated} °C，文件名给出 {said} °C；请更正文件模式，或在该电池的 confirmed 列中写入 temperature_celsius',
  },
  'TEMPERATURE_CONFLICT/file': {
    en: "conditions.csv says {stated} °C, the file itself {said} °C; correct the pattern, or write temperature_celsius into the cell's column confirmed",
    zh: 'conditions.csv 给出 {stated} °C，文件本身给出 {said} °C；请更正文件模式，或在该电池的 confirmed 列中写入 temperature_celsius',
  },
});
