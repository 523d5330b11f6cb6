// Rows with a sort key in their head: the whole key (sort-keys.ts) when all its parts have a fixed width, else
// {address u32, length u32} of it and its first HEAD bytes.
import { refAddress, refLength } from './bytes';
import { at, check, checkOptional } from './memory';

/** Bytes of a key that a row holds beside its ref. */
const HEAD: usize = 24;

/** Copies keys of `bytes` bytes into the heads of consecutive rows: those numbered picked[0 … n), or 0 … n. */
export function sort_put_keys(keys: usize, bytes: usize, picked: usize, n: usize, head: usize, stride: usize): void {
  checkOptional(picked, n << 1);
  for (let j: usize = 0; j < n; j++, head += stride) {
    const from = keys + at(picked, j) * bytes;
    for (let b: usize = 0; b < bytes; b += 8) store<u64>(head + b, load<u64>(from + b));
  }
}

/** Bytes of the keys numbered picked[0 … n) that refs name. */
export function sort_ref_bytes(refs: usize, picked: usize, n: usize): usize {
  let bytes: usize = 0;
  for (let j: usize = 0; j < n; j++) bytes += refLength(refs + (at(picked, j) << 3));
  return bytes;
}

/** Copies the keys that refs name to `heap`, and their refs and first bytes into the heads of consecutive rows. */
export function sort_put_refs(refs: usize, picked: usize, n: usize, head: usize, stride: usize, heap: usize): void {
  checkOptional(picked, n << 1);
  for (let j: usize = 0; j < n; j++, head += stride) {
    const ref = refs + (at(picked, j) << 3);
    const length = refLength(ref);
    memory.copy(heap, refAddress(ref), length);
    store<u32>(head, <u32>heap);
    store<u32>(head, <u32>length, 4);
    memory.fill(head + 8, 0, HEAD);
    memory.copy(head + 8, heap, min<usize>(length, HEAD));
    heap += length;
  }
}

/** Folds `words` words of the keys in n consecutive rows into `bits`: first the words' AND, then their OR. */
export function sort_bits(key: usize, stride: usize, words: usize, n: usize, bits: usize): void {
  check(bits, words << 4);
  for (let w: usize = 0; w < words; w++) {
    let p = key + (w << 3);
    let all = load<u64>(bits + (w << 3));
    let any = load<u64>(bits + ((words + w) << 3));
    for (let j: usize = 0; j < n; j++, p += stride) {
      const word = load<u64>(p);
      all &= word;
      any |= word;
    }
    store<u64>(bits + (w << 3), all);
    store<u64>(bits + ((words + w) << 3), any);
  }
}

/** For n consecutive rows: the bytes of the key at `offsets[0 … count)` (u32) as one number, and the row's address. */
export function sort_prefixes(rows: usize, stride: usize, n: usize, offsets: usize, count: usize, keys: usize, out: usize): void {
  check(keys, n << 3);
  check(out, n << 2);
  for (let j: usize = 0; j < n; j++, rows += stride) {
    let key: u64 = 0;
    for (let b: usize = 0; b < count; b++) key = (key << 8) | <u64>load<u8>(rows + <usize>load<u32>(offsets + (b << 2)));
    store<u64>(keys + (j << 3), key);
    store<u32>(out + (j << 2), <u32>rows);
  }
}

/** A selection of a selection: out[j] = sel[picked[j]]. */
export function sort_pick(sel: usize, picked: usize, n: usize, out: usize): void {
  check(picked, n << 1);
  for (let j: usize = 0; j < n; j++) store<u16>(out + (j << 1), <u16>at(sel, <usize>load<u16>(picked + (j << 1))));
}

/** The first `bytes` bytes of the heads of n rows by address: their keys, or refs to them. */
export function sort_take_keys(rows: usize, n: usize, bytes: usize, out: usize): void {
  check(out, n * bytes);
  for (let j: usize = 0; j < n; j++, out += bytes) {
    const row = <usize>load<u32>(rows + (j << 2));
    for (let b: usize = 0; b < bytes; b += 8) store<u64>(out + b, load<u64>(row + b));
  }
}
