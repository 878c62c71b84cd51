/** Options that every command takes. */
export interface GlobalOptions {
  db: string;
  lab?: string;
  quiet?: boolean;
  verbose?: boolean;
  debug?: boolean;
  progress: boolean;
  color: boolean;
}
