import { figureMessages } from '../messages/figures.js';
import {
  type Language,
  type Message,
  type MessageTable,
  type ReaderSettings,
  type Say,
  type ValuesOf,
  wordsOf,
} from '../messages/message.js';
import { pageMessages } from '../messages/page.js';
import { plainNumber } from './numbers.js';

const COUNT_DIGITS = 9;

/** The language that a page is being written in. Pages are written in one go, so that one is spoken at a time. */
let reading: ReaderSettings = { language: 'en' };

/** Does something, such as writing a page, in a language and as of a day. */
export function speaking<Result>(as: ReaderSettings, work: () => Result): Result {
  const before = reading;
  reading = as;
  try {
    return work();
  } finally {
    reading = before;
  }
}

/** The words of a message in the language of the page. */
export const spoken = (message: Message): string => wordsOf(message, reading);

/** The same without the dates that it projects. */
export const spokenWithoutDates = (message: Message): string =>
  wordsOf(message, { ...reading, dates: false });

/** The language of the page. */
export const spokenLanguage = (): Language => reading.language;

/** Says the messages of a table at once: as words in the language of the page, whole numbers with their thousands apart. */
export function spokenBy<Table extends MessageTable>(say: Say<Table>) {
  return <Code extends keyof Table & string>(code: Code, ...values: ValuesOf<Table[Code]['en']>): string =>
    wordsOf(say(code, ...values), {
      ...reading,
      numberText: (value) => plainNumber(value, COUNT_DIGITS),
    });
}

/** The words of the page in its language. */
export const words = spokenBy(pageMessages);

/** The words of the figures in the language of the page. */
export const figureWords = spokenBy(figureMessages);

/** Several messages as the clauses of one sentence. */
export const clauses = (messages: readonly Message[]): string =>
  words('clauses', { items: messages.map(spoken) });
