import { usageError } from '../../errors.js';
import type { Figure } from '../../report/plot/figure.js';

/** Writes figures as a page or as SVG, depending on the extension of the file. */
export async function saveFigures(figures: readonly Figure[], file: string): Promise<void> {
  const { htmlFile, svgFile } = await import('../../plot/svg.js');
  const { writeAtomically } = await import('../../report/files-out.js');
  if (!/\.(html?|svg)$/i.test(file)) throw usageError(`${file}: a figure is written as .html or .svg`);
  await writeAtomically(file, /\.svg$/i.test(file) ? svgFile(figures) : htmlFile(figures));
}
