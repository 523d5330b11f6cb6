// Parts of lists, and lists put together: pairs of {first element, length}, or where elements come from (u32 places among the
// source's, NONE for NULL). Lists are (lists, lm, lv) as in list-find.ts.
import { at, check, checkOptional, isValid } from './memory';

const NONE: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline function putPair(pairs: usize, i: usize, first: usize, length: usize): void {
  store<u32>(pairs + (i << 3), <u32>first);
  store<u32>(pairs + (i << 3), <u32>length, 4);
}

/**
 * out = u32 words {elements of all rows' lists, length of the longest, place of the first element, 1 if they all stand together in the
 * order of the rows}; and pairs for the elements one list after the other, if wanted.
 */
export function list_sizes(lists: usize, lm: usize, lv: usize, sel: usize, n: usize, pairs: usize, out: usize): void {
  checkOptional(sel, n << 1);
  check(out, 16);
  let total: usize = 0;
  let longest: usize = 0;
  let first: usize = 0;
  let together = true;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const list = lists + ((i & lm) << 3);
    const length: usize = isValid(lv, i & lm) ? <usize>load<u32>(list, 4) : 0;
    if (pairs != 0) putPair(pairs, i, total, length);
    if (length == 0) continue;
    if (total == 0) first = <usize>load<u32>(list);
    together = together && <usize>load<u32>(list) == first + total;
    total += length;
    longest = max<usize>(longest, length);
  }
  store<u32>(out, <u32>total);
  store<u32>(out, <u32>longest, 4);
  store<u32>(out, <u32>first, 8);
  store<u32>(out, <u32>together, 12);
}

/** The places of the elements of all rows' lists, if wanted; `owners`, if wanted: of the elements of the row at position i: base + i × step. */
export function list_places(lists: usize, lm: usize, lv: usize, sel: usize, n: usize, out: usize, base: usize, step: usize, owners: usize): void {
  checkOptional(sel, n << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(lv, i & lm)) continue;
    const list = lists + ((i & lm) << 3);
    const from = load<u32>(list);
    const length = load<u32>(list, 4);
    if (out != 0) for (let e: u32 = 0; e < length; e++) store<u32>(out + ((k + <usize>e) << 2), from + e);
    if (owners != 0) {
      const owner = <u32>(base + i * step);
      for (let e: u32 = 0; e < length; e++) store<u32>(owners + ((k + <usize>e) << 2), owner);
    }
    k += <usize>length;
  }
}

/** n bits of a bitmap from number `from` on; reads two bytes behind them at most. */
export function copy_bits(bitmap: usize, from: usize, n: usize, out: usize): void {
  check(out, (n + 7) >> 3);
  const shift = <u32>(from & 7);
  let p = bitmap + (from >> 3);
  for (let k: usize = 0; k < n; k += 8, p++, out++) store<u8>(out, <u8>(<u32>load<u16>(p) >> shift));
}

/** out[i] = the length of the list at position i, as i64. */
export function list_count(lists: usize, lm: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<i64>(out + (i << 3), <i64>load<u32>(lists + ((i & lm) << 3), 4));
  }
}

/** out[i] = the place of the element at an index from 1, or from the end for negative ones (i64); NONE for rows that have none. */
export function list_at(lists: usize, lm: usize, lv: usize, indexes: usize, im: usize, iv: usize, sel: usize, n: usize, count: usize, out: usize): void {
  checkOptional(sel, n << 1);
  check(out, count << 2);
  memory.fill(out, 0xff, count << 2);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(lv, i & lm) || !isValid(iv, i & im)) continue;
    const list = lists + ((i & lm) << 3);
    const length = <i64>load<u32>(list, 4);
    const index = load<i64>(indexes + ((i & im) << 3));
    // The sum can not overflow: the length is not negative.
    const k = index > 0 ? index - 1 : index + length;
    if (index != 0 && k >= 0 && k < length) store<u32>(out + (i << 2), load<u32>(list) + <u32>k);
  }
}

/**
 * The elements from one index to another (i64, as in `list_at`; a start of 0 is the first element, an end of 0 before it), every
 * `step`th; a negative step goes from the end back to the start. With step 1 and `out` 0 only the pairs of the elements where they
 * are; else pairs for elements that are to be gathered: their places to `out`.
 */
export function list_slice(lists: usize, lm: usize, lv: usize, starts: usize, sm: usize, ends: usize, em: usize, steps: usize, tm: usize, sel: usize, n: usize, pairs: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const list = lists + ((i & lm) << 3);
    const length: i64 = isValid(lv, i & lm) ? <i64>load<u32>(list, 4) : 0;
    const step: i64 = steps == 0 ? 1 : load<i64>(steps + ((i & tm) << 3));
    const start = load<i64>(starts + ((i & sm) << 3));
    const end = load<i64>(ends + ((i & em) << 3));
    const from = step < 0 ? end : start;
    const to = step < 0 ? start : end;
    let first = from < 0 ? from + length : from == 0 ? 0 : from - 1;
    let last = to < 0 ? to + length : to - 1;
    first = max<i64>(first, 0);
    last = min<i64>(last, length - 1);
    const window = last < first ? 0 : last - first + 1;
    if (out == 0) {
      putPair(pairs, i, <usize>load<u32>(list) + (window == 0 ? 0 : <usize>first), <usize>window);
      continue;
    }
    const before = k;
    if (window > 0) {
      let e = step < 0 ? last : first;
      // No further than the list is long, so that nothing overflows; -(-2^63) is negative.
      const stride = step < 0 ? (step < -length ? -length : step) : min<i64>(step, length);
      for (; e >= first && e <= last; e += stride, k++) store<u32>(out + (k << 2), load<u32>(list) + <u32>e);
    }
    putPair(pairs, i, before, k - before);
  }
  return k;
}

