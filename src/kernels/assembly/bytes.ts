// Text and blobs as bytes: comparing, hashing, searching, copying. For the other kernels; nothing here is exported to
// the host. A ref is 8 bytes: {address u32, length u32}. Reads run up to 15 bytes past a text's end (see PADDING).

const MIX: u64 = 0xd6e8feb86659fd93;

/** The address of the bytes that the ref at `ref` names. */
// @ts-ignore: decorator
@inline export function refAddress(ref: usize): usize {
  return <usize>load<u32>(ref);
}

/** How many bytes the ref at `ref` names. */
// @ts-ignore: decorator
@inline export function refLength(ref: usize): usize {
  return <usize>load<u32>(ref, 4);
}

// @ts-ignore: decorator
@inline export function storeRef(ref: usize, address: usize, length: usize): void {
  store<u32>(ref, <u32>address);
  store<u32>(ref, <u32>length, 4);
}

/** Whether `length` bytes at `a` and `b` are the same. */
// @ts-ignore: decorator
@inline export function equalBytes(a: usize, b: usize, length: usize): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  return length == 0 || (load<u64>(a) ^ load<u64>(b)) << (64 - (<u64>length << 3)) == 0;
}

/** Whether the texts of two refs are the same. */
// @ts-ignore: decorator
@inline export function equalRefs(a: usize, b: usize): bool {
  const length = refLength(a);
  return length == refLength(b) && equalBytes(refAddress(a), refAddress(b), length);
}

/** Bytewise order, which is code point order for UTF-8: negative, 0 or positive. */
export function compareBytes(a: usize, al: usize, b: usize, bl: usize): i32 {
  const common = min<usize>(al, bl);
  let i: usize = 0;
  for (; i + 8 <= common; i += 8) {
    const x = load<u64>(a + i);
    const y = load<u64>(b + i);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  if (i < common) {
    // The bytes that count moved to the top, in reading order.
    const shift = 64 - (<u64>(common - i) << 3);
    const x = bswap<u64>(load<u64>(a + i)) >> shift;
    const y = bswap<u64>(load<u64>(b + i)) >> shift;
    if (x != y) return x < y ? -1 : 1;
  }
  return <i32>(al > bl) - <i32>(al < bl);
}

/** The order of two refs' texts. */
// @ts-ignore: decorator
@inline export function compareRefs(a: usize, b: usize): i32 {
  return compareBytes(refAddress(a), refLength(a), refAddress(b), refLength(b));
}

/** 64 well-mixed bits of a text; equal texts hash alike under the same seed. */
// @ts-ignore: decorator
@inline export function hashBytes(p: usize, length: usize, seed: u64): u64 {
  let h: u64 = seed ^ (<u64>length * 0x9e3779b97f4a7c15);
  while (length >= 8) {
    h = (h ^ load<u64>(p)) * MIX;
    h ^= h >> 32;
    p += 8;
    length -= 8;
  }
  if (length != 0) {
    h = (h ^ (load<u64>(p) & (((<u64>1) << (<u64>length << 3)) - 1))) * MIX;
    h ^= h >> 32;
  }
  h *= MIX;
  return h ^ (h >> 32);
}

// @ts-ignore: decorator
@inline export function hashRef(ref: usize, seed: u64): u64 {
  return hashBytes(refAddress(ref), refLength(ref), seed);
}

/** Where `needle` first stands in the `length` bytes at `p`: its offset, or -1. An empty needle stands at 0. */
export function findBytes(p: usize, length: usize, needle: usize, needleLength: usize): isize {
  if (needleLength == 0) return 0;
  if (needleLength > length) return -1;
  const last = needleLength - 1;
  const starts = length - last;
  // Sixteen candidates at a time: the first and the last byte must both fit before the middle is looked at.
  const first16 = i8x16.splat(load<i8>(needle));
  const last16 = i8x16.splat(load<i8>(needle + last));
  for (let i: usize = 0; i < starts; i += 16) {
    let hits = i8x16.bitmask(v128.and(i8x16.eq(v128.load(p + i), first16), i8x16.eq(v128.load(p + i + last), last16)));
    while (hits != 0) {
      const at = i + <usize>ctz<i32>(hits);
      if (at >= starts) return -1;
      if (equalBytes(p + at, needle, needleLength)) return <isize>at;
      hits &= hits - 1;
    }
  }
  return -1;
}

/** Like `copyBytes`, and quicker for the few bytes that most texts have. */
// @ts-ignore: decorator
@inline export function copyText(to: usize, from: usize, length: usize): void {
  if (length > 32) memory.copy(to, from, length);
  else if (length >= 16) {
    const end = v128.load(from + length - 16);
    v128.store(to, v128.load(from));
    v128.store(to + length - 16, end);
  } else if (length >= 8) {
    const end = load<u64>(from + length - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + length - 8, end);
  } else if (length >= 4) {
    const end = load<u32>(from + length - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + length - 4, end);
  } else for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}

/** Copies `length` bytes; never writes beyond. */
// @ts-ignore: decorator
@inline export function copyBytes(to: usize, from: usize, length: usize): void {
  memory.copy(to, from, length);
}
