export * from './bounds.js';
export * from './metadata.js';
export * from './temperatures.js';
