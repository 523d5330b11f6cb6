// Lists as sets of their values that are not NULL. Lists and their elements as in list-find.ts.
//
// A set is {count u32, mask u32, capacity u32}, then from byte 16 on a code of 8 bytes and an address of 4 for each value; with a
// mask, a table of u32 numbers from 1 behind them. A code is the value itself, or a text's hash. `SET_BYTES` + 28 bytes for each of
// a list's elements are room enough.
import { equalRefs, hashRef } from './bytes';
import { F32, F64, REF, widthOf } from './kind';
import { at, checkOptional, isValid } from './memory';

const SET_BYTES: usize = 16;
/** Lists up to this length are searched without a table. */
const SHORT: usize = 8;
const MIX: u64 = 0xd6e8feb86659fd93;

/** Zeros of both signs are one value, and all NaNs. */
// @ts-ignore: decorator
@inline function floatBits(x: f64): u64 {
  return x == 0 ? 0 : x != x ? 0x7ff8000000000000 : reinterpret<u64>(x);
}

// @ts-ignore: decorator
@inline function codeOf(kind: i32, p: usize): u64 {
  if (kind == REF) return hashRef(p, 0);
  if (kind == F64) return floatBits(load<f64>(p));
  if (kind == F32) return floatBits(<f64>load<f32>(p));
  const width = widthOf(kind);
  if (width == 8) return load<u64>(p);
  if (width == 4) return <u64>load<u32>(p);
  return width == 2 ? <u64>load<u16>(p) : <u64>load<u8>(p);
}

/** Empties a set, with room for so many values. */
// @ts-ignore: decorator
@inline function startSet(set: usize, capacity: usize): void {
  const mask: u32 = capacity <= SHORT ? 0 : (<u32>0xffffffff >> clz<u32>(<u32>capacity << 1));
  store<u32>(set, 0);
  store<u32>(set, mask, 4);
  store<u32>(set, <u32>capacity, 8);
  if (mask != 0) memory.fill(set + SET_BYTES + capacity * 12, 0, (<usize>mask + 1) << 2);
}

/** Whether a set has the value at `p`; with `adds` it has it then. */
function inSet(set: usize, kind: i32, p: usize, adds: bool): bool {
  const code = codeOf(kind, p);
  const count = <usize>load<u32>(set);
  const mask = load<u32>(set, 4);
  const codes = set + SET_BYTES;
  const places = codes + (<usize>load<u32>(set, 8) << 3);
  let slot: usize = 0;
  if (mask == 0) {
    for (let k: usize = 0; k < count; k++) {
      if (load<u64>(codes + (k << 3)) == code && (kind != REF || equalRefs(p, <usize>load<u32>(places + (k << 2))))) return true;
    }
  } else {
    const table = places + (<usize>load<u32>(set, 8) << 2);
    for (let h = <u32>((code * MIX) >> 32); ; h++) {
      slot = table + (<usize>(h & mask) << 2);
      const number = <usize>load<u32>(slot);
      if (number == 0) break;
      const k = number - 1;
      if (load<u64>(codes + (k << 3)) == code && (kind != REF || equalRefs(p, <usize>load<u32>(places + (k << 2))))) return true;
    }
  }
  if (adds) {
    store<u64>(codes + (count << 3), code);
    store<u32>(places + (count << 2), <u32>p);
    store<u32>(set, <u32>count + 1);
    if (slot != 0) store<u32>(slot, <u32>count + 1);
  }
  return false;
}

/** A set of a list's values. */
function setOf(set: usize, kind: i32, list: usize, values: usize, valid: usize): void {
  const width = widthOf(kind);
  const from = <usize>load<u32>(list);
  const length = <usize>load<u32>(list, 4);
  startSet(set, length);
  for (let e = from; e < from + length; e++) if (isValid(valid, e)) inSet(set, kind, values + e * width, true);
}

/**
 * out[i] = whether some (with `all`: all) of the values of the row's list are among those of the other. NULL lists give nothing.
 * @param set room for a set of the longest of the others
 */
export function list_has(kind: i32, all: bool, lists: usize, lm: usize, lv: usize, values: usize, valid: usize, others: usize, om: usize, ov: usize, otherValues: usize, otherValid: usize, sel: usize, n: usize, set: usize, out: usize): void {
  checkOptional(sel, n << 1);
  const width = widthOf(kind);
  let made: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(lv, i & lm) || !isValid(ov, i & om)) continue;
    const other = others + ((i & om) << 3);
    if (other != made) setOf(set, kind, other, otherValues, otherValid);
    made = other;
    const list = lists + ((i & lm) << 3);
    const from = <usize>load<u32>(list);
    const end = from + <usize>load<u32>(list, 4);
    let e = from;
    while (e < end && (!isValid(valid, e) || inSet(set, kind, values + e * width, false) == all)) e++;
    store<u8>(out + i, <u8>((e == end) == all));
  }
}

/**
 * The first of each of the values of the rows' lists, in order: their places among the elements to `out`, and pairs for them, by
 * position, to `pairs`. With `others` only values that are also among the other list's. Returns how many there are.
 * @param set room for a set of the longest list; `otherSet` for one of the longest of the others
 */
export function list_distinct(kind: i32, lists: usize, lm: usize, lv: usize, values: usize, valid: usize, others: usize, om: usize, ov: usize, otherValues: usize, otherValid: usize, sel: usize, n: usize, set: usize, otherSet: usize, pairs: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  const width = widthOf(kind);
  let made: usize = 0;
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const first = k;
    if (isValid(lv, i & lm) && (others == 0 || isValid(ov, i & om))) {
      const other = others + ((i & om) << 3);
      if (others != 0 && other != made) setOf(otherSet, kind, other, otherValues, otherValid);
      made = other;
      const list = lists + ((i & lm) << 3);
      const from = <usize>load<u32>(list);
      const length = <usize>load<u32>(list, 4);
      startSet(set, length);
      for (let e = from; e < from + length; e++) {
        const p = values + e * width;
        if (!isValid(valid, e) || (others != 0 && !inSet(otherSet, kind, p, false)) || inSet(set, kind, p, true)) continue;
        store<u32>(out + (k << 2), <u32>e);
        k++;
      }
    }
    store<u32>(pairs + (i << 3), <u32>first);
    store<u32>(pairs + (i << 3), <u32>(k - first), 4);
  }
  return k;
}
