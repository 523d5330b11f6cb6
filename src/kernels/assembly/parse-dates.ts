// Text read as dates and times: the common spellings; rows and what comes back as in parse-text.ts.
import { refAddress, refLength } from './bytes';
import { digit } from './digits';
import { at, checkOptional, isValid } from './memory';

const NONE: i64 = i64.MIN_VALUE;
const MICROS_PER_DAY: i64 = 86_400_000_000;

// @ts-ignore: decorator
@inline function isLeap(y: i32): bool {
  return (y & 3) == 0 && (y % 100 != 0 || y % 400 == 0);
}

/** Days since 1970 of a civil date, or NONE. */
function days(y: i32, m: i32, d: i32): i64 {
  if (m < 1 || m > 12 || d < 1) return NONE;
  const last = m == 2 ? (isLeap(y) ? 29 : 28) : 30 + ((m + (m >> 3)) & 1);
  if (d > last) return NONE;
  const year = y - (m <= 2 ? 1 : 0);
  const era = year / 400;
  const yoe = year - era * 400;
  const doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  return <i64>(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468);
}

/** One or two digits at p, followed by `separator` (0: anything); stores nothing, returns value << 8 | length, or -1. */
// @ts-ignore: decorator
@inline function shortNumber(p: usize, end: usize): i32 {
  if (p >= end) return -1;
  const a = digit(p);
  if (a > 9) return -1;
  if (p + 1 < end) {
    const b = digit(p + 1);
    if (b <= 9) return ((<i32>a * 10 + <i32>b) << 8) | 2;
  }
  return (<i32>a << 8) | 1;
}

// @ts-ignore: decorator
@inline function fourDigits(p: usize, end: usize): i32 {
  if (p + 4 > end) return -1;
  let y: i32 = 0;
  for (let k: usize = 0; k < 4; k++) {
    const d = digit(p + k);
    if (d > 9) return -1;
    y = y * 10 + <i32>d;
  }
  return y;
}

/** A date at p: days << 8 | length, or NONE. Orders: 0 year month day, 1 month day year, 2 day month year. */
function dateAt(p: usize, end: usize, order: i32, separator: u8): i64 {
  let q = p;
  let y: i32 = 0;
  if (order == 0) {
    y = fourDigits(q, end);
    if (y < 0) return NONE;
    q += 4;
    if (q >= end || load<u8>(q++) != separator) return NONE;
  }
  const a = shortNumber(q, end);
  if (a < 0) return NONE;
  q += <usize>(a & 255);
  if (q >= end || load<u8>(q++) != separator) return NONE;
  const b = shortNumber(q, end);
  if (b < 0) return NONE;
  q += <usize>(b & 255);
  if (order != 0) {
    if (q >= end || load<u8>(q++) != separator) return NONE;
    y = fourDigits(q, end);
    if (y < 0) return NONE;
    q += 4;
  }
  const found = order == 2 ? days(y, b >> 8, a >> 8) : days(y, a >> 8, b >> 8);
  return found == NONE ? NONE : (found << 8) | <i64>(q - p);
}

/** DATEs with years of four digits, in an order of their parts, with a separator between them. */
export function parse_date(refs: usize, validity: usize, sel: usize, from: usize, n: usize, order: i32, separator: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    const p = refAddress(refs + (i << 3));
    const length = refLength(refs + (i << 3));
    const found = dateAt(p, p + length, order, <u8>separator);
    if (found == NONE || <usize>(found & 255) != length) return j;
    store<i32>(out + (i << 2), <i32>(found >> 8));
  }
  return n;
}

/** HH:MM or HH:MM:SS with up to six digits of a fraction, the whole text: microseconds, or NONE. */
function timeAt(p: usize, end: usize): i64 {
  const h = shortNumber(p, end);
  if (h < 0 || h >> 8 > 23) return NONE;
  p += <usize>(h & 255);
  if (p >= end || load<u8>(p++) != 58) return NONE;
  const m = shortNumber(p, end);
  if (m < 0 || (m & 255) != 2 || m >> 8 > 59) return NONE;
  p += 2;
  let seconds = (h >> 8) * 3600 + (m >> 8) * 60;
  if (p == end) return <i64>seconds * 1_000_000;
  if (load<u8>(p++) != 58) return NONE;
  const s = shortNumber(p, end);
  if (s < 0 || (s & 255) != 2 || s >> 8 > 59) return NONE;
  p += 2;
  seconds += s >> 8;
  let micros: i64 = 0;
  if (p < end) {
    if (load<u8>(p++) != 46 || p >= end || end - p > 6) return NONE;
    let unit: i64 = 100_000;
    for (; p < end; p++) {
      const d = digit(p);
      if (d > 9) return NONE;
      micros += <i64>d * unit;
      unit /= 10;
    }
  }
  return <i64>seconds * 1_000_000 + micros;
}

/** TIMEs as microseconds. */
export function parse_time(refs: usize, validity: usize, sel: usize, from: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    const p = refAddress(refs + (i << 3));
    const found = timeAt(p, p + refLength(refs + (i << 3)));
    if (found == NONE) return j;
    store<i64>(out + (i << 3), found);
  }
  return n;
}

/** TIMESTAMPs in microseconds: a date, and behind a blank or T a time; a Z behind it is allowed. */
export function parse_timestamp(refs: usize, validity: usize, sel: usize, from: usize, n: usize, order: i32, separator: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    let p = refAddress(refs + (i << 3));
    let end = p + refLength(refs + (i << 3));
    const date = dateAt(p, end, order, <u8>separator);
    if (date == NONE) return j;
    p += <usize>(date & 255);
    let micros = (date >> 8) * MICROS_PER_DAY;
    if (p < end) {
      const between = load<u8>(p++);
      if (between != 32 && between != 84) return j;
      if (end > p && load<u8>(end - 1) == 90) end--;
      const time = timeAt(p, end);
      if (time == NONE) return j;
      micros += time;
    }
    store<i64>(out + (i << 3), micros);
  }
  return n;
}
