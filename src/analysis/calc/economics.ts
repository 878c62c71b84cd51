/** Scenarios of cost and share, yields and the cost of storage. */
import {
  exponentialCostPath,
  learningCurveCost,
  levelisedCostOfStorage,
  logisticShare,
  processYield,
  progressRatio,
} from '../materials/index.js';
import { anySign, type Formula, list, one, positive } from './formula.js';

const initialCost = positive('cost', 'C(0)', 'cost at the beginning, with any unit: 150 EUR/kWh', null);

export const economics: readonly Formula[] = [
  {
    name: 'learning-curve',
    title: 'Cost after a cumulative volume',
    form: 'C(n) = C₀·n^(−b)',
    source: 'T. P. Wright, J. Aeronaut. Sci. 3 (1936) 122',
    inputs: [
      { ...initialCost, symbol: 'C₀' },
      positive('exponent', 'b', 'learning exponent', '1'),
      positive('volume', 'n', 'cumulative volume, as a multiple of that of C₀', '1'),
    ],
    outputs: [
      { name: 'cost', meaning: 'C(n)', unit: { in: 'cost' } },
      { name: 'progress_ratio', meaning: 'share of the cost that each doubling leaves, 2^(−b)', unit: '1' },
    ],
    remarks: [],
    compute: (v) => ({
      cost: learningCurveCost(one(v, 'cost'), one(v, 'exponent'), one(v, 'volume')),
      progress_ratio: progressRatio(one(v, 'exponent')),
    }),
    isScenario: true,
  },
  {
    name: 'cost-path',
    title: 'Cost that falls at a constant rate',
    form: 'C_ss(t) = C_ss(0)·e^(−α·t)',
    source: 'definition',
    inputs: [
      { ...initialCost, symbol: 'C_ss(0)' },
      anySign('rate', 'α', 'rate of the fall', '1/a'),
      { ...positive('time', 't', 'time', 'a'), range: 'not negative' },
    ],
    outputs: [{ name: 'cost', meaning: 'C_ss(t)', unit: { in: 'cost' } }],
    remarks: [],
    compute: (v) => ({ cost: exponentialCostPath(one(v, 'cost'), one(v, 'rate'), one(v, 'time')) }),
    isScenario: true,
  },
  {
    name: 'market-share',
    title: 'Logistic share of a market, with its ceiling',
    form: 'S(t) = L/(1 + e^(−k·(t − t₀)))',
    source: 'P. F. Verhulst, Corr. Math. Phys. 10 (1838) 113',
    inputs: [
      {
        ...positive('ceiling', 'L', 'share that is reached in the end, at most 1', '1'),
        range: 'share',
        assumed: 1,
      },
      anySign('steepness', 'k', 'growth rate at the beginning', '1/a'),
      anySign('midpoint', 't₀', 'when half of the ceiling is reached', 'a'),
      anySign('time', 't', 'time, from the same origin', 'a'),
    ],
    outputs: [{ name: 'share', meaning: 'S(t)', unit: '1' }],
    remarks: [],
    compute: (v) => ({
      share: one(v, 'ceiling') * logisticShare(one(v, 'steepness'), one(v, 'midpoint'), one(v, 'time')),
    }),
    isScenario: true,
  },
  {
    name: 'yield',
    title: 'Yield of a chain of steps',
    form: 'Y = Π (1 − pᵢ)',
    source: 'definition',
    inputs: [
      { ...positive('losses', 'pᵢ', 'share that each step loses', '1'), isList: true, range: 'share' },
    ],
    outputs: [{ name: 'yield', meaning: 'Y', unit: '1' }],
    remarks: ['The steps lose independently of each other.'],
    compute: (v) => ({ yield: processYield(list(v, 'losses')).value }),
  },
  {
    name: 'storage-cost',
    title: 'Levelised cost of storage',
    form: 'LCOS = Σ costsₜ·(1 + r)^(−t) / Σ energyₜ·(1 + r)^(−t)',
    source: 'O. Schmidt et al., Joule 3 (2019) 81',
    inputs: [
      {
        ...anySign(
          'costs',
          'costsₜ',
          'all costs of each year, charging included, year 0 first; in one currency',
          null,
        ),
        isList: true,
      },
      {
        ...positive('energy', 'energyₜ', 'energy delivered in each year, year 0 first', 'kWh'),
        isList: true,
        range: 'not negative',
      },
      { ...anySign('discount_rate', 'r', 'discount rate per year', '1'), range: 'not negative' },
    ],
    outputs: [{ name: 'cost', meaning: 'LCOS', unit: { in: 'costs', per: 'kWh' } }],
    remarks: ['State the round-trip efficiency and the cycles per year behind costs and energy.'],
    check: (v) => {
      const [costs, energy] = [list(v, 'costs'), list(v, 'energy')];
      if (costs.length !== energy.length) {
        throw new RangeError(
          `costs of ${costs.length} years and energy of ${energy.length}: give both for every year`,
        );
      }
      if (!energy.some((delivered) => delivered > 0))
        throw new RangeError('no energy is delivered in any year');
    },
    compute: (v) => ({
      cost: levelisedCostOfStorage(list(v, 'costs'), list(v, 'energy'), one(v, 'discount_rate')),
    }),
    isScenario: true,
  },
];
