import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../shared-data.js';

/** One cell of each kind is enough for a page; what is left out only takes time. */
const leftOut =
  /LPSC-0[24]|LPSC-01_(-10|10|40|55)degC|LLZO-12|LLZO-11.(10C|40C|minus15C)|LISEI-03|LRMO-03|neware.127|maccor.04/;

/**
 * Copies the sample laboratory without the exports that add nothing new: materials of every category and every
 * verdict, heating and cooling, blocking and symmetric cells, an excluded cell, cells without data.
 */
export function copySampleLab(folder: string): string {
  const lab = join(folder, 'lab');
  cpSync(join(projectRoot, 'sample-data', 'lab'), lab, {
    recursive: true,
    filter: (path) => !leftOut.test(path),
  });
  return lab;
}
