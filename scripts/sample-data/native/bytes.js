/** Bytes written one after the other, all numbers little-endian. */
export class Bytes {
  /** @type {Buffer[]} */
  #parts = [];
  length = 0;

  /** @param {Buffer | Uint8Array} part */
  raw(part) {
    this.#parts.push(Buffer.from(part));
    this.length += part.length;
    return this;
  }

  /** @param {string} text @param {BufferEncoding} [encoding] */
  text(text, encoding = 'latin1') {
    return this.raw(Buffer.from(text, encoding));
  }

  /** Text in a field of fixed length, blanks behind it. @param {string} text @param {number} length */
  field(text, length) {
    return this.text(text.padEnd(length));
  }

  /** @param {number} length */
  zeros(length) {
    return this.raw(Buffer.alloc(length));
  }

  /** Zeros up to a length of the whole. @param {number} length */
  fillTo(length) {
    return this.zeros(Math.max(0, length - this.length));
  }

  /** @param {number} length @param {(part: Buffer) => void} put */
  #number(length, put) {
    const part = Buffer.alloc(length);
    put(part);
    return this.raw(part);
  }

  /** @param {number} value */ u8(value) {
    return this.#number(1, (part) => part.writeUInt8(value));
  }
  /** @param {number} value */ u16(value) {
    return this.#number(2, (part) => part.writeUInt16LE(value));
  }
  /** @param {number} value */ u32(value) {
    return this.#number(4, (part) => part.writeUInt32LE(value));
  }
  /** @param {number} value */ i32(value) {
    return this.#number(4, (part) => part.writeInt32LE(value));
  }
  /** @param {number} value */ i64(value) {
    return this.#number(8, (part) => part.writeBigInt64LE(BigInt(value)));
  }
  /** @param {number} value */ f4(value) {
    return this.#number(4, (part) => part.writeFloatLE(value));
  }
  /** @param {number} value */ f8(value) {
    return this.#number(8, (part) => part.writeDoubleLE(value));
  }

  toBuffer() {
    return Buffer.concat(this.#parts);
  }
}

/** Days since 1899-12-30, as spreadsheets, EC-Lab and Access count. @param {number} milliseconds since 1970 */
export const dayNumber = (milliseconds) => (milliseconds - Date.UTC(1899, 11, 30)) / 86_400_000;

/** One time for all members of an archive, the same in every zone. */
export const memberTime = () => new Date(1980, 0, 1, 12);
