import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineFormat, described, type Format } from '../../../src/ingest/formats/definition.js';
import { formats } from '../../../src/ingest/formats/index.js';
import { projectRoot } from '../../shared-data.js';
import { measurementsOf, readWritten } from '../written-export.js';

/** The declaration that CONTRIBUTING.md shows, taken from its text: what is written there has to work. */
function shownDeclaration(): { format: Format; lineCount: number } {
  const text = readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8');
  const code = /## Add a format[\s\S]*?```ts\n([\s\S]*?)```/.exec(text)![1]!;
  const body = code.replace(/^import .*\n/gm, '').replace(/export const \w+ = /, 'return ');
  const make = new Function('defineFormat', 'described', body) as (
    define: typeof defineFormat,
    describedNames: typeof described,
  ) => Format;
  return { format: make(defineFormat, described), lineCount: body.trim().split('\n').length };
}

const text = `Kanal: 7
Beginn: 03.04.2026 08:00:00
Laufzeit;Zeitmarke;Schritt;Phase;Strom (mA);Spannung (mV);Ladung;Bemerkung
0;03.04.2026 08:00:00;1;Ruhe;0;3500,5;0;
3600;03.04.2026 09:00:00;2;Laden;100;3600;0,1;x
7200;03.04.2026 10:00:00;3;Entladen;100;3400;0,05;
`;

describe('the format that CONTRIBUTING.md adds', () => {
  const { format, lineCount } = shownDeclaration();

  it('is declared in under 30 lines', () => {
    expect(lineCount).toBeLessThan(30);
  });

  it('reads a file that nothing read before', async () => {
    await expect(readWritten(text)).rejects.toThrow();
    const read = await readWritten(text, { formats: [format, ...formats], derive: 'cycles' });
    expect(read.sniffed.recognition.format.id).toBe('voltlab-csv');
    expect(read.loaded.rejects).toEqual([]);
    expect(read.sniffed.tables[0]!.unknown).toEqual([]);
    expect(
      (await measurementsOf(read)).map((row) => [
        row.test_time_second,
        row.current_ampere,
        row.voltage_volt,
        row.charging_capacity_ah,
        row.discharging_capacity_ah,
      ]),
    ).toEqual([
      [0, 0, 3.5005, null, null],
      [3600, 0.1, 3.6, 0.1, 0],
      [7200, -0.1, 3.4, 0, 0.05],
    ]);
  });

  it('is refused by name where a column it cannot do without is missing', async () => {
    const without = text.replace('Spannung (mV)', 'U0 (mV)');
    await expect(readWritten(without, { formats: [format, ...formats] })).rejects.toThrow(
      /Voltlab CSV: missing voltage column/,
    );
  });
});
