import { arbinCsv, arbinCycles, arbinRes } from './arbin.js';
import { autolabDfr } from './autolab.js';
import { basytecBlanks, basytecProcessed, basytecText } from './basytec.js';
import { batteryArchiveCsv, batteryArchiveCycles } from './battery-archive.js';
import { bdfCsv } from './bdf.js';
import { biologicBare, biologicCsv, biologicMpr, biologicMpt, btLabAdvancedCsv } from './biologic.js';
import type { Format } from './definition.js';
import { digatronCsv, digatronImpedance } from './digatron.js';
import { gamryDta } from './gamry.js';
import { beepCsv, genericCycling, pybammCsv } from './generic-cycling.js';
import { genericImpedance, headerlessImpedance } from './generic-impedance.js';
import {
  chiText,
  elchemeaI2b,
  novocontrolTxt,
  p00Text,
  powersuiteTxt,
  relaxisTxt,
  zahnerText,
} from './impedance-text.js';
import { iviumIdf } from './ivium.js';
import { landtCsv, landtSheet, landtTable, landtText } from './landt.js';
import { maccorCsv, maccorFra, maccorStatistics, maccorText } from './maccor.js';
import {
  newareCycles,
  newareFlat,
  newareLayered,
  newareNda,
  newareNdax,
  newareOlder,
  newareSteps,
  newareTable,
  repowerCsv,
} from './neware.js';
import { novonixCsv } from './novonix.js';
import { nrelRawCsv, nrelSummaryCsv } from './nrel.js';
import { pecCsv } from './pec.js';
import { parstatTxt, versastudioPar } from './princeton.js';
import { zplotZ, zviewText } from './zplot.js';

export type { Format } from './definition.js';

/**
 * Every format, in the order they are tried: signatures in the first lines, then header rows from the most to the
 * least specific, then files without a header, then any table of time and voltage.
 */
export const formats: readonly Format[] = [
  biologicMpr,
  newareNda,
  newareNdax,
  arbinRes,
  biologicMpt,
  gamryDta,
  novonixCsv,
  basytecText,
  basytecBlanks,
  maccorFra,
  landtText,
  versastudioPar,
  autolabDfr,
  zplotZ,
  zviewText,
  chiText,
  iviumIdf,
  newareLayered,
  pecCsv,
  maccorStatistics,
  maccorText,
  p00Text,
  novocontrolTxt,
  parstatTxt,
  powersuiteTxt,
  relaxisTxt,
  zahnerText,
  biologicBare,
  btLabAdvancedCsv,
  biologicCsv,
  newareSteps,
  newareCycles,
  repowerCsv,
  newareFlat,
  newareOlder,
  landtCsv,
  landtTable,
  landtSheet,
  batteryArchiveCycles,
  arbinCycles,
  nrelSummaryCsv,
  nrelRawCsv,
  beepCsv,
  arbinCsv,
  batteryArchiveCsv,
  maccorCsv,
  bdfCsv,
  digatronImpedance,
  digatronCsv,
  basytecProcessed,
  pybammCsv,
  genericImpedance,
  headerlessImpedance,
  elchemeaI2b,
  newareTable,
  genericCycling,
];
