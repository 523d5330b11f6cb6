// Numbers of up to 16 characters, all digits but for a point: read at once, as their lengths differ from row to row.

/** What the digits spell, and bits above it how many of them stand behind the point. */
const VALUE_BITS: i64 = 54;

/** The number of `length` (1 to 16) characters at `p`, or -1 when others than digits and one `point` are in it. */
// @ts-ignore: decorator
@inline export function plainNumber(p: usize, length: usize, point: i32): i64 {
  const digits = i8x16.sub(v128.load(p), i8x16.splat(48));
  const others = (i8x16.bitmask(i8x16.le_u(digits, i8x16.splat(9))) ^ 0xffff) & ((1 << <i32>length) - 1);
  let pointAt: i32 = -1;
  let behind: i64 = 0;
  if (others != 0) {
    pointAt = ctz(others);
    if (others != 1 << pointAt || <i32>load<u8>(p + <usize>pointAt) != point || length == 1) return -1;
    behind = <i64>(<i32>length - 1 - pointAt);
  }
  // All digits moved to the right, those before the point by one more; zeros come from places that there are not.
  const places = i8x16.add(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>(<i32>length - 16)));
  const one = i8x16.gt_s(i8x16.splat(<i8>(pointAt + 1)), places);
  const x = i8x16.swizzle(digits, i8x16.add(places, one));
  const pairs = i16x8.add(i16x8.mul(v128.and(x, i16x8.splat(255)), i16x8.splat(10)), i16x8.shr_u(x, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fours, fours), i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1));
  const both = i64x2.extract_lane(eights, 0);
  return (behind << VALUE_BITS) | ((both & 0xffffffff) * 100000000 + <i64>(<u64>both >> 32));
}

// @ts-ignore: decorator
@inline export function valueOfPlain(plain: i64): i64 {
  return plain & ((1 << VALUE_BITS) - 1);
}

/** How many digits stand behind the point: up to 15. */
// @ts-ignore: decorator
@inline export function fractionOfPlain(plain: i64): i32 {
  return <i32>(plain >> VALUE_BITS);
}
