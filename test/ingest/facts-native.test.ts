import { describe } from 'vitest';
import { hasNativeData, nativeData, sayIfAbsent } from '../shared-data.js';
import { heldToFacts, readFacts } from './recorded-facts.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

const facts = hasNativeData
  ? readFacts(nativeData, 'facts-native.json').filter(({ kind }) => kind !== 'not_data')
  : [];

/** Tables that were exported from other files of the folder: beside them they are the same tests again. */
const isExport = ({ path }: { path: string }) => path.startsWith('parquet/');

describe.runIf(hasNativeData)("instruments' own files", () => {
  heldToFacts(
    nativeData,
    facts.filter((file) => !isExport(file)),
  );
});

describe.runIf(hasNativeData)('tables exported from them', () => {
  heldToFacts(nativeData, facts.filter(isExport));
});
