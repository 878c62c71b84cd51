/**
 * Memory that threads share and use again and again. What is sent from thread to thread instead counts as memory of its
 * receiver, who then searches the whole heap for what to free with every few megabytes.
 */
export class SharedMemory {
  private readonly free: SharedArrayBuffer[] = [];

  /** Says that nobody reads what stands in these buffers any more. */
  give(buffers: readonly SharedArrayBuffer[]): void {
    this.free.push(...buffers);
  }

  /** Memory of at least so many bytes, with whatever stands in it: the smallest that is free, or new. */
  take(bytes: number): SharedArrayBuffer {
    let best = -1;
    for (let at = 0; at < this.free.length; at++) {
      const { byteLength } = this.free[at]!;
      if (byteLength >= bytes && (best === -1 || byteLength < this.free[best]!.byteLength)) best = at;
    }
    return best === -1 ? new SharedArrayBuffer(bytes) : this.free.splice(best, 1)[0]!;
  }

  /** All that is free, for another thread. */
  takeAll(): SharedArrayBuffer[] {
    return this.free.splice(0);
  }
}
