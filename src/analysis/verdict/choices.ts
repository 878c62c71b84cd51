/**
 * What a verdict depends on: choices that a method made without decisive evidence, and the results of the other
 * choices.
 */
import type { Message } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import type { UncertaintyComponent } from '../uncertainty/index.js';

/** Every choice for which alternatives are tried; the list is complete. */
export const choices = [
  'branch',
  'circuit',
  'assignment',
  'law',
  'points',
  'estimator',
  'window',
  'charge',
  'conditions',
  'assumed uncertainty',
  'cells',
] as const;

/** A choice for which alternatives are tried. */
export type Choice = (typeof choices)[number];

/** What would settle a choice. */
export const settledBy = (choice: Choice): Message => say(`SETTLED_BY/${choice}`);

/** A value under another defensible choice, in the unit of the reported value. */
export interface OtherChoice {
  choice: Choice;
  /** What was chosen instead, the same words for every cell. */
  alternative: string;
  /** The same as a code with values, where it is more than a name. */
  said?: Message;
  value: number;
  /** Where its uncertainty comes from; on the ln scale relative. */
  components: UncertaintyComponent[];
}
