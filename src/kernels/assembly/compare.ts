// Comparisons of numbers to selections and to booleans. NaN is equal to itself and greater than all else, as in
// PostgreSQL and DuckDB, so that sorting, grouping and comparing agree.
import { at, check, checkOptional, isValid, value } from './memory';

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
      for (let i: usize = 0; i < n; i++) {
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
