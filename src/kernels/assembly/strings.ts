// Comparisons of refs (VARCHAR, BLOB) to selections and to booleans. Order is bytewise. Positions without a value
// hold arbitrary refs, so these kernels never look at an invalid one.
import { compareRefs, equalRefs } from './bytes';
import { at, check, checkOptional, isValid } from './memory';

const EQ = 0;
const NE = 1;
const LT = 2;
const LE = 3;
const GT = 4;

// @ts-ignore: decorator
@inline function holds(op: i32, a: usize, b: usize): bool {
  if (op <= NE) return equalRefs(a, b) == (op == EQ);
  const c = compareRefs(a, b);
  if (op == LT) return c < 0;
  if (op == LE) return c <= 0;
  if (op == GT) return c > 0;
  return c >= 0;
}

/** Rows where `a op b` is true (op: 0 = 1 <> 2 < 3 <= 4 > 5 >=); `out` takes n + 1 u16. Returns how many. */
export function select_ref(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  if (n == 0) return 0;
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u16>(k, <u16>i);
    if (isValid(validity, i)) k += <usize>holds(op, a + ((i & am) << 3), b + ((i & bm) << 3)) << 1;
  }
  return (k - out) >> 1;
}

/** `a op b` as booleans; positions that `validity` rules out become false. */
export function compare_ref(op: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u8>(out + i, isValid(validity, i) ? <u8>holds(op, a + ((i & am) << 3), b + ((i & bm) << 3)) : 0);
  }
}
