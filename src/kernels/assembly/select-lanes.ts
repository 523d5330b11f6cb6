// Comparing four values at a time to a constant: the mask of the comparison leads to the positions to append. For the
// comparison kernels; nothing here is exported to the host. (Lemire et al., "SIMD compression and the intersection of
// sorted integers", 2016, has the table.)

/** By mask of four lanes: the lanes that are set, as u16, side by side; the rest is 0. */
const LANES: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0,
  1, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 1, 0, 0, 0, 0, 0,
  2, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 2, 0, 0, 0, 0, 0,
  1, 0, 2, 0, 0, 0, 0, 0,
  0, 0, 1, 0, 2, 0, 0, 0,
  3, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 3, 0, 0, 0, 0, 0,
  1, 0, 3, 0, 0, 0, 0, 0,
  0, 0, 1, 0, 3, 0, 0, 0,
  2, 0, 3, 0, 0, 0, 0, 0,
  0, 0, 2, 0, 3, 0, 0, 0,
  1, 0, 2, 0, 3, 0, 0, 0,
  0, 0, 1, 0, 2, 0, 3, 0,
]);

const EQ = 0;
const NE = 1;
const LT = 2;
const LE = 3;
const GT = 4;

// @ts-ignore: decorator
@inline function compare<T>(op: i32, a: v128, b: v128): v128 {
  if (op == EQ) return v128.eq<T>(a, b);
  if (op == NE) return v128.ne<T>(a, b);
  if (op == LT) return v128.lt<T>(a, b);
  if (op == LE) return v128.le<T>(a, b);
  if (op == GT) return v128.gt<T>(a, b);
  return v128.ge<T>(a, b);
}

/** Whether `selectLanes` can take values of the type: integers of 4 bytes, and signed ones of 8. */
// @ts-ignore: decorator
@inline export function hasLanes<T>(): bool {
  return isInteger<T>() && (sizeof<T>() == 4 || (sizeof<T>() == 8 && isSigned<T>()));
}

/** Appends to `out` the positions of values for which `a op c` is true, of the first n & -4. Returns the end of what it wrote. */
// @ts-ignore: decorator
@inline export function selectLanes<T>(op: i32, a: usize, c: T, n: usize, out: usize): usize {
  const constant = v128.splat<T>(c);
  let k = out;
  for (let i: usize = 0; i + 4 <= n; i += 4) {
    let mask: u32;
    if (sizeof<T>() == 4) mask = i32x4.bitmask(compare<T>(op, v128.load(a), constant));
    else {
      mask = i64x2.bitmask(compare<T>(op, v128.load(a), constant));
      mask |= i64x2.bitmask(compare<T>(op, v128.load(a, 16), constant)) << 2;
    }
    // Lanes that are not set are written over by the next ones.
    store<u64>(k, load<u64>(LANES + (<usize>mask << 3)) + <u64>i * 0x0001_0001_0001_0001);
    k += <usize>popcnt<u32>(mask) << 1;
    a += 4 * sizeof<T>();
  }
  return k;
}
