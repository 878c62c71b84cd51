import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNdax } from '../../../src/ingest/containers/ndax.js';
import { hasNativeData, nativeData, sayIfAbsent } from '../../shared-data.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

/** First values of auxiliary channels, as another reader of these files gives them, and how many there are. */
const channels: [file: string, first: Record<string, number>, count: number][] = [
  // Version 16, in a member of another name than data_AUX.
  ['46_1_5_60_bts16.ndax', { 'V1(V)': -7.5e-5, 'T1(°C)': 23.6 }, 84],
  // Version 2: whole items with a record number of their own.
  ['scrubbed_ndc2.ndax', { 'V1(V)': 2.4464, 'T1(°C)': 97, 'TSet1(°C)': 24.9 }, 28],
  ['Unit27_Example_Data_File.ndax', { 'T1(°C)': 25.487, 'T2(°C)': 25.487 }, 301],
];

it.runIf(hasNativeData).each(channels)('%s gives its auxiliary channels', async (file, first, count) => {
  const { tables, notes } = await readNdax(readFileSync(join(nativeData, 'neware', file)));
  expect(notes).toEqual([]);
  const columns = new Map(tables[0]!.columns.map(({ name, values }) => [name, values]));
  for (const [name, value] of Object.entries(first)) {
    expect(columns.get(name)?.[0], name).toBeCloseTo(value, 6);
    expect(columns.get(name)?.filter(Number.isFinite), name).toHaveLength(count);
  }
});
