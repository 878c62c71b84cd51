export * from './assumed.js';
export * from './components.js';
