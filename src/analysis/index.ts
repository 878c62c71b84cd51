/**
 * Only the fits and formulas, over plain arrays: `import { fitArrhenius } from 'cellar/fits'`. Nothing here needs Node
 * or a database, so that it can be bundled for a browser.
 *
 * @module
 */

export * from './arrhenius/index.js';
export * from './coulombic-efficiency/index.js';
export * from './cycling/index.js';
export * from './decay/index.js';
export * from './impedance/index.js';
export * from './materials/index.js';
export { type AnalysisWarning, type FitResult, NotComputable, type Quantity } from './result.js';
export * from './verdict/index.js';
