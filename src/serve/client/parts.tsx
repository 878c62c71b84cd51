import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { plainNumber } from '../../report/numbers.js';
import type { RemoteData, Trouble } from './api.js';

/** Parts that several screens use. */

const slow = 200;
const verySlow = 2_000;

function useAfter(milliseconds: number, isOn: boolean): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    setPassed(false);
    if (!isOn) return;
    const timer = setTimeout(() => setPassed(true), milliseconds);
    return () => clearTimeout(timer);
  }, [isOn, milliseconds]);
  return isOn && passed;
}

export function TroubleBox({ trouble, again }: { trouble: Trouble; again?: () => void }) {
  // The engine points at a place in a line, so both lines need a fixed width.
  const [sentence, pointer] = trouble.detail.split('\n\n');
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{sentence}</strong>
      </p>
      {pointer === undefined ? null : <pre>{pointer}</pre>}
      {trouble.hint === undefined ? null : <p>{trouble.hint}</p>}
      {again === undefined ? null : (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Shows what was loaded; the old content stays, dimmed, while new content is loading. */
export function Content<T>({
  of,
  children,
}: {
  of: RemoteData<T>;
  children: (data: T) => ComponentChildren;
}) {
  const isSlow = useAfter(slow, of.isLoading);
  const isVerySlow = useAfter(verySlow, of.isLoading);
  return (
    <div class="content" aria-busy={of.isLoading}>
      {isSlow ? <div class="bar" role="progressbar" aria-label="loading" /> : null}
      {isVerySlow ? (
        <button type="button" class="stop" onClick={of.stop}>
          Stop
        </button>
      ) : null}
      {of.trouble === undefined ? null : <TroubleBox trouble={of.trouble} again={of.again} />}
      {of.data === undefined ? null : <div class={isSlow ? 'dimmed' : ''}>{children(of.data)}</div>}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

const signs: Record<string, ComponentChildren> = {
  PASS: <path d="M2.5 7.5l3 3 6-7" />,
  FAIL: <path d="M3 3l8 8M11 3l-8 8" />,
  INCONCLUSIVE: (
    <>
      <circle cx="7" cy="7" r="5" />
      <path class="half" d="M7 2a5 5 0 0 1 0 10z" />
    </>
  ),
  'INSUFFICIENT DATA': <circle cx="7" cy="7" r="5" stroke-dasharray="2.6 1.9" />,
  growing: <path d="M2 11l4-4 2 2 4-6M8.5 3H12v3.5" />,
  still: <path d="M4.5 3v8M9.5 3v8" />,
  new: <path d="M7 2.500v9M2.5 7h9" />,
  gone: <path d="M2.5 7h9" />,
};

const Sign = ({ of }: { of: string }) => (
  <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
    {signs[of]}
  </svg>
);

export function Verdict({ of }: { of: string }) {
  return (
    <span class={`badge ${of.toLowerCase().replace(' ', '-')}`}>
      <Sign of={of} />
      {of}
    </span>
  );
}

export function State({ of }: { of: string | null }) {
  if (of === null) return <span class="muted">no file</span>;
  return (
    <span class={`state state-${of}`}>
      <Sign of={of} />
      {of}
    </span>
  );
}

/** A command to copy. */
export function Command({ children }: { children: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(children);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <span class="command">
      <code>{children}</code>
      <button type="button" onClick={copy} aria-label={`copy ${children}`}>
        {isCopied ? 'copied' : 'copy'}
      </button>
    </span>
  );
}

/** A word on a shell's command line. */
export const word = (text: string) => (/^[\w./:-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`);

export const numberText = (value: number | null | undefined, digits = 4) =>
  value === null || value === undefined ? '' : plainNumber(value, digits);
export const percentText = (value: number | null | undefined, digits = 4) =>
  value === null || value === undefined ? '' : `${plainNumber(100 * value, digits)}\u202f%`;

/** A wall clock as it was written. */
export const clockText = (iso: string | null | undefined) =>
  iso === null || iso === undefined ? '' : iso.slice(0, 16).replace('T', ' ');

const units: [number, string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** `3 d`, `5 h`: how long ago. */
export function ageText(second: number): string {
  for (const [size, name] of units) if (second >= size) return `${Math.floor(second / size)} ${name}`;
  return `${Math.max(0, Math.floor(second))} s`;
}

/** The present time, updated once a minute. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export const fileName = (path: string | null) => (path ?? '').split('/').at(-1) ?? '';

/** A choice among a few, as links: each is an address. */
export function Choice({
  label,
  of,
  to,
}: {
  label: string;
  of: readonly (readonly [name: string, text: string, isOn: boolean])[];
  to: (name: string) => string;
}) {
  return (
    <nav class="choice" aria-label={label}>
      {of.map(([name, text, isOn]) => (
        <a key={name} href={to(name)} aria-current={isOn ? 'true' : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}

/** Markup whose texts were escaped where it was made (src/report/html.ts). */
export function Drawn({ markup, name = '' }: { markup: string; name?: string }) {
  return <div class={name} dangerouslySetInnerHTML={{ __html: markup }} />;
}

/** Content that may be wider than the screen scrolls in its own box, also by keys. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls by keys
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
