import { board } from './board.js';
import { cell, cells, compare } from './cells.js';
import { channels } from './channels.js';
import { figures, marks, record } from './figures.js';
import { file, files } from './files.js';
import { quantities } from './quantities.js';
import type { Route } from './route.js';
import { schema, status } from './status.js';

/** Every route that answers from a snapshot. */
export const routes: readonly Route[] = [
  status,
  schema,
  board,
  channels,
  cells,
  cell,
  compare,
  files,
  file,
  record,
  marks,
  quantities,
  ...figures,
];
