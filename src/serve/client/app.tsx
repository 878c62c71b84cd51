import { type ComponentType, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, live } from './api.js';
import { followLinks, go, useAddress } from './router.js';
import { Board } from './screens/board.js';
import { Cells } from './screens/cells.js';
import { Channels } from './screens/channels.js';
import { FileScreen, Files } from './screens/files.js';
import './app.css';
import '../../report/page/figures.css';
import '../../plot/charts.css';
import './theme.css';

const places = [
  { path: '/', key: 'b', name: 'Board' },
  { path: '/channels', key: 'l', name: 'Channels' },
  { path: '/cells', key: 'c', name: 'Cells' },
  { path: '/files', key: 'f', name: 'Files' },
  { path: '/query', key: 'q', name: 'SQL' },
] as const;

/** A screen in a separate file, loaded when it is first shown. */
function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const [, setTurn] = useState(0);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then((found) => {
        loaded = found;
        setTurn((n) => n + 1);
      });
    }, []);
    const Found = loaded;
    return Found === undefined ? (
      <div class="bar" role="progressbar" aria-label="loading" />
    ) : (
      <Found {...props} />
    );
  };
}

const CellScreen = later<{ url: URL; id: string }>(
  async () => (await import('./screens/cell.js')).CellScreen,
);
const Compare = later<{ url: URL }>(async () => (await import('./screens/compare.js')).Compare);
const Query = later<{ url: URL }>(async () => (await import('./screens/query.js')).Query);

function Screen({ url }: { url: URL }) {
  const [, first = '', second] = url.pathname.split('/');
  if (first === '') return <Board url={url} />;
  if (first === 'channels') return <Channels url={url} />;
  if (first === 'cells')
    return second === undefined ? (
      <Cells url={url} />
    ) : (
      <CellScreen url={url} id={decodeURIComponent(second)} />
    );
  if (first === 'compare') return <Compare url={url} />;
  if (first === 'files')
    return second === undefined ? <Files url={url} /> : <FileScreen url={url} id={second} />;
  if (first === 'query') return <Query url={url} />;
  return <h1>There is no such page</h1>;
}

interface Head {
  database: string;
  published_at: string;
  version: string;
}

/**
 * Follows publications while the page is visible, because browsers allow few connections to one host and people keep
 * many tabs.
 */
function useLive(): { head: Head | undefined; news: string | undefined; trouble: string | null } {
  const [head, setHead] = useState<Head | undefined>();
  const [news, setNews] = useState<string | undefined>();
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    let stream: EventSource | undefined;
    const load = () => ask<Head>('/api/status').then(setHead, () => undefined);
    const open = () => {
      if (document.hidden || stream !== undefined) return;
      stream = new EventSource('/api/events');
      stream.addEventListener('snapshot', (event) => {
        const { snapshot, published_at } = JSON.parse((event as MessageEvent<string>).data);
        const isNew = live.snapshot !== '' && live.snapshot !== snapshot;
        live.changed(snapshot);
        if (!isNew) return;
        const at = new Date(published_at);
        setNews(`new data ${at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`);
        load();
      });
      stream.addEventListener('trouble', (event) =>
        setTrouble(JSON.parse((event as MessageEvent<string>).data).reason),
      );
    };
    const change = () => {
      if (document.hidden) {
        stream?.close();
        stream = undefined;
      } else open();
    };
    load();
    open();
    document.addEventListener('visibilitychange', change);
    return () => {
      stream?.close();
      document.removeEventListener('visibilitychange', change);
    };
  }, []);
  return { head, news, trouble };
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.shadowRoot !== null);

/** Keyboard shortcuts; they do not work while a field has the focus. */
function useKeys(help: () => void): void {
  useEffect(() => {
    let isGoing = false;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isGoing) {
        isGoing = false;
        const place = places.find(({ key }) => key === event.key);
        if (place !== undefined) {
          event.preventDefault();
          go(place.path);
        }
        return;
      }
      if (event.key === 'g') {
        isGoing = true;
        setTimeout(() => {
          isGoing = false;
        }, 1_500);
      } else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type=search]');
        if (search !== null) {
          event.preventDefault();
          search.focus();
        }
      } else if (event.key === '?') help();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [help]);
}

const keyWords = [
  ...places.map(({ key, name }) => [`g ${key}`, name]),
  ['/', 'search'],
  ['drag', 'zoom a figure; double click for all'],
  ['+ − 0 ← →', 'the same by keys, on a focused figure'],
  ['Ctrl Enter', 'run the query'],
  ['?', 'this list'],
];

function App() {
  const url = useAddress();
  const { head, news, trouble } = useLive();
  const [isHelp, setHelp] = useState(false);
  useKeys(() => setHelp((shown) => !shown));
  useEffect(() => {
    document.addEventListener('click', followLinks);
    return () => document.removeEventListener('click', followLinks);
  }, []);
  const here = (path: string) =>
    path === '/'
      ? url.pathname === '/'
      : url.pathname.startsWith(path) || (path === '/cells' && url.pathname === '/compare');
  const published = head === undefined ? '' : head.published_at.slice(0, 16).replace('T', ' ');
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="top">
        <p class="brand">
          <a href="/">Cellar</a>
        </p>
        <nav aria-label="Screens">
          {places.map(({ path, name, key }) => (
            <a key={path} href={path} aria-current={here(path) ? 'page' : undefined} title={`g ${key}`}>
              {name}
            </a>
          ))}
          <a href="/report" target="_blank" rel="noreferrer">
            Report
          </a>
        </nav>
        <p class="snapshot" role="status">
          {news === undefined ? null : <strong>{news} </strong>}
          {head === undefined ? '' : `${head.database}, ${published} UTC`}
        </p>
      </header>
      {trouble === null ? null : (
        <p class="notice" role="alert">
          {trouble}
        </p>
      )}
      {isHelp ? (
        <aside class="keys" aria-label="Keys">
          <dl>
            {keyWords.map(([key, text]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          <button type="button" onClick={() => setHelp(false)}>
            Close
          </button>
        </aside>
      ) : null}
      <main id="main" tabIndex={-1}>
        <Screen url={url} />
      </main>
      <footer class="foot">
        {head === undefined ? '' : `Cellar ${head.version}. Read only: to change something, use a command.`}{' '}
        <span class="paper-only">
          {published} UTC, snapshot {live.snapshot}, {url.href}
        </span>
      </footer>
    </>
  );
}

render(<App />, document.getElementById('app') as HTMLElement);
