import { defineMessages } from './message.js';

/** What is said about cycles: decay, life, efficiency. */
export const cyclingMessages = defineMessages({
  // Decay: verdicts.
  CYCLES_OF: { en: '{done} of {required} cycles', zh: '要求 {required} 个循环，已有 {done} 个' },
  MORE_CYCLES: { en: '{more} more cycles', zh: '再循环 {more} 次' },
  FOUR_POINTS: { en: 'four or more points that measure capacity', zh: '四个或更多测量容量的点' },
  STILL_GROWS: { en: 'the capacity still grows', zh: '容量仍在增长' },
  UNTIL_FADE: { en: 'cycle on until the capacity fades', zh: '继续循环，直至容量衰减' },
  KNEE_FADE: {
    en: 'accelerating fade: {after} %/cycle after the knee at n = {knee}, {average} on average',
    zh: '衰减加速：n = {knee} 处的拐点之后为 {after} %/cycle，平均 {average}',
  },
  TOO_EARLY_80: {
    en: '80 % was reached after {cycles} cycles, which is too early for the limit',
    zh: '{cycles} 个循环后即降至 80 %，对该限值而言过早',
  },
  LATE_FADE: {
    en: 'accelerating fade: {recent} %/cycle over the last third, {average} on average',
    zh: '衰减加速：最后三分之一为 {recent} %/cycle，平均 {average}',
  },
  RECENT_AT_LIMIT: {
    en: 'D over the last third, {recent} %/cycle, is at or above the limit',
    zh: '最后三分之一的 D 为 {recent} %/cycle，达到或超过限值',
  },
  MORE_TO_TELL: {
    en: 'more cycles, to tell whether the fade accelerates',
    zh: '更多循环，以判断衰减是否加速',
  },
  D_RECENT: {
    en: 'D_recent, over the last third, is {recent} %/cycle',
    zh: '最后三分之一的 D_recent 为 {recent} %/cycle',
  },
  'D_RECENT/interval': {
    en: 'D_recent, over the last third, is {recent} [{low}, {high}] %/cycle',
    zh: '最后三分之一的 D_recent 为 {recent} [{low}, {high}] %/cycle',
  },
  D_AT_LIMIT: {
    en: 'D is at the limit: no number of cycles would settle it',
    zh: 'D 就在限值处：多少循环都无法判定',
  },
  MORE_CYCLES_IF: {
    en: '{more} more cycles ({all} in all), if rate and scatter stay as they are',
    zh: '再循环 {more} 次（共 {all} 次），若衰减率与分散保持不变',
  },
  OUTLIERS_NOTED: { en: '{n} outliers ({how})', zh: '{n} 个离群点（{how}）' },
  'OUTLIERS_NOTED/huber': { en: 'D is Huber’s', zh: 'D 取自 Huber 估计' },
  'OUTLIERS_NOTED/unmoved': { en: 'they do not move D', zh: '它们不影响 D' },
  LAW_NOTED: {
    en: 'the exponential law does not hold, {law} fits better',
    zh: '指数律不成立，{law}更符合',
  },
  // Decay: warnings.
  'CAPACITY_LIMITED/checkups': {
    en: 'the protocol fixes the capacity of the ageing cycles: D is that of the check-ups',
    zh: '老化循环的容量由测试规程限定：D 取自检测循环',
  },
  'CAPACITY_LIMITED/few': {
    en: 'the protocol fixes the capacity of the ageing cycles and there are {n} check-ups; three are needed',
    zh: '老化循环的容量由测试规程限定，而检测循环只有 {n} 个；需要三个',
  },
  'CAPACITY_LIMITED/none_between': {
    en: 'no ageing cycle lies between the check-ups: they show no decay',
    zh: '检测循环之间没有老化循环：不能显示衰减',
  },
  'FEW_CYCLES/decay': {
    en: '{n} ageing cycles with a capacity; a decay rate needs three',
    zh: '有容量的老化循环 {n} 个；衰减率需要三个',
  },
  'FEW_CYCLES/voltage': {
    en: '{n} ageing cycles with a mean voltage; a trend needs {needed}',
    zh: '有平均电压的老化循环 {n} 个；趋势需要 {needed} 个',
  },
  FEW_CHECKUPS: {
    en: '{n} check-ups; four are needed for an interval',
    zh: '检测循环 {n} 个；给出区间需要四个',
  },
  TREND_NOT_RESOLVED: {
    en: 'correlated residuals leave {n} independent points',
    zh: '残差相关，仅余 {n} 个独立点',
  },
  OUTLIERS: {
    en: '{n} cycles off the line by more than five robust scales ({cycles}); {how}',
    zh: '{n} 个循环偏离拟合线超过五倍稳健尺度（{cycles}）；{how}',
  },
  'OUTLIERS/huber': { en: 'D is taken from Huber’s line', zh: 'D 取自 Huber 直线' },
  'OUTLIERS/unmoved': { en: 'D is not moved by them', zh: 'D 不受其影响' },
  SHAPE_MISMATCH: {
    en: 'fits to Q and to ln Q disagree: the curve is not exponential',
    zh: '对 Q 与对 ln Q 的拟合不一致：曲线不是指数型',
  },
  LAW_INADEQUATE: {
    en: 'a {law} law describes the fade better',
    zh: '{law}更能描述衰减',
  },
  'LAW_INADEQUATE/how': {
    en: 'a {law} law describes the fade better ({how})',
    zh: '{law}更能描述衰减（{how}）',
  },
  KNEE: {
    en: 'fade accelerates {cycles} cycles after the first included one',
    zh: '在首个计入的循环之后 {cycles} 个循环处衰减加速',
  },
  EARLY_TRANSIENT: {
    en: 'fade slows down after {cycles} cycles: a transient, not a knee',
    zh: '{cycles} 个循环后衰减减缓：是过渡过程，不是拐点',
  },
  SYSTEMATIC_MISFIT: {
    en: '11 neighbouring cycles lie on average {percent} % off the fitted law',
    zh: '相邻 11 个循环平均偏离拟合律 {percent} %',
  },
  'EXTRAPOLATED/life': {
    en: 'the modelled life to 80 % is {times} times the observed cycles',
    zh: '推算的 80 % 寿命为已观测循环数的 {times} 倍',
  },
  'EXTRAPOLATED/life_far': {
    en: 'the modelled life to 80 % is {times} times the observed cycles; order of magnitude only',
    zh: '推算的 80 % 寿命为已观测循环数的 {times} 倍；仅为数量级',
  },
  'CURRENT_DIRECTION_UNKNOWN/decay': {
    en: 'the direction of the current is not known in {n} cycles, so that charge and discharge cannot be told apart',
    zh: '{n} 个循环的电流方向未知，无法区分充电与放电',
  },
  'CURRENT_DIRECTION_UNKNOWN/cycles': {
    en: 'the direction of the current is not known in {n} cycles: they count for nothing',
    zh: '{n} 个循环的电流方向未知：不计入',
  },
  'CURRENT_DIRECTION_UNKNOWN/all': {
    en: 'the direction of the current is not known',
    zh: '电流方向未知',
  },
  // Cycle life.
  CLAIM_TOO_FAR: {
    en: '{done} of {claimed} claimed cycles; a fifth, {required}, must be measured',
    zh: '声称 {claimed} 个循环，已有 {done} 个；至少须测五分之一，即 {required} 个',
  },
  MORE_CYCLES_OR_MODEL: {
    en: '{more} more cycles, or a validated accelerated model',
    zh: '再循环 {more} 次，或经验证的加速模型',
  },
  TOO_FEW_CAPACITIES: { en: 'too few points that measure capacity', zh: '测量容量的点太少' },
  TEN_OR_MORE: { en: 'ten or more of them', zh: '十个或更多' },
  LIFE_REASON: {
    en: '{reason}; {percent} % of {claimed} cycles seen; % of the initial capacity left then by each law: {laws:, }',
    zh: '{reason}；已见 {claimed} 个循环的 {percent} %；届时按各衰减律剩余初始容量的 %：{laws:，}',
  },
  LAW_LEAVES: { en: '{law} {share} [{low}, {high}]', zh: '{law} {share} [{low}, {high}]' },
  ALL_LAWS_BELOW: { en: 'every law of fade ends below 80 %', zh: '各衰减律的结果均低于 80 %' },
  KNEE_MAY_COME: {
    en: 'a knee may come in the cycles that were not measured',
    zh: '未测到的部分可能出现拐点',
  },
  PROJECTED_LAST: {
    en: 'projected over the last {percent} %',
    zh: '最后 {percent} % 为推算',
  },
  FADE_ACCELERATES: { en: 'the fade accelerates', zh: '衰减在加速' },
  NOT_ALL_ABOVE: { en: 'not every projection stays above 80 %', zh: '并非所有推算都保持在 80 % 以上' },
  MORE_TO_SHARE: {
    en: '{more} more cycles, to {percent} % of the claimed number',
    zh: '再循环 {more} 次，达到声称次数的 {percent} %',
  },
  MORE_TO_CLAIM: { en: '{more} more cycles, to the claimed number', zh: '再循环 {more} 次，达到声称的次数' },
  // Efficiency: verdicts.
  MEAN_BOUND_MISSES: {
    en: 'the one-sided 95 % upper bound of the mean is not above {threshold}',
    zh: '平均值的单侧 95 % 上界不高于 {threshold}',
  },
  'MEAN_BOUND_MISSES/average': {
    en: 'the one-sided 95 % upper bound of the average is not above {threshold}',
    zh: '平均值的单侧 95 % 上界不高于 {threshold}',
  },
  THRESHOLD_BETWEEN: {
    en: 'the threshold lies between the one-sided 95 % bounds of the mean',
    zh: '阈值位于平均值的两条单侧 95 % 界限之间',
  },
  MEAN_AND_BLOCKS: {
    en: 'the one-sided 95 % lower bound of the mean and every block of 100 cycles are above the threshold',
    zh: '平均值的单侧 95 % 下界以及每一组 100 个循环均高于阈值',
  },
  EVEN_PERFECT: {
    en: 'even {left} further cycles at 100 % would leave the mean at {mean}',
    zh: '即使后续 {left} 个循环均为 100 %，平均值也只有 {mean}',
  },
  'EVEN_PERFECT/below': {
    en: 'even {left} further cycles at 100 % would leave the mean at or below {threshold}',
    zh: '即使后续 {left} 个循环均为 100 %，平均值也不高于 {threshold}',
  },
  MORE_ELIGIBLE: { en: '{more} more eligible cycles', zh: '再测 {more} 个合格循环' },
  NOT_SUSTAINED: {
    en: 'not sustained: the mean of cycles {from} to {to} is {mean}',
    zh: '未能保持：循环 {from} 至 {to} 的平均值为 {mean}',
  },
  CELL_THAT_HOLDS: {
    en: 'a cell that holds it in every block of 100 cycles',
    zh: '一个在每组 100 个循环中都能保持的电池',
  },
  MANY_EXCLUDED: {
    en: '{percent} % of the cycles are interrupted or implausible',
    zh: '{percent} % 的循环中断或不可信',
  },
  UNINTERRUPTED: { en: 'an uninterrupted series', zh: '不中断的循环系列' },
  SOFT_SHORT_POSSIBLE: {
    en: 'a soft short is possible (POSSIBLE_SOFT_SHORT)',
    zh: '可能存在软短路（POSSIBLE_SOFT_SHORT）',
  },
  MEAN_ABOVE_ONE: {
    en: 'more charge comes back than went in, beyond what the cycler leaves open: this is no efficiency',
    zh: '返回的电荷多于输入的电荷，且超出循环仪的误差：这不是效率',
  },
  WHY_ABOVE_ONE: {
    en: 'look for a soft short, a turned sign of the current, or the calibration of the channel',
    zh: '请检查软短路、电流符号颠倒或通道校准',
  },
  CELL_WITHOUT_SHORT: { en: 'a cell without a short', zh: '一个没有短路的电池' },
  SERIES_OF: {
    en: 'a series of {cycles} cycles, if mean and scatter stay as they are',
    zh: '{cycles} 个循环的系列，若平均值与分散保持不变',
  },
  RATIO_KNOWN: {
    en: 'a charge ratio known better than ±{percent} %: more cycles alone do not settle it',
    zh: '将电量比的准确度提高到优于 ±{percent} %：仅增加循环不能解决',
  },
  AVERAGE_OVER: {
    en: 'an average over {done} of {required} cycles',
    zh: '{done} 个循环的平均值，要求 {required} 个',
  },
  AVERAGE_ONLY: { en: 'an average; not shown to be sustained', zh: '只是平均值；未能证明可以保持' },
  STRIPS_AT_CUTOFF: {
    en: 'cycles whose strips end at the cut-off',
    zh: '剥离至截止电压结束的循环',
  },
  // Efficiency: warnings.
  'CE_IMPLAUSIBLE/outside': {
    en: 'efficiencies outside 50 to 105 % are kept: cycles {cycles:, }',
    zh: '保留了 50 至 105 % 以外的效率：循环 {cycles:、}',
  },
  'CE_IMPLAUSIBLE/reservoir': {
    en: 'more lithium was stripped than plated: lithium was there before, or the current is off',
    zh: '剥离的锂多于沉积的锂：原先已有锂，或电流有误',
  },
  RESERVOIR_EXHAUSTED: {
    en: 'strip {n} ended at the cut-off: the reservoir was exhausted, the average is truncated',
    zh: '第 {n} 次剥离止于截止电压：锂储备已耗尽，平均值被截断',
  },
  'POSSIBLE_SOFT_SHORT/voltage': {
    en: 'the plating voltage falls between records again and again, from cycle {cycle} on',
    zh: '自循环 {cycle} 起，沉积电压在相邻记录之间反复下降',
  },
  'POSSIBLE_SOFT_SHORT/efficiency': {
    en: 'efficiencies above 1 in several consecutive cycles, with a noisy voltage',
    zh: '连续多个循环效率大于 1，且电压有噪声',
  },
  CE_ABOVE_ONE: {
    en: 'efficiencies above 1 in several consecutive cycles: look for a soft short',
    zh: '连续多个循环效率大于 1：请检查是否有软短路',
  },
  SOFT_SHORT_NOT_ASSESSED: {
    en: 'soft shorts were not looked for: {why}',
    zh: '未检查软短路：{why}',
  },
  FEW_ELIGIBLE: {
    en: '{n} eligible cycles; a reference needs {needed}',
    zh: '合格循环 {n} 个；基准需要 {needed} 个',
  },
  FEW_RECORDS: {
    en: '{n} records in a plating step; {needed} are needed',
    zh: '一个沉积步中有 {n} 条记录；需要 {needed} 条',
  },
  GAP_IN_SERIES: {
    en: 'more than one interrupted cycle in a row from cycle {cycle}: not consecutive',
    zh: '自循环 {cycle} 起连续多个循环中断：不连续',
  },
  INVENTORY_MISMATCH: {
    en: 'the product of efficiencies and the capacity left differ by {percent} %: lithium is lost or gained elsewhere',
    zh: '效率的连乘积与剩余容量相差 {percent} %：锂在别处损失或获得',
  },
  NO_EFFICIENCY: { en: 'no cycle has a coulombic efficiency: {why}', zh: '没有循环具有库仑效率：{why}' },
  FEW_CALENDAR_DATA: { en: '{n} {what}, {needed} are needed', zh: '{what} {n}，需要 {needed}' },
  // Why a cycle is left out.
  LABEL: { en: 'label {label}', zh: '标记为{label}' },
  'LABEL/unknown': { en: 'label not known', zh: '标记未知' },
  DIRECTION_UNKNOWN: { en: 'direction of the current not known', zh: '电流方向未知' },
  COUNTER_CONFLICT: {
    en: 'counter and integral disagree by more than 1 %',
    zh: '计数器与积分相差超过 1 %',
  },
  NO_CYCLE_NUMBER: { en: 'no cycle number', zh: '没有循环序号' },
  NO_CAPACITY: { en: 'no capacity', zh: '没有容量' },
  CAPACITY_NOT_POSITIVE: { en: 'capacity {capacity} is not positive', zh: '容量 {capacity} 不为正' },
  CYCLE_TWICE: { en: 'cycle {cycle} appears twice', zh: '循环 {cycle} 出现两次' },
  EFFICIENCY_NOT_DEFINED: {
    en: 'not defined: both electrodes are reservoirs, the protocol fixes the quotient',
    zh: '无定义：两个电极都是锂储备，比值由测试规程决定',
  },
  NOT_COMPLETE: { en: 'the cycle is not complete', zh: '循环不完整' },
  'NO_CHARGE/charge': { en: 'no charge in this cycle', zh: '此循环没有充电' },
  'NO_CHARGE/discharge': { en: 'no discharge in this cycle', zh: '此循环没有放电' },
  NO_CYCLES: { en: 'no cycles', zh: '没有循环' },
  NOT_WHOLE: { en: 'NOT_WHOLE: the cycle is not complete', zh: 'NOT_WHOLE：循环不完整' },
  REVERSALS_IN_HALF_CYCLE: {
    en: 'REVERSALS_IN_HALF_CYCLE: reversals move more than 1 % of a half cycle',
    zh: 'REVERSALS_IN_HALF_CYCLE：反向电量超过半循环的 1 %',
  },
  TIME_GAP: {
    en: 'TIME_GAP: time without records, and no counter over it',
    zh: 'TIME_GAP：有一段时间没有记录，且没有跨越它的计数器',
  },
  STEP_CUT_AT_FILE_END: {
    en: 'STEP_CUT_AT_FILE_END: a step is cut by the end of a file',
    zh: 'STEP_CUT_AT_FILE_END：工步在文件末尾被截断',
  },
  RETURN_NOT_AT_LIMIT: {
    en: 'RETURN_NOT_AT_LIMIT: what came back did not end at its voltage limit',
    zh: 'RETURN_NOT_AT_LIMIT：返回过程未止于其电压限',
  },
  LOG_INTERVAL: {
    en: 'LOG_INTERVAL: the log is too coarse to integrate, and there is no counter',
    zh: 'LOG_INTERVAL：记录间隔过大，无法积分，且没有计数器',
  },
  HALF_CYCLE_MISSING: {
    en: 'HALF_CYCLE_MISSING: twice the usual charge one way and the usual one back: the records of a half cycle are missing',
    zh: 'HALF_CYCLE_MISSING：一个方向的电量为通常的两倍，另一方向为通常值：缺少一个半循环的记录',
  },
  NOT_COUNTED: { en: '{objection}: not counted', zh: '{objection}：不计入' },
  AFTER_FIRST_FIVE: { en: 'after the first five', zh: '在前五个之后' },
  OTHER_RATE: { en: 'another rate, or no energy', zh: '倍率不同，或没有能量' },
  COUNTS_DIFFER: {
    en: "{own} {own?cycle|cycles} by turning points, {vendors} by the vendor's numbers: {own} {own?is|are} used",
    zh: '按转折点计 {own} 个循环，按厂商编号计 {vendors} 个：采用 {own} 个',
  },
});
