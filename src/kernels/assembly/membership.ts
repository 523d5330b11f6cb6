// Sets of constants for IN: open addressing over u32 slots (item + 1, 0 = free), built and probed here.
import { equalRefs, hashRef } from './bytes';
import { at, check, checkOptional, isValid } from './memory';

// Kinds: values of 1, 2, 4, 8, 16 bytes, refs, floats (where NaN = NaN and 0 = -0).
const W1 = 0;
const W2 = 1;
const W4 = 2;
const W8 = 3;
const W16 = 4;
const REF = 5;
const F32 = 6;
const F64 = 7;

// @ts-ignore: decorator
@inline function shiftOf(kind: i32): usize {
  return kind <= W16 ? <usize>kind : kind == F32 ? 2 : 3;
}

/** The value's bits, so that equal values have equal bits. */
// @ts-ignore: decorator
@inline function bitsOf(kind: i32, p: usize): u64 {
  if (kind == W1) return <u64>load<u8>(p);
  if (kind == W2) return <u64>load<u16>(p);
  if (kind == W4) return <u64>load<u32>(p);
  if (kind == F32 || kind == F64) {
    const v = kind == F32 ? <f64>load<f32>(p) : load<f64>(p);
    return v == 0 ? 0 : v != v ? 0x7ff8000000000000 : reinterpret<u64>(v);
  }
  return load<u64>(p);
}

// @ts-ignore: decorator
@inline function hash(kind: i32, p: usize): u64 {
  if (kind == REF) return hashRef(p, 0);
  let h = bitsOf(kind, p);
  if (kind == W16) h ^= load<u64>(p, 8) * 0xc2b2ae3d27d4eb4f;
  h *= 0x9e3779b97f4a7c15;
  return h ^ (h >> 32);
}

// @ts-ignore: decorator
@inline function equal(kind: i32, a: usize, b: usize): bool {
  if (kind == REF) return equalRefs(a, b);
  if (kind == W16) return load<u64>(a) == load<u64>(b) && load<u64>(a, 8) == load<u64>(b, 8);
  return bitsOf(kind, a) == bitsOf(kind, b);
}

// @ts-ignore: decorator
@inline function contains(kind: i32, p: usize, items: usize, table: usize, mask: u32): bool {
  let slot = <u32>hash(kind, p) & mask;
  let item = load<u32>(table + ((<usize>slot) << 2));
  while (item != 0 && !equal(kind, p, items + ((<usize>(item - 1)) << shiftOf(kind)))) {
    slot = (slot + 1) & mask;
    item = load<u32>(table + ((<usize>slot) << 2));
  }
  return item != 0;
}

/** Fills a zeroed table of `mask + 1` slots (a power of two, more than `count`) with items. */
export function set_build(kind: i32, items: usize, count: usize, table: usize, mask: u32): void {
  check(items, count << shiftOf(kind));
  check(table, (<usize>mask + 1) << 2);
  for (let k: usize = 0; k < count; k++) {
    const p = items + (k << shiftOf(kind));
    if (contains(kind, p, items, table, mask)) continue;
    let slot = <u32>hash(kind, p) & mask;
    while (load<u32>(table + ((<usize>slot) << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(table + ((<usize>slot) << 2), <u32>k + 1);
  }
}

// @ts-ignore: decorator
@inline function probe(kind: i32, a: usize, validity: usize, sel: usize, n: usize, items: usize, table: usize, mask: u32, out: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u8>(out + i, <u8>(isValid(validity, i) && contains(kind, a + (i << shiftOf(kind)), items, table, mask)));
  }
}

/** out[i] = whether a[i] is one of a few integers of 4 or 8 bytes (kind W4, W8): all positions 0 … n, NULL or not. */
export function few_probe(kind: i32, a: usize, n: usize, items: usize, count: usize, out: usize): void {
  check(items, count << shiftOf(kind));
  check(a, n << shiftOf(kind));
  check(out, n);
  if (kind == W4) few<u32>(a, n, items, count, out);
  else few<u64>(a, n, items, count, out);
}

// @ts-ignore: decorator
@inline function few<T>(a: usize, n: usize, items: usize, count: usize, out: usize): void {
  memory.fill(out, 0, n);
  for (let k: usize = 0; k < count; k++) {
    const item = load<T>(items + k * sizeof<T>());
    for (let i: usize = 0; i < n; i++) {
      store<u8>(out + i, load<u8>(out + i) | <u8>(load<T>(a + i * sizeof<T>()) == item));
    }
  }
}

/** out[i] = whether a[i] is in the set, for the rows i; false where NULL. */
export function set_probe(kind: i32, a: usize, validity: usize, sel: usize, n: usize, items: usize, table: usize, mask: u32, out: usize): void {
  checkOptional(sel, n << 1);
  if (kind == W1) probe(W1, a, validity, sel, n, items, table, mask, out);
  else if (kind == W2) probe(W2, a, validity, sel, n, items, table, mask, out);
  else if (kind == W4) probe(W4, a, validity, sel, n, items, table, mask, out);
  else if (kind == W8) probe(W8, a, validity, sel, n, items, table, mask, out);
  else if (kind == W16) probe(W16, a, validity, sel, n, items, table, mask, out);
  else if (kind == REF) probe(REF, a, validity, sel, n, items, table, mask, out);
  else if (kind == F32) probe(F32, a, validity, sel, n, items, table, mask, out);
  else probe(F64, a, validity, sel, n, items, table, mask, out);
}
