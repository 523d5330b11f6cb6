// hash(…): 64 bits of each row's values, argument by argument.
import { hashRef } from './bytes';
import { at, checkOptional, isValid } from './memory';

const NULL_HASH: u64 = 0x9e3779b97f4a7c15;

// @ts-ignore: decorator
@inline function mixed(v: u64): u64 {
  let h = v;
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
  return h ^ (h >> 32);
}

/** Zeros of both signs are one value, and all NaNs. */
// @ts-ignore: decorator
@inline function floatBits(x: f64): u64 {
  return x == 0 ? 0 : x != x ? 0x7ff8000000000000 : reinterpret<u64>(x);
}

/** Kinds of values: widths in bytes of integers, and these. */
const FLOAT: i32 = 32;
const DOUBLE: i32 = 64;
const REF: i32 = 0;

// @ts-ignore: decorator
@inline function hashOf(kind: i32, p: usize): u64 {
  switch (kind) {
    case REF:
      return hashRef(p, 0);
    case 1:
      return mixed(<u64>load<u8>(p) + 1);
    case 2:
      return mixed(<u64>load<u16>(p) + 1);
    case 4:
      return mixed(<u64>load<u32>(p) + 1);
    case FLOAT:
      return mixed(floatBits(<f64>load<f32>(p)));
    case DOUBLE:
      return mixed(floatBits(load<f64>(p)));
    case 8:
      return mixed(load<u64>(p));
    default:
      return mixed(load<u64>(p) ^ mixed(load<u64>(p, 8)));
  }
}

// @ts-ignore: decorator
@inline function widthOf(kind: i32): usize {
  if (kind == REF || kind == DOUBLE) return 8;
  return kind == FLOAT ? 4 : <usize>kind;
}

/** Hashes of an argument's values; joined with what `out` has unless it is the first. Rows that are NULL have a hash of their own. */
export function hash_values(kind: i32, a: usize, am: usize, validity: usize, first: bool, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  const width = widthOf(kind);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const h = isValid(validity, i & am) ? hashOf(kind, a + (i & am) * width) : NULL_HASH;
    const p = out + (i << 3);
    store<u64>(p, first ? h : mixed(load<u64>(p) * 31 + h));
  }
}
