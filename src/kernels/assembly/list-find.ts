// Looking for values in lists. Lists are (lists, lm, lv): {first element, length} pairs of u32, a mask and a bitmap. Their elements
// are `values` of a kind (kind.ts) of at most 8 bytes, or refs, with a bitmap `valid`.
import { equalRefs } from './bytes';
import { F32, F64, REF, widthOf } from './kind';
import { at, check, checkOptional, clearBit, isValid } from './memory';

/** Whether two values are the same; NaN is. */
// @ts-ignore: decorator
@inline function same<T>(isRef: bool, a: usize, b: usize): bool {
  if (isRef) return equalRefs(a, b);
  const x = load<T>(a);
  const y = load<T>(b);
  if (isFloat<T>()) return x == y || (x != x && y != y);
  return x == y;
}

// @ts-ignore: decorator
@inline function find<T>(isRef: bool, lists: usize, lm: usize, lv: usize, values: usize, valid: usize, needles: usize, nm: usize, nv: usize, sel: usize, n: usize, width: i32, out: usize, bits: usize): usize {
  let nulls: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const list = lists + ((i & lm) << 3);
    let found: usize = 0;
    let known = isValid(lv, i & lm);
    if (known) {
      const from = <usize>load<u32>(list);
      const end = from + <usize>load<u32>(list, 4);
      if (isValid(nv, i & nm)) {
        const needle = needles + (i & nm) * sizeof<T>();
        for (let e = from; e < end; e++) {
          if (same<T>(isRef, values + e * sizeof<T>(), needle) && isValid(valid, e)) {
            found = e - from + 1;
            break;
          }
        }
      } else if (width == 1) known = from == end;
      else {
        for (let e = from; e < end; e++) {
          if (!isValid(valid, e)) {
            found = e - from + 1;
            break;
          }
        }
      }
    }
    if (width == 1) store<u8>(out + i, <u8>(found != 0));
    else {
      known = found != 0;
      if (width == 4) store<u32>(out + (i << 2), <u32>found);
      else store<u64>(out + (i << 3), <u64>found);
    }
    if (!known) {
      clearBit(bits, i);
      nulls++;
    }
  }
  return nulls;
}

/**
 * The number (from 1) of the first element that is the row's needle, 0 where there is none, in `width` 4 or 8 bytes; a needle NULL
 * finds NULL. Width 1: whether there is one, NULL for needles NULL in lists that are not empty. `bits`, all ones, loses
 * those of rows without an answer. Returns how many these are.
 */
export function list_find(kind: i32, lists: usize, lm: usize, lv: usize, values: usize, valid: usize, needles: usize, nm: usize, nv: usize, sel: usize, n: usize, width: i32, out: usize, bits: usize): usize {
  check(lists, 8);
  checkOptional(sel, n << 1);
  if (kind == REF) return find<u64>(true, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
  if (kind == F64) return find<f64>(false, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
  if (kind == F32) return find<f32>(false, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
  switch (<i32>widthOf(kind)) {
    case 8:
      return find<u64>(false, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
    case 4:
      return find<u32>(false, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
    case 2:
      return find<u16>(false, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
    default:
      return find<u8>(false, lists, lm, lv, values, valid, needles, nm, nv, sel, n, width, out, bits);
  }
}
