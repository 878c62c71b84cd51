import { describe } from 'vitest';
import { hasRealData, realData, sayIfAbsent } from '../shared-data.js';
import { heldToFacts, readFacts } from './recorded-facts.js';

sayIfAbsent(hasRealData, 'the folder of recorded exports');

describe.runIf(hasRealData)('recorded exports', () => {
  heldToFacts(realData, hasRealData ? readFacts(realData, 'facts.json') : []);
});
