// Nested vectors to Dremel's levels, a node of the schema at a time (Melnik et al., 2010). An *entry* is a value of a
// leaf or the place where one is missing: {position u32, definition level u32, repetition level u32} in three arrays.
// The position is that of the node's value in its vector, or NONE when a node above is NULL or an empty list.
// Repetition levels are absent (0) as long as no list is above.
import { check, checkOptional, isValid } from './memory';

const NONE: u32 = 0xffffffff;

/**
 * Follows entries into a vector: those that are valid there get `step` more of definition, the others end.
 * `codes` (0: none) lead on into a dictionary, with a validity of its own; `mask` is 0 for a constant.
 */
export function shred_present(
  positions: usize,
  def: usize,
  n: usize,
  validity: usize,
  mask: u32,
  codes: usize,
  dictionaryValidity: usize,
  step: u32,
  outPositions: usize,
  outDef: usize,
): void {
  check(positions, n << 2);
  check(def, n << 2);
  check(outPositions, n << 2);
  check(outDef, n << 2);
  for (let i: usize = 0; i < n; i++) {
    let p = load<u32>(positions + (i << 2));
    let level = load<u32>(def + (i << 2));
    if (p != NONE) {
      p &= mask;
      let isThere: bool = isValid(validity, <usize>p);
      if (isThere && codes != 0) {
        p = load<u32>(codes + ((<usize>p) << 2));
        isThere = isValid(dictionaryValidity, <usize>p);
      }
      if (isThere) level += step;
      else p = NONE;
    }
    store<u32>(outPositions + (i << 2), p);
    store<u32>(outDef + (i << 2), level);
  }
}

/** How many entries there are a level further down: one for each element, one for each list that has none. */
export function shred_count(positions: usize, n: usize, lists: usize): f64 {
  check(positions, n << 2);
  let count: f64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const p = load<u32>(positions + (i << 2));
    count += p == NONE ? 1 : <f64>max<u32>(1, load<u32>(lists + ((<usize>p) << 3), 4));
  }
  return count;
}

/** The entries of the lists' elements, as many as `shred_count` says; `level` is the repetition level of further elements. */
export function shred_elements(
  positions: usize,
  def: usize,
  rep: usize,
  n: usize,
  lists: usize,
  level: u32,
  outPositions: usize,
  outDef: usize,
  outRep: usize,
): void {
  check(positions, n << 2);
  check(def, n << 2);
  checkOptional(rep, n << 2);
  let to: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    const p = load<u32>(positions + (i << 2));
    const definition = load<u32>(def + (i << 2));
    const repetition: u32 = rep == 0 ? 0 : load<u32>(rep + (i << 2));
    const list = lists + ((<usize>p) << 3);
    const length: u32 = p == NONE ? 0 : load<u32>(list, 4);
    const entries = max<u32>(1, length);
    check(outPositions + to, (<usize>entries) << 2);
    check(outDef + to, (<usize>entries) << 2);
    check(outRep + to, (<usize>entries) << 2);
    if (length == 0) {
      store<u32>(outPositions + to, NONE);
      store<u32>(outDef + to, definition);
      store<u32>(outRep + to, repetition);
      to += 4;
      continue;
    }
    const first = load<u32>(list);
    for (let k: u32 = 0; k < length; k++) {
      store<u32>(outPositions + to, first + k);
      store<u32>(outDef + to, definition + 1);
      store<u32>(outRep + to, k == 0 ? repetition : level);
      to += 4;
    }
  }
}

/** The positions of the entries that have a value, without gaps; returns how many they are. */
export function shred_values(positions: usize, n: usize, out: usize): usize {
  check(positions, n << 2);
  check(out, n << 2);
  let to = out;
  for (let i: usize = 0; i < n; i++) {
    const p = load<u32>(positions + (i << 2));
    store<u32>(to, p);
    to += (<usize>(p != NONE)) << 2;
  }
  return (to - out) >> 2;
}
