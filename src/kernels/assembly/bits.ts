// Bitwise operations on integers, by type (0 i8, 1 i16, 2 i32, 3 i64, 4 u8, 5 u16, 6 u32, 7 u64, 10 i128, 11 u128).

import { hi, lo, store128 } from './int128';
import { at, check, checkOptional, value } from './memory';

const AND = 0;
const OR = 1;

/** out = a op b (0 and, 1 or, 2 xor) of values of `width` bytes, for the positions 0 … n. `~a` is a xor -1. */
export function bit_op(op: i32, width: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  check(out, n * <usize>width);
  const w = <usize>width;
  // 16 bytes are two words at a time.
  if (w == 16) {
    for (let i: usize = 0; i < n; i++) {
      const x = a + ((i & am) << 4);
      const y = b + ((i & bm) << 4);
      store128(out + (i << 4), combine(op, lo(x), lo(y)), <i64>combine(op, <u64>hi(x), <u64>hi(y)));
    }
    return;
  }
  for (let i: usize = 0; i < n; i++) {
    const x = loadWord(w, a + (i & am) * w);
    const y = loadWord(w, b + (i & bm) * w);
    const r = combine(op, x, y);
    const p = out + i * w;
    if (w == 1) store<u8>(p, <u8>r);
    else if (w == 2) store<u16>(p, <u16>r);
    else if (w == 4) store<u32>(p, <u32>r);
    else store<u64>(p, r);
  }
}

// @ts-ignore: decorator
@inline function combine(op: i32, x: u64, y: u64): u64 {
  return op == AND ? x & y : op == OR ? x | y : x ^ y;
}

// @ts-ignore: decorator
@inline function loadWord(width: usize, p: usize): u64 {
  return width == 1 ? <u64>load<u8>(p) : width == 2 ? <u64>load<u16>(p) : width == 4 ? <u64>load<u32>(p) : load<u64>(p);
}

// @ts-ignore: decorator
@inline function shift<T>(right: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  const bits = <i64>(sizeof<T>() * 8);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = value<T>(a, i, am);
    const by = <i64>value<T>(b, i, bm);
    const inRange = isSigned<T>() ? by >= 0 && by < bits : <u64>by < <u64>bits;
    let r: T = 0;
    if (right != 0) r = inRange ? x >> <T>by : 0;
    else {
      // Bits shifted out, and into the sign, would be lost.
      if (isSigned<T>() && (x < 0 || by < 0)) return -1 - <i32>i;
      if (!inRange) {
        if (x != 0) return -1 - <i32>i;
      } else {
        r = x << <T>by;
        if (r < 0 || (r >> <T>by) != x) return -1 - <i32>i;
      }
    }
    store<T>(out + i * sizeof<T>(), r);
  }
  return 0;
}

/** out = a << b, or a >> b; b has a's type. -1 - position where bits are lost or the operands negative. */
export function shift_bits(type: i32, right: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  switch (type) {
    case 0: return shift<i8>(right, a, am, b, bm, sel, n, out);
    case 1: return shift<i16>(right, a, am, b, bm, sel, n, out);
    case 2: return shift<i32>(right, a, am, b, bm, sel, n, out);
    case 3: return shift<i64>(right, a, am, b, bm, sel, n, out);
    case 4: return shift<u8>(right, a, am, b, bm, sel, n, out);
    case 5: return shift<u16>(right, a, am, b, bm, sel, n, out);
    case 6: return shift<u32>(right, a, am, b, bm, sel, n, out);
    default: return shift<u64>(right, a, am, b, bm, sel, n, out);
  }
}

/** out = how many bits of a value of `width` bytes are 1, as i8, or i16 (`wide`). */
export function bit_count(width: i32, wide: i32, a: usize, am: usize, n: usize, out: usize): void {
  check(out, n << wide);
  const w = <usize>width;
  for (let i: usize = 0; i < n; i++) {
    const p = a + (i & am) * w;
    const count = w == 16 ? popcnt<u64>(lo(p)) + popcnt<u64>(<u64>hi(p)) : popcnt<u64>(loadWord(w, p));
    if (wide != 0) store<i16>(out + (i << 1), <i16>count);
    else store<i8>(out + i, <i8>count);
  }
}
