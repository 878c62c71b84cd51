import type { CellRecord } from '../../fits/cells.js';
import { figureWords } from '../speech.js';

/** The title of a cell's figure, which says where the cell is left out. */
export const cellTitle = ({ exclusion }: Pick<CellRecord, 'exclusion'>, title: string): string =>
  exclusion === null ? title : figureWords('fig_cell_excluded', { title });
