import type { ChildProcess } from 'node:child_process';

export interface Cluster {
  master: string;
  workers: ChildProcess[];
  processIds: number[];
  /** Ends what is left of it. */
  stop(): Promise<void>;
}

export function freePort(): Promise<number>;
export const sparkHome: string | undefined;
export const hasSpark: boolean;
export function startCluster(
  workerCount: number,
  folder: string,
  options?: { memory?: string; javaOptions?: string },
): Promise<Cluster>;
