import type { IncomingMessage, ServerResponse } from 'node:http';

const COMMENT_EVERY = 20_000;

/** Pages that want to know when something changes (server-sent events). */
export class EventStreams {
  private readonly streams = new Set<ServerResponse>();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    // Proxies close silent connections.
    this.timer = setInterval(() => this.write(': still here\n\n'), COMMENT_EVERY);
    this.timer.unref();
  }

  get count(): number {
    return this.streams.size;
  }

  /** Keeps the connection open; `first` is sent at once. */
  add(
    request: IncomingMessage,
    response: ServerResponse,
    first: readonly [name: string, data: object][],
  ): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    for (const [name, data] of first) response.write(eventText(name, data));
    this.streams.add(response);
    request.on('close', () => this.streams.delete(response));
  }

  tell(name: string, data: object): void {
    this.write(eventText(name, data));
  }

  close(): void {
    clearInterval(this.timer);
    for (const stream of this.streams) stream.end();
    this.streams.clear();
  }

  private write(text: string): void {
    for (const stream of this.streams) stream.write(text);
  }
}

const eventText = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
