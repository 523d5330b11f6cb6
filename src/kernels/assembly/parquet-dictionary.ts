// Dictionaries of Parquet column chunks that are being written: a table of u32 (code + 1, 0 = free) by hash, with linear
// probing, at most half full.
import { at, check } from './memory';
import { copyLiteral } from './snappy';

const MIX: u64 = 0x9e3779b97f4a7c15;

// @ts-ignore: decorator
@inline function encodeFixed<T>(values: usize, n: usize, table: usize, bits: u32, dictionary: usize, known: u32, limit: u32, out: usize): i32 {
  const mask = (<usize>1 << bits) - 1;
  const shift = 64 - <u64>bits;
  let count = known;
  for (let i: usize = 0; i < n; i++) {
    const value = load<T>(values + i * sizeof<T>());
    let slot = <usize>((<u64>value * MIX) >> shift);
    let code: u32;
    while (true) {
      code = load<u32>(table + (slot << 2));
      if (code == 0) {
        if (count == limit) return -1;
        store<T>(dictionary + <usize>count * sizeof<T>(), value);
        code = ++count;
        store<u32>(table + (slot << 2), code);
        break;
      }
      if (load<T>(dictionary + <usize>(code - 1) * sizeof<T>()) == value) break;
      slot = (slot + 1) & mask;
    }
    store<u32>(out + (i << 2), code - 1);
  }
  return <i32>count;
}

function encodeWide(values: usize, n: usize, table: usize, bits: u32, dictionary: usize, known: u32, limit: u32, out: usize): i32 {
  const mask = (<usize>1 << bits) - 1;
  const shift = 64 - <u64>bits;
  let count = known;
  for (let i: usize = 0; i < n; i++) {
    const a = load<u64>(values + (i << 4));
    const b = load<u64>(values + (i << 4), 8);
    let slot = <usize>(((a * MIX ^ (b + (a >> 32))) * MIX) >> shift);
    let code: u32;
    while (true) {
      code = load<u32>(table + (slot << 2));
      if (code == 0) {
        if (count == limit) return -1;
        store<u64>(dictionary + (<usize>count << 4), a);
        store<u64>(dictionary + (<usize>count << 4), b, 8);
        code = ++count;
        store<u32>(table + (slot << 2), code);
        break;
      }
      const p = dictionary + (<usize>(code - 1) << 4);
      if (load<u64>(p) == a && load<u64>(p, 8) == b) break;
      slot = (slot + 1) & mask;
    }
    store<u32>(out + (i << 2), code - 1);
  }
  return <i32>count;
}

/**
 * Codes of `n` stored values of 4, 8 or 16 bytes; new ones join the dictionary of `known` values, up to `limit`.
 * Returns how many values it has now, or -1 when it is full: what was added before then stays.
 * @param bits of a slot's number: the table has 2^bits slots
 */
export function dictionary_encode(width: u32, values: usize, n: usize, table: usize, bits: u32, dictionary: usize, known: u32, limit: u32, out: usize): i32 {
  check(values, n * <usize>width);
  check(table, <usize>4 << bits);
  check(dictionary, <usize>limit * <usize>width);
  check(out, n << 2);
  if (width == 8) return encodeFixed<u64>(values, n, table, bits, dictionary, known, limit, out);
  if (width == 4) return encodeFixed<u32>(values, n, table, bits, dictionary, known, limit, out);
  return encodeWide(values, n, table, bits, dictionary, known, limit, out);
}

// Reads up to 7 bytes behind short texts, which buffers have.
// @ts-ignore: decorator
@inline function hashText(p: usize, length: usize): u64 {
  let hash: u64 = <u64>length;
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) hash = rotl<u64>((hash ^ load<u64>(p + i)) * MIX, 29);
  if (i < length) hash ^= load<u64>(p + i) & (<u64>-1 >> ((8 - <u64>(length - i)) << 3));
  hash *= MIX;
  return (hash ^ (hash >> 32)) * MIX;
}

// @ts-ignore: decorator
@inline function equalBytes(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  if (i == length) return true;
  return (load<u64>(a + i) ^ load<u64>(b + i)) << ((8 - <u64>(length - i)) << 3) == 0;
}

/**
 * Codes of the texts of rows. The dictionary is plain texts, each behind its length; `offsets` has where each of the
 * `known` ones begins, and behind them where they end. Returns how many there are now, or -1 when one more would be
 * beyond `limit` or reach beyond `capacity` bytes.
 */
