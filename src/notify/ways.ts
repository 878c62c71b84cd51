import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { usageError } from '../errors.js';
import type { MailSettings, NotifySettings, WebhookSettings } from '../ingest/lab/notify-settings.js';
import type { Item } from './items.js';
import { readSecret } from './secrets.js';

/** A message to people. */
export interface Message {
  title: string;
  items: readonly Item[];
}

/** One way of telling. */
export interface Way {
  /** Its name in the record; holds no secret. */
  name: string;
  /** @throws Error with a readable message where it could not be told */
  tell(message: Message): Promise<void>;
}

/** How long to wait for a server. */
const patienceMilliseconds = 20_000;
/** A message is meant to be read: items beyond this are only counted. */
const shown = 20;

/** Control characters in names and metadata could end a header or command a terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

/** The message as text, one line per item. */
export function messageText({ items }: Message): string {
  const lines = items.slice(0, shown).map(({ text }) => `- ${plain(text)}`);
  if (items.length > shown) lines.push(`… and ${items.length - shown} more: \`cellar digest\` has them`);
  return lines.join('\n');
}

function mailWay(settings: MailSettings, folder: string): Way {
  const { host, port, secure = port === 465, from, to, user, password_env, password_file } = settings;
  return {
    name: `mail to ${to.join(', ')}`,
    async tell(message) {
      const pass = readSecret('the password of the mail', { env: password_env, file: password_file }, folder);
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        host,
        port,
        secure,
        ...(user === undefined ? {} : { auth: { user, pass } }),
        connectionTimeout: patienceMilliseconds,
        greetingTimeout: patienceMilliseconds,
        socketTimeout: patienceMilliseconds,
      });
      try {
        await transport.sendMail({
          from,
          to,
          subject: plain(message.title),
          text: `${messageText(message)}\n`,
        });
      } finally {
        transport.close();
      }
    },
  };
}

const slackText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Escapes markup in the texts of an adaptive card. */
const cardText = (text: string) => text.replace(/[\\`*_[\]]/g, '\\$&');

/** Body and headers of a webhook in each of the shapes. */
export function webhookRequest(
  shape: WebhookSettings['shape'],
  message: Message,
): { body: string; headers: Record<string, string> } {
  const json = { 'content-type': 'application/json' };
  const title = plain(message.title);
  const text = messageText(message);
  if (shape === 'slack') {
    return { body: JSON.stringify({ text: `*${slackText(title)}*\n${slackText(text)}` }), headers: json };
  }
  if (shape === 'teams') {
    const block = (words: string, more: object = {}) => ({
      type: 'TextBlock',
      text: words,
      wrap: true,
      ...more,
    });
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        block(cardText(title), { weight: 'Bolder', size: 'Medium' }),
        ...text.split('\n').map((line) => block(cardText(line))),
      ],
    };
    const attachments = [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content },
    ];
    return { body: JSON.stringify({ type: 'message', attachments }), headers: json };
  }
  if (shape === 'ntfy') {
    // A header is ASCII; other characters are encoded by RFC 2047.
    const header = /^[ -~]*$/.test(title) ? title : `=?UTF-8?B?${Buffer.from(title).toString('base64')}?=`;
    return {
      body: text,
      headers: { 'content-type': 'text/plain; charset=utf-8', title: header, tags: 'battery' },
    };
  }
  const items = message.items.map(({ key, text: words }) => ({ key, text: words }));
  return { body: JSON.stringify({ schema: 'cellar.notify/1', title, items }), headers: json };
}

function webhookWay(settings: WebhookSettings, folder: string): Way {
  const { shape, url, url_env, url_file, token_env, token_file } = settings;
  const address = () =>
    url ?? readSecret('the address of the webhook', { env: url_env, file: url_file }, folder)!;
  const mark = createHash('sha256')
    .update(url ?? url_env ?? url_file ?? '')
    .digest('hex')
    .slice(0, 8);
  return {
    name: `${shape} webhook ${mark}`,
    async tell(message) {
      const { body, headers } = webhookRequest(shape, message);
      const token = readSecret('the token of the webhook', { env: token_env, file: token_file }, folder);
      const answer = await fetch(address(), {
        method: 'POST',
        body,
        headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        signal: AbortSignal.timeout(patienceMilliseconds),
      });
      if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`);
    },
  };
}

function commandWay(words: readonly string[]): Way {
  const [program = '', ...parameters] = words;
  return {
    name: `command ${program}`,
    tell: (message) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, parameters, {
          stdio: ['pipe', 'ignore', 'inherit'],
          timeout: patienceMilliseconds,
        });
        child.on('error', reject);
        child.on('close', (code) => {
          if (code === 0) resolve();
          else reject(new Error(`${program} ended with ${code}`));
        });
        // It is not a failure if a command does not read its input.
        child.stdin.on('error', () => undefined);
        child.stdin.end(`${plain(message.title)}\n${messageText(message)}\n`);
      }),
  };
}

/**
 * The ways that the settings name.
 *
 * @param folder that of cellar.toml
 * @throws CellarError (usage) where they name none
 */
export function waysOf(settings: NotifySettings, folder: string): Way[] {
  const ways = [
    ...(settings.mail === undefined ? [] : [mailWay(settings.mail, folder)]),
    ...settings.webhook.map((webhook) => webhookWay(webhook, folder)),
    ...(settings.command === undefined ? [] : [commandWay(settings.command)]),
  ];
  if (ways.length === 0)
    throw usageError('[notify] in cellar.toml names nobody', 'add mail, webhook or command');
  return ways;
}
