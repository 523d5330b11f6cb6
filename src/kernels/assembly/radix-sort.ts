// Sorting rows by prefixes of their keys: numbers of 64 bits, each with the address of its row.
import { check } from './memory';

/** Counts n keys by the byte at bit `shift`. */
export function sort_count(keys: usize, n: usize, shift: u32, counts: usize): void {
  check(counts, 1024);
  for (let j: usize = 0; j < n; j++) {
    const c = counts + ((<usize>(load<u64>(keys + (j << 3)) >> <u64>shift) & 255) << 2);
    store<u32>(c, load<u32>(c) + 1);
  }
}

/** Moves n keys and their rows to where `cursors` (u32 per byte value: the next free index) says. */
export function sort_scatter(keys: usize, rows: usize, n: usize, shift: u32, cursors: usize, keysOut: usize, rowsOut: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const key = load<u64>(keys + (j << 3));
    const c = cursors + ((<usize>(key >> <u64>shift) & 255) << 2);
    const to = <usize>load<u32>(c);
    store<u32>(c, <u32>to + 1);
    store<u64>(keysOut + (to << 3), key);
    store<u32>(rowsOut + (to << 2), load<u32>(rows + (j << 2)));
  }
}

/** Sorts n keys with their rows by the lowest `bytes` bytes, stably; `counts` has room for bytes × 256 u32. */
export function sort_radix(keys: usize, rows: usize, n: usize, bytes: u32, keysTemp: usize, rowsTemp: usize, counts: usize): void {
  check(keys, n << 3);
  check(keysTemp, n << 3);
  check(counts, <usize>bytes << 10);
  if (n < 48) {
    insertionSort(keys, rows, n);
    return;
  }
  memory.fill(counts, 0, <usize>bytes << 10);
  for (let j: usize = 0; j < n; j++) {
    let key = load<u64>(keys + (j << 3));
    for (let d: u32 = 0; d < bytes; d++) {
      const c = counts + ((<usize>d << 8 | <usize>key & 255) << 2);
      store<u32>(c, load<u32>(c) + 1);
      key >>= 8;
    }
  }
  let a = keys;
  let ar = rows;
  let b = keysTemp;
  let br = rowsTemp;
  for (let d: u32 = 0; d < bytes; d++) {
    const digit = counts + (<usize>d << 10);
    const shift = d << 3;
    if (load<u32>(digit + ((<usize>(load<u64>(a) >> <u64>shift) & 255) << 2)) == <u32>n) continue;
    let sum: u32 = 0;
    for (let v: usize = 0; v < 1024; v += 4) {
      const c = load<u32>(digit + v);
      store<u32>(digit + v, sum);
      sum += c;
    }
    sort_scatter(a, ar, n, shift, digit, b, br);
    let t = a;
    a = b;
    b = t;
    t = ar;
    ar = br;
    br = t;
  }
  if (a != keys) {
    memory.copy(keys, a, n << 3);
    memory.copy(rows, ar, n << 2);
  }
}

function insertionSort(keys: usize, rows: usize, n: usize): void {
  for (let i: usize = 1; i < n; i++) {
    const key = load<u64>(keys + (i << 3));
    const row = load<u32>(rows + (i << 2));
    let j = i;
    for (; j > 0 && load<u64>(keys + ((j - 1) << 3)) > key; j--) {
      store<u64>(keys + (j << 3), load<u64>(keys + ((j - 1) << 3)));
      store<u32>(rows + (j << 2), load<u32>(rows + ((j - 1) << 2)));
    }
    store<u64>(keys + (j << 3), key);
    store<u32>(rows + (j << 2), row);
  }
}
