// Which of 64 bytes are what: masks of comparisons, and what quotes make of them.

// @ts-ignore: decorator
@inline export function mask64(p: usize, c: v128): u64 {
  return topBits(i8x16.eq(v128.load(p), c), i8x16.eq(v128.load(p, 16), c), i8x16.eq(v128.load(p, 32), c), i8x16.eq(v128.load(p, 48), c));
}

/** The top bits of 64 bytes. */
// @ts-ignore: decorator
@inline export function topBits(a: v128, b: v128, c: v128, d: v128): u64 {
  // Halves of 32 bits: extending each part to 64 would take an instruction more.
  const low = <u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16));
  const high = <u32>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16));
  return <u64>low | (<u64>high << 32);
}

/** Bit i of the result: the parity of bits 0 … i. */
// @ts-ignore: decorator
@inline export function prefixXor(x: u64): u64 {
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  return x ^ (x << 32);
}

/** Whether a quote opens within a field, or something else than the field's end follows a closing one. @param follows what may stand behind one */
// @ts-ignore: decorator
@inline export function isMisplaced(opens: u64, closes: u64, separators: u64, follows: u64, mayOpen: u64, closed: u64): bool {
  if ((opens & ~(((separators | closes) << 1) | mayOpen)) != 0) return true;
  if ((closes & ~((follows >> 1) | ((<u64>1) << 63))) != 0) return true;
  return closed != 0 && (follows & 1) == 0;
}
