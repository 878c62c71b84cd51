import { expect, it } from 'vitest';
import type { FitKindName } from '../../src/fits/kinds/index.js';
import { digestOfModules, fitVersion, textOf } from '../../src/fits/version.js';

/** Stored fits are made again when, and only when, a module that makes them has another text. */

const kinds: FitKindName[] = ['impedance', 'arrhenius', 'decay', 'coulombic_efficiency'];

it.each([
  ['/analysis/decay/log-linear.js', ['decay']],
  ['/analysis/impedance/fit/robust.js', ['impedance']],
  ['/analysis/coulombic-efficiency/statistics.js', ['coulombic_efficiency']],
  // Quantiles: below everything that has an interval.
  ['/analysis/statistics/distributions.js', kinds],
  ['/report/manifest.js', []],
] as [string, string[]][])('another text of %s is another version of %j', (module, expected) => {
  const changed = (url: URL) => `${textOf(url)}${url.pathname.endsWith(module) ? '\n// another text' : ''}`;
  expect(kinds.filter((kind) => digestOfModules(kind, changed) !== fitVersion(kind))).toEqual(expected);
});
