import type { Spectrum } from '../../analysis/impedance/index.js';
import { usageError } from '../../errors.js';
import { numberColumn, readColumns } from './columns.js';

const columns = ['frequency_hertz', 'real_impedance_ohm', 'imaginary_impedance_ohm'] as const;

/** Reads a spectrum from a file: from plain columns by their names, else as the format of the export requires. */
export async function readSpectrum(
  path: string,
  { spectrum: number, lab, format }: { spectrum: number; lab?: string; format?: string },
): Promise<Spectrum> {
  const table = await readColumns(path);
  if (columns.every((name) => table.names.includes(name))) {
    // A missing value becomes NaN, and the point is left out with its index.
    const of = (name: string) => numberColumn(table, name).map((value) => value ?? Number.NaN);
    return {
      frequency_hertz: of('frequency_hertz'),
      real_impedance_ohm: of('real_impedance_ohm'),
      imaginary_impedance_ohm: of('imaginary_impedance_ohm'),
    };
  }
  return readExport(path, number, lab, format);
}

async function readExport(
  path: string,
  number: number,
  lab: string | undefined,
  formatId: string | undefined,
): Promise<Spectrum> {
  const { ingestInMemory } = await import('../../ingest/in-memory.js');
  const { formatOption } = await import('../support/ingest-options.js');
  const { select } = await import('../../store/connection.js');
  const { formatsOfLab, labFolderOf } = await import('../../ingest/lab-formats.js');
  const folder = labFolderOf(path, lab);
  const format = await formatOption(formatId, folder);
  const { database } = await ingestInMemory([path], format, await formatsOfLab(folder));
  try {
    const spectra = await select<{ f: number[]; re: number[]; im: number[] }>(
      database.connection,
      `SELECT list(frequency_hertz ORDER BY point_index) AS f, list(real_impedance_ohm ORDER BY point_index) AS re,
         list(imaginary_impedance_ohm ORDER BY point_index) AS im
       FROM impedance GROUP BY spectrum_id ORDER BY spectrum_id`,
    );
    const found = spectra[number - 1];
    if (found === undefined) {
      const what = spectra.length === 0 ? 'no spectrum' : `${spectra.length} spectra, no number ${number}`;
      throw usageError(
        `${path} has ${what}`,
        `plain columns are ${columns.join(', ')}; of an export choose with --spectrum N`,
      );
    }
    return { frequency_hertz: found.f, real_impedance_ohm: found.re, imaginary_impedance_ohm: found.im };
  } finally {
    database.close();
  }
}
