import type { Message } from '../src/messages/message.js';

/** A message that has words alone. */
export const inWords = (message: string): Message => ({ code: 'IN_WORDS', message });
