import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** The heading of a screen, and the name of its tab. */
export function Title({ text, children }: { text: string; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${text} – Cellar`;
  }, [text]);
  return <h1 tabIndex={-1}>{children ?? text}</h1>;
}