export function dictionary_encode_texts(
  data: usize, mask: usize, sel: usize, n: usize, table: usize, bits: u32, dictionary: usize, capacity: usize, offsets: usize,
  known: u32, limit: u32, out: usize,
): i32 {
  check(table, <usize>4 << bits);
  check(dictionary, capacity + 16);
  check(offsets, (<usize>limit + 1) << 2);
  check(out, n << 2);
  const slots = (<usize>1 << bits) - 1;
  const shift = 64 - <u64>bits;
  let count = known;
  let used = <usize>load<u32>(offsets + (<usize>count << 2));
  for (let j: usize = 0; j < n; j++) {
    const ref = data + ((at(sel, j) & mask) << 3);
    const p = <usize>load<u32>(ref);
    const length = <usize>load<u32>(ref, 4);
    let slot = <usize>(hashText(p, length) >> shift);
    let code: u32;
    while (true) {
      code = load<u32>(table + (slot << 2));
      if (code == 0) {
        if (count == limit || length + 4 > capacity - used) return -1;
        const to = dictionary + used;
        store<u32>(to, <u32>length);
        if (length > 0) copyLiteral(to + 4, p, length);
        used += length + 4;
        code = ++count;
        store<u32>(offsets + (<usize>count << 2), <u32>used);
        store<u32>(table + (slot << 2), code);
        break;
      }
      const entry = dictionary + <usize>load<u32>(offsets + (<usize>(code - 1) << 2));
      if (<usize>load<u32>(entry) == length && equalBytes(entry + 4, p, length)) break;
      slot = (slot + 1) & slots;
    }
    store<u32>(out + (j << 2), code - 1);
  }
  return <i32>count;
}

/** Puts the `n` distinct texts of a dictionary into an empty table. */
export function dictionary_index_texts(dictionary: usize, offsets: usize, n: usize, table: usize, bits: u32): void {
  check(table, <usize>4 << bits);
  const slots = (<usize>1 << bits) - 1;
  for (let code: usize = 0; code < n; code++) {
    const p = dictionary + <usize>load<u32>(offsets + (code << 2));
    let slot = <usize>(hashText(p + 4, <usize>load<u32>(p)) >> (64 - <u64>bits));
    while (load<u32>(table + (slot << 2)) != 0) slot = (slot + 1) & slots;
    store<u32>(table + (slot << 2), <u32>code + 1);
  }
}

/** The bytes of the plain texts of `n` codes, lengths included. */
export function dictionary_text_bytes(codes: usize, n: usize, offsets: usize): f64 {
  check(codes, n << 2);
  let total: u64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const p = offsets + (<usize>load<u32>(codes + (i << 2)) << 2);
    total += <u64>(load<u32>(p, 4) - load<u32>(p));
  }
  return <f64>total;
}

/** The plain texts of `n` codes at `out`. Returns where they end. */
export function dictionary_texts(codes: usize, n: usize, dictionary: usize, offsets: usize, out: usize): usize {
  check(codes, n << 2);
  let to = out;
  for (let i: usize = 0; i < n; i++) {
    const p = offsets + (<usize>load<u32>(codes + (i << 2)) << 2);
    const from = <usize>load<u32>(p);
    const bytes = <usize>load<u32>(p, 4) - from;
    check(to, bytes);
    copyLiteral(to, dictionary + from, bytes);
    to += bytes;
  }
  return to;
}

/** What a code of another dictionary becomes: not known yet, and about to be. */
const UNKNOWN: u32 = 0xffffffff;
const PENDING: u32 = 0xfffffffe;

/** The codes of rows that `known` has no code for, each once, to `out` (room for n u32). Returns how many. */
export function codes_unknown(codes: usize, sel: usize, n: usize, known: usize, out: usize): usize {
  check(out, n << 2);
  let to = out;
  for (let j: usize = 0; j < n; j++) {
    const code = load<u32>(codes + (at(sel, j) << 2));
    const p = known + (<usize>code << 2);
    if (load<u32>(p) != UNKNOWN) continue;
    store<u32>(p, PENDING);
    store<u32>(to, code);
    to += 4;
  }
  return (to - out) >> 2;
}

/** known[codes[i]] = news[i]. */
export function codes_learn(codes: usize, n: usize, news: usize, known: usize): void {
  check(codes, n << 2);
  check(news, n << 2);
  for (let i: usize = 0; i < n; i++) store<u32>(known + (<usize>load<u32>(codes + (i << 2)) << 2), load<u32>(news + (i << 2)));
}

/** out[j] = known[codes of row j]. */
export function codes_translate(codes: usize, sel: usize, n: usize, known: usize, out: usize): void {
  check(out, n << 2);
  for (let j: usize = 0; j < n; j++) store<u32>(out + (j << 2), load<u32>(known + (<usize>load<u32>(codes + (at(sel, j) << 2)) << 2)));
}
