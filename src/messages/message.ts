/**
 * Messages as values: a stable code with the numbers and names in it. The words of all languages stand side by side in
 * one table per area. English words are made with the message, since it is stored and printed everywhere; words of
 * another language are made where somebody reads it.
 */
import { chineseNames } from './names.js';

/** Languages that a report is written in. */
export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What stands in a message: a number or name as it is printed, another message, or several of them. */
export type MessageValue = string | number | null | Message | readonly string[] | readonly Message[];
export type MessageValues = Readonly<Record<string, MessageValue>>;

/** A message: its stable code, its words in English, and the values in them. */
export interface Message {
  code: string;
  /** The row of the table with its words, where that is not the code alone. */
  wording?: string;
  message: string;
  values?: MessageValues;
}

/** A message without its words, which are kept beside it. */
export type Coded = Omit<Message, 'message'>;

/** A message from its words and the rest of it. */
export const withWords = (message: string, rest: Coded | undefined): Message => ({
  code: 'WORDS',
  ...rest,
  message,
});

/**
 * One message in every language. `{name}` stands for a value, `{n?cell|cells}` for a word that depends on a number,
 * `{names: or }` for a list with ` or ` between its items. A code with several wordings has a row for each, `CODE/variant`.
 */
export type Wording = Readonly<Record<Language, string>>;
export type MessageTable = Readonly<Record<string, Wording>>;

type NameIn<Inside extends string> = Inside extends `${infer Name}?${string}`
  ? Name
  : Inside extends `${infer Name}:${string}`
    ? Name
    : Inside;

