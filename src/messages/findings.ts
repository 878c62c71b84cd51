import { defineMessages } from './message.js';

/** What was found in reading files, and in comparing what is stored. */
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
    en: '{cell}: {path} holds the same measurement as {other_path}, of {other_cell}; one specimen is not two: correct file_pattern, or write records into the column confirmed of {cell} in cells.csv',
    zh: '{cell}：{path} 与 {other_cell} 的 {other_path} 是同一次测量；一个样品不能算作两个：请更正 file_pattern，或在 cells.csv 中 {cell} 的 confirmed 列写入 records',
  },
  'SAME_RECORDS/tests': {
    en: '{cell}: {path} holds the same measurement as {other_path}, so that it counts twice: forget one of them, or write records into the column confirmed of {cell} in cells.csv',
    zh: '{cell}：{path} 与 {other_path} 是同一次测量，因此被计算两次：请移除其中之一，或在 cells.csv 中 {cell} 的 confirmed 列写入 records',
  },
  TESTS_OVERLAP: {
    en: '{cell}: {path} was recorded at the same time as {other_path}, from {from} on; a cell is in one test at once: correct file_pattern, forget one of them, or write records into the column confirmed of {cell} in cells.csv',
    zh: '{cell}：{path} 与 {other_path} 自 {from} 起同时记录；一个电池不能同时处于两个测试中：请更正 file_pattern、移除其中之一，或在 cells.csv 中 {cell} 的 confirmed 列写入 records',
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
  // How a file is read.
  REFERENCE_BY_DEFAULT: {
    en: 'the head names {reference}, EC-Lab\'s own choice, but no electrode of a battery is that far above it: "{column}" was taken for the voltage of a cell whose counter electrode is the reference',
    zh: '文件头给出 {reference}，即 EC-Lab 的默认选择，但电池电极的电位不会比它高这么多："{column}" 被当作以对电极为参比的电池的电压',
  },
  'UNKNOWN_COLUMN/kept': {
    en: 'column "{column}" is new in this format; it is kept among the auxiliary channels',
    zh: '列 "{column}" 是此格式中的新列；作为辅助通道保留',
  },
  'UNKNOWN_COLUMN/left': {
    en: 'column "{column}" is new in this format; it is not read',
    zh: '列 "{column}" 是此格式中的新列；未读取',
  },
  'UNKNOWN_COLUMN/kept-near': {
    en: 'column "{column}" is new in this format (nearest known: "{nearest}"); it is kept among the auxiliary channels',
    zh: '列 "{column}" 是此格式中的新列（最接近的已知列名："{nearest}"）；作为辅助通道保留',
  },
  'UNKNOWN_COLUMN/left-near': {
    en: 'column "{column}" is new in this format (nearest known: "{nearest}"); it is not read',
    zh: '列 "{column}" 是此格式中的新列（最接近的已知列名："{nearest}"）；未读取',
  },
  VOLTAGE_IN_MILLIVOLT: {
    en: 'the header names no unit and the values are in the hundreds or thousands: the voltage was read as millivolt',
    zh: '表头未给出单位，而数值为数百或数千：电压按毫伏读取',
  },
  VOLTAGE_FROM_ELECTRODES: {
    en: 'the voltage of the cell is "{working}" minus "{counter}", which are kept as auxiliary channels',
    zh: '电池电压为 "{working}" 减去 "{counter}"，二者作为辅助通道保留',
  },
  CURRENT_COLUMN_GUESSED: {
    en: 'no column name of this format fits its current: "{column}" was taken for it, in {unit}; a format of your own settles it',
    zh: '此格式没有与电流相符的列名：取 "{column}" 为电流，单位为 {unit}；自定义格式可以明确这一点',
  },
  USUAL_UNIT: {
    en: 'the unit this format usually has',
    zh: '此格式通常使用的单位',
  },
  'TIME_UNIT_FROM_CLOCK/silent': {
    en: "the header names no unit of time: the file's own clock proves that the times are in {unit}",
    zh: '表头未给出时间单位：文件自身的时钟证明时间以 {unit} 为单位',
  },
  'TIME_UNIT_FROM_CLOCK/wrong': {
    en: "the header says {written}, wrongly: the file's own clock proves that the times are in {unit}",
    zh: '表头给出的 {written} 有误：文件自身的时钟证明时间以 {unit} 为单位',
  },
  'SEVERAL_TESTS/heads': {
    en: '{count} tests in one file, each with a head of its own: {names:; }',
    zh: '一个文件中有 {count} 个测试，各有自己的文件头：{names:；}',
  },
  'SEVERAL_TESTS/columns': {
    en: '{count} tests in one table, told apart by its columns: {names:; }',
    zh: '一个表中有 {count} 个测试，由其中的列区分：{names:；}',
  },
  DATE_ORDER_UNKNOWN: {
    en: '{sample} is {monthFirst} (month first) or {dayFirst} (day first); nothing decides, so the clock is left empty; date_order in cellar.toml or --date-order settles it',
    zh: '{sample} 可能是 {monthFirst}（月在前）或 {dayFirst}（日在前）；无法判定，因此时钟留空；请在 cellar.toml 中写明 date_order，或使用 --date-order',
  },
  DATE_ORDER_ASSUMED: {
    en: "{sample} is {monthFirst} (month first) or {dayFirst} (day first); the vendor's usual order, {usual}, was taken; date_order in cellar.toml or --date-order settles it",
    zh: '{sample} 可能是 {monthFirst}（月在前）或 {dayFirst}（日在前）；采用该厂商通常的顺序 {usual}；请在 cellar.toml 中写明 date_order，或使用 --date-order',
  },
  NO_DATE: {
    en: 'no date',
    zh: '不是日期',
  },
  // What an instrument's own file or a workbook does not hold as its text would.
  'UNKNOWN_COLUMN/bytes': {
    en: '{columns} and not read',
    zh: '{columns}，未读取',
  },
  CURRENT_FROM_CHARGE: {
    en: 'the file stores no current: it was computed from the charge between records (dq), as EC-Lab does in its text',
    zh: '文件未存储电流：由记录之间的电荷 (dq) 计算，与 EC-Lab 的文本导出相同',
  },
  START_UNKNOWN: {
    en: 'start time unknown: the file was copied before the test ended',
    zh: '开始时间未知：文件在测试结束前被复制',
  },
  'INCOMPLETE_FILE/module': {
    en: 'the data module is shorter than it declares: {declared} records declared, {complete} complete; the end of the file is missing (still being copied?)',
    zh: '数据模块比其声明的短：声明 {declared} 条记录，完整的有 {complete} 条；文件末尾缺失（仍在复制？）',
  },
  'INCOMPLETE_FILE/tail': {
    en: 'incomplete record at the end: {complete} records are complete (still being copied?)',
    zh: '末尾的记录不完整：{complete} 条记录完整（仍在复制？）',
  },
  'CONTAINER_NOTE/untimed': {
    en: 'the first {count} records have no entry of times and cannot be placed',
    zh: '前 {count} 条记录没有时间信息，无法定位',
  },
  'CONTAINER_NOTE/channels': {
    en: '{channels} auxiliary channels, but {descriptions} descriptions of them: they were left out',
    zh: '有 {channels} 个辅助通道，但只有 {descriptions} 个说明：已略去',
  },
  'CONTAINER_NOTE/channel': {
    en: 'the values of auxiliary channel {channel} cannot be read ({why}): they were left out',
    zh: '辅助通道 {channel} 的数值无法读取（{why}）：已略去',
  },
  'CONTAINER_NOTE/summer': {
    en: 'the clock of sheet {sheet} is an hour behind that of sheet {other} ({first}, {stated}): BTSDA leaves summer time out of the records; it was kept as written',
    zh: '工作表 {sheet} 的时钟比工作表 {other} 慢一小时（{first}，{stated}）：BTSDA 的记录不计夏令时；按原样保留',
  },
  'CONTAINER_NOTE/hidden': {
    en: 'sheet {sheet} is hidden; it was read',
    zh: '工作表 {sheet} 处于隐藏状态；已读取',
  },
  'CONTAINER_NOTE/left': {
    en: 'read {read?sheet|sheets} {sheets}; other tables are left out: sheets {left}',
    zh: '已读取工作表 {sheets}；其他表格已略去：工作表 {left}',
  },
  // What a file is to those stored before it.
  PATH_REUSED: {
    en: 'this name was used before for another test: {why}; both are kept',
    zh: '此名称以前用于另一个测试：{why}；二者均保留',
  },
  SHORTER_THAN_STORED: {
    en: 'all {count} rows are already stored from {path}, which has {stored}; the stored rows stay',
    zh: '全部 {count} 行已由 {path} 存储，后者有 {stored} 行；已存储的行保持不变',
  },
  SUPERSEDED: {
    en: 'replaces {path}, from which it differs {where}',
    zh: '取代 {path}，二者的差异在于{where}',
  },
  'SUPERSEDED/itself': {
    en: 'replaces what was read from it before, from which it differs {where}',
    zh: '取代以前由它读取的内容，二者的差异在于{where}',
  },
  CONFLICT: {
    en: 'the same test as {path} by {how}, but it differs {where}; nothing was stored; --supersede takes this file instead',
    zh: '根据{how}，与 {path} 为同一测试，但差异在于{where}；未存储任何内容；--supersede 改用此文件',
  },
  'WHERE/clock': { en: 'in its clock alone', zh: '仅在于时钟' },
  'WHERE/length': { en: 'in length', zh: '长度' },
  'WHERE/place': { en: 'first in {place}', zh: '最先见于{place}' },
  'SAME_TEST/start': { en: 'start, channel and first record', zh: '开始时间、通道和第一条记录' },
  NOT_READ_AGAIN: {
    en: '{why}, but the file is not there any more: what is stored of it was read with the earlier settings',
    zh: '{why}，但文件已不存在：已存储的内容按以前的设置读取',
  },
  CELL_AMBIGUOUS: {
    en: '{seen: and } names {cells: and }: no cell is assigned; give one of them a file_pattern in cells.csv',
    zh: '{seen: 和 } 同时对应 {cells: 和 }：未分配电池；请在 cells.csv 中为其中之一给出 file_pattern',
  },
});
