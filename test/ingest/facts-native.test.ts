import { describe } from 'vitest';
import { hasNativeData, nativeData, sayIfAbsent } from '../shared-data.js';
import { heldToFacts, readFacts } from './recorded-facts.js';

sayIfAbsent(hasNativeData, "the folder of instruments' own files");

const facts = hasNativeData ? readFacts(nativeData, 'facts-native.json') : [];

describe.runIf(hasNativeData)("instruments' own files", () => {
  heldToFacts(
    nativeData,
    facts.filter(({ kind }) => kind !== 'not_data'),
  );
});
