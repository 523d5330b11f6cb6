// Values whose type is only known at run time, by the number of their physical type; for the aggregate kernels, whose
// code would multiply otherwise. Numbers as in src/kernels/value-kind.ts.
import { compareRefs } from './bytes';
import { compare16 } from './compare16';

export const I8 = 0;
export const I16 = 1;
export const I32 = 2;
export const I64 = 3;
export const U8 = 4;
export const U16 = 5;
export const U32 = 6;
export const U64 = 7;
export const F32 = 8;
export const F64 = 9;
const I128 = 10;
const INTERVAL = 12;
export const REF = 13;

/** Bytes of a value: 1, 2, 4, 8 or 16. */
// @ts-ignore: decorator
@inline export function widthOf(kind: i32): usize {
  if (kind >= I128) return kind == REF ? 8 : 16;
  if (kind >= F32) return kind == F32 ? 4 : 8;
  return (<usize>1) << (kind & 3);
}

// @ts-ignore: decorator
@inline function compareOf<T>(a: usize, b: usize): i32 {
  const x = load<T>(a);
  const y = load<T>(b);
  if (isFloat<T>()) {
    if (x != x || y != y) return <i32>(x != x) - <i32>(y != y);
  }
  return <i32>(x > y) - <i32>(x < y);
}

/** The order of two values: negative, 0, positive. NaN is greatest. */
export function compareKind(kind: i32, a: usize, b: usize): i32 {
  switch (kind) {
    case I8:
      return compareOf<i8>(a, b);
    case I16:
      return compareOf<i16>(a, b);
    case I32:
      return compareOf<i32>(a, b);
    case I64:
      return compareOf<i64>(a, b);
    case U8:
      return compareOf<u8>(a, b);
    case U16:
      return compareOf<u16>(a, b);
    case U32:
      return compareOf<u32>(a, b);
    case U64:
      return compareOf<u64>(a, b);
    case F32:
      return compareOf<f32>(a, b);
    case F64:
      return compareOf<f64>(a, b);
    case REF:
      return compareRefs(a, b);
    default:
      return compare16(kind - I128, a, b);
  }
}

/** Copies a value of 1, 2, 4, 8 or 16 bytes. */
// @ts-ignore: decorator
@inline export function copyValue(width: usize, to: usize, from: usize): void {
  if (width == 8) store<u64>(to, load<u64>(from));
  else if (width == 4) store<u32>(to, load<u32>(from));
  else if (width == 16) v128.store(to, v128.load(from));
  else if (width == 2) store<u16>(to, load<u16>(from));
  else store<u8>(to, load<u8>(from));
}
