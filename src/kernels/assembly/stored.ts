// Deep copies of text and lists: what keepers of batches need on top of gathering.
import { copyText, refAddress, refLength, storeRef } from './bytes';
import { check, isValid } from './memory';

/** Bytes of the texts of n refs; refs of NULLs are arbitrary and don't count. */
export function stored_text_bytes(refs: usize, validity: usize, n: usize): usize {
  check(refs, n << 3);
  let bytes: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    if (isValid(validity, i)) bytes += refLength(refs + (i << 3));
  }
  return bytes;
}

/** Copies the texts of n refs to `heap` and points the refs there; refs of NULLs become empty. */
export function stored_text(refs: usize, validity: usize, n: usize, heap: usize): void {
  check(refs, n << 3);
  for (let i: usize = 0; i < n; i++) {
    const ref = refs + (i << 3);
    if (!isValid(validity, i)) {
      storeRef(ref, heap, 0);
      continue;
    }
    const length = refLength(ref);
    copyText(heap, refAddress(ref), length);
    storeRef(ref, heap, length);
    heap += length;
  }
}

/** Elements of n lists; NULL lists have none. */
export function stored_elements(lists: usize, validity: usize, n: usize): usize {
  check(lists, n << 3);
  let count: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    if (isValid(validity, i)) count += <usize>load<u32>(lists + (i << 3), 4);
  }
  return count;
}

/** Writes the u32 child positions of the elements of n lists, one list after the other, and rewrites the lists' offsets to match. */
export function stored_element_indexes(lists: usize, validity: usize, n: usize, out: usize): void {
  check(lists, n << 3);
  let k: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    const list = lists + (i << 3);
    const from = load<u32>(list);
    const length = isValid(validity, i) ? load<u32>(list, 4) : 0;
    store<u32>(list, k);
    store<u32>(list, length, 4);
    for (let e: u32 = 0; e < length; e++) store<u32>(out + (<usize>(k + e) << 2), from + e);
    k += length;
  }
}
