// + - * // % of numbers, with overflow checks for integers and decimals. A failing kernel returns -1 - position of the
// first row that fails (overflow, or an integer division by zero); else 0.

import { add128, beyondDecimal, compareU128, div128, divU128, hi, lo, mul128, mulU128, negate128, sub128 } from './int128';
import { at, check, checkOptional, denseEnd, value } from './memory';

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const MOD = 4;

/** One row; returns whether it failed. `limit` is what a product's magnitude must stay below, 0 = the type's range. */
// @ts-ignore: decorator
@inline function row<T>(op: i32, x: T, y: T, limit: i64, out: usize): bool {
  if (isFloat<T>()) {
    store<T>(out, op == ADD ? x + y : op == SUB ? x - y : op == MUL ? x * y : op == DIV ? x / y : x % y);
    return false;
  }
  if (op >= DIV) {
    if (y == 0) return true;
    if (isSigned<T>()) {
      // The most negative number has no positive counterpart.
      if (y == -1) {
        store<T>(out, op == DIV ? <T>0 - x : 0);
        return op == DIV && x == <T>(<T>1 << <T>(sizeof<T>() * 8 - 1));
      }
    }
    store<T>(out, op == DIV ? x / y : x % y);
    return false;
  }
  if (sizeof<T>() < 8) {
    const wide = op == ADD ? <i64>x + <i64>y : op == SUB ? <i64>x - <i64>y : <i64>x * <i64>y;
    store<T>(out, <T>wide);
    // u32 products exceed i64's positive half.
    if (!isSigned<T>() && op == MUL) return <u64>wide > <u64>(<T>-1);
    return wide != <i64>(<T>wide);
  }
  if (op == ADD) {
    const r = x + y;
    store<T>(out, r);
    return isSigned<T>() ? ((x ^ r) & (y ^ r)) < 0 : r < x;
  }
  if (op == SUB) {
    const r = x - y;
    store<T>(out, r);
    return isSigned<T>() ? ((x ^ y) & (x ^ r)) < 0 : x < y;
  }
  const r = x * y;
  store<T>(out, r);
  if (isSigned<T>()) {
    // The product as a double is off by less than 2^12 near the limit of 64 bits: only there divide back,
    // which -1 can't when r is the most negative number.
    const near = abs<f64>(<f64>x * <f64>y);
    if (near > 9.2233720368547e18) {
      if (near > 9.2233720368549e18) return true;
      if (x == -1 ? y == <T>(<T>1 << <T>(sizeof<T>() * 8 - 1)) : r / x != y) return true;
    }
    return limit != 0 && (r >= <T>limit || r <= <T>(0 - limit));
  }
  return ((<u64>x | <u64>y) >> 32) != 0 && x != 0 && r / x != y;
}

// @ts-ignore: decorator
@inline function rows<T>(op: i32, a: usize, am: usize, b: usize, bm: usize, limit: i64, sel: usize, n: usize, out: usize): i32 {
  if (sel == 0) {
    for (let i: usize = 0; i < n; i++) {
      if (row<T>(op, value<T>(a, i, am), value<T>(b, i, bm), limit, out + i * sizeof<T>())) return -1 - <i32>i;
    }
  } else {
    for (let j: usize = 0; j < n; j++) {
      const i = <usize>load<u16>(sel + (j << 1));
      if (row<T>(op, value<T>(a, i, am), value<T>(b, i, bm), limit, out + i * sizeof<T>())) return -1 - <i32>i;
    }
  }
  return 0;
}

/** Two rows at a time; returns whether a row may have left the range (one that is not selected, perhaps). */
// @ts-ignore: decorator
@inline function sums64(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): bool {
  const ca = v128.load64_splat(a);
  const cb = v128.load64_splat(b);
  let left = i64x2.splat(0);
  let i: usize = 0;
  for (; i + 2 <= n; i += 2) {
    const x = am == 0 ? ca : v128.load(a + (i << 3));
    const y = bm == 0 ? cb : v128.load(b + (i << 3));
    const r = op == ADD ? i64x2.add(x, y) : i64x2.sub(x, y);
    v128.store(out + (i << 3), r);
    left = v128.or(left, v128.and(v128.xor(x, r), op == ADD ? v128.xor(y, r) : v128.xor(x, y)));
  }
  let failed = (i64x2.extract_lane(left, 0) | i64x2.extract_lane(left, 1)) < 0;
  if (i < n) failed = row<i64>(op, value<i64>(a, i, am), value<i64>(b, i, bm), 0, out + (i << 3)) || failed;
  return failed;
}

/** A number with as many bits as the largest magnitude among values. */
// @ts-ignore: decorator
@inline function magnitude64(a: usize, am: usize, n: usize): i64 {
  if (am == 0) {
    const x = load<i64>(a);
    return x ^ (x >> 63);
  }
  let all = i64x2.splat(0);
  let i: usize = 0;
  for (; i + 2 <= n; i += 2) {
    const x = v128.load(a + (i << 3));
    all = v128.or(all, v128.xor(x, i64x2.shr_s(x, 63)));
  }
  let bits = i64x2.extract_lane(all, 0) | i64x2.extract_lane(all, 1);
  if (i < n) bits |= load<i64>(a + (i << 3)) ^ (load<i64>(a + (i << 3)) >> 63);
  return bits;
}

