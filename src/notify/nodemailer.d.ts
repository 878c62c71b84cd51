/** What is used of nodemailer, which ships no types. */
declare module 'nodemailer' {
  export interface Transport {
    sendMail(mail: { from: string; to: string[]; subject: string; text: string }): Promise<unknown>;
    close(): void;
  }
  export function createTransport(options: Record<string, unknown>): Transport;
}
