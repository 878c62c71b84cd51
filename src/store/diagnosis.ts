/** One check and its result. */
export interface Diagnosis {
  what: string;
  state: 'ok' | 'warning' | 'wrong';
  message: string;
  /** What to do; null where there is nothing to do. */
  hint: string | null;
}

export const ok = (what: string, message: string): Diagnosis => ({ what, state: 'ok', message, hint: null });
export const warning = (what: string, message: string, hint: string): Diagnosis => ({
  what,
  state: 'warning',
  message,
  hint,
});
export const wrong = (what: string, message: string, hint: string): Diagnosis => ({
  what,
  state: 'wrong',
  message,
  hint,
});
