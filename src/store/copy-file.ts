/**
 * Copies a file and makes it durable: `node copy-file.js FROM TO`. A process of its own, because closing a copy of
 * the live database inside the process that has it open would release DuckDB's lock on it.
 */
import { constants, copyFileSync, fsyncSync, openSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) process.exit(2);
// A reflink where the file system can, else a plain copy.
copyFileSync(from, to, constants.COPYFILE_FICLONE);
fsyncSync(openSync(to, 'r+'));
