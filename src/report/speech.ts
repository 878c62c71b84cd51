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

/** Kinds of cells that have other words on a page than in tables. */
export const cellTypes = ['full', 'anode_free', 'cathode_half', 'anode_half', 'li_cu', 'symmetric'] as const;

const cellTypeNames = new Map(
  cellTypes.map((type) => [type as string, pageMessages(`cell_type/${type}`).message]),
);

/** The language that a page is being written in. Pages are written in one go, so that one is spoken at a time. */
let reader: ReaderSettings = { language: 'en' };

/** Runs `work`, such as writing a page, in a language and as of a day. */
export function speaking<Result>(as: ReaderSettings, work: () => Result): Result {
  const before = reader;
  reader = { ...as, names: as.language === 'en' ? cellTypeNames : undefined };
  try {
    return work();
  } finally {
    reader = before;
  }
}

/** The words of a message in the language of the page. */
export const spoken = (message: Message): string => wordsOf(message, reader);

/** The same without projected dates. */
export const spokenWithoutDates = (message: Message): string => wordsOf(message, { ...reader, dates: false });

/** The language of the page. */
export const spokenLanguage = (): Language => reader.language;

/** Says the messages of a table at once: as words in the language of the page, whole numbers with their thousands apart. */
export function spokenBy<Table extends MessageTable>(say: Say<Table>) {
  return <Code extends keyof Table & string>(code: Code, ...values: ValuesOf<Table[Code]['en']>): string =>
    wordsOf(say(code, ...values), {
      ...reader,
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
