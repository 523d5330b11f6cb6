// Fields of CSV as references (see csv.ts for their bounds and the dialect).
import { storeRef } from './bytes';
import { at, check, checkOptional, require, setBit } from './memory';

/** Removes the escapes of quoted text in place; returns its new end. */
function unescape(from: usize, end: usize, escape: u8): usize {
  let p = from;
  while (p < end && load<u8>(p) != escape) p++;
  let to = p;
  while (p < end) {
    if (load<u8>(p) == escape && p + 1 < end) p++;
    store<u8>(to++, load<u8>(p++));
  }
  return to;
}

// @ts-ignore: decorator
@inline function isOneOf(p: usize, length: usize, texts: usize, count: i32): bool {
  for (let i: i32 = 0; i < count; i++) {
    const text = texts + (<usize>i << 3);
    if (<usize>load<u32>(text, 4) != length) continue;
    let k: usize = 0;
    const q = <usize>load<u32>(text);
    while (k < length && load<u8>(p + k) == load<u8>(q + k)) k++;
    if (k == length) return true;
  }
  return false;
}

/**
 * One column's fields as references, without their quotes (escapes are removed in place: once per column and batch).
 * Fields that are one of the `nulls` (references) become NULL: their bits in `validity`, zeroed before, stay 0. `unquotedOnly`: quoted
 * text is never NULL. Returns how many rows are NULL.
 */
export function csv_refs(bounds: usize, columns: i32, column: i32, sel: usize, n: usize, dialect: usize, nulls: usize, nullCount: i32, unquotedOnly: i32, out: usize, validity: usize): i32 {
  checkOptional(sel, n << 1);
  check(dialect, 12);
  require(column < columns);
  const stride = <usize>(columns + 1) << 2;
  const quote = load<u8>(dialect, 1);
  const escape = load<u8>(dialect, 2);
  const hasQuote = load<u8>(dialect, 5) != 0;
  const isLast = column == columns - 1 && load<u8>(dialect, 3) == 10;
  const first = bounds + (<usize>column << 2);
  const more: usize = column == 0 ? 0 : <usize>load<u8>(dialect, 8);
  let missing: i32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const b = first + i * stride;
    let end = <usize>load<u32>(b, 4) - 1;
    let p = min(<usize>load<u32>(b) + more, end);
    if (isLast && end > p && load<u8>(end - 1) == 13) end--;
    let isQuoted = false;
    if (hasQuote && end > p + 1 && load<u8>(p) == quote && load<u8>(end - 1) == quote) {
      isQuoted = true;
      p++;
      end = unescape(p, end - 1, escape);
    }
    storeRef(out + (i << 3), p, end - p);
    if (nullCount > 0 && (!isQuoted || unquotedOnly == 0) && isOneOf(p, end - p, nulls, nullCount)) missing++;
    else setBit(validity, i);
  }
  return missing;
}
