// What every kernel builds on: addresses, selections, validity bitmaps, and the checks of the checked build.
//
// Conventions of all kernels:
// - Addresses are byte addresses in the linear memory; 0 means "none".
// - A value operand is (address, mask): position i reads value `i & mask`; mask -1 is a vector, 0 a constant.
// - Rows are (sel, n): positions sel[0 … n) as u16, or 0 … n when sel is 0. Results go to the same positions of `out`.
// - Bitmaps: bit i & 7 of byte i >> 3, 1 = valid.
// - A kernel that can fail returns a status: 0 or a count, negative for a failure.

// CHECKED is 0 or 1, a constant that build.mjs gives the compiler.

/** In the checked build: traps unless [p, p + bytes) lies in allocated blocks (or is empty). */
// @ts-ignore: decorator
@inline export function check(p: usize, bytes: usize): void {
  // @ts-ignore: constant of the build
  if (CHECKED != 0) verify(p, bytes);
}

/** Like `check`, but an absent operand (0) is fine. */
// @ts-ignore: decorator
@inline export function checkOptional(p: usize, bytes: usize): void {
  // @ts-ignore: constant of the build
  if (CHECKED != 0) {
    if (p != 0) verify(p, bytes);
  }
}

/** In the checked build: traps unless the condition holds. */
// @ts-ignore: decorator
@inline export function require(condition: bool): void {
  // @ts-ignore: constant of the build
  if (CHECKED != 0) assert(condition);
}

// The block tables of src/memory/layout.ts.
const LENGTHS: usize = 64 * 1024 + 4 * 65536;
const FIRST_BLOCK: usize = 10;

/** Traps unless the range lies inside one allocation of the block allocator. */
function verify(p: usize, bytes: usize): void {
  if (bytes == 0) return;
  assert(p >= FIRST_BLOCK << 16, 'address below the first block');
  assert(p + bytes > p, 'range wraps');
  let block = p >> 16;
  while (load<u32>(LENGTHS + (block << 2)) == 0) {
    block--;
    assert(block >= FIRST_BLOCK, 'address in no allocation');
  }
  const end = (<u64>block + <u64>load<u32>(LENGTHS + (block << 2))) << 16;
  assert(<u64>p + <u64>bytes <= end, 'range beyond its allocation');
}

/** The position of row `j` under a selection. */
// @ts-ignore: decorator
@inline export function at(sel: usize, j: usize): usize {
  return sel == 0 ? j : <usize>load<u16>(sel + (j << 1));
}

/**
 * How many positions from the first on hold all rows, if these are most of them; else 0. Where what is computed at
 * other positions does no harm, it is quicker to go through all than from one to the next.
 */
// @ts-ignore: decorator
@inline export function denseEnd(sel: usize, n: usize): usize {
  if (sel == 0 || n == 0) return n;
  const end = <usize>load<u16>(sel + ((n - 1) << 1)) + 1;
  return n << 2 >= end * 3 ? end : 0;
}

// @ts-ignore: decorator
@inline export function isValid(validity: usize, i: usize): bool {
  return validity == 0 || ((<u32>load<u8>(validity + (i >> 3)) >> (<u32>i & 7)) & 1) != 0;
}

// @ts-ignore: decorator
@inline export function setBit(bitmap: usize, i: usize): void {
  const p = bitmap + (i >> 3);
  store<u8>(p, load<u8>(p) | <u8>(1 << <u8>(<u32>i & 7)));
}

// @ts-ignore: decorator
@inline export function clearBit(bitmap: usize, i: usize): void {
  const p = bitmap + (i >> 3);
  store<u8>(p, load<u8>(p) & ~<u8>(1 << <u8>(<u32>i & 7)));
}

/** Value `i & mask` of an operand. */
// @ts-ignore: decorator
@inline export function value<T>(p: usize, i: usize, mask: usize): T {
  return load<T>(p + (i & mask) * sizeof<T>());
}

/** Copies 16 bytes. */
// @ts-ignore: decorator
@inline export function copy16(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
}