/** The names of the values in a wording that are shown, not only counted. */
type ShownIn<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${string}?${string}` ? never : NameIn<Inside>) | ShownIn<Rest>
  : never;

/** The names of the values in a wording. */
export type NamesIn<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? NameIn<Inside> | NamesIn<Rest>
  : never;

/** A table in which all languages use the same values; a row where they differ has a type that nothing matches. */
type SameValues<Table extends MessageTable> = {
  [Code in keyof Table]: [ShownIn<Table[Code]['en']>, ShownIn<Table[Code]['zh']>] extends [
    ShownIn<Table[Code]['zh']>,
    ShownIn<Table[Code]['en']>,
  ]
    ? Wording
    : { en: string; zh: `the values differ from those in English: ${ShownIn<Table[Code]['en']>}` };
};

/** The arguments for making a message of a wording. */
export type ValuesOf<Text extends string> = [NamesIn<Text>] extends [never]
  ? []
  : [values: Readonly<Record<NamesIn<Text>, MessageValue>>];

/** The code of a row of a table. */
type CodeOf<Row extends string> = Row extends `${infer Code}/${string}` ? Code : Row;

/** Makes messages of a table by their rows. */
export type Say<Table extends MessageTable> = <Row extends keyof Table & string>(
  row: Row,
  ...values: ValuesOf<Table[Row]['en']>
) => Message & { code: CodeOf<Row> };

const tables = new Map<string, Wording>();
const NAME = 'NAME';

/** A name in a language; undefined where there is no translation. */
const nameIn = (language: Language, name: string): string | undefined =>
  language === 'zh' ? chineseNames[name] : undefined;

/**
 * Declares the messages of an area.
 *
 * @throws Error for a code that another area already has, since a message is found by its code alone
 */
export function defineMessages<const Table extends MessageTable>(
  table: Table & SameValues<Table>,
): Say<Table> {
  for (const [code, wording] of Object.entries(table as MessageTable)) {
    if (tables.has(code)) throw new Error(`two messages have the code ${code}`);
    tables.set(code, wording);
  }
  return (row, ...[values]) => {
    const wording = (table as MessageTable)[row] as Wording;
    const code = row.split('/')[0] as CodeOf<typeof row>;
    return {
      code,
      ...(code === row ? {} : { wording: row }),
      message: filled(wording.en, values ?? {}, inEnglish),
      ...(values === undefined ? {} : { values }),
    };
  };
}

const placeholder = /\{(\w+)(?:\?([^|{}]*)\|([^{}]*)|:([^{}]*))?\}/g;

/** A message under another code, such as a warning with the cell it is about. */
export const coded = (code: string, message: Message): Message => ({
  ...message,
  code,
  wording: message.wording ?? message.code,
});

/** How values become text. */
interface ValueWriting {
  wordsOf(message: Message): string;
  numberText(value: number): string;
  separator: string;
}

const inEnglish: ValueWriting = { wordsOf: ({ message }) => message, numberText: String, separator: ', ' };

/**
 * A wording with its values filled in; items of a list are separated by the text after the colon, else by the
 * separator.
 */
function filled(
  wording: string,
  values: MessageValues,
  { wordsOf, numberText, separator }: ValueWriting,
): string {
  return wording.replace(placeholder, (_, name: string, one?: string, many?: string, between?: string) => {
    const value = values[name] ?? '';
    if (one !== undefined) return (value === 1 ? one : many) as string;
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'string') return value;
    if (!Array.isArray(value)) return wordsOf(value as Message);
    return value.map((item) => (typeof item === 'string' ? item : wordsOf(item))).join(between ?? separator);
  });
}

/** How messages are read: in which language, and on which day. */
export interface ReaderSettings {
  language: Language;
  /** `2026-12-31`: dates before it are not projected any more. Null: as when the message was made. */
  day?: string | null;
  /** False: without the dates until which something could be done. */
  dates?: boolean;
  /** How numbers are written that are not texts yet. */
  numberText?: (value: number) => string;
  /** Names that people write differently from tables: `li_cu` as Li|Cu. */
  names?: ReadonlyMap<string, string> | undefined;
}

/**
 * The code of a message that names a date (`readyOn` among its values), and of the message that replaces it once the
 * date has passed.
 */
export const PROJECTED = 'READY_ABOUT' as const;
export const PROJECTION_PASSED = 'READY_PASSED';

/** The words of a message for a reader; a message without a row in a table, or without its values, is in English. */
export function wordsOf(message: Message, reader: ReaderSettings): string {
  const { language, day = null, dates = true, numberText = String } = reader;
  const isProjected = message.code === PROJECTED;
  if (isProjected && !dates) return '';
  const hasPassed = isProjected && day !== null && String(message.values?.readyOn) < day;
  const { code, wording: row = code, values } = message;
  if (code === NAME) {
    const name = String(values?.name ?? message.message);
    return reader.names?.get(name) ?? nameIn(language, name) ?? message.message;
  }
  const wording = tables.get(hasPassed ? PROJECTION_PASSED : row);
  const isWhole = wording !== undefined && (values !== undefined || !wording.en.includes('{'));
  if (!isWhole) return message.message;
  return filled(wording[language], values ?? {}, {
    wordsOf: (one) => wordsOf(one, reader),
    numberText,
    separator: language === 'zh' ? '、' : ', ',
  });
}

/** A message, with the messages in it, as it reads on a day: its English words name no date that has passed. */
export function onDay<Given extends Message | null>(message: Given, day: string): Given {
  if (message === null) return message;
  const inside = (value: MessageValue): MessageValue => {
    if (typeof value !== 'object' || value === null) return value;
    if (!Array.isArray(value)) return onDay(value as Message, day);
    return (value as readonly (string | Message)[]).map((item) =>
      typeof item === 'string' ? item : onDay(item, day),
    ) as readonly string[] | readonly Message[];
  };
  const { values } = message;
  return {
    ...message,
    message: wordsOf(message, { language: 'en', day }),
    ...(values === undefined
      ? {}
      : { values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inside(value)])) }),
  };
}

/** Every date that a message, or one inside it, projects; ascending. */
export function readyDates(message: Message | null): string[] {
  if (message === null) return [];
  const inside = Object.values(message.values ?? {}).flat();
  const own = message.code === PROJECTED ? [String(message.values?.readyOn)] : [];
  const others = inside.flatMap((value) =>
    typeof value === 'object' && value !== null ? readyDates(value as Message) : [],
  );
  return [...own, ...others].sort();
}

/**
 * A name that is its own code, such as that of a component or a label: `active_mass`. In other languages it is looked up
 * among the names; one that is not there stays as it is.
 *
 * @param english where it is not the name with spaces
 */
export const named = (name: string, english: string = name.replaceAll('_', ' ')): Message => ({
  code: NAME,
  message: english,
  ...(english === name ? {} : { values: { name } }),
});

/** Everything that is declared, for tests and translators. */
export const declaredMessages = (): ReadonlyMap<string, Wording> => tables;
