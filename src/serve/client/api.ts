import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** What went wrong, as reported by the server. */
export interface Trouble {
  status: number;
  detail: string;
  hint?: string;
}

/** The snapshot that answers come from, and listeners for a new one. */
export const live = {
  snapshot: '',
  listeners: new Set<() => void>(),
  changed(snapshot: string) {
    if (snapshot === '' || snapshot === this.snapshot) return;
    const isFirst = this.snapshot === '';
    this.snapshot = snapshot;
    if (!isFirst) for (const listener of this.listeners) listener();
  },
};

/** Asks the server. @throws Trouble */
export async function ask<T>(url: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw {
      status: 0,
      detail: 'the server does not answer',
      hint: 'Is `cellar serve` still running?',
    } satisfies Trouble;
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => ({}))) as Partial<Trouble>;
    throw { ...problem, status: response.status, detail: problem.detail ?? response.statusText };
  }
  live.changed(response.headers.get('Cellar-Snapshot') ?? '');
  return (await response.json()) as T;
}

export interface RemoteData<T> {
  data: T | undefined;
  trouble: Trouble | undefined;
  isLoading: boolean;
  again(): void;
  stop(): void;
}

/**
 * Data of an address, requested again when the address changes or another snapshot is published; the old data stay
 * until the new answer arrives. Null: nothing is requested.
 */
export function useData<T>(url: string | null): RemoteData<T> {
  const [state, setState] = useState<{ data?: T; trouble?: Trouble; isLoading: boolean }>({
    isLoading: url !== null,
  });
  const [turn, setTurn] = useState(0);
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    const refresh = () => setTurn((n) => n + 1);
    live.listeners.add(refresh);
    return () => void live.listeners.delete(refresh);
  }, []);
  useEffect(() => {
    if (url === null) {
      setState({ isLoading: false });
      return;
    }
    const control = new AbortController();
    running.current = control;
    setState((before) => ({ ...(before.data === undefined ? {} : { data: before.data }), isLoading: true }));
    ask<T>(url, { signal: control.signal }).then(
      (data) => setState({ data, isLoading: false }),
      (error: Trouble & Error) => {
        if (error.name === 'AbortError') setState((before) => ({ ...before, isLoading: false }));
        else setState((before) => ({ ...before, trouble: error, isLoading: false }));
      },
    );
    return () => control.abort();
  }, [url, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const stop = useCallback(() => running.current?.abort(), []);
  return { data: state.data, trouble: state.trouble, isLoading: state.isLoading, again, stop };
}

/** An address with parameters; empty ones are left out. */
export function address(
  path: string,
  parameters: Record<string, string | number | undefined | null>,
): string {
  const found = Object.entries(parameters).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  if (found.length === 0) return path;
  return `${path}?${found.map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll('%2C', ',')}`).join('&')}`;
}
