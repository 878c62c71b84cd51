export { type CriticalCurrent, findCriticalCurrent, type PlatingStep } from './find.js';
