import { toolVersion } from '../version.js';

/** The text for a person who unpacks a bundle. */
export function readmeOf({ raw }: { raw: boolean }): string {
  return `This is the evidence behind verdicts on battery materials, packed by Cellar ${toolVersion}.

report.html     the page: open it in a browser, it needs nothing else
verdicts.json   every verdict with its value, bounds, uncertainty budget and cells
targets/        the limits that were judged against
raw/            ${raw ? "the files of the instruments, byte for byte, and the laboratory's metadata" : "the laboratory's metadata; the files of the instruments are not in here"}
lab/            metadata, where they lay in a folder of their own
records.json    cells that were left out, with reasons, and verdicts reached before
manifest.json   SHA-256 of everything, and the versions

To make everything again from the files of the instruments (Node 20 and npm are needed):

    npx cellar@${toolVersion} verify ${raw ? 'FILE.zip' : 'FILE.zip --raw FOLDER'}

${raw ? '' : 'FOLDER holds the files of the instruments as the laboratory has them, below raw/ as manifest.json lists them.\n'}It reads, derives, fits and judges anew in a folder of its own, and names every number and word that differs.
Addresses of notifications were taken out of cellar.toml; nothing else was changed.
`;
}
