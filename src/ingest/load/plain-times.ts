import { dayNumber } from '../sniff/clock-seconds.js';
import { powersOfTen } from './numbers.js';

/**
 * Reads elapsed times and clocks byte by byte where they are written as nearly all programs write them: `30:05:06.25`,
 * `2024-05-06 07:08:09.25`. The seconds are those of `writtenSeconds` and `clockSeconds`, to the last bit; every other form
 * is left to these.
 */

const [newline, carriageReturn, blank, comma, minus, point, slash, zero, colon, letterT] = [
  10, 13, 32, 44, 45, 46, 47, 48, 58, 84,
];
/** Digits of a number that is exact in a double. */
const exactDigits = 15;
/** Digits of the fraction of a second that a clock may have, and those that count. */
const [clockDigits, microDigits] = [9, 6];

export class PlainTimes {
  /** Where the value that was read last ends. */
  end = 0;
  private readonly delimiter: number;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** Digits of the number that was read last. */
  private digits = 0;
  /** The last date, as one number, and its day. */
  private date = -1;
  private day = Number.NaN;

  constructor(delimiter: number) {
    this.delimiter = delimiter;
  }

  /** Seconds of the elapsed time that begins at `from`; NaN where it has another form. */
  duration(bytes: Uint8Array, from: number): number {
    this.bytes = bytes;
    this.at = from;
    const hours = this.whole(exactDigits);
    if (hours < 0 || !this.passes(colon)) return Number.NaN;
    const minutes = this.whole(2);
    if (minutes < 0 || !this.passes(colon)) return Number.NaN;
    let seconds = this.whole(2);
    if (seconds < 0) return Number.NaN;
    if (this.isFraction()) {
      const fraction = this.whole(exactDigits - 2);
      if (fraction < 0) return Number.NaN;
      // A single rounding of exact numbers gives the double nearest to what is written.
      const scale = powersOfTen[this.digits]!;
      seconds = (seconds * scale + fraction) / scale;
    }
    return this.isEnd() ? hours * 3600 + minutes * 60 + seconds : Number.NaN;
  }

  /** Seconds since 1970 of the date and time of day that begin at `from`; NaN where they have another form or are none. */
  clock(bytes: Uint8Array, from: number): number {
    this.bytes = bytes;
    this.at = from;
    const day = this.dayAt();
    const hours = this.whole(2);
    if (hours < 0 || !this.passes(colon)) return Number.NaN;
    const minutes = this.whole(2);
    if (minutes < 0 || !this.passes(colon)) return Number.NaN;
    const seconds = this.whole(2);
    if (seconds < 0 || hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
    let micros = ((hours * 60 + minutes) * 60 + seconds) * 1e6;
    if (this.isFraction()) {
      const fraction = this.whole(clockDigits);
      if (fraction < 0) return Number.NaN;
      const beyond = this.digits - microDigits;
      micros += beyond > 0 ? Math.floor(fraction / powersOfTen[beyond]!) : fraction * powersOfTen[-beyond]!;
    }
    return this.isEnd() ? (day * 86_400 * 1e6 + micros) / 1e6 : Number.NaN;
  }

  /** The day of a date, year first; stands behind it and the blank or `T` after it. */
  private dayAt(): number {
    const year = this.whole(4);
    if (this.digits !== 4 || !this.passesDateMark()) return Number.NaN;
    const month = this.whole(2);
    if (month < 0 || !this.passesDateMark()) return Number.NaN;
    const day = this.whole(2);
    if (day < 0 || !(this.passes(blank) || this.passes(letterT))) return Number.NaN;
    const date = (year * 100 + month) * 100 + day;
    if (date !== this.date) {
      this.date = date;
      this.day = dayNumber(year, month, day);
    }
    return this.day;
  }

  /** A whole number of at most so many digits, further ones are left; −1 where there is none. */
  private whole(most: number): number {
    const { bytes } = this;
    let { at } = this;
    const last = at + most;
    let value = 0;
    for (let digit = bytes[at]! - zero; at < last && digit >= 0 && digit <= 9; digit = bytes[++at]! - zero)
      value = value * 10 + digit;
    this.digits = at - this.at;
    this.at = at;
    return this.digits === 0 ? -1 : value;
  }

  private passes(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  private passesDateMark(): boolean {
    const byte = this.bytes[this.at];
    if (byte !== minus && byte !== slash && byte !== point) return false;
    this.at++;
    return true;
  }

  /** Whether a fraction follows; stands behind its mark. */
  private isFraction(): boolean {
    return this.passes(point) || (this.delimiter !== comma && this.passes(comma));
  }

  private isEnd(): boolean {
    const byte = this.bytes[this.at];
    this.end = this.at;
    return byte === this.delimiter || byte === newline || byte === carriageReturn;
  }
}
