// Texts in lists put together. Lists are (lists, lm, lv) as in list-find.ts; their elements refs with a bitmap `valid`.
import { copyBytes, refAddress, refLength, storeRef } from './bytes';
import { at, checkOptional, clearBit, isValid } from './memory';

/** An upper bound of the bytes that `list_join` writes. */
export function list_join_bytes(lists: usize, lm: usize, lv: usize, values: usize, valid: usize, separators: usize, pm: usize, sel: usize, n: usize): usize {
  checkOptional(sel, n << 1);
  let bytes: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(lv, i & lm)) continue;
    const from = <usize>load<u32>(lists + ((i & lm) << 3));
    const length = <usize>load<u32>(lists + ((i & lm) << 3), 4);
    bytes += length * refLength(separators + ((i & pm) << 3));
    for (let e = from; e < from + length; e++) if (isValid(valid, e)) bytes += refLength(values + (e << 3));
  }
  return bytes;
}

/**
 * The texts of each row's list that are not NULL, with the row's separator between, as refs to what is written to `bytes`. Where there
 * are only NULLs, `bits` (all ones) loses the row's. Returns how many these are.
 */
export function list_join(lists: usize, lm: usize, lv: usize, values: usize, valid: usize, separators: usize, pm: usize, sel: usize, n: usize, out: usize, bits: usize, bytes: usize): usize {
  checkOptional(sel, n << 1);
  let nulls: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const start = bytes;
    const list = lists + ((i & lm) << 3);
    const from = <usize>load<u32>(list);
    const length: usize = isValid(lv, i & lm) ? <usize>load<u32>(list, 4) : 0;
    const separator = separators + ((i & pm) << 3);
    let isFirst = true;
    for (let e = from; e < from + length; e++) {
      if (!isValid(valid, e)) continue;
      if (!isFirst) {
        copyBytes(bytes, refAddress(separator), refLength(separator));
        bytes += refLength(separator);
      }
      isFirst = false;
      const text = values + (e << 3);
      copyBytes(bytes, refAddress(text), refLength(text));
      bytes += refLength(text);
    }
    storeRef(out + (i << 3), start, bytes - start);
    if (isFirst && length != 0) {
      clearBit(bits, i);
      nulls++;
    }
  }
  return nulls;
}
