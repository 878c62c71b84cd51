import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach } from 'vitest';
import type { IngestEvent } from '../../src/ingest/events.js';
import { command } from '../cli/run.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A `cellar` that runs while the test goes on. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: string[]) {
    this.child = spawn(command.file, [command.program, ...args], { env: command.environment() });
    started.push(this.child);
    this.child.stdout!.on('data', (data: Buffer) => {
      this.stdout += data.toString();
    });
    this.child.stderr!.on('data', (data: Buffer) => {
      this.stderr += data.toString();
    });
    this.ended = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
  }

  /** What `--watch --json` has told so far. */
  get events(): IngestEvent[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as IngestEvent);
  }

  /** Waits until something has come true. */
  async until(isTrue: (running: this) => boolean, what: string, seconds = 20): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!isTrue(this)) {
      if (Date.now() > deadline) {
        throw new Error(`${what}: not within ${seconds} s\n${this.stdout}${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for the nth event of this kind. */
  async event(name: string, count = 1): Promise<IngestEvent> {
    const found = () => this.events.filter(({ event }) => event === name);
    await this.until(() => found().length >= count, `event ${name} number ${count}`);
    return found()[count - 1]!;
  }
}
