// Dremel's levels to lists, structs and their NULLs. Levels are u32 side by side, one definition and one repetition level
// an entry; repetition levels are absent (0) outside of lists. A *slot* of a node is an entry that begins a value of it
// (repetition level ≤ `depth`) whose parent has a place for it (definition level ≥ `present`).
import { check, checkOptional, clearBit, setBit } from './memory';

/** How many of `n` u32 equal a value. */
export function count_equal_u32(values: usize, n: usize, value: u32): i32 {
  check(values, n << 2);
  let count: i32 = 0;
  for (let i: usize = 0; i < n; i++) count += <i32>(load<u32>(values + (i << 2)) == value);
  return count;
}

/** Entries up to the one that begins row `rows` + 1 (all `n` when none does). */
export function entries_of_rows(rep: usize, n: usize, rows: usize): usize {
  check(rep, n << 2);
  let begun: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    if (load<u32>(rep + (i << 2)) == 0 && begun++ == rows) return i;
  }
  return n;
}

// @ts-ignore: decorator
@inline function repetition(rep: usize, i: usize): u32 {
  return rep == 0 ? 0 : load<u32>(rep + (i << 2));
}

/** A bit for each slot: whether its value is there (definition level ≥ `defined`). Returns how many slots there are. */
export function slot_bitmap(def: usize, rep: usize, n: usize, depth: u32, present: u32, defined: u32, out: usize): usize {
  check(def, n << 2);
  checkOptional(rep, n << 2);
  check(out, (n + 7) >> 3);
  let slots: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    const level = load<u32>(def + (i << 2));
    if (repetition(rep, i) > depth || level < present) continue;
    if (level >= defined) setBit(out, slots);
    else clearBit(out, slots);
    slots++;
  }
  return slots;
}

/**
 * {offset u32, length u32} for each slot of a list: its elements are the entries with a repetition level ≤ `inner`
 * and a definition level ≥ `element`. Returns the number of slots, or -1 when an element comes before the first.
 */
export function slot_lists(def: usize, rep: usize, n: usize, depth: u32, present: u32, inner: u32, element: u32, out: usize): i32 {
  check(def, n << 2);
  check(rep, n << 2);
  check(out, n << 3);
  let slots: usize = 0;
  let elements: u32 = 0;
  let length: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    const level = load<u32>(def + (i << 2));
    const repeated = load<u32>(rep + (i << 2));
    if (repeated <= depth && level >= present) {
      store<u32>(out + (slots << 3), elements);
      length = 0;
      slots++;
      store<u32>(out + ((slots - 1) << 3), 0, 4);
    }
    if (repeated <= inner && level >= element) {
      if (slots == 0) return -1;
      elements++;
      length++;
      store<u32>(out + ((slots - 1) << 3), length, 4);
    }
  }
  return <i32>slots;
}
