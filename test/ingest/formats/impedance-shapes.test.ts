import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CellarError } from '../../../src/errors.js';
import { formats } from '../../../src/ingest/formats/index.js';
import { parseUserFormat } from '../../../src/ingest/formats/user-format.js';
import { goldenFiles, sayIfAbsent } from '../../shared-data.js';
import { pointsOf, readWritten } from '../written-export.js';

/** One spectrum in every way in which analysers write one: the same impedance comes out. */

const file = goldenFiles().get('eis-n28-conversions.json');
sayIfAbsent(file !== undefined, 'the golden conversions');

/** Headers of a plain table, by the form's name in the reference. */
const plain: Record<string, string> = {
  polar_degree: 'Frequency (Hz),|Z| (ohm),Phase (deg)',
  polar_radian: 'Frequency (Hz),|Z| (ohm),Phase (rad)',
  polar_minus_phase: 'Frequency (Hz),|Z| (ohm),-Phase (deg)',
  admittance: 'Frequency (Hz),G (S),B (S)',
  admittance_polar: 'Frequency (Hz),|Y| (S),Phase(Y) (deg)',
  cp_d: 'Frequency (Hz),Cp (F),D',
  cp_rp: 'Frequency (Hz),Cp (F),Rp (ohm)',
  cs_rs: 'Frequency (Hz),Cs (F),Rs (ohm)',
  ls_rs: 'Frequency (Hz),Ls (H),Rs (ohm)',
};

const own = (columns: string, geometry = '') => `
[format]
id = "own-analyser"
kind = "impedance"
delimiter = "comma"
${geometry}
[columns]
frequency_hertz = "f (Hz)"
${columns}
`;
/** Columns that only the geometry of the sample makes an impedance: by a laboratory's own declaration. */
const declared: Record<string, [columns: string, header: string]> = {
  resistivity: [
    `real_resistivity_ohm_cm = "r1 (ohm cm)"\nimaginary_resistivity_ohm_cm = "r2 (ohm cm)"`,
    'f (Hz),r1 (ohm cm),r2 (ohm cm)',
  ],
  permittivity: [`relative_permittivity = "e1"\ndielectric_loss = "e2"`, 'f (Hz),e1,e2'],
};
const geometry = `length_over_area_per_cm = ${0.08 / 0.785}`;

describe.skipIf(file === undefined)('a spectrum is the same impedance', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the reference has a shape per kind.
  let golden: any;
  beforeAll(() => {
    golden = JSON.parse(readFileSync(file as string, 'utf8'));
  });
  it.each([...Object.keys(plain), ...Object.keys(declared)])('written as %s', async (form) => {
    const own_ = declared[form];
    const header = plain[form] ?? (own_ as [string, string])[1];
    const rows = (golden.forms[form].rows as number[][]).map((row) => row.join(','));
    const more =
      own_ === undefined
        ? {}
        : { formats: [parseUserFormat(own(own_[0], geometry), 'own.format.toml'), ...formats] };
    const points = await pointsOf(await readWritten(`${header}\n${rows.join('\n')}\n`, more));
    expect(points.map(({ frequency_hertz }) => frequency_hertz)).toEqual(golden.expected.freq_hz);
    points.forEach(({ real_impedance_ohm, imaginary_impedance_ohm }, i) => {
      // As many digits as the table holds.
      expect(Math.abs(real_impedance_ohm! / golden.expected.z_re_ohm[i] - 1)).toBeLessThan(2e-8);
      expect(Math.abs(imaginary_impedance_ohm! / golden.expected.z_im_ohm[i] - 1)).toBeLessThan(2e-8);
    });
  });
});

describe('an own format of admittance or permittivity', () => {
  it('takes Cp and G with their units, and a column that holds the negative', async () => {
    const columns = `conductance_siemens = "G [µS]"\nsusceptance_siemens = { name = "-B [µS]", negate = true }`;
    const read = await readWritten('f (Hz),G [µS],-B [µS]\n1000,100,-100\n100,200,0\n', {
      formats: [parseUserFormat(own(columns), 'own.format.toml'), ...formats],
    });
    const points = await pointsOf(read);
    expect(points[0]).toMatchObject({ real_impedance_ohm: 5000, imaginary_impedance_ohm: -5000 });
    expect(points[1]?.real_impedance_ohm).toBe(5000);
  });

  it('rejects a line of which no impedance can be made', async () => {
    const read = await readWritten('Frequency (Hz),Cp (F),D\n1000,1e-9,0.1\n100,0,0.1\n10,1e-9,0.2\n');
    expect(await pointsOf(read)).toHaveLength(2);
    expect(read.loaded.rejects.map(({ line_number }) => line_number)).toEqual([3]);
  });

  it('asks for the geometry, and for two columns that belong together', () => {
    const message = (text: string) => {
      try {
        parseUserFormat(text, 'own.format.toml');
      } catch (error) {
        return (error as CellarError).message;
      }
      return 'no error';
    };
    expect(message(own((declared.permittivity as [string, string])[0]))).toContain('length_over_area_per_cm');
    expect(message(own('conductance_siemens = "G (S)"\nloss_factor = "D"'))).toContain('no two of them');
  });
});
