import { arrhenius } from './arrhenius.js';
import { calendar } from './calendar.js';
import { conductivity } from './conductivity.js';
import { coulombicEfficiency } from './coulombic-efficiency.js';
import { decay } from './decay.js';
import type { PlainFit } from './definition.js';
import { drt } from './drt.js';
import { impedance } from './impedance.js';
import { kramersKronig } from './kramers-kronig.js';

/** Every kind of `cellar fit`, in the order of its help. */
export const plainFits: readonly PlainFit[] = [
  impedance,
  kramersKronig,
  drt,
  conductivity,
  arrhenius,
  decay,
  calendar,
  coulombicEfficiency,
];
