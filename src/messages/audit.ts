import { defineMessages } from './message.js';

/** What the values of a test show about its units, counters, direction of current, time and records. */
export const auditMessages = defineMessages({
  // Units, counters and clocks that the values contradict.
  TIMES: {
    en: '{n} times',
    zh: '{n} 倍',
  },
  'TIMES/part': {
    en: '1/{n} of',
    zh: '1/{n}',
  },
  'UNIT_IMPLAUSIBLE/voltage': {
    en: 'the voltage in "{column}" is {median} V at the median: it seems to be millivolt; --repair UNIT_IMPLAUSIBLE divides it by 1000',
    zh: '"{column}" 中电压的中位数为 {median} V：似乎以毫伏为单位；--repair UNIT_IMPLAUSIBLE 将其除以 1000',
  },
  'UNIT_IMPLAUSIBLE/current': {
    en: 'the current in "{column}" reaches {largest} A: it seems to be milliampere; --repair UNIT_IMPLAUSIBLE divides it by 1000',
    zh: '"{column}" 中的电流达到 {largest} A：似乎以毫安为单位；--repair UNIT_IMPLAUSIBLE 将其除以 1000',
  },
  'UNIT_IMPLAUSIBLE/counter': {
    en: 'current over time gives {times} the charge that the counters give, while energy agrees: the capacity in "{counter}" seems to be in another unit; --repair UNIT_IMPLAUSIBLE scales it by {factor}',
    zh: '电流对时间积分得到的电荷为计数器的 {times}，而能量相符："{counter}" 中的容量似乎为其他单位；--repair UNIT_IMPLAUSIBLE 将其乘以 {factor}',
  },
  'UNIT_IMPLAUSIBLE/current-charge': {
    en: 'current over time gives {times} the charge that the counters give and reaches {largest} A: "{column}" seems to be milliampere; --repair UNIT_IMPLAUSIBLE divides it by 1000',
    zh: '电流对时间积分得到的电荷为计数器的 {times}，且电流达到 {largest} A："{column}" 似乎以毫安为单位；--repair UNIT_IMPLAUSIBLE 将其除以 1000',
  },
  'UNIT_IMPLAUSIBLE/open': {
    en: 'current over time gives {times} the charge that the counters give: "{column}", "{counter}" or the time is in another unit; the nominal capacity in cells.csv would tell which',
    zh: '电流对时间积分得到的电荷为计数器的 {times}："{column}"、"{counter}" 或时间为其他单位；cells.csv 中的标称容量可以说明是哪一个',
  },
  'UNIT_IMPLAUSIBLE/cell-current': {
    en: 'the counters are plausible beside the nominal capacity of {cell}, {nominal} mAh, and current over time is not: the current seems to be in another unit; --repair UNIT_IMPLAUSIBLE scales it by {factor}',
    zh: '与 {cell} 的标称容量 {nominal} mAh 相比，计数器合理，而电流对时间的积分不合理：电流似乎为其他单位；--repair UNIT_IMPLAUSIBLE 将其乘以 {factor}',
  },
  'UNIT_IMPLAUSIBLE/cell-time': {
    en: 'the counters are plausible beside the nominal capacity of {cell}, {nominal} mAh, and current over time is not: the time seems to be in another unit; --repair UNIT_IMPLAUSIBLE scales it by {factor}',
    zh: '与 {cell} 的标称容量 {nominal} mAh 相比，计数器合理，而电流对时间的积分不合理：时间似乎为其他单位；--repair UNIT_IMPLAUSIBLE 将其乘以 {factor}',
  },
  'UNIT_IMPLAUSIBLE/cell-counters': {
    en: 'current over time is plausible beside the nominal capacity of {cell}, {nominal} mAh, and the capacity counters are not: they seem to be in another unit; --repair UNIT_IMPLAUSIBLE scales it by {factor}',
    zh: '与 {cell} 的标称容量 {nominal} mAh 相比，电流对时间的积分合理，而容量计数器不合理：计数器似乎为其他单位；--repair UNIT_IMPLAUSIBLE 将其乘以 {factor}',
  },
  'UNIT_IMPLAUSIBLE/cell-both': {
    en: 'a step moves {largest} Ah, {times} times as much as can be beside the nominal capacity of {cell}, {nominal} mAh: current and capacity seem to be in thousandths; --repair UNIT_IMPLAUSIBLE scales it by {factor}',
    zh: '一个工步的电荷为 {largest} Ah，是 {cell} 标称容量 {nominal} mAh 的 {times} 倍，不可能如此之多：电流和容量似乎以千分之一为单位；--repair UNIT_IMPLAUSIBLE 将其乘以 {factor}',
  },
  'UNIT_IMPLAUSIBLE/years': {
    en: 'test time spans {years} years: {readings}',
    zh: '测试时间跨越 {years} 年：{readings}',
  },
  IF_TOO_LARGE: {
    en: '{duration} if it is {factor} times too large',
    zh: '若大了 {factor} 倍，则为 {duration}',
  },
  'DURATION/seconds': {
    en: '{n} s',
    zh: '{n} 秒',
  },
  'DURATION/minutes': {
    en: '{n} min',
    zh: '{n} 分钟',
  },
  'DURATION/hours': {
    en: '{n} h',
    zh: '{n} 小时',
  },
  'DURATION/days': {
    en: '{n} days',
    zh: '{n} 天',
  },
  COUNTER_INTEGRAL_CONFLICT: {
    en: 'current integrated over time differs from the capacity counters by {deviations} over the test',
    zh: '整个测试中，电流对时间的积分与容量计数器相差 {deviations}',
  },
  COUNTER_INTEGRAL_DIFF: {
    en: 'current integrated over time differs from the capacity counters by {deviations} over the test',
    zh: '整个测试中，电流对时间的积分与容量计数器相差 {deviations}',
  },
  'DEVIATION/charging': {
    en: '{percent} % charging',
    zh: '充电 {percent} %',
  },
  'DEVIATION/discharging': {
    en: '{percent} % discharging',
    zh: '放电 {percent} %',
  },
  COUNTER_SCOPE: {
    en: 'the capacity counters reset {found}, not {declared} as is usual for this format; what the data show is used',
    zh: '容量计数器{found}归零，而不是此格式通常的{declared}归零；以数据显示的为准',
  },
  'RESETS/step': {
    en: 'with every step',
    zh: '在每个工步',
  },
  'RESETS/half_cycle': {
    en: 'when the direction of the current changes',
    zh: '在电流方向改变时',
  },
  'RESETS/cycle': {
    en: 'with every cycle',
    zh: '在每个循环',
  },
  'RESETS/test': {
    en: 'never',
    zh: '从不',
  },
  'COUNTER_IS_NET/charge': {
    en: '"{column}" falls in {falling} of {moving} steps and continues from there: it is the net charge, not a counter of one direction, and was read so',
    zh: '"{column}" 在 {moving} 个工步中的 {falling} 个中下降并由此继续：它是净电荷，而不是单方向的计数器，并已如此读取',
  },
  'COUNTER_IS_NET/energy': {
    en: '"{column}" falls in {falling} of {moving} steps and continues from there: it is the net energy, not a counter of one direction, and was read so',
    zh: '"{column}" 在 {moving} 个工步中的 {falling} 个中下降并由此继续：它是净能量，而不是单方向的计数器，并已如此读取',
  },
  'COUNTER_IS_NET/charge-turned': {
    en: '"{column}" falls in {falling} of {moving} steps and continues from there: it is the net charge, not a counter of one direction, and was read so, with its sign turned to that of the current',
    zh: '"{column}" 在 {moving} 个工步中的 {falling} 个中下降并由此继续：它是净电荷，而不是单方向的计数器，并已如此读取，符号改为与电流一致',
  },
  'COUNTER_IS_NET/energy-turned': {
    en: '"{column}" falls in {falling} of {moving} steps and continues from there: it is the net energy, not a counter of one direction, and was read so, with its sign turned to that of the current',
    zh: '"{column}" 在 {moving} 个工步中的 {falling} 个中下降并由此继续：它是净能量，而不是单方向的计数器，并已如此读取，符号改为与电流一致',
  },
  'COUNTER_IS_THROUGHPUT/charge': {
    en: '"{column}" continues to rise where the current turns: it is all the charge that passed, in both directions, and was taken apart by the current',
    zh: '"{column}" 在电流反向处继续上升：它是两个方向通过的总电荷，已按电流分开',
  },
  'COUNTER_IS_THROUGHPUT/energy': {
    en: '"{column}" continues to rise where the current turns: it is all the energy that passed, in both directions, and was taken apart by the current',
    zh: '"{column}" 在电流反向处继续上升：它是两个方向通过的总能量，已按电流分开',
  },
  COUNTER_SIGNED: {
    en: 'the {names: and the } is written as a negative number: its magnitude was stored',
    zh: '{names:、}以负数写出：存储其绝对值',
  },
  COUNTER_FALLS: {
    en: 'a capacity counter falls at {count} {count?record|records} while the current continues, by {total} Ah in all',
    zh: '容量计数器在 {count} 条记录处于电流持续时下降，共 {total} Ah',
  },
  COUNTERS_SWAPPED: {
    en: '{against} % of the counted charge was counted in the opposite direction to the current: the two counters seem to be swapped',
    zh: '{against} % 的计数电荷与电流方向相反：两个计数器似乎互换了',
  },
  // The direction of the current.
  SIGN_FLIPPED: {
    en: 'the voltage falls on positive and rises on negative current in {against} % of the time of constant-current steps: the sign of the current seems reversed; --repair SIGN_FLIPPED reverses it',
    zh: '恒流工步 {against} % 的时间内，电压在正电流下下降、在负电流下上升：电流的符号似乎相反；--repair SIGN_FLIPPED 将其反转',
  },
  'SIGN_FLIPPED/counters': {
    en: 'the voltage falls on positive and rises on negative current in {against} % of the time of constant-current steps, and {along} % of the counted charge agrees with its sign: the sign of the current seems reversed; --repair SIGN_FLIPPED reverses it',
    zh: '恒流工步 {against} % 的时间内，电压在正电流下下降、在负电流下上升，且 {along} % 的计数电荷与其符号一致：电流的符号似乎相反；--repair SIGN_FLIPPED 将其反转',
  },
  SIGN_UNCERTAIN: {
    en: 'the voltage follows the sign of the current in only {along} % of the time of constant-current steps',
    zh: '恒流工步中仅有 {along} % 的时间电压随电流符号变化',
  },
  'CURRENT_DIRECTION_HINT/falls': {
    en: 'the voltage falls on positive current in {share} % of the time of constant-current steps, so positive seems to discharge; --repair CURRENT_DIRECTION_HINT reads it so',
    zh: '恒流工步 {share} % 的时间内，电压在正电流下下降，因此正电流似乎为放电；--repair CURRENT_DIRECTION_HINT 按此读取',
  },
  'CURRENT_DIRECTION_HINT/rises': {
    en: 'the voltage rises on positive current in {share} % of the time of constant-current steps, so positive seems to charge; --repair CURRENT_DIRECTION_HINT reads it so',
    zh: '恒流工步 {share} % 的时间内，电压在正电流下上升，因此正电流似乎为充电；--repair CURRENT_DIRECTION_HINT 按此读取',
  },
  STATE_WORD_UNKNOWN: {
    en: 'current flows under {words} ({count} records), which names no known direction',
    zh: '在 {words} 下有电流（{count} 条记录），而它不表示任何已知方向',
  },
  'CURRENT_DIRECTION_UNKNOWN/magnitude': {
    en: 'the current is a magnitude and nothing in the file tells its direction: stored as written; no efficiency or decay is computed from it until it is settled',
    zh: '电流只有大小，文件中没有任何内容说明其方向：按原样存储；在明确之前不由它计算效率或衰减',
  },
  'CURRENT_DIRECTION_UNKNOWN/unstated': {
    en: 'the file does not state which direction of current is positive: stored as written; no efficiency or decay is computed from it until it is settled',
    zh: '文件未说明哪个电流方向为正：按原样存储；在明确之前不由它计算效率或衰减',
  },
  'CURRENT_DIRECTION_UNKNOWN/falling': {
    en: 'no current is negative, but the voltage falls in {falling} % of the time in which it flows: the current seems to be a magnitude: stored as written; no efficiency or decay is computed from it until it is settled',
    zh: '没有负电流，但在有电流的 {falling} % 的时间内电压下降：电流似乎只有大小：按原样存储；在明确之前不由它计算效率或衰减',
  },
  CURRENT_FROM_STATE: {
    en: 'the current is a magnitude; {count} discharge records took their sign from the state column',
    zh: '电流只有大小；{count} 条放电记录的符号取自状态列',
  },
  CURRENT_SIGN_FROM_STATE: {
    en: 'positive current discharges in this file ({count} records by their step type): the sign was reversed, so that positive charges',
    zh: '此文件中正电流为放电（按工步类型 {count} 条记录）：符号已反转，使正电流为充电',
  },
  'CURRENT_DIRECTION_FROM_COUNTERS/charges': {
    en: 'the charge counter rises on positive current: positive charges',
    zh: '充电计数器在正电流下上升：正电流为充电',
  },
  'CURRENT_DIRECTION_FROM_COUNTERS/discharges': {
    en: 'the discharge counter rises on positive current: the sign was reversed, so that positive charges',
    zh: '放电计数器在正电流下上升：符号已反转，使正电流为充电',
  },
  'CURRENT_DIRECTION_FROM_COUNTERS/steps': {
    en: 'the current is a magnitude; {count} steps took their sign from the discharge counter, which rises in them',
    zh: '电流只有大小；{count} 个工步的符号取自在其中上升的放电计数器',
  },
  'CURRENT_DIRECTION_FROM_COUNTERS/records': {
    en: 'the current is a magnitude; {count} records took their sign from the discharge counter, which rises at them, and steps begin where the sign turns',
    zh: '电流只有大小；{count} 条记录的符号取自在该处上升的放电计数器，符号改变处开始新的工步',
  },
  // Time, cycle numbers and single values.
  TIME_SCALE: {
    en: 'the time in "{column}" runs {times} the clock in "{clock}": it is in another unit than the header says; --repair TIME_SCALE corrects it',
    zh: '"{column}" 中的时间为 "{clock}" 中时钟的 {times}：其单位与表头不同；--repair TIME_SCALE 予以更正',
  },
  TIME_BACKWARD: {
    en: 'test time runs backwards at {count} {count?record|records}; such intervals carry no charge',
    zh: '测试时间在 {count} 条记录处倒退；这些间隔不计电荷',
  },
  'TIME_GAP/records': {
    en: '{count} {count?step|steps} with a gap in their records; the longest is {longest}',
    zh: '{count} 个工步的记录有间断；最长为 {longest}',
  },
  'DAYLIGHT_SAVING/forward': {
    en: 'the clock goes from {before} to {after} between records that are {rhythm} apart: it was set forward by an hour (as in {zone}), which does not count as time; time_zone in cellar.toml says which zone it is',
    zh: '时钟在相隔 {rhythm} 的记录之间由 {before} 变为 {after}：它被拨快一小时（如 {zone}），不计为时间；cellar.toml 中的 time_zone 可说明所在时区',
  },
  'DAYLIGHT_SAVING/back': {
    en: 'the clock goes from {before} to {after} between records that are {rhythm} apart: it was set back by an hour (as in {zone}), which does not count as time; time_zone in cellar.toml says which zone it is',
    zh: '时钟在相隔 {rhythm} 的记录之间由 {before} 变为 {after}：它被拨慢一小时（如 {zone}），不计为时间；cellar.toml 中的 time_zone 可说明所在时区',
  },
  DUPLICATE_RECORDS: {
    en: '{count} {count?record|records} {count?repeats|repeat} the one before',
    zh: '{count} 条记录重复前一条',
  },
  CYCLE_NOT_INTEGER: {
    en: 'cycle numbers that are not whole numbers in {count} {count?record|records}, the first {first}; cycles are counted again from the current',
    zh: '{count} 条记录的循环号不是整数，第一个为 {first}；循环改由电流重新计数',
  },
  'CYCLE_NOT_INTEGER/turns': {
    en: 'cycle numbers that are not whole numbers in {count} {count?record|records}, the first {first}, which is {turns} times 2π: a unit library took cycles for turns; cycles are counted again from the current',
    zh: '{count} 条记录的循环号不是整数，第一个为 {first}，即 2π 的 {turns} 倍：某个单位库把循环当作了圈数；循环改由电流重新计数',
  },
  CYCLE_JUMP: {
    en: "the vendor's cycle number jumps at {count} {count?record|records}, first from {from} to {to}; cycles are counted again from the current",
    zh: '厂商的循环号在 {count} 条记录处跳变，第一次由 {from} 到 {to}；循环改由电流重新计数',
  },
  VALUES_NOT_STORED: {
    en: 'stored as NULL: {parts:; }',
    zh: '存储为 NULL：{parts:；}',
  },
  EMPTY_VALUES: {
    en: '{count} of {records} in "{column}" are empty or not a number',
    zh: '"{column}" 中 {records} 个值有 {count} 个为空或不是数字',
  },
  SENSORLESS_VALUES: {
    en: '{count} in "{column}" are below -200 °C, which no sensor reads',
    zh: '"{column}" 中 {count} 个值低于 -200 °C，任何传感器都不会给出',
  },
  UNCOUNTED_RECORDS: {
    en: '{count} {count?record|records} with current have no number in "{column}"',
    zh: '{count} 条有电流的记录在 "{column}" 中没有数字',
  },
});