/**
 * The elements of the lists in each row's list, which are `inner` with the bitmap `iv`. With `out` 0 counts them, writing pairs of
 * them where they are; returns -1 - how many when they do not all stand together. Else writes their places, and pairs for them.
 */
export function list_flatten(lists: usize, lm: usize, lv: usize, inner: usize, iv: usize, sel: usize, n: usize, pairs: usize, out: usize): isize {
  checkOptional(sel, n << 1);
  let k: usize = 0;
  let together = true;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const list = lists + ((i & lm) << 3);
    const before = k;
    let first: usize = 0;
    if (isValid(lv, i & lm)) {
      const from = <usize>load<u32>(list);
      const end = from + <usize>load<u32>(list, 4);
      for (let e = from; e < end; e++) {
        const length = <usize>load<u32>(inner + (e << 3), 4);
        if (!isValid(iv, e) || length == 0) continue;
        const start = <usize>load<u32>(inner + (e << 3));
        if (k == before) first = start;
        else if (start != first + k - before) together = false;
        if (out == 0) k += length;
        else for (let p = start; p < start + length; p++, k++) store<u32>(out + (k << 2), <u32>p);
      }
    }
    putPair(pairs, i, out == 0 ? first : before, k - before);
  }
  return out != 0 || together ? <isize>k : -1 - <isize>k;
}

/** Pairs for lists of so many elements each, one after the other. */
export function list_even(length: usize, n: usize, pairs: usize): void {
  check(pairs, n << 3);
  for (let i: usize = 0; i < n; i++) putPair(pairs, i, i * length, length);
}

/** Puts the place of each position's value, `base` further on, to one of the elements of lists of `length` each. */
export function list_interleave(mask: usize, base: u32, length: usize, n: usize, out: usize): void {
  for (let i: usize = 0; i < n; i++) store<u32>(out + ((i * length) << 2), base + <u32>(i & mask));
}

/** Makes the lists of `pairs` longer: by the length of the row's list each. */
export function list_longer(lists: usize, lm: usize, lv: usize, sel: usize, n: usize, pairs: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(lv, i & lm)) continue;
    const p = pairs + (i << 3);
    store<u32>(p, load<u32>(p, 4) + load<u32>(lists + ((i & lm) << 3), 4), 4);
  }
}

/** Gives the lists of `pairs` their first elements, one list after the other, and to `ends` (u32, by position) as well. Returns the sum of their lengths. */
export function list_starts(sel: usize, n: usize, pairs: usize, ends: usize): usize {
  checkOptional(sel, n << 1);
  let first: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u32>(pairs + (i << 3), first);
    store<u32>(ends + (i << 2), first);
    first += load<u32>(pairs + (i << 3), 4);
  }
  return <usize>first;
}

/** Puts the row's list, whose elements' places are `base` further on, behind what is there: out[ends[i]++] = place. */
export function list_put(lists: usize, lm: usize, lv: usize, base: u32, sel: usize, n: usize, ends: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(lv, i & lm)) continue;
    const list = lists + ((i & lm) << 3);
    const from = load<u32>(list);
    const length = load<u32>(list, 4);
    const end = load<u32>(ends + (i << 2));
    for (let e: u32 = 0; e < length; e++) store<u32>(out + (<usize>(end + e) << 2), base + from + e);
    store<u32>(ends + (i << 2), end + length);
  }
}

/** The places of the elements where the row's list in `masks` is true, NONE where there is no element, and pairs for them. Returns how many there are. */
export function list_where(lists: usize, lm: usize, lv: usize, masks: usize, mm: usize, mv: usize, flags: usize, flagValid: usize, sel: usize, n: usize, pairs: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const before = k;
    if (isValid(lv, i & lm) && isValid(mv, i & mm)) {
      const list = lists + ((i & lm) << 3);
      const mask = masks + ((i & mm) << 3);
      const from = <usize>load<u32>(mask);
      const length = load<u32>(mask, 4);
      for (let e: u32 = 0; e < length; e++) {
        store<u32>(out + (k << 2), e < load<u32>(list, 4) ? load<u32>(list) + e : NONE);
        k += <usize>(isValid(flagValid, from + e) && load<u8>(flags + from + e) != 0);
      }
    }
    putPair(pairs, i, before, k - before);
  }
  return k;
}

/** The places of the elements at the indexes (from 1) in the row's other list, NONE where there is none, and pairs for them. */
export function list_select(lists: usize, lm: usize, lv: usize, others: usize, om: usize, ov: usize, indexes: usize, indexValid: usize, sel: usize, n: usize, pairs: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const before = k;
    if (isValid(lv, i & lm) && isValid(ov, i & om)) {
      const list = lists + ((i & lm) << 3);
      const other = others + ((i & om) << 3);
      const from = <usize>load<u32>(other);
      const end = from + <usize>load<u32>(other, 4);
      for (let e = from; e < end; e++, k++) {
        const index = isValid(indexValid, e) ? load<i64>(indexes + (e << 3)) : 0;
        const has = index > 0 && index <= <i64>load<u32>(list, 4);
        store<u32>(out + (k << 2), has ? load<u32>(list) + <u32>(index - 1) : NONE);
      }
    }
    putPair(pairs, i, before, k - before);
  }
  return k;
}
