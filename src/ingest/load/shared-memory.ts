/**
 * Memory that threads share and reuse. Memory that is sent between threads instead counts as memory of the receiver,
 * whose garbage collector would then run every few megabytes.
 */
export class SharedMemory {
  private readonly free: SharedArrayBuffer[] = [];

  /** Returns buffers that nobody reads any more. */
  give(buffers: readonly SharedArrayBuffer[]): void {
    this.free.push(...buffers);
  }

  /** Memory of at least this many bytes, with undefined content: the smallest free buffer, or a new one. */
  take(bytes: number): SharedArrayBuffer {
    let best = -1;
    for (let at = 0; at < this.free.length; at++) {
      const { byteLength } = this.free[at]!;
      if (byteLength >= bytes && (best === -1 || byteLength < this.free[best]!.byteLength)) best = at;
    }
    return best === -1 ? new SharedArrayBuffer(bytes) : this.free.splice(best, 1)[0]!;
  }

  /** Removes and returns all free buffers, for another thread. */
  takeAll(): SharedArrayBuffer[] {
    return this.free.splice(0);
  }
}
