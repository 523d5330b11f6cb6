// States that count rows by bins: histogram(x, bins), histogram_exact(x, bins).
//
// A state is {counts u32, parameter u32}. Its counts lie in the heap of the states: {bins u64, a u64 for each, and one for
// the rows in none}. The parameter is the host's.
import { compareKind, widthOf } from './kind';
import { at, check, checkOptional } from './memory';
import { take } from './slab';
import { stateOf } from './state';

/** The first of the bins that is not less than a value; `count` when all are less. */
function binOf(kind: i32, width: usize, bins: usize, count: usize, p: usize): usize {
  let low: usize = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKind(kind, bins + middle * width, p) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Counts rows, from the `from`-th selected one on, in the bins whose ends they don't exceed (`exact`: that they equal).
 * `bins` are in ascending order, without NULLs and equals. Returns how many selected rows are done: less than n when the slab is full.
 */
export function bin_rows(
  kind: i32, a: usize, am: usize, bins: usize, count: usize, exact: i32, parameter: usize,
  states: usize, sm: usize, offset: usize, sel: usize, n: usize, from: usize, slab: usize,
): usize {
  checkOptional(sel, n << 1);
  const width = widthOf(kind);
  check(bins, count * width);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    const state = stateOf(states, sm, offset, i);
    if (!hasCounts(state, count, parameter, slab)) return j;
    const p = a + (i & am) * width;
    let bin = binOf(kind, width, bins, count, p);
    if (exact && bin < count && compareKind(kind, bins + bin * width, p) != 0) bin = count;
    const cell = <usize>load<u32>(state) + 8 + (bin << 3);
    store<u64>(cell, load<u64>(cell) + 1);
  }
  return n;
}

/** Gives a state that has none counts of zero; false when the slab has no room for them. */
function hasCounts(state: usize, count: usize, parameter: usize, slab: usize): bool {
  if (load<u32>(state) != 0) return true;
  const counts = take(slab, (count + 2) << 3);
  if (counts == 0) return false;
  memory.fill(counts, 0, (count + 2) << 3);
  store<u64>(counts, <u64>count);
  store<u32>(state, <u32>counts);
  store<u32>(state, <u32>parameter, 4);
  return true;
}

/** Pairwise: adds the sources' counts. Returns how many pairs are done: less than all when the slab is full. */
export function bin_merge(targets: usize, sources: usize, pairs: usize, offset: usize, from: usize, slab: usize): usize {
  for (let k = from; k < pairs; k++) {
    const target = stateOf(targets, -1, offset, k);
    const source = stateOf(sources, -1, offset, k);
    if (load<u32>(source) == 0) continue;
    const from = <usize>load<u32>(source);
    const count = <usize>load<u64>(from);
    if (!hasCounts(target, count, <usize>load<u32>(source, 4), slab)) return k;
    const to = <usize>load<u32>(target);
    for (let b: usize = 1; b < count + 2; b++) store<u64>(to + (b << 3), load<u64>(to + (b << 3)) + load<u64>(from + (b << 3)));
  }
  return pairs;
}
