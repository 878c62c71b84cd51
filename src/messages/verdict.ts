import { defineMessages } from './message.js';

/** Why a verdict is what it is, and what would settle an open one. */
export const verdictMessages = defineMessages({
  // Reasons of a verdict on one number.
  NO_INTERVAL: { en: 'no interval', zh: '没有区间' },
  NO_UNCERTAINTY_STATED: {
    en: 'neither geometry nor reading has a stated uncertainty',
    zh: '几何尺寸和读数的不确定度均未注明',
  },
  NO_COST: { en: 'no cost of the material or of its reference', zh: '缺少材料或其参照的成本' },
  NO_AREAL_MASS: {
    en: 'no mass per area of the material or of its reference',
    zh: '缺少材料或其参照的面密度',
  },
  NO_MEAN_INTERVAL: { en: 'the mean has no interval', zh: '平均值没有区间' },
  NO_DECAY_INTERVAL: { en: 'D has no interval', zh: 'D 没有区间' },
  VALUE_MEETS: { en: 'the value is {comparison} {threshold}', zh: '数值 {comparison} {threshold}' },
  BOUND_MEETS: {
    en: 'the one-sided {percent} % bound is {comparison} {threshold}',
    zh: '单侧 {percent} % 界限 {comparison} {threshold}',
  },
  VALUE_MISSES: {
    en: 'the value is not {comparison} {threshold}',
    zh: '数值不满足 {comparison} {threshold}',
  },
  BOUND_MISSES: {
    en: 'even the favourable one-sided 95 % bound is not {comparison} {threshold}',
    zh: '即使有利一侧的单侧 95 % 界限也不满足 {comparison} {threshold}',
  },
  BOUND_NOT_ENOUGH: {
    en: 'the one-sided 95 % bound is {comparison} {threshold}, that of {percent} % is not',
    zh: '单侧 95 % 界限 {comparison} {threshold}，而 {percent} % 的界限不满足',
  },
  LIMIT_BETWEEN_BOUNDS: {
    en: 'the limit {threshold} lies between the one-sided 95 % bounds',
    zh: '限值 {threshold} 位于两条单侧 95 % 界限之间',
  },
  ONE_SAMPLE: {
    en: '1 sample: the scatter between samples is unknown, the verdict holds for this cell only',
    zh: '仅 1 个样本：样本间的分散未知，判定只适用于该电池',
  },
  CHAMPION: {
    en: 'champion: the best sample meets the target, the material is not shown to',
    zh: '最佳样本：最好的样本达标，但未能证明材料达标',
  },
  ONE_BATCH: {
    en: 'batch {batch}: all {samples} samples are from it and share its error, so this is about that batch',
    zh: '批次 {batch}：全部 {samples} 个样本来自该批次并共有其误差，因此结论针对该批次',
  },
  BATCH_MEANS: {
    en: 'mean of {batches} batches, {samples} samples',
    zh: '{batches} 个批次的平均值，共 {samples} 个样本',
  },
  BATCH_NOT_STATED: {
    en: 'batch not stated: whether the {samples} samples share the error of one is not known',
    zh: '批次未注明：{samples} 个样本是否共有同一批次的误差不得而知',
  },
  AT_TEMPERATURE: { en: 'at {celsius} °C: {reason}', zh: '{celsius} °C 下：{reason}' },
  CELLS_AT_TEMPERATURE: {
    en: '{cells} cells at {celsius} °C; three are needed',
    zh: '{celsius} °C 下有 {cells} 个电池；需要三个',
  },
  BOTH_ENDS: {
    en: 'capacities at both ends of the range are needed',
    zh: '需要温度范围两端的容量',
  },
  PEAK_WITHOUT: { en: 'peak discharge without {names:, }', zh: '峰值放电缺少{names:、}' },
  COST_WITHOUT: { en: 'cost without a stated {names:, }', zh: '成本未注明{names:、}' },
  REASONS: { en: '{parts:; }', zh: '{parts:；}' },
  // What would settle it.
  MORE_DATA: { en: 'more data or less scatter', zh: '更多数据，或更小的分散' },
  TEMPERATURE_NEAR_25: { en: 'a temperature at or near 25 °C', zh: '在 25 °C 或其附近测量一个温度' },
  MORE_TEMPERATURES: {
    en: '{more} more temperatures ({all} in all), spread as before',
    zh: '再测 {more} 个温度（共 {all} 个），分布与之前相同',
  },
  BETTER_GEOMETRY: {
    en: 'a better known thickness and area, or a value farther from the limit: more temperatures do not settle it',
    zh: '更准确的厚度和面积，或离限值更远的数值：增加温度点不能解决',
  },
  MORE_SAMPLES_THREE: {
    en: 'measure at least two more samples, three in all',
    zh: '至少再测两个样本，共三个',
  },
  MORE_CELLS_AT: { en: '{more} more cells at {celsius} °C', zh: '在 {celsius} °C 下再测 {more} 个电池' },
  STATE: { en: 'state {names:, }', zh: '请注明{names:、}' },
  STATE_FOR_BOTH: { en: 'state {names:, } for both costs', zh: '请为两项成本都注明{names:、}' },
  KNOWN_TO_SHARE: {
    en: '{name} known to {percent} % of its present uncertainty',
    zh: '将{name}的不确定度降至目前的 {percent} %',
  },
  KNOWN_TO: {
    en: '{name} known to ±{half} (state {stated})',
    zh: '将{name}确定到 ±{half}（请注明{stated}）',
  },
  ACCURACIES: { en: '{accuracies:, or }', zh: '{accuracies:，或}' },
  ACCURACIES_NOT_MORE: {
    en: '{accuracies:, or }: more {units} do not settle it',
    zh: '{accuracies:，或}：增加{units}不能解决',
  },
  NO_ACCURACY: {
    en: 'no realistic accuracy decides it: the value lies at the limit',
    zh: '任何现实可行的准确度都无法判定：数值就在限值处',
  },
  ALL_KNOWN_TO: {
    en: 'every component known to {percent} % of its present uncertainty: one alone is not enough',
    zh: '须将其所有来源的不确定度都降至目前的 {percent} %：单独改善一项不够',
  },
  SHARED_SMALLER: {
    en: 'a smaller uncertainty of what all samples share',
    zh: '减小所有样本共有的不确定度',
  },
  SHARED_STATE: { en: 'state {stated}', zh: '请注明{stated}' },
  SHARED_COMPONENT: {
    en: 'a smaller uncertainty of {component}, which all samples share',
    zh: '减小所有样本共有的{component}的不确定度',
  },
  SHARED_NOT_MORE: {
    en: '{better}: more {units} do not settle it, nor any one of these uncertainties alone',
    zh: '{better}：增加{units}不能解决，单独改善其中一项不确定度也不能',
  },
  THIRD_BATCH: {
    en: 'a third batch: it settles more than further cells of these two',
    zh: '第三个批次：比这两个批次的更多电池更有助于判定',
  },
  THIRD_SAMPLE: {
    en: 'measure a third sample: with two, the bounds are 6.3 standard errors wide',
    zh: '测量第三个样本：只有两个时，界限宽达 6.3 倍标准误差',
  },
  MORE_UNITS: {
    en: '{more} more {units} ({all} in all), if mean and scatter stay as they are',
    zh: '再测 {more} 个{units}（共 {all} 个），若平均值与分散保持不变',
  },
  MORE_UNITS_OR: {
    en: '{more} more {units} ({all} in all), if mean and scatter stay as they are, or {accuracies:, or }',
    zh: '再测 {more} 个{units}（共 {all} 个），若平均值与分散保持不变，或{accuracies:，或}',
  },
  MEAN_AT_LIMIT: {
    en: 'the mean is at the limit: no number of {units} would settle it',
    zh: '平均值就在限值处：多少{units}都无法判定',
  },
  NOT_REALISTIC: {
    en: 'no realistic amount: {all} {units} in all, with mean and scatter as they are',
    zh: '数量不现实：在平均值与分散不变的情况下共需 {all} 个{units}',
  },
  // What settles a choice.
  'SETTLED_BY/branch': {
    en: 'measure heating and cooling again, or state which one counts (heating_branch in cells.csv)',
    zh: '重新测量升温和降温，或注明以哪一支为准（cells.csv 中的 heating_branch）',
  },
  'SETTLED_BY/circuit': {
    en: 'measure over a wider band of frequencies, or name the circuit in cells.csv',
    zh: '在更宽的频段内测量，或在 cells.csv 中指定等效电路',
  },
  'SETTLED_BY/assignment': {
    en: 'name the arc (arc_roles in cells.csv), or measure two thicknesses',
    zh: '指明圆弧的归属（cells.csv 中的 arc_roles），或测量两种厚度',
  },
  'SETTLED_BY/law': {
    en: 'measure at more temperatures, around 25 °C and over a wider span',
    zh: '在更多温度下测量：25 °C 附近以及更宽的范围',
  },
  'SETTLED_BY/points': {
    en: 'measure again what was left out or flagged',
    zh: '重新测量被剔除或被标记的数据',
  },
  'SETTLED_BY/estimator': {
    en: 'more cycles, or leave the outliers out with a reason (cellar exclude)',
    zh: '更多循环，或注明理由剔除离群点（cellar exclude）',
  },
  'SETTLED_BY/window': {
    en: 'more cycles, until early and late ones agree',
    zh: '更多循环，直至早期与后期循环一致',
  },
  'SETTLED_BY/charge': {
    en: 'check the calibration of the current: counter and integrated current differ',
    zh: '检查电流校准：计数器与电流积分不一致',
  },
  'SETTLED_BY/conditions': {
    en: 'go on under one rate, window and temperature: they changed in between, and capacity changed with them',
    zh: '在同一倍率、电压窗口和温度下继续循环：这些条件中途改变，容量也随之改变',
  },
  'SETTLED_BY/assumed uncertainty': { en: 'state it in the metadata', zh: '在元数据中注明' },
  'SETTLED_BY/cells': { en: 'measure more cells', zh: '测量更多电池' },
  // What is assumed.
  ASSUMED: { en: 'ASSUMED {name} = ±{half}', zh: '假定 {name} = ±{half}' },
  'ASSUMED/activation_energy': {
    en: 'ASSUMED activation_energy = {value} ± {half} eV',
    zh: '假定 活化能 = {value} ± {half} eV',
  },
  STATED_IN: { en: '{columns: or } in {file}', zh: '{file} 中的 {columns: 或 }' },
  'STATED_IN/readings': {
    en: 'conductivities at four temperatures or more',
    zh: '至少四个温度下的电导率',
  },
});
