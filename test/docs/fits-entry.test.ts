import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { projectRoot } from '../shared-data.js';

it('cellar/fits bundles for a browser, and fits there', async () => {
  const { exports } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    exports: Record<string, { default: string }>;
  };
  const entry = exports['./fits']!.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
  const { outputFiles, metafile } = await build({
    entryPoints: [join(projectRoot, entry)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'fits',
    logLevel: 'silent',
  });
  // Nothing but the folder of pure functions, and the words of what they say, is in it.
  const outside = Object.keys(metafile.inputs).filter(
    (name) => !/(^|\/)src\/(analysis\/|messages\/|errors\.ts)/.test(name),
  );
  expect(outside).toEqual([]);
  // A browser has no process, require or Buffer; neither has this context.
  const context = createContext({});
  runInContext(outputFiles[0]!.text, context);
  const activation = runInContext(
    `(() => {
      const temperature_celsius = [0, 20, 40, 60, 80];
      const conductivity_siemens_per_centimeter = temperature_celsius.map(
        (t) => (5e3 / (t + 273.15)) * Math.exp(-0.3 / (8.617333262e-5 * (t + 273.15))));
      const { forms } = fits.fitArrhenius({ temperature_celsius, conductivity_siemens_per_centimeter });
      return forms.ln_sigma_T.results.find(({ quantity }) => quantity === 'Ea_eV').value;
    })()`,
    context,
  ) as number;
  expect(activation).toBeCloseTo(0.3, 6);
});