/** Products of values so small that none leaves 59 bits, which is within 18 digits; false when they are not. */
// @ts-ignore: decorator
@inline function smallProducts64(a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): bool {
  const bits = 128 - clz<i64>(magnitude64(a, am, n)) - clz<i64>(magnitude64(b, bm, n));
  if (bits > 59) return false;
  for (let i: usize = 0; i < n; i++) store<i64>(out + (i << 3), value<i64>(a, i, am) * value<i64>(b, i, bm));
  return true;
}

/** Where most positions are selected: all of them, if that shows that no row fails; false when it does not. */
// @ts-ignore: decorator
@inline function dense64(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): bool {
  const end = denseEnd(sel, n);
  if (end == 0) return false;
  check(a, am == 0 ? 8 : end << 3);
  check(b, bm == 0 ? 8 : end << 3);
  check(out, end << 3);
  if (op == ADD) return !sums64(ADD, a, am, b, bm, end, out);
  if (op == SUB) return !sums64(SUB, a, am, b, bm, end, out);
  return op == MUL && smallProducts64(a, am, b, bm, end, out);
}

// @ts-ignore: decorator
@inline function arith<T>(op: i32, a: usize, am: usize, b: usize, bm: usize, limit: i64, sel: usize, n: usize, out: usize): i32 {
  if (n == 0) return 0;
  checkOptional(sel, n << 1);
  check(a, am == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  check(b, bm == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  check(out, sel != 0 ? sizeof<T>() : n * sizeof<T>());
  if (op == ADD) return rows<T>(ADD, a, am, b, bm, limit, sel, n, out);
  if (op == SUB) return rows<T>(SUB, a, am, b, bm, limit, sel, n, out);
  if (op == MUL) return rows<T>(MUL, a, am, b, bm, limit, sel, n, out);
  if (op == DIV) return rows<T>(DIV, a, am, b, bm, limit, sel, n, out);
  return rows<T>(MOD, a, am, b, bm, limit, sel, n, out);
}

/** out = a op b (op: 0 + 1 - 2 * 3 // 4 %). */
export function arith_i8(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<i8>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_i16(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<i16>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_i32(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<i32>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_i64(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  if (op <= MUL && dense64(op, a, am, b, bm, sel, n, out)) return 0;
  return arith<i64>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_u8(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<u8>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_u16(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<u16>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_u32(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<u32>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_u64(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<u64>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_f32(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<f32>(op, a, am, b, bm, 0, sel, n, out);
}
export function arith_f64(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  return arith<f64>(op, a, am, b, bm, 0, sel, n, out);
}

/** Products of DECIMAL(≤ 18) that must stay within 18 digits. */
export function mul_decimal64(a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  if (n == 0) return 0;
  checkOptional(sel, n << 1);
  check(out, 8);
  if (dense64(MUL, a, am, b, bm, sel, n, out)) return 0;
  return rows<i64>(MUL, a, am, b, bm, 1000000000000000000, sel, n, out);
}

/** HUGEINT, and DECIMAL(> 18) when `isDecimal` (results stay within 38 digits). */
export function arith_i128(op: i32, a: usize, am: usize, b: usize, bm: usize, isDecimal: i32, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 4);
    const y = b + ((i & bm) << 4);
    const to = out + (i << 4);
    let failed = false;
    if (op == ADD) failed = add128(x, y, to);
    else if (op == SUB) failed = sub128(x, y, to);
    else if (op == MUL) failed = mul128(x, y, to);
    else if (lo(y) == 0 && hi(y) == 0) failed = true;
    else {
      // Only -2^127 // -1 has no result.
      failed = op == DIV && hi(x) == i64.MIN_VALUE && lo(x) == 0 && lo(y) == u64.MAX_VALUE && hi(y) == -1;
      div128(x, y, op == DIV, to);
    }
    if (failed || (isDecimal != 0 && beyondDecimal(to))) return -1 - <i32>i;
  }
  return 0;
}

/** UHUGEINT. */
export function arith_u128(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 4);
    const y = b + ((i & bm) << 4);
    const to = out + (i << 4);
    let failed = false;
    if (op == ADD) {
      add128(x, y, to);
      failed = compareU128(to, x) < 0;
    } else if (op == SUB) {
      failed = compareU128(x, y) < 0;
      sub128(x, y, to);
    } else if (op == MUL) failed = mulU128(lo(x), <u64>hi(x), lo(y), <u64>hi(y), to);
    else if (lo(y) == 0 && hi(y) == 0) failed = true;
    else divU128(lo(x), <u64>hi(x), lo(y), <u64>hi(y), op == DIV, to);
    if (failed) return -1 - <i32>i;
  }
  return 0;
}

/** out = -a for DECIMAL(> 18) and HUGEINT; fails for the smallest HUGEINT. */
export function negate_i128(a: usize, am: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 4);
    if (hi(x) == i64.MIN_VALUE && lo(x) == 0) return -1 - <i32>i;
    negate128(x, out + (i << 4));
  }
  return 0;
}
