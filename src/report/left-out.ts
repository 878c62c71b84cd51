import { type Coded, type Message, withWords } from '../messages/message.js';
import { spoken, words } from './speech.js';

/** Why a cycle, a reading or a spectrum is left out: in words, and as a message where it has one. */
export interface LeftOut {
  reason: string;
  why?: Coded;
}

/** The reason in the language of the page. */
export const leftOutText = ({ reason, why }: LeftOut): string => spoken(withWords(reason, why));

/** The label for which a cycle is left out; null where that is not the reason. */
function labelOf({ why }: LeftOut): string | null {
  if (why?.code !== 'LABEL') return null;
  const label = why.values?.label;
  return typeof label === 'object' && label !== null ? spoken(label as Message) : words('label_unknown');
}

/** The same in a list of reasons, where a label is enough. */
export const shortLeftOut = (one: LeftOut): string => labelOf(one) ?? leftOutText(one);

/** The same as a clause: `labelled formation`. */
export function leftOutClause(one: LeftOut): string {
  const label = labelOf(one);
  return label === null ? leftOutText(one) : words('labelled', { label });
}
