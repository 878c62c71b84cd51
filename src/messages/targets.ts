import { defineMessages } from './message.js';

/** What a cell's measurement, a verdict on a target, and the remarks beside it say. */
export const targetMessages = defineMessages({
  LIST: { en: '{items:, }', zh: '{items:，}' },
  RANGE: { en: '{low} to {high}', zh: '{low} 至 {high}' },
  BECAUSE_NEEDED: { en: '{reason}: {needed}', zh: '{reason}：{needed}' },
  // What a cell lacks.
  CELL_LACKS: { en: '{cell}: {what}', zh: '{cell}：{what}' },
  CELL_SAYS: { en: '{cell} {what}', zh: '{cell} {what}' },
  CELL_WARNS: { en: '{cell}: {what}', zh: '{cell}：{what}' },
  CELLS_WARN: { en: '{cell}: {what} (also {others:, })', zh: '{cell}：{what}（同样适用于 {others:、}）' },
  NO_VALUE: { en: 'no value', zh: '没有数值' },
  NO_CYCLING: { en: 'no cycling data', zh: '没有循环数据' },
  NO_DECAY_FIT: { en: 'no decay fit', zh: '没有衰减拟合' },
  NO_DECAY_RATE: { en: 'no decay rate', zh: '没有衰减率' },
  NO_CHECKUPS: { en: 'no check-ups', zh: '没有检测循环' },
  NO_SPECTRUM: {
    en: 'no impedance spectrum: measure at four temperatures or more, 30 K apart or more',
    zh: '没有阻抗谱：请在至少四个温度下测量，跨度 30 K 或以上',
  },
  NO_SPECTRA: {
    en: 'no impedance spectra: measure at four temperatures or more, over 30 K or more',
    zh: '没有阻抗谱：请在至少四个温度下测量，跨度 30 K 或以上',
  },
  NO_SPECTRUM_AT: { en: 'no impedance spectrum at {celsius} °C', zh: '{celsius} °C 下没有阻抗谱' },
  NO_USABLE_SPECTRUM: { en: 'no usable spectrum: {why}', zh: '没有可用的阻抗谱：{why}' },
  NO_INTERFACE: { en: 'no interface resolved', zh: '未分辨出界面' },
  NO_CONDUCTIVITY_READING: {
    en: 'no conductivity: geometry missing, or no resistance of the electrolyte',
    zh: '没有电导率：缺少几何尺寸，或没有电解质电阻',
  },
  NO_LINE: {
    en: 'no line over 1/T: measure at four temperatures or more, 30 K apart or more',
    zh: '没有对 1/T 的直线：请在至少四个温度下测量，跨度 30 K 或以上',
  },
  NO_ENERGY: { en: 'no activation energy', zh: '没有活化能' },
  NO_MEAN_VOLTAGE: { en: 'no mean discharging voltage', zh: '没有平均放电电压' },
  NO_ENERGIES: { en: 'no ageing cycle with both energies', zh: '没有同时具有充放电能量的老化循环' },
  NO_AGEING_CYCLE: { en: 'no ageing cycle yet', zh: '尚无老化循环' },
  'NO_AGEING_CYCLE/rate': { en: 'no ageing cycle at {rate}C yet', zh: '尚无 {rate}C 的老化循环' },
  ELIGIBLE_CYCLES: { en: '{n} eligible cycles', zh: '{n} 个合格循环' },
  CURVED_OTHER: {
    en: 'ln σ is curved in 1/T, so that a line says nothing certain about another temperature than 25 °C',
    zh: 'ln σ 对 1/T 呈弯曲，直线不能确切说明 25 °C 以外的温度',
  },
  CURVED_ENERGY: {
    en: 'ln σ is curved in 1/T: Ea is an apparent one, of this window of temperatures',
    zh: 'ln σ 对 1/T 呈弯曲：Ea 为该温度窗口内的表观值',
  },
  TEMPERATURE_UNKNOWN: {
    en: 'temperature not known: give it in conditions.csv',
    zh: '温度未知：请在 conditions.csv 中给出',
  },
  'TEMPERATURE_UNKNOWN/asked': {
    en: 'temperature not known: give it in conditions.csv ({wanted} °C is asked for)',
    zh: '温度未知：请在 conditions.csv 中给出（要求 {wanted} °C）',
  },
  OTHER_TEMPERATURE: {
    en: 'measured at {celsius} °C, not at {wanted} °C',
    zh: '测于 {celsius} °C，而非 {wanted} °C',
  },
  REQUIRED_UNKNOWN: {
    en: 'cannot be evaluated: {names:, } is not known',
    zh: '无法计算：{names:、}未知',
  },
  MISSING_IN_CELLS: { en: '{names: and } is missing in cells.csv', zh: 'cells.csv 中缺少 {names: 和 }' },
  CANNOT_BE_EVALUATED: { en: 'cannot be evaluated: {why}', zh: '无法计算：{why}' },
  MISSING_IN_MATERIALS: { en: '{names:, } in materials.csv', zh: 'materials.csv 中的 {names:、}' },
  RANGE_NEEDED: {
    en: 'the accuracy of the current is one of the range, and the range is not stated',
    zh: '电流准确度是相对量程的，而量程未注明',
  },
  RANGE_IN_CELLS: { en: 'current_range_ma in cells.csv', zh: 'cells.csv 中的 current_range_ma' },
  ANODE_NEEDED: {
    en: 'the quotient is that of the cathode side: cells that show the anode (li_cu, anode_free, anode_half, or full with lithium_excess_mah = 0 in cells.csv)',
    zh: '该比值反映的是正极一侧：需要能体现负极的电池（li_cu、anode_free、anode_half，或 cells.csv 中 lithium_excess_mah = 0 的 full）',
  },
  MORE_OF: {
    en: '{more} more {what} ({done} of {required}){when}',
    zh: '再测 {more} 个{what}（已有 {done} 个，要求 {required} 个）{when}',
  },
  MORE: { en: '{more} more {what}{when}', zh: '再测 {more} 个{what}{when}' },
  MORE_AVERAGED: {
    en: '{more} more cycles (an average over {done} of {required})',
    zh: '再测 {more} 个循环（现为 {done} 个的平均值，要求 {required} 个）',
  },
  READY_UNDATED: {
    en: ', about {long} more at {pace} cycles a day',
    zh: '，按每天 {pace} 个循环约还需 {long}',
  },
  READY_ABOUT: {
    en: ', about {long} more at {pace} cycles a day: around {readyOn} if it goes on without a break',
    zh: '，按每天 {pace} 个循环约还需 {long}：若不中断，约在 {readyOn}',
  },
  READY_PASSED: {
    en: ', about {long} more at {pace} cycles a day: longer than the time since its last record: the test stands still, or newer records are not read',
    zh: '，按每天 {pace} 个循环约还需 {long}：自最后一条记录以来已超过此时长：测试已停滞，或较新的记录尚未读入',
  },
  'LONG/hours': { en: '{n} h', zh: '{n} h' },
  'LONG/days': { en: '{n} days', zh: '{n} 天' },
  DISCHARGE_AT: { en: 'discharge capacity at {where: and }', zh: '{where: 和 } 下的放电容量' },
  CELSIUS: { en: '{celsius} °C', zh: '{celsius} °C' },
  PULSE_NEEDED: {
    en: 'a discharge of {seconds} s from {percent} % state of charge that stays above {volt} V',
    zh: '自 {percent} % 荷电状态起、持续 {seconds} s 且保持在 {volt} V 以上的放电',
  },
  RISING_CURRENT: {
    en: 'no test with rising current: three current densities or more, both directions at each',
    zh: '没有逐步增大电流的测试：至少三个电流密度，每个均含两个方向',
  },
  RISING_UNTIL_SHORT: {
    en: 'three rising current densities or more, both directions at each, until the cell shorts',
    zh: '至少三个逐步增大的电流密度，每个均含两个方向，直至电池短路',
  },
  CHECKUPS_NEEDED: {
    en: 'four check-ups after the first, each a test with its date, with losses of 0.5 % or more',
    zh: '首次之后的四次检测，每次为带日期的测试，损失 0.5 % 或以上',
  },
  STORAGE_MISSING: {
    en: 'storage_temperature_celsius is missing in cells.csv',
    zh: 'cells.csv 中缺少 storage_temperature_celsius',
  },
  AND_ALSO: { en: '{parts:; }', zh: '{parts:；}' },
  // How a value was had.
  'METHOD/median': { en: 'median of the first {n} {what}', zh: '前 {n} 个{what}的中位数' },
  'METHOD/no_end': {
    en: '{cycles} cycles seen, no end in sight by every law that describes the fade',
    zh: '已见 {cycles} 个循环，按描述衰减的各定律均未见终点',
  },
  'METHOD/projected': {
    en: 'projected by the {law} law, {times} times the observed cycles; bounds from every admitted law',
    zh: '按{law}推算，为已观测循环数的 {times} 倍；界限取自所有被采纳的定律',
  },
  'METHOD/line_at': {
    en: 'Arrhenius line of ln σ at {celsius} °C',
    zh: 'ln σ 的 Arrhenius 直线在 {celsius} °C 处的值',
  },
  'METHOD/of_branch': { en: '{method}, {branch}', zh: '{method}，{branch}' },
  'METHOD/sum': { en: '{circuit}: {resistors: + }', zh: '{circuit}：{resistors: + }' },
  'METHOD/sum_leads': {
    en: '{circuit}: {resistors: + }, leads subtracted',
    zh: '{circuit}：{resistors: + }，已扣除引线',
  },
  'METHOD/interfaces': {
    en: '{method}; {count} interface(s)',
    zh: '{method}；{count} 个界面',
  },
  'METHOD/interfaces_open': {
    en: '{method}; {count} interface(s), extrapolated',
    zh: '{method}；{count} 个界面，外推值',
  },
  'METHOD/lower_bound': {
    en: "Z' at the lowest frequency less the electrolyte; {count} interface(s); the truth is not below it",
    zh: "最低频率处的 Z' 减去电解质；{count} 个界面；真值不低于此",
  },
  'METHOD/shorted': {
    en: 'lower end of the interval to {upper} mA/cm², where it shorted',
    zh: '至短路处 {upper} mA/cm² 的区间下端',
  },
  // One side of the truth.
  LEADS_LOWER_BOUND: {
    en: 'leads are not subtracted, so that σ is a lower bound and cannot show that it is too low ({cell})',
    zh: '未扣除引线，因此 σ 为下界，不能证明其过低（{cell}）',
  },
  MEASURE_BLANK: {
    en: 'measure a short or blank of {cell} (lead_resistance_ohm or lead_file_pattern in cells.csv): its {ohm} Ω may hold the leads',
    zh: '测量 {cell} 的短接或空白（cells.csv 中的 lead_resistance_ohm 或 lead_file_pattern）：其 {ohm} Ω 可能包含引线',
  },
  AMBIGUOUS_INTERFACE: {
    en: '{which}; as an interface σ is {sigma} S/cm',
    zh: '{which}；若为界面，σ 为 {sigma} S/cm',
  },
  AMBIGUOUS_GRAIN: {
    en: '{which}; as grain boundary it leaves {ohm} ohm·cm²',
    zh: '{which}；若为晶界，则余 {ohm} ohm·cm²',
  },
  'AMBIGUOUS_GRAIN/none': {
    en: '{which}; as grain boundary it leaves no ohm·cm²',
    zh: '{which}；若为晶界，则无余值',
  },
  LOWER_FREQUENCY: { en: 'measure to lower frequency', zh: '请测到更低频率' },
  END_NOT_SEEN: {
    en: 'cycle on, to the claimed number or the end of life',
    zh: '继续循环，至声称次数或寿命终点',
  },
  NEVER_SHORTED: {
    en: '{cell} never shorted: its critical current density is not below {lower} mA/cm²',
    zh: '{cell} 从未短路：其临界电流密度不低于 {lower} mA/cm²',
  },
  RAISE_CURRENT: { en: 'raise the current of {cell} until it shorts', zh: '增大 {cell} 的电流直至短路' },
  // Rules of single cells.
  D_RECENT_UNTOLD: {
    en: 'D_recent is not given: the last third is too short',
    zh: 'D_recent 未给出：最后三分之一太短',
  },
  D_RECENT_REMARK: {
    en: 'D_recent {recent} [{low}, {high}] %/cycle over the last third',
    zh: '最后三分之一 D_recent 为 {recent} [{low}, {high}] %/cycle',
  },
  UNKNOWN: { en: 'unknown', zh: '未知' },
  ONE_SWEEP: { en: 'one sweep: stationarity not tested', zh: '仅一次扫描：未检验平稳性' },
  NEAR_DRIFT: {
    en: 'the bound lies {percent} % from the limit, nearer than a drift of the cell that one sweep does not show (2 %)',
    zh: '界限距限值 {percent} %，小于一次扫描无法显示的电池漂移（2 %）',
  },
  SWEEP_AGAIN: {
    en: 'sweep once more at the same temperature, or state stationarity_relative in conditions.csv',
    zh: '在同一温度下再扫描一次，或在 conditions.csv 中注明 stationarity_relative',
  },
  DRIFT: {
    en: 'repeated sweeps differ by {percent} %: the cell changed between or during them',
    zh: '重复扫描相差 {percent} %：电池在扫描之间或期间发生变化',
  },
  FAILS_BY_RULE: {
    en: '{cell} ({failing} of {all} cells fail by such a rule)',
    zh: '{cell}（{all} 个电池中有 {failing} 个因此类规则不达标）',
  },
  CELL_OBJECTS: { en: 'by a rule of its own {cells:; }', zh: '按各自的规则：{cells:；}' },
  MORE_CELLS_OUTLIER: {
    en: 'more cells, to tell an outlier from the material',
    zh: '更多电池，以区分离群点与材料本身',
  },
  REMARKS: { en: '{remarks:, }', zh: '{remarks:，}' },
  'REMARKS/more': { en: '{remarks:, } and {more} more', zh: '{remarks:，}，另有 {more} 个' },
  // The verdict on a material's cells.
  TOO_FEW_CELLS: {
    en: '{cells} {cells?cell has|cells have} the evidence that is required, {required} or more are needed: the scatter between samples is not known',
    zh: '{cells} 个电池具备所要求的证据，需要 {required} 个或以上：样本间的分散未知',
  },
  'TOO_FEW_CELLS/meets': {
    en: '1 cell has the evidence that is required, {required} or more are needed: the scatter between samples is not known; the cell itself meets the target',
    zh: '1 个电池具备所要求的证据，需要 {required} 个或以上：样本间的分散未知；该电池本身达标',
  },
  'TOO_FEW_CELLS/misses': {
    en: '1 cell has the evidence that is required, {required} or more are needed: the scatter between samples is not known; the cell itself misses the target',
    zh: '1 个电池具备所要求的证据，需要 {required} 个或以上：样本间的分散未知；该电池本身未达标',
  },
  WAYS: { en: '{ways:; }', zh: '{ways:；}' },
  MEASURE_MORE_CELLS: {
    en: 'measure {more} more cells, three in all',
    zh: '再测 {more} 个电池，共三个',
  },
  ALL_EXCLUDED: {
    en: 'all {n} cells of {material} are excluded',
    zh: '{material} 的全部 {n} 个电池均已排除',
  },
  NO_CELL_MEASURES: { en: 'no cell of {material} measures {title}', zh: '{material} 没有电池测量{title}' },
  THREE_CELLS: {
    en: 'three cells ({kinds:, }), listed in cells.csv and measured',
    zh: '三个电池（{kinds:、}），列于 cells.csv 并测量',
  },
  CANNOT_REACH: {
    en: '{cell}: {reason} ({failing} of {all} cells cannot reach it any more)',
    zh: '{cell}：{reason}（{all} 个电池中有 {failing} 个已不可能达到）',
  },
  NONE_HAS_EVIDENCE: {
    en: 'none of {n} cells has the evidence that is required',
    zh: '{n} 个电池均不具备所要求的证据',
  },
  // Beside a verdict.
  MISSED_BY: { en: 'missed by {amount}', zh: '未达标，相差 {amount}' },
  'MISSED_BY/share': {
    en: 'missed by {amount} ({percent} % of the limit)',
    zh: '未达标，相差 {amount}（为限值的 {percent} %）',
  },
  LOOKED_AT_BEFORE: {
    en: 'look {looks}: judged before with {sizes:, } cells',
    zh: '第 {looks} 次判定：此前曾以 {sizes:、} 个电池判定',
  },
  CONDITIONS_NOT_STATED: {
    en: '{names: and } not stated: contact and porosity change σ by tens of percent',
    zh: '{names:和}未注明：接触与孔隙率可使 σ 改变百分之几十',
  },
  IMPLAUSIBLE: { en: '{of}: {what}', zh: '{of}：{what}' },
  CONFIRMED: { en: 'confirmed: {what}', zh: '已确认：{what}' },
  OUTSIDE_PLAUSIBLE: {
    en: '{quantity} is {value}{unit}, plausible is {lower} to {upper}{unit} ({source})',
    zh: '{quantity} 为 {value}{unit}，可信范围为 {lower} 至 {upper}{unit}（{source}）',
  },
  AREAS_DISAGREE: {
    en: 'electrode_area_cm2 is {area} cm², diameter_mm {diameter} gives {of_diameter} cm²: one of them is wrong',
    zh: 'electrode_area_cm2 为 {area} cm²，而 diameter_mm {diameter} 得出 {of_diameter} cm²：其中一个有误',
  },
  LEADS_EXCEED: {
    en: '{cell}: lead_resistance_ohm is {lead} Ω, more than a whole spectrum of it has ({least} Ω)',
    zh: '{cell}：lead_resistance_ohm 为 {lead} Ω，大于其某个阻抗谱的总电阻（{least} Ω）',
  },
  CELLS_EXCLUDED: {
    en: 'without {cells:, }, excluded on record',
    zh: '不含已登记排除的 {cells:, }',
  },
  IMPLAUSIBLE_CONFIRM: { en: 'implausible, confirm', zh: '不可信，请确认' },
  MEND_OR_CONFIRM: {
    en: 'correct the entry, or write {names: } into its column confirmed',
    zh: '请更正该条目，或在其 confirmed 列写入 {names: }',
  },
  FRAGILE: {
    en: 'fragile: the verdict depends on the choice of {choice} ({others:; }; the limit is {comparison} {threshold})',
    zh: '不稳固：判定取决于{choice}的选择（{others:；}；限值为 {comparison} {threshold}）',
  },
  CHOICE_GIVES: {
    en: '{choice}: {alternative} gives {value}',
    zh: '{choice}：{alternative}得出 {value}',
  },
  NOT_EVERY_CHOICE: {
    en: '{reason}, but not under every defensible choice',
    zh: '{reason}，但并非在每种合理选择下都如此',
  },
  HANGS_ON: {
    en: 'with {alternatives:, or } it would be INCONCLUSIVE',
    zh: '若取{alternatives:，或}，则为 INCONCLUSIVE（无法判定）',
  },
  'ALTERNATIVE/half': { en: 'half the assumed {name}', zh: '{name}的假定值减半' },
  'ALTERNATIVE/twice': { en: 'twice the assumed {name}', zh: '{name}的假定值加倍' },
  'ALTERNATIVE/without': { en: 'without {cell}', zh: '不计 {cell}' },
  // Conditions of a measurement.
  'CONDITION/cells': { en: '{types:, } cells', zh: '{types:、}' },
  'CONDITION/window': { en: '{range} V', zh: '{range} V' },
  'CONDITION/celsius': { en: '{range} °C', zh: '{range} °C' },
  'CONDITION/rate': { en: '{range}C discharge', zh: '{range}C 放电' },
  'CONDITION/load': { en: '{range} mAh/cm²', zh: '{range} mAh/cm²' },
  'CONDITION/current': { en: '{range} mA/cm²', zh: '{range} mA/cm²' },
  'CONDITION/excess': { en: '{range} mAh lithium excess', zh: '锂过量 {range} mAh' },
  'CONDITION/pressure': { en: '{range} MPa', zh: '{range} MPa' },
  'CONDITION/density': { en: 'relative density {range}', zh: '相对密度 {range}' },
  'CONDITION/cycle': { en: 'up to cycle {range}', zh: '至循环 {range}' },
  // The budget.
  LARGEST_SOURCE: {
    en: '{percent} % of the variance is {name}: {advice}',
    zh: '方差的 {percent} % 来自{name}：{advice}',
  },
  'NARROWED_BY/state': {
    en: 'nobody stated it: measure it and state it ({stated})',
    zh: '未注明：请测量并注明（{stated}）',
  },
  'NARROWED_BY/metadata': { en: 'the metadata', zh: '元数据' },
  'NARROWED_BY/declared': { en: 'measure it better', zh: '请更准确地测量' },
  'NARROWED_BY/between cells': { en: 'more cells narrow it', zh: '更多电池可使其减小' },
  'NARROWED_BY/between batches': { en: 'more batches narrow it', zh: '更多批次可使其减小' },
  'NARROWED_BY/cycles': { en: 'more cycles narrow it', zh: '更多循环可使其减小' },
  'NARROWED_BY/temperatures': { en: 'more temperatures narrow it', zh: '更多温度点可使其减小' },
  'NARROWED_BY/spectra': { en: 'more spectra narrow it', zh: '更多阻抗谱可使其减小' },
  'NARROWED_BY/circuit fit': {
    en: 'less noise, or a wider band of frequencies, narrows it',
    zh: '降低噪声或加宽频段可使其减小',
  },
  'NARROWED_BY/choice of circuit': {
    en: 'a wider band of frequencies, or a circuit that is named, narrows it',
    zh: '加宽频段或指定等效电路可使其减小',
  },
  'NARROWED_BY/other': { en: 'more measurements narrow it', zh: '更多测量可使其减小' },
  // A laboratory without anything to judge.
  'NOTHING_TO_JUDGE/materials': {
    en: 'nothing to judge: the database holds no material. List materials in materials.csv beside the exports, and ingest them.',
    zh: '没有可判定的内容：数据库中没有材料。请在导出文件旁的 materials.csv 中列出材料，然后导入。',
  },
  'NOTHING_TO_JUDGE/category': {
    en: 'nothing to judge: no material is of a category that the targets are for. See `cellar targets`, or name another table with --targets.',
    zh: '没有可判定的内容：没有材料属于这些指标所针对的类别。请查看 `cellar targets`，或用 --targets 指定另一张指标表。',
  },
});
