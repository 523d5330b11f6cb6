// Comparisons of fixed-width values to selections and to booleans. NaN is equal to itself and greater than all else, as in
// PostgreSQL and DuckDB, so that sorting, grouping and comparing agree.
import { compare128, compareU128 } from './int128';
import { at, check, checkOptional, isValid, value } from './memory';
import { hasLanes, selectLanes } from './select-lanes';

const EQ = 0;
const NE = 1;
const LT = 2;
const LE = 3;
const GT = 4;
const GE = 5;

// @ts-ignore: decorator
@inline function holds<T>(op: i32, a: T, b: T): bool {
  if (isFloat<T>()) {
    const an = a != a;
    const bn = b != b;
    if (op == EQ) return (a == b) | (an & bn);
    if (op == NE) return !((a == b) | (an & bn));
    if (op == LT) return (a < b) | (!an & bn);
    if (op == LE) return (a <= b) | bn;
    if (op == GT) return (a > b) | (an & !bn);
    return (a >= b) | an;
  }
  if (op == EQ) return a == b;
  if (op == NE) return a != b;
  if (op == LT) return a < b;
  if (op == LE) return a <= b;
  if (op == GT) return a > b;
  return a >= b;
}

// @ts-ignore: decorator
@inline function select<T>(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  let k = out;
  if (sel == 0 && validity == 0) {
    if (bm == 0) {
      const c = load<T>(b);
      let i: usize = 0;
      if (hasLanes<T>() && am != 0) {
        k = selectLanes<T>(op, a, c, n, out);
        i = n & ~3;
      }
      for (; i < n; i++) {
        store<u16>(k, <u16>i);
        k += <usize>holds<T>(op, load<T>(a + (i & am) * sizeof<T>()), c) << 1;
      }
    } else {
      for (let i: usize = 0; i < n; i++) {
        store<u16>(k, <u16>i);
        k += <usize>holds<T>(op, value<T>(a, i, am), value<T>(b, i, bm)) << 1;
      }
    }
  } else if (validity == 0) {
    for (let j: usize = 0; j < n; j++) {
      const i = <usize>load<u16>(sel + (j << 1));
      store<u16>(k, <u16>i);
      k += <usize>holds<T>(op, value<T>(a, i, am), value<T>(b, i, bm)) << 1;
    }
  } else {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      store<u16>(k, <u16>i);
      k += <usize>(isValid(validity, i) & holds<T>(op, value<T>(a, i, am), value<T>(b, i, bm))) << 1;
    }
  }
  return (k - out) >> 1;
}

