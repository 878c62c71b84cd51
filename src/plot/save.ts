import type { DuckDBConnection } from '@duckdb/node-api';
import { csv } from '../query/formats/csv.js';
import { streamQuery } from '../query/run.js';
import { writeAtomically } from '../report/files-out.js';
import type { PlotFigures } from './draw.js';
import { htmlFile, svgFile } from './svg.js';

/** The rows that are drawn, as CSV. */
async function csvFile(connection: DuckDBConnection, sql: string): Promise<string> {
  let text = '';
  for await (const piece of csv(await streamQuery(connection, sql))) text += piece;
  return text;
}

/**
 * Writes what was drawn to a file, completely or not at all; for `-` it returns the text instead.
 *
 * @throws CellarError (usage) where a picture is asked for and no browser is found
 */
export async function savePlot(
  connection: DuckDBConnection,
  plotted: PlotFigures,
  ending: string,
  file: string,
): Promise<string | undefined> {
  if (ending === 'png' || ending === 'pdf') {
    const { printToPdf, printToPng } = await import('../report/pdf.js');
    const svg = svgFile(plotted.all);
    const [, width = '700', height = '500'] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    if (ending === 'pdf') await printToPdf(htmlFile(plotted.all), file);
    else await printToPng(svg, file, { width: Number(width), height: Number(height) });
    return undefined;
  }
  const text =
    ending === 'csv'
      ? await csvFile(connection, plotted.sql)
      : ending === 'html'
        ? htmlFile(plotted.all)
        : svgFile(plotted.all);
  if (file === '-') return text;
  await writeAtomically(file, text);
  return undefined;
}
