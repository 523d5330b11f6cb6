// Values as text: refs at the rows' positions, bytes one after another from `bytes` on. Each returns the address behind
// the last byte it wrote.
import { storeRef } from './bytes';
import { at, checkOptional, value } from './memory';

// @ts-ignore: decorator
@inline function digitsOf(v: u64): usize {
  let n: usize = 1;
  while (v >= 10000) {
    v /= 10000;
    n += 4;
  }
  return n + <usize>(v >= 10) + <usize>(v >= 100) + <usize>(v >= 1000);
}

/** Writes `v` right-aligned in `width` places, with zeros before it. */
// @ts-ignore: decorator
@inline function putDigits(p: usize, v: u64, width: usize): void {
  for (let k = width; k > 0; k--) {
    store<u8>(p + k - 1, <u8>(48 + v % 10));
    v /= 10;
  }
}

/**
 * Integers of 64 bits (unsigned ones when `unsigned`) with `scale` digits after a point: at most 22 bytes each.
 * A scale of 0 has no point.
 */
export function format_decimal(a: usize, am: usize, unsigned: i32, scale: i32, sel: usize, n: usize, out: usize, bytes: usize): usize {
  checkOptional(sel, n << 1);
  const places = <usize>scale;
  let p = bytes;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const v = value<i64>(a, i, am);
    const negative = unsigned == 0 && v < 0;
    const magnitude = negative ? 0 - <u64>v : <u64>v;
    const start = p;
    if (negative) store<u8>(p++, 45);
    const digits = max<usize>(digitsOf(magnitude), places + 1);
    putDigits(p, magnitude, digits);
    if (places > 0) {
      const point = p + digits - places;
      memory.copy(point + 1, point, places);
      store<u8>(point, 46);
      p++;
    }
    p += digits;
    storeRef(out + (i << 3), start, p - start);
  }
  return p;
}

/** Writes the date of a day number as YYYY-MM-DD; returns whether its year has four digits. */
function putDate(p: usize, days: i64): bool {
  const z = days + 719468;
  const era = (z >= 0 ? z : z - 146096) / 146097;
  const dayOfEra = z - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shifted = (5 * dayOfYear + 2) / 153;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + <i64>(month <= 2);
  if (year < 1 || year > 9999) return false;
  putDigits(p, <u64>year, 4);
  store<u8>(p, 45, 4);
  putDigits(p + 5, <u64>month, 2);
  store<u8>(p, 45, 7);
  putDigits(p + 8, <u64>(dayOfYear - (153 * shifted + 2) / 5 + 1), 2);
  return true;
}

/** DATEs of the years 1 to 9999, 10 bytes each. Returns 0 when there are others: the caller does all in another way. */
export function format_date(a: usize, am: usize, sel: usize, n: usize, out: usize, bytes: usize): usize {
  checkOptional(sel, n << 1);
  let p = bytes;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!putDate(p, <i64>value<i32>(a, i, am))) return 0;
    storeRef(out + (i << 3), p, 10);
    p += 10;
  }
  return p;
}

const SECOND: i64 = 1000000;
const DAY: i64 = 86400000000;

/** TIMESTAMPs in microseconds, like `format_date`: at most 26 bytes each. */
export function format_timestamp(a: usize, am: usize, sel: usize, n: usize, out: usize, bytes: usize): usize {
  checkOptional(sel, n << 1);
  let p = bytes;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const v = value<i64>(a, i, am);
    const days = v / DAY - <i64>(v % DAY < 0);
    const ofDay = v - days * DAY;
    if (!putDate(p, days)) return 0;
    const start = p;
    const seconds = ofDay / SECOND;
    store<u8>(p, 32, 10);
    putDigits(p + 11, <u64>(seconds / 3600), 2);
    store<u8>(p, 58, 13);
    putDigits(p + 14, <u64>(seconds / 60 % 60), 2);
    store<u8>(p, 58, 16);
    putDigits(p + 17, <u64>(seconds % 60), 2);
    p += 19;
    let fraction = <u64>(ofDay % SECOND);
    if (fraction != 0) {
      let width: usize = 6;
      while (fraction % 10 == 0) {
        fraction /= 10;
        width--;
      }
      store<u8>(p, 46);
      putDigits(p + 1, fraction, width);
      p += width + 1;
    }
    storeRef(out + (i << 3), start, p - start);
  }
  return p;
}
