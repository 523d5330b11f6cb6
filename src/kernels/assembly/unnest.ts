// Rows for the elements of lists: which row and which element each output row stands for.
// A list is a {first element, length} pair of u32; NULL is a list without elements.
import { at, check, checkOptional, clearBit, isValid, setBit } from './memory';

const NONE: u32 = 0xffffffff;

/** lengths[j] = the greater of lengths[j] and the length of row j's list. */
export function list_lengths(data: usize, mask: usize, validity: usize, sel: usize, n: usize, lengths: usize): void {
  checkOptional(sel, n << 1);
  check(lengths, n << 2);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    if (!isValid(validity, i)) continue;
    const length = load<u32>(data + (i << 3), 4);
    if (length > load<u32>(lengths + (j << 2))) store<u32>(lengths + (j << 2), length);
  }
}

/**
 * The next output rows, `limit` at most: rows[k] = the position of the row, elements[k] = the number of the element
 * from 0. With `keepsEmpty` a row of length 0 comes once, its element NONE. `cursor` is {row, element} to go on from,
 * all zeros at first; row = n at the end. Returns how many there are.
 */
export function unnest_rows(
  lengths: usize,
  sel: usize,
  n: usize,
  keepsEmpty: bool,
  cursor: usize,
  limit: usize,
  rows: usize,
  elements: usize,
): usize {
  check(lengths, n << 2);
  checkOptional(sel, n << 1);
  check(cursor, 8);
  check(rows, limit << 2);
  check(elements, limit << 2);
  let j: usize = <usize>load<u32>(cursor);
  let element: u32 = load<u32>(cursor, 4);
  let k: usize = 0;
  while (j < n && k < limit) {
    const length = load<u32>(lengths + (j << 2));
    const i = <u32>at(sel, j);
    if (length == 0 && keepsEmpty) {
      store<u32>(rows + (k << 2), i);
      store<u32>(elements + (k << 2), NONE);
      k++;
    }
    const end = min<u32>(length, element + <u32>(limit - k));
    for (; element < end; element++, k++) {
      store<u32>(rows + (k << 2), i);
      store<u32>(elements + (k << 2), element);
    }
    if (element < length) break;
    j++;
    element = 0;
  }
  store<u32>(cursor, <u32>j);
  store<u32>(cursor, element, 4);
  return k;
}

/** out[k] = where element elements[k] of row rows[k]'s list stands among the elements; NONE when the list lacks it. */
export function list_elements(
  data: usize,
  mask: usize,
  validity: usize,
  rows: usize,
  elements: usize,
  n: usize,
  out: usize,
): void {
  check(rows, n << 2);
  check(elements, n << 2);
  check(out, n << 2);
  for (let k: usize = 0; k < n; k++) {
    const i = <usize>load<u32>(rows + (k << 2)) & mask;
    const element = load<u32>(elements + (k << 2));
    const has = isValid(validity, i) && element < load<u32>(data + (i << 3), 4);
    store<u32>(out + (k << 2), has ? load<u32>(data + (i << 3)) + element : NONE);
  }
}

/** out[k] = elements[k] + 1 as i64, NULL (and 0) for NONE. Returns how many are NULL. */
export function element_ordinals(elements: usize, n: usize, out: usize, validity: usize): usize {
  check(elements, n << 2);
  check(out, n << 3);
  check(validity, (n + 7) >> 3);
  let nulls: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const element = load<u32>(elements + (k << 2));
    store<i64>(out + (k << 3), element == NONE ? 0 : <i64>element + 1);
    if (element == NONE) {
      clearBit(validity, k);
      nulls++;
    } else setBit(validity, k);
  }
  return nulls;
}
