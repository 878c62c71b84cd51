/** What a verdict hangs on: choices that a method made without decisive evidence, and what the others would give. */
import type { Message } from '../../messages/message.js';
import { verdictMessages as say } from '../../messages/verdict.js';
import type { UncertaintyComponent } from '../uncertainty/index.js';

/** Every choice that is tried again; the list is closed. */
export const choices = [
  'branch',
  'circuit',
  'assignment',
  'law',
  'points',
  'estimator',
  'window',
  'charge',
  'assumed uncertainty',
  'cells',
] as const;

/** A choice that is tried again. */
export type Choice = (typeof choices)[number];

/** What would settle a choice. */
export const settledBy = (choice: Choice): Message => say(`SETTLED_BY/${choice}`);

/** A value under another defensible choice, in the unit of the value it stands beside. */
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
