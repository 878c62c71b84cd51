import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};
addEventListener('popstate', tell);

/** Goes to an address of this page; `replace`: without a step to go back to. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  tell();
}

/** The address as it is now. */
export function useAddress(): URL {
  const [url, setUrl] = useState(() => new URL(location.href));
  useEffect(() => {
    const listener = () => setUrl(new URL(location.href));
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return url;
}

/** Parameters of the address with some changed; null removes one. */
export function withParameters(url: URL, changes: Record<string, string | number | null>): string {
  const next = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.searchParams.delete(name);
    else next.searchParams.set(name, String(value));
  }
  return next.pathname + next.search.replaceAll('%2C', ',');
}

/** Links of this page are followed without loading it again. */
export function followLinks(event: MouseEvent): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const link = (event.target as Element).closest('a');
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin)
    return;
  if (/^\/(report|figures|api|assets|health|metrics)/.test(link.pathname) || link.hash !== '') return;
  event.preventDefault();
  go(link.pathname + link.search);
  scrollTo(0, 0);
  // Screen readers announce the new screen.
  requestAnimationFrame(() => document.querySelector('h1')?.focus());
}
