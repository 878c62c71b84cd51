import { describe } from 'vitest';
import { hasNativeData, nativeData, sayIfAbsent } from '../../shared-data.js';
import { heldToFacts, readFacts } from '../recorded-facts.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

const facts = hasNativeData ? readFacts(nativeData, 'facts-native.json') : [];

/** Exports of tests whose own files are here, too: in one database they would be stored once. */
const isExport = ({ path }: { path: string }) => /^(parquet|neware_xlsx)\//.test(path);
const data = facts.filter(({ kind }) => kind !== 'not_data');

describe.runIf(hasNativeData)("instruments' own files", () => {
  heldToFacts(
    nativeData,
    data.filter((file) => !isExport(file)),
  );
});

describe.runIf(hasNativeData)('workbooks and Parquet files of the same tests', () => {
  heldToFacts(nativeData, data.filter(isExport));
});
