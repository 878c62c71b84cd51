import { z } from 'zod';

/** A secret is never in cellar.toml, but in the environment or in a file that only its owner can read. */
const secret = {
  env: z.string().optional(),
  file: z.string().optional(),
};

const address = z.string().regex(/^[^\s@<>]+@[^\s@<>]+$|<[^\s@<>]+@[^\s@<>]+>$/, 'must be a mail address');
const hours = z.number().positive();

const mail = z.strictObject({
  host: z.string(),
  port: z.number().int().min(1).max(65535).default(587),
  /** TLS from the first byte, as on port 465; else STARTTLS where the server offers it. */
  secure: z.boolean().optional(),
  from: address,
  to: z.array(address).min(1),
  user: z.string().optional(),
  password_env: secret.env,
  password_file: secret.file,
});

const webhook = z
  .strictObject({
    shape: z.enum(['slack', 'teams', 'ntfy', 'json']),
    url: z.url().optional(),
    url_env: secret.env,
    url_file: secret.file,
    token_env: secret.env,
    token_file: secret.file,
  })
  .refine(({ url, url_env, url_file }) => [url, url_env, url_file].filter(Boolean).length === 1, {
    message: 'needs one of url, url_env and url_file',
  });

/** `[notify]` of `cellar.toml`. */
export const notifySection = z.strictObject({
  /** A night counts as missing when no ingest has ended for this long. */
  silent_hours: hours.default(26),
  /** A channel with records every day counts as silent when it has given none for this long. */
  silent_channel_hours: hours.default(48),
  mail: mail.optional(),
  webhook: z.array(webhook).default([]),
  /** A program and its arguments; it gets the text on standard input. */
  command: z.array(z.string()).min(1).optional(),
});

export type NotifySettings = z.output<typeof notifySection>;
export type MailSettings = z.output<typeof mail>;
export type WebhookSettings = z.output<typeof webhook>;
