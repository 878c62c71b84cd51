import { describe, expect, it } from 'vitest';
import { readSweep, relativeDeviation, type SweepDialect } from './sweeps.js';
import { readJson, readText } from './tables.js';

interface SweepTruth {
  kind: string;
  status?: string;
  format?: string;
  points: number;
  decimal_comma?: boolean;
  encoding?: string;
  circuit: string;
  parameters: Record<string, number>;
}

const tab = '\t';
const ecLab: SweepDialect = {
  encoding: 'latin1',
  after: /^freq\/Hz\t/,
  delimiter: tab,
  columns: [0, 1, 2],
  negated: true,
};
const gamry: SweepDialect = {
  encoding: 'latin1',
  after: /^ZCURVE/,
  skip: 2,
  delimiter: tab,
  columns: [3, 4, 5],
};
const zplot: SweepDialect = { after: /^End Comments/, delimiter: tab, columns: [0, 4, 5] };

const samples: Record<string, SweepDialect> = {
  'biologic-mpt/peis-two-sweeps.mpt': ecLab,
  'biologic-mpt/modulo-bat.mpt': { ...ecLab, after: /^mode\t/, columns: [14, 19, 20], otherRows: true },
  'nrel-raw-csv/raw.csv': { after: /^Cycle_Index/, delimiter: ',', columns: [15, 19, 16], otherRows: true },
  'autolab-dfr/autolab.dfr': {
    after: /^VERSION/,
    skip: 2,
    linesPerPoint: 9,
    delimiter: /\s+/,
    columns: [0, 1, 2],
    negated: true,
  },
  'gamry-dta/eispot.DTA': gamry,
  'gamry-dta/eispot-decimal-comma.DTA': { ...gamry, decimalComma: true },
  'zplot-z/zplot.z': zplot,
  'zview-text/z60w.txt': { after: /Freq \(Hz\)/, delimiter: ',', columns: [0, 4, 5] },
  'versastudio-par/versastudio.par': { after: /^Definition=/, delimiter: ',', columns: [5, 10, 11] },
  'powersuite-txt/powersuite.txt': { after: /^Frequency/, delimiter: tab, columns: [0, 1, 2] },
  'chi-text/chi660e.txt': { after: /^Freq\/Hz/, skip: 1, delimiter: ',', columns: [0, 1, 2] },
  'novocontrol-txt/windeta.txt': { after: /Freq\.\[Hz\]/, delimiter: tab, columns: [0, 1, 2] },
  'elchemea-i2b/elchemea.i2b': { after: /^\d+$/, delimiter: ' ', columns: [0, 1, 2] },
  'p00-text/sweep.P00': { after: /f\/Hz/, skip: 1, delimiter: tab, columns: [0, 1, 2], negated: true },
  'ivium-idf/ivium.idf': {
    encoding: 'latin1',
    after: /^primary_data/,
    skip: 2,
    delimiter: /\s+/,
    columns: [2, 0, 1],
  },
  'zahner-text/thales.txt': { after: /^Number/, delimiter: tab, columns: [1, 2, 3], polar: true },
  'maccor-fra/FMT-01.EDA0001.041': { after: /^Freq\(Hz\)/, skip: 1, delimiter: tab, columns: [0, 3, 4] },
  'parstat-txt/parstat.txt': {
    after: /^Potential/,
    delimiter: tab,
    columns: [3, 4, 5],
    otherRows: true,
  },
  'generic-impedance/minus-imaginary.csv': {
    after: /^freq/,
    delimiter: ',',
    columns: [0, 1, 2],
    negated: true,
  },
  'generic-impedance/two-spectra.csv': { after: /^f,/, delimiter: ',', columns: [0, 1, 2] },
  'generic-impedance/modulus-phase.txt': {
    after: /^Frequency/,
    delimiter: tab,
    columns: [0, 1, 2],
    polar: true,
  },
  'headerless-impedance/three-columns.csv': { after: /^never$/, delimiter: ',', columns: [0, 1, 2] },
};

const formats = readJson<Record<string, SweepTruth>>('formats/truth.json');
const lab = readJson<{ files: Record<string, SweepTruth> }>('lab-truth.json').files;

/** The dialect of a file of the laboratory. */
function labDialect(path: string, { format, decimal_comma = false }: SweepTruth): SweepDialect {
  if (format === 'biologic-mpt') return ecLab;
  if (format === 'gamry-dta') return { ...gamry, decimalComma: decimal_comma };
  if (format === 'zplot-z') return zplot;
  if (path.endsWith('.txt')) {
    return { encoding: 'utf-16le', after: /^f\t/, delimiter: tab, columns: [0, 1, 2], negated: true };
  }
  return { after: /^frequency/, delimiter: ',', columns: [0, 1, 2] };
}

describe('sweeps', () => {
  it('are all described here', () => {
    const swept = Object.entries(formats).filter(([, { kind }]) => kind === 'impedance' || kind === 'both');
    expect(Object.keys(samples).sort()).toEqual(swept.map(([path]) => path).sort());
  });

  it.each(Object.entries(samples))(
    '%s is the circuit it was made from, but for the noise',
    (path, dialect) => {
      const truth = formats[path]!;
      const points = readSweep(readText(`formats/${path}`, dialect.encoding), dialect);
      expect(points.length).toBe(truth.points);
      const deviation = relativeDeviation(points, truth.circuit, truth.parameters);
      expect(deviation).toBeGreaterThan(0.001);
      expect(deviation).toBeLessThan(0.003);
    },
  );

  const labSweeps = Object.entries(lab).filter(
    ([, { kind, status }]) => kind === 'impedance' && status === 'ingested',
  );

  it('are there for every instrument of the laboratory', () => {
    expect(new Set(labSweeps.map(([, { format }]) => format))).toEqual(
      new Set(['biologic-mpt', 'gamry-dta', 'zplot-z', 'generic-impedance']),
    );
  });

  it.each(labSweeps)('lab/%s is the circuit it was made from, but for the noise', (path, truth) => {
    const dialect = labDialect(path, truth);
    const points = readSweep(readText(`lab/${path}`, dialect.encoding), dialect);
    expect(points.length).toBe(truth.points);
    const deviation = relativeDeviation(points, truth.circuit, truth.parameters);
    expect(deviation).toBeGreaterThan(0.0018);
    expect(deviation).toBeLessThan(0.004);
  });
});
