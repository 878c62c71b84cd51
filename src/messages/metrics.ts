/** Titles and formulas of the metrics in Simplified Chinese, by their ids; in English they are declared with the metric. */
export const metricsInChinese: Readonly<Record<string, { title: string; formula: string }>> = {
  conductivity_25c: {
    title: '25 °C 离子电导率',
    formula: '每条阻抗谱的 σ = 厚度/(R·面积)；σ(25 °C) 取自 ln σ = ln σ0 − Ea/(kT) 对 1/T 的直线',
  },
  conductivity: {
    title: '离子电导率',
    formula: '每条阻抗谱的 σ = 厚度/(R·面积)；σ(T) 取自 ln σ = ln σ0 − Ea/(kT) 对 1/T 的直线',
  },
  activation_energy: {
    title: '电导率的活化能',
    formula: 'ln σ = ln σ0 − Ea/(kT) 的 Ea，若 form = "ln_sigma_T" 则取 ln(σT) = ln A − Ea/(kT)，对 1/T',
  },
  interfacial_asr: {
    title: '单个界面的面积比电阻',
    formula: 'ASR = R_界面·面积/界面数，R_界面为具有界面电容的圆弧',
  },
  critical_current_density: {
    title: '临界电流密度',
    formula: '逐级增大电流的测试中未短路的最高 |J|；短路判据：|V| 低于 |J| 乘以此前各级 |V|/|J| 中位数的一半',
  },
  cost_reduction: {
    title: '相对参照的成本降低',
    formula: '1 − 成本/参照成本，货币、价格年份、计价基准和规模相同',
  },
  cost_ratio: {
    title: '与参照的成本之比',
    formula: '成本/参照成本，货币、价格年份、计价基准和规模相同',
  },
  mass_reduction: {
    title: '相对参照的面密度降低',
    formula: '1 − 面密度/参照面密度',
  },
  specific_capacity: {
    title: '活性材料的比容量',
    formula: 'Q/m_active：前五个老化循环放电容量的中位数除以活性物质质量',
  },
  specific_energy: {
    title: '电池的比能量',
    formula: 'E_dis/m_cell：前五个老化循环放电能量的中位数除以整个电池的质量',
  },
  energy_density: {
    title: '电池的能量密度',
    formula: 'E_dis/V_cell：前五个老化循环放电能量的中位数除以整个电池的体积',
  },
  decay_rate: {
    title: '每循环容量衰减率',
    formula: '老化循环上 Q(n) = Q0·(1 − D)^n 的 D，自首个循环至观测到的寿命终点或最后一个循环',
  },
  voltage_fade: {
    title: '每循环平均放电电压的衰减',
    formula: '老化循环上 E_dis/Q_dis 的直线斜率取负',
  },
  coulombic_efficiency: {
    title: '库仑效率',
    formula: '前若干个合格（老化或限容）循环的放出电量与充入电量之比的平均值，每循环一个比值',
  },
  cycle_life: {
    title: '降至初始容量 80 % 的循环数',
    formula:
      '滑动中位数自此保持低于 80 % 的首个循环；此前按描述衰减的各定律推算，达到声称次数的 85 % 后方可判为 PASS',
  },
  calendar_exponent: {
    title: '存储损失的时间指数',
    formula:
      'Q_loss = A·exp(−Ea/kT)·t^n 的 n：每个存储电池对 ln 损失–ln t 作直线，按 损失² 加权，舍去低于 0.5 % 的损失',
  },
  round_trip_efficiency: {
    title: '电池的直流往返能量效率',
    formula: '老化循环上 E_dis/E_chg 的平均值',
  },
  temperature_range: {
    title: '工作温度范围',
    formula: '两端各自的放电容量与 25 °C 放电容量之比，除以须保持的份额；取较差的一端',
  },
  peak_discharge_rate: {
    title: '峰值放电倍率',
    formula: '时长不短于脉冲、自注明的荷电状态起、高于截止电压的放电步的最大 |I|/标称容量',
  },
};
