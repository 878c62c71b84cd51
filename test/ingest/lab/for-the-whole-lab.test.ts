import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLab } from '../../../src/ingest/lab/index.js';

const written = (files: Record<string, string>) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return readLab(folder);
};

const cells =
  'cell_id,temperature_half_width_kelvin,temperature_at_sample,confirmed\nA,0.3,yes,thickness_um\nB,,,\n';

it('what cellar.toml states stands where a line leaves the column empty', async () => {
  const lab = await written({
    'cells.csv': cells,
    'materials.csv': 'material_id,category,cost_relative_uncertainty\nM,cell,\n',
    'cellar.toml':
      '[uncertainty]\ntemperature_half_width_kelvin = 0.8\ntemperature_at_sample = false\ncost_relative_uncertainty = 0\nconfirmed = "diameter_mm"\n',
  });
  expect(lab.cells).toMatchObject([
    {
      temperature_half_width_kelvin: 0.3,
      temperature_at_sample: true,
      confirmed: 'thickness_um diameter_mm',
    },
    { temperature_half_width_kelvin: 0.8, temperature_at_sample: false, confirmed: 'diameter_mm' },
  ]);
  expect(lab.materials).toMatchObject([{ cost_relative_uncertainty: 0 }]);
});

it('an uncertainty that is no column, or in percent, is refused with its place', async () => {
  const toml = (text: string) => written({ 'cells.csv': cells, 'cellar.toml': text });
  await expect(toml('[uncertainty]\nthickness = 0.1\n')).rejects.toThrow(
    /cellar\.toml, uncertainty.*thickness/,
  );
  await expect(toml('[uncertainty]\ncharge_ratio_half_width = 5\n')).rejects.toThrow(
    /uncertainty\.charge_ratio_half_width/,
  );
});