/** One loop per operator, so that the test inside is a single comparison. */
// @ts-ignore: decorator
@inline function selectOp<T>(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  if (n == 0) return 0;
  check(a, am == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  check(b, bm == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  if (op == EQ) return select<T>(EQ, a, am, b, bm, validity, sel, n, out);
  if (op == NE) return select<T>(NE, a, am, b, bm, validity, sel, n, out);
  if (op == LT) return select<T>(LT, a, am, b, bm, validity, sel, n, out);
  if (op == LE) return select<T>(LE, a, am, b, bm, validity, sel, n, out);
  if (op == GT) return select<T>(GT, a, am, b, bm, validity, sel, n, out);
  return select<T>(GE, a, am, b, bm, validity, sel, n, out);
}

/** Rows where `a op b` is true (op: 0 = 1 <> 2 < 3 <= 4 > 5 >=); `out` takes n + 1 u16. Returns how many. */
export function select_i8(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<i8>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_i16(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<i16>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_i32(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<i32>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_i64(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<i64>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_u8(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<u8>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_u16(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<u16>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_u32(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<u32>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_u64(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<u64>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_f32(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<f32>(op, a, am, b, bm, validity, sel, n, out);
}
export function select_f64(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  return selectOp<f64>(op, a, am, b, bm, validity, sel, n, out);
}

// @ts-ignore: decorator
@inline function compareLoop<T>(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  for (let i: usize = 0; i < n; i++) store<u8>(out + i, <u8>holds<T>(op, value<T>(a, i, am), value<T>(b, i, bm)));
}

/** One loop per operator. All positions are computed: nothing can fail, and a dense loop beats a selection. */
// @ts-ignore: decorator
@inline function compareOp<T>(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  if (n == 0) return;
  check(a, am == 0 ? sizeof<T>() : n * sizeof<T>());
  check(b, bm == 0 ? sizeof<T>() : n * sizeof<T>());
  check(out, n);
  if (op == EQ) compareLoop<T>(EQ, a, am, b, bm, n, out);
  else if (op == NE) compareLoop<T>(NE, a, am, b, bm, n, out);
  else if (op == LT) compareLoop<T>(LT, a, am, b, bm, n, out);
  else if (op == LE) compareLoop<T>(LE, a, am, b, bm, n, out);
  else if (op == GT) compareLoop<T>(GT, a, am, b, bm, n, out);
  else compareLoop<T>(GE, a, am, b, bm, n, out);
}

/** `a op b` as booleans, for the positions 0 … n. */
export function compare_i8(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<i8>(op, a, am, b, bm, n, out);
}
export function compare_i16(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<i16>(op, a, am, b, bm, n, out);
}
export function compare_i32(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<i32>(op, a, am, b, bm, n, out);
}
export function compare_i64(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<i64>(op, a, am, b, bm, n, out);
}
export function compare_u8(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<u8>(op, a, am, b, bm, n, out);
}
export function compare_u16(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<u16>(op, a, am, b, bm, n, out);
}
export function compare_u32(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<u32>(op, a, am, b, bm, n, out);
}
export function compare_u64(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<u64>(op, a, am, b, bm, n, out);
}
export function compare_f32(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<f32>(op, a, am, b, bm, n, out);
}
export function compare_f64(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  compareOp<f64>(op, a, am, b, bm, n, out);
}

// Values of 16 bytes: their order comes from a function, so that one loop does.
const I128 = 0;
const U128 = 1;

/** Months of 30 days, days of 24 hours: what makes intervals comparable. */
// @ts-ignore: decorator
@inline function compareIntervals(a: usize, b: usize): i32 {
  const DAY: i64 = 86400000000;
  const da = <i64>load<i32>(a) * 30 + <i64>load<i32>(a, 4) + load<i64>(a, 8) / DAY;
  const db = <i64>load<i32>(b) * 30 + <i64>load<i32>(b, 4) + load<i64>(b, 8) / DAY;
  const ma = load<i64>(a, 8) % DAY;
  const mb = load<i64>(b, 8) % DAY;
  // The remainder has the sign of the micros: make it a day's fraction from 0.
  const ca = da - <i64>(ma < 0);
  const cb = db - <i64>(mb < 0);
  if (ca != cb) return ca < cb ? -1 : 1;
  const ra = ma < 0 ? ma + DAY : ma;
  const rb = mb < 0 ? mb + DAY : mb;
  return <i32>(ra > rb) - <i32>(ra < rb);
}

// @ts-ignore: decorator
@inline function order16(kind: i32, a: usize, b: usize): i32 {
  return kind == I128 ? compare128(a, b) : kind == U128 ? compareU128(a, b) : compareIntervals(a, b);
}

/** Which orders (bit 0 less, 1 equal, 2 greater) satisfy an operator. */
// @ts-ignore: decorator
@inline function ordersOf(op: i32): i32 {
  return op == EQ ? 2 : op == NE ? 5 : op == LT ? 1 : op == LE ? 3 : op == GT ? 4 : 6;
}

/** Like `select_i32`, for values of 16 bytes: kind 0 HUGEINT and DECIMAL, 1 UHUGEINT and UUID, 2 INTERVAL. */
export function select_16(kind: i32, op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  const orders = ordersOf(op);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u16>(k, <u16>i);
    const hit = (orders >> (order16(kind, a + ((i & am) << 4), b + ((i & bm) << 4)) + 1)) & 1;
    if (isValid(validity, i)) k += (<usize>hit) << 1;
  }
  return (k - out) >> 1;
}

/** Like `compare_i32`, for values of 16 bytes. */
export function compare_16(kind: i32, op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  check(out, n);
  const orders = ordersOf(op);
  for (let i: usize = 0; i < n; i++) {
    store<u8>(out + i, <u8>((orders >> (order16(kind, a + ((i & am) << 4), b + ((i & bm) << 4)) + 1)) & 1));
  }
}
