import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentedSchema } from '../../src/query/documentation.js';
import { projectRoot } from '../shared-data.js';
import { cellar } from './run.js';

const documented = await documentedSchema();

describe('the documented schema', () => {
  it.each(documented.map(({ name }) => name))('%s says what a row and what every column is', (name) => {
    const relation = documented.find((candidate) => candidate.name === name)!;
    expect(relation.row.length).toBeGreaterThan(5);
    expect(relation.columns.length).toBeGreaterThan(0);
    for (const { name: column, type, meaning } of relation.columns) {
      expect([column, meaning.length > 2, type.length > 2]).toEqual([column, true, true]);
    }
  });
});

describe('cellar schema', () => {
  it('lists every table and view', () => {
    const { status, stdout } = cellar(['schema']);
    expect(status).toBe(0);
    for (const { name } of documented) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('explains a table: unit, meaning and formula', () => {
    const { stdout } = cellar(['schema', 'cycles']);
    expect(stdout).toMatch(/^mean_charging_voltage_volt +DOUBLE +V +.*E_chg\/Q_chg/m);
  });

  it('is one JSON object on request', () => {
    const { schema, relations } = JSON.parse(cellar(['schema', 'cells', '--json']).stdout);
    expect(schema).toBe('cellar.schema/1');
    expect(relations).toEqual(documented.filter(({ name }) => name === 'cells'));
  });

  it('suggests a name', () => {
    const { status, stderr } = cellar(['schema', 'measurment']);
    expect(status).toBe(2);
    expect(stderr).toContain('Did you mean measurements?');
  });

  it('agrees with docs/schema.md (`npm run generate` writes it anew)', () => {
    const file = join(projectRoot, 'docs', 'schema.md');
    const { stdout } = cellar(['schema', '--markdown']);
    if (process.env.CELLAR_UPDATE_DOCS === '1') writeFileSync(file, stdout);
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });
});
