/** The parts of nodemailer that are used; it has no types of its own. */
declare module 'nodemailer' {
  export interface Transport {
    sendMail(mail: { from: string; to: string[]; subject: string; text: string }): Promise<unknown>;
    close(): void;
  }
  export function createTransport(options: Record<string, unknown>): Transport;
}
