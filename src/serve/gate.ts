/** Thrown for work that waits and does not get its turn in time. */
export class Busy extends Error {
  constructor() {
    super('too many requests at once');
    this.name = 'Busy';
  }
}

interface WaitingCall {
  start(): void;
  leave(): void;
}

/**
 * Limits the work at one time; further work waits for its turn, with limits for the number waiting and for the time.
 */
export class Gate {
  readonly limit: number;
  private readonly most: number;
  private readonly patience: number;
  private readonly line: WaitingCall[] = [];
  running = 0;

  /** @param patience milliseconds */
  constructor(limit: number, most: number, patience: number) {
    this.limit = limit;
    this.most = most;
    this.patience = patience;
  }

  get waiting(): number {
    return this.line.length;
  }

  /** Waits for a turn; the returned function gives the turn back. @throws Busy */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (this.running >= this.limit) await this.queue(signal);
    else this.running++;
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      const next = this.line.shift();
      if (next === undefined) this.running--;
      else next.start();
    };
  }

  private queue(signal: AbortSignal | undefined): Promise<void> {
    if (this.line.length >= this.most) return Promise.reject(new Busy());
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.line.splice(this.line.indexOf(entry), 1);
        end();
        reject(new Busy());
      };
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
      };
      const timer = setTimeout(leave, this.patience);
      const entry: WaitingCall = {
        start: () => {
          end();
          resolve();
        },
        leave,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.line.push(entry);
    });
  }
}
