/** Every kind of fit, and the columns its file has. Apart from the fits themselves, which load heavier modules. */
export const fitColumns = {
  impedance:
    'frequency_hertz, real_impedance_ohm, imaginary_impedance_ohm; or any export of an impedance analyser',
  'kramers-kronig': 'the same',
  drt: 'the same: the distribution of relaxation times, a picture that no verdict rests on',
  conductivity: 'spectra of one pellet, files or folders: σ over temperature, Ea and σ at 25 °C',
  arrhenius:
    'temperature_celsius, conductivity_siemens_per_centimeter[, branch, conductivity_standard_error]',
  decay: 'cycle, capacity[, label, energy]',
  calendar:
    'cell, temperature_celsius, time_day, loss (a fraction); or capacity in place of loss, from day 0 on',
  'coulombic-efficiency': 'cycle, charge, discharge[, label]; or cycle, coulombic_efficiency[, label]',
} as const;

export type FitKind = keyof typeof fitColumns;
