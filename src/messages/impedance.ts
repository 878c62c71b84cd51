import { defineMessages } from './message.js';

/** What is said about spectra and what is made of them: fits, arcs, conductivities. */
export const impedanceMessages = defineMessages({
  // Fits of spectra.
  NOT_IDENTIFIABLE: {
    en: 'the spectrum does not determine {names:, } (relative standard error above 100 %, or exchangeable with other parameters): not reported; try a circuit with fewer elements',
    zh: '阻抗谱不能确定 {names:、}（相对标准误差超过 100 %，或可与其他参数互换）：不予报告；请尝试元件更少的等效电路',
  },
  'NOT_IDENTIFIABLE/simpler': {
    en: 'the spectrum does not determine {names:, } (relative standard error above 100 %, or exchangeable with other parameters): not reported; try {simpler}',
    zh: '阻抗谱不能确定 {names:、}（相对标准误差超过 100 %，或可与其他参数互换）：不予报告；请尝试 {simpler}',
  },
  WEAKLY_DETERMINED: { en: '{parameters:, }: use only inside a sum', zh: '{parameters:、}：只宜用于求和' },
  POOR_FIT: {
    en: 'residuals of {percent} % of |Z| (limit 2 %): the circuit does not describe the spectrum; {consequence}',
    zh: '残差为 |Z| 的 {percent} %（限值 2 %）：等效电路不能描述阻抗谱；{consequence}',
  },
  'POOR_FIT/unusable': { en: 'unusable', zh: '不可用' },
  'POOR_FIT/errors': { en: 'standard errors are too small', zh: '标准误差偏小' },
  MISFIT: {
    en: 'the circuit leaves {left} % of |Z| where the spectrum is good to {noise} %: it misses something, and its standard errors are too small',
    zh: '等效电路残差为 |Z| 的 {left} %，而阻抗谱的噪声为 {noise} %：它遗漏了某些特征，其标准误差偏小',
  },
  SYSTEMATIC_RESIDUALS: {
    en: 'the circuit leaves {left} % of |Z| where the spectrum is good to {noise} %: little, but no noise; another circuit may describe it better',
    zh: '等效电路残差为 |Z| 的 {left} %，而阻抗谱的噪声为 {noise} %：虽小但并非噪声；其他等效电路可能更合适',
  },
  UNUSUAL_INDUCTANCE: {
    en: '{name} = {value} H; leads ordinarily have 10 nH to 10 µH',
    zh: '{name} = {value} H；引线通常为 10 nH 至 10 µH',
  },
  ARC_OUTSIDE_BAND: {
    en: 'the arc of {resistor} has its top at {hertz} Hz, outside the measured band: its values are extrapolations',
    zh: '{resistor} 的圆弧顶点位于 {hertz} Hz，在测量频段之外：其数值为外推',
  },
  'ARC_OUTSIDE_BAND/sums': {
    en: 'the arc of {resistor} has its top at {hertz} Hz, outside the measured band: its values are extrapolations; {ohm} ohm are in no sum of resistances',
    zh: '{resistor} 的圆弧顶点位于 {hertz} Hz，在测量频段之外：其数值为外推；{ohm} ohm 未计入任何电阻之和',
  },
  ROBUST_FIT_DIFFERS: {
    en: 'with outliers given less weight: {values:, }; more than two standard errors away',
    zh: '降低离群点权重后：{values:、}；相差超过两倍标准误差',
  },
  NO_ADMISSIBLE_CIRCUIT: {
    en: 'every circuit of the family has a parameter that the spectrum does not determine; the one of least AICc is shown',
    zh: '该族中每个等效电路都有阻抗谱不能确定的参数；所示为 AICc 最小者',
  },
  BETTER_CIRCUIT: {
    en: '{circuit} describes the spectrum better (AICc lower by {difference})',
    zh: '{circuit} 更能描述阻抗谱（AICc 低 {difference}）',
  },
  CPE_EXPONENT_AT_BOUND: {
    en: 'CPE exponent at bound (n = 1) for {names:, }: replaced by a capacitor, fitted {circuit}',
    zh: '{names:、} 的 CPE 指数达到边界（n = 1）：改用电容，拟合 {circuit}',
  },
  END_POINTS_TRIMMED: {
    en: '{frequencies:, } Hz left out as an artefact at the end of the band: {figures}',
    zh: '{frequencies:、} Hz 作为频段端部的伪影被剔除：{figures}',
  },
  // The Kramers–Kronig test.
  KK_FAIL: {
    en: 'Kramers–Kronig residual {percent} % of |Z| (limit 2 %): not a linear, stationary spectrum; it cannot support a PASS',
    zh: 'Kramers–Kronig 残差为 |Z| 的 {percent} %（限值 2 %）：不是线性平稳的阻抗谱；不能支持 PASS',
  },
  KK_MARGINAL: {
    en: 'Kramers–Kronig residual {percent} % of |Z| (valid up to 0.5 %): noise, or a cell that drifted during the sweep',
    zh: 'Kramers–Kronig 残差为 |Z| 的 {percent} %（不超过 0.5 % 为有效）：噪声，或电池在扫描期间发生漂移',
  },
  KK_OUTLIERS: {
    en: '{n} point(s) do not agree with the others and are kept: {list}',
    zh: '{n} 个点偏离其余各点，但予以保留：{list}',
  },
  KK_TEST_FAILED: { en: 'it fails the Kramers–Kronig test', zh: '未通过 Kramers–Kronig 检验' },
  NOT_FITTED: { en: 'not fitted', zh: '未拟合' },
  NO_CIRCUIT: { en: 'no circuit describes it', zh: '没有等效电路能描述它' },
  KK_JUMP: {
    en: 'between {above} and {below} Hz the impedance changed by {percent} %: the cell changed during the sweep; measure again',
    zh: '{above} 与 {below} Hz 之间阻抗改变了 {percent} %：整个扫描期间电池状态并不相同；请重新测量',
  },
  IMAGINARY_SIGN_REVERSED: {
    en: "Z'' has the opposite sign (inductive throughout): the column holds -Z''; name it so in the header, or state it in the format",
    zh: "Z'' 符号相反（全程呈感性）：该列实为 -Z''；请在表头中如此命名，或在格式中声明",
  },
  BULK_DOUBTFUL: {
    en: 'the arc of {resistor} has the capacitance of bulk (C·l/A = {capacitance} F), but n = {exponent} and ε_r = {permittivity}; bulk has n ≥ 0.9 and ε_r of 3 to 1000',
    zh: '{resistor} 的圆弧具有体相的电容（C·l/A = {capacitance} F），但 n = {exponent}、ε_r = {permittivity}；体相的 n ≥ 0.9，ε_r 为 3 至 1000',
  },
  'SERIES_READING_LEFT_OUT/at': {
    en: "{celsius} °C: no circuit of the series' kind describes this spectrum",
    zh: '{celsius} °C：该系列所用类型的等效电路均不能描述此阻抗谱',
  },
  NO_COMMON_CIRCUIT: {
    en: 'no one kind of circuit describes three quarters of the temperatures: each has its own circuit',
    zh: '没有一类等效电路能描述四分之三的温度：各温度使用各自的等效电路',
  },
  LOW_FREQUENCY_LOOP: {
    en: "Z'' is positive at {n} points from {from} to {to} Hz, below a capacitive arc: an inductive loop that the circuit does not have; the resistances of slow arcs are not those of the cell",
    zh: "{from} 至 {to} Hz 有 {n} 个点 Z'' 为正，位于容性圆弧之下：等效电路中没有的感性回环；慢圆弧的电阻并非电池的电阻",
  },
  DRT_MISFIT: {
    en: 'no distribution reaches the noise of the spectrum: peaks beyond the band, a tail or noise that is not white',
    zh: '没有分布能达到阻抗谱的噪声水平：频段之外有峰、有尾部，或噪声不是白噪声',
  },
  'ARC_NOT_CLOSED/interface': {
    en: '{why}: {what}; measure to lower frequency',
    zh: '{why}：{what}；请测到更低频率',
  },
  'ARC_NOT_CLOSED/unseen': { en: 'the interface is not seen', zh: '未见界面' },
  'ARC_NOT_CLOSED/more': {
    en: 'the interface has more than {ohm} ohm·cm²',
    zh: '界面大于 {ohm} ohm·cm²',
  },
  'OPEN_END/below': {
    en: 'the top of {arcs: and } lies below the lowest frequency',
    zh: '{arcs:和}的顶点低于最低频率',
  },
  'OPEN_END/arc': { en: '{resistor} (top at about {hertz} Hz)', zh: '{resistor}（顶点约在 {hertz} Hz）' },
  'OPEN_END/diffusion': {
    en: '{element} may be an arc that does not close (low_frequency_tail = diffusion says it is not)',
    zh: '{element} 可能是未闭合的圆弧（low_frequency_tail = diffusion 表示并非如此）',
  },
  'OPEN_END/rises': { en: "-Z'' still rises at the lowest frequency", zh: "-Z'' 在最低频率处仍在上升" },
  'END_POINTS_TRIMMED/figures': {
    en: 'Kramers–Kronig residual {before} with, {after} without',
    zh: 'Kramers–Kronig 残差：含这些点为 {before}，不含为 {after}',
  },
  AT_HERTZ: { en: '{hertz} Hz ({percent} %)', zh: '{hertz} Hz（{percent} %）' },
  PARAMETER_ERROR: { en: '{name} (±{percent} %)', zh: '{name}（±{percent} %）' },
  // Arcs.
  CAPACITANCE_NOT_MEANINGFUL: {
    en: 'the arc of {resistor} has n = {exponent} (below 0.7): its capacitance and assignment mean little',
    zh: '{resistor} 的圆弧 n = {exponent}（低于 0.7）：其电容和归属意义不大',
  },
  NO_GEOMETRY: {
    en: '{what} cannot be evaluated: {missing} is missing in cells.csv',
    zh: '无法计算{what}：cells.csv 中缺少 {missing}',
  },
  ASSIGNMENT_AMBIGUOUS: {
    en: '{which}: both values are given; name it (arc_roles), or measure two thicknesses',
    zh: '{which}：两种数值均给出；请指明其归属（arc_roles），或测量两种厚度',
  },
  MAY_BE_EITHER: {
    en: '{resistor} ({capacitances}) may be grain boundary or interface',
    zh: '{resistor}（{capacitances}）可能是晶界或界面',
  },
  NO_INTERFACE_ARC: {
    en: 'no resolved arc has the capacitance of an interface: measure to lower frequency, or name the arc',
    zh: '没有已分辨的圆弧具有界面的电容：请测到更低频率，或指明圆弧的归属',
  },
  INTERFACE_ARC_LEFT_OUT: {
    en: "not part of the electrolyte's resistance, by capacitance: {list:, }",
    zh: '按电容判断，不属于电解质电阻：{list:、}',
  },
  NO_RESISTANCE: { en: '{circuit} has no resistance of the electrolyte', zh: '{circuit} 中没有电解质电阻' },
  'ARC_NOT_CLOSED/electrolyte': {
    en: "the electrolyte's arc does not close inside the band: σ is below {sigma} S/cm; measure to lower frequency",
    zh: '电解质的圆弧在频段内未闭合：σ 低于 {sigma} S/cm；请测到更低频率',
  },
  'LEADS_NOT_SUBTRACTED/spectrum': {
    en: '{ohm} ohm includes the leads: measure a shorted cell and give its resistance or spectrum',
    zh: '{ohm} ohm 包含引线：请测量短接的电池并给出其电阻或阻抗谱',
  },
  'SERIES_READING_LEFT_OUT/spectrum': {
    en: 'no circuit of the kind that describes the other temperatures describes this spectrum',
    zh: '能描述其他温度的那类等效电路均不能描述此阻抗谱',
  },
  CIRCUIT_MATTERS: {
    en: 'with the circuit that each temperature alone would be given, Ea (ln σ) is {free_energy} for {energy} and σ(25 °C) {free_sigma} for {sigma}: the difference is in the interval',
    zh: '若各温度单独选用等效电路，Ea (ln σ) 为 {free_energy}（现为 {energy}），σ(25 °C) 为 {free_sigma}（现为 {sigma}）：该差异已计入区间',
  },
  GEOMETRY_CONFLICT: {
    en: '{cell}: electrode_area_cm2 is {area}, diameter_mm gives {of_diameter}; the former is used',
    zh: '{cell}：electrode_area_cm2 为 {area}，而 diameter_mm 得出 {of_diameter}；采用前者',
  },
  // Conductivity over temperature.
  ONE_TEMPERATURE: {
    en: 'one temperature with a positive conductivity; an activation energy needs two, a verdict four',
    zh: '只有一个温度具有正的电导率；活化能需要两个，判定需要四个',
  },
  'ONE_TEMPERATURE/none': {
    en: 'no temperature with a positive conductivity; an activation energy needs two, a verdict four',
    zh: '没有温度具有正的电导率；活化能需要两个，判定需要四个',
  },
  HYSTERESIS: {
    en: 'cooling lies {percent} % from heating; both are reported, {judged} is judged ({why})',
    zh: '降温与升温相差 {percent} %；两者均报告，判定采用{judged}（{why}）',
  },
  'HYSTERESIS/conditioning': { en: 'heating was conditioning', zh: '升温为预处理' },
  'HYSTERESIS/lower': { en: 'the lower branch', zh: '较低的一支' },
  EA_ASSUMED: {
    en: '{assumed} for the reading at 25 ± 1 °C: no fit gives it',
    zh: '{assumed}，用于 25 ± 1 °C 的读数：没有拟合给出该值',
  },
  'INTERLABORATORY_SCATTER/sample': {
    en: 'within a factor 1.5 of the target, where laboratories measuring one powder differ by 35 to 50 %: the interval is this sample’s, not the material’s',
    zh: '与指标相差不到 1.5 倍，而不同实验室测量同一粉末即相差 35 至 50 %：该区间属于此样本，而非材料',
  },
  'INTERLABORATORY_SCATTER/laboratory': {
    en: 'within a factor 1.5 of the target, where laboratories measuring one powder differ by 35 to 50 %: the interval is this laboratory’s',
    zh: '与指标相差不到 1.5 倍，而不同实验室测量同一粉末即相差 35 至 50 %：该区间仅代表本实验室',
  },
  READING_AT_25: { en: 'the reading at 25 ± 1 °C; {without}', zh: '25 ± 1 °C 的读数；{without}' },
  FIT_TO: { en: 'fit to {n} temperatures', zh: '对 {n} 个温度的拟合' },
  TEMPERATURES_MORE: {
    en: '{n} temperatures; measure at {more} more, over 30 K or more',
    zh: '现有 {n} 个温度；请再测 {more} 个，跨度 30 K 或以上',
  },
  'TEMPERATURES_MORE/enough': {
    en: '{n} temperatures; measure at {enough} or more, over 30 K or more',
    zh: '现有 {n} 个温度；请测量至少 {enough} 个，跨度 30 K 或以上',
  },
  TEMPERATURES_SPAN: {
    en: 'the temperatures span {kelvin} K; 30 K are needed',
    zh: '温度跨度为 {kelvin} K；需要 30 K',
  },
  'EXTRAPOLATED/nearer': {
    en: '{celsius} °C lies {kelvin} K outside the measured range; measure nearer to it',
    zh: '{celsius} °C 在测量范围之外 {kelvin} K；请在更接近处测量',
  },
  'EXTRAPOLATED/temperature': {
    en: '25 °C lies {kelvin} K outside the measured temperatures',
    zh: '25 °C 在测量温度之外 {kelvin} K',
  },
  FEW_TEMPERATURES: {
    en: '{n} temperatures: {what}; no verdict comes from this fit',
    zh: '{n} 个温度：{what}；此拟合不能用于判定',
  },
  'FEW_TEMPERATURES/two': {
    en: 'the activation energy has no uncertainty',
    zh: '活化能没有不确定度',
  },
  'FEW_TEMPERATURES/three': { en: 'its interval has 1 degree of freedom', zh: '其区间只有 1 个自由度' },
  NARROW_TEMPERATURE_SPAN: {
    en: 'the temperatures span {kelvin} K, less than 30 K',
    zh: '温度跨度为 {kelvin} K，不足 30 K',
  },
  TWO_CLUSTERS: {
    en: 'more than 60 % of the range in 1/T has no point: the line depends on two clusters',
    zh: '1/T 范围的 60 % 以上没有点：直线由两簇点决定',
  },
  CURVED: { en: 'ln σ is curved in 1/T (p = {p})', zh: 'ln σ 对 1/T 呈弯曲（p = {p}）' },
  VTF_PREFERRED: {
    en: 'Vogel–Tammann–Fulcher describes the data better; Eₐ is apparent, for {low} to {high} °C only',
    zh: 'Vogel–Tammann–Fulcher 更能描述数据；Eₐ 为表观值，仅适用于 {low} 至 {high} °C',
  },
  TWO_SEGMENTS: {
    en: 'the slope changes near {celsius} °C: {below} eV below and {above} eV above',
    zh: '斜率在 {celsius} °C 附近改变：以下为 {below} eV，以上为 {above} eV',
  },
  // Why a reading is left out.
  NO_TEMPERATURE: { en: 'no temperature', zh: '没有温度' },
  BELOW_ABSOLUTE_ZERO: {
    en: 'temperature {celsius} °C is below absolute zero',
    zh: '温度 {celsius} °C 低于绝对零度',
  },
  NO_CONDUCTIVITY: { en: 'no conductivity', zh: '没有电导率' },
  CONDUCTIVITY_NOT_POSITIVE: {
    en: 'conductivity {sigma} S/cm is not positive',
    zh: '电导率 {sigma} S/cm 不为正',
  },
  OFF_SETPOINT: {
    en: 'temperature is {kelvin} K from its set point {celsius} °C',
    zh: '温度与设定值 {celsius} °C 相差 {kelvin} K',
  },
});
