// Sorts the elements of each list. Lists and their elements as in list-find.ts.
import { compareRefs, refAddress, refLength } from './bytes';
import { F32, F64, I8, I16, I32, I64, REF, widthOf } from './kind';
import { at, check, checkOptional, isValid } from './memory';
import { orderedF32, orderedF64 } from './nested';

/** Runs that insertion sorts. */
const RUN: usize = 16;

/** 64 bits that order values as they are ordered; texts by their first eight bytes. */
// @ts-ignore: decorator
@inline function keyOf(kind: i32, p: usize): u64 {
  switch (kind) {
    case REF: {
      const length = refLength(p);
      const bytes = bswap<u64>(load<u64>(refAddress(p)));
      return length >= 8 ? bytes : length == 0 ? 0 : bytes & (u64.MAX_VALUE << (64 - (<u64>length << 3)));
    }
    case F64:
      return orderedF64(load<f64>(p));
    case F32:
      return <u64>orderedF32(load<f32>(p));
    case I64:
      return load<u64>(p) ^ (<u64>1 << 63);
    case I32:
      return <u64>(load<u32>(p) ^ 0x80000000);
    case I16:
      return <u64>(load<u16>(p) ^ 0x8000);
    case I8:
      return <u64>(load<u8>(p) ^ 0x80);
    default: {
      const width = widthOf(kind);
      if (width == 8) return load<u64>(p);
      if (width == 4) return <u64>load<u32>(p);
      return width == 2 ? <u64>load<u16>(p) : <u64>load<u8>(p);
    }
  }
}

/** Whether an entry {key u64, element u32} comes after another. `texts`: refs that decide where keys are the same; 0 = none. */
// @ts-ignore: decorator
@inline function isAfter(texts: usize, descending: bool, a: usize, b: usize): bool {
  const x = load<u64>(a);
  const y = load<u64>(b);
  if (texts == 0 || x != y) return x > y;
  const order = compareRefs(texts + (<usize>load<u32>(a, 8) << 3), texts + (<usize>load<u32>(b, 8) << 3));
  return descending ? order < 0 : order > 0;
}

// @ts-ignore: decorator
@inline function move(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
}

/** Sorts n entries of 16 bytes, those that compare equal as they came; `spare` has room for as many. Returns where they are then. */
function sortEntries(texts: usize, descending: bool, entries: usize, n: usize, spare: usize): usize {
  for (let start: usize = 0; start < n; start += RUN) {
    const low = entries + (start << 4);
    const high = entries + (min<usize>(start + RUN, n) << 4);
    for (let p = low + 16; p < high; p += 16) {
      if (!isAfter(texts, descending, p - 16, p)) continue;
      const held = v128.load(p);
      v128.store(spare, held);
      let q = p;
      do {
        move(q, q - 16);
        q -= 16;
      } while (q > low && isAfter(texts, descending, q - 16, spare));
      v128.store(q, held);
    }
  }
  for (let width = RUN; width < n; width <<= 1) {
    for (let start: usize = 0; start < n; start += width << 1) {
      let a = entries + (start << 4);
      const middle = entries + (min<usize>(start + width, n) << 4);
      let b = middle;
      const end = entries + (min<usize>(start + (width << 1), n) << 4);
      for (let to = spare + (start << 4); a < middle || b < end; to += 16) {
        const takesB = a == middle || (b < end && isAfter(texts, descending, a, b));
        move(to, takesB ? b : a);
        if (takesB) b += 16;
        else a += 16;
      }
    }
    const swapped = entries;
    entries = spare;
    spare = swapped;
  }
  return entries;
}

/**
 * The elements of the rows' lists in order: their places among the elements to `out` (`numbers`: their places in their lists, from
 * 0) from number `from` on, and pairs for them, by position, to `pairs`. Returns how many there are then.
 * @param entries room for 32 bytes for each element of the longest list, 32 at least
 */
export function list_order(kind: i32, descending: bool, nullsFirst: bool, lists: usize, lm: usize, lv: usize, values: usize, valid: usize, sel: usize, n: usize, numbers: bool, from: usize, longest: usize, entries: usize, pairs: usize, out: usize): usize {
  check(entries, longest << 5);
  checkOptional(sel, n << 1);
  const width = widthOf(kind);
  const spare = entries + (longest << 4);
  const texts: usize = kind == REF ? values : 0;
  const flip: u64 = descending ? u64.MAX_VALUE : 0;
  let k = from;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const list = lists + ((i & lm) << 3);
    const length: usize = isValid(lv, i & lm) ? <usize>load<u32>(list, 4) : 0;
    const start = <usize>load<u32>(list);
    store<u32>(pairs + (i << 3), <u32>k);
    store<u32>(pairs + (i << 3), <u32>length, 4);
    let count: usize = 0;
    for (let e = start; e < start + length; e++) {
      if (!isValid(valid, e)) continue;
      const entry = entries + (count << 4);
      store<u64>(entry, keyOf(kind, values + e * width) ^ flip);
      store<u32>(entry, <u32>e, 8);
      count++;
    }
    const sorted = sortEntries(texts, descending, entries, count, spare);
    const base: u32 = numbers ? <u32>start : 0;
    let nulls = out + ((nullsFirst ? k : k + count) << 2);
    const first = nullsFirst ? k + length - count : k;
    for (let e: usize = 0; e < count; e++) store<u32>(out + ((first + e) << 2), load<u32>(sorted + (e << 4), 8) - base);
    if (count < length) {
      for (let e = start; e < start + length; e++) {
        if (isValid(valid, e)) continue;
        store<u32>(nulls, <u32>e - base);
        nulls += 4;
      }
    }
    k += length;
  }
  return k;
}
