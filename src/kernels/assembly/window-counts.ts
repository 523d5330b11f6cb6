// Counts of the values in a frame that moves: rows that enter and leave it are counted one by one, and a tree over the
// values knows the most frequent one, or how many values of a range are there. What EXCLUDE takes out of a frame leaves for
// as long as the frame is looked at. Conventions of windows.ts.
//
// A counter is {ids, next, counts, firsts, tree, capacity, kind, start, end, terms, rows} as u32. `ids` are the numbers of values by row,
// NONE for rows that no frame takes; `next` the row after each with the same value. `counts` and `firsts` (the first row that
// is counted with the value) are u32 by value; `tree` has 2 × capacity u32, a power of two that the values fit in: its
// leaves are values, its root is 1. start…end are the rows that are counted.
import { check } from './memory';

const NONE: u32 = 0xffffffff;

/** The tree holds the most frequent value of each subtree: by rows, or as if each value came once. */
const MOST_FREQUENT: u32 = 0;
const FIRST: u32 = 1;
/** The tree counts values that are there. */
const PRESENT: u32 = 2;
/** The tree has 2 × capacity f64: the sum of `terms` (f64 by count) of the values' counts. */
const TERMS_OF: u32 = 3;
/** The tree holds the value of the highest rank of each subtree, as if each came once; `terms` has ranks (u32 by value). */
const BEST: u32 = 4;

const CURRENT_ROW: u32 = 1;
const TIES: u32 = 3;

const IDS: usize = 0;
const NEXT: usize = 4;
const COUNTS: usize = 8;
const FIRSTS: usize = 12;
const TREE: usize = 16;
const CAPACITY: usize = 20;
const KIND: usize = 24;
const START: usize = 28;
const END: usize = 32;
const TERMS: usize = 36;
const ROWS: usize = 40;
const BYTES: usize = 44;

// @ts-ignore: decorator
@inline function word(base: usize, index: usize): u32 {
  return load<u32>(base + (index << 2));
}

/** Tells the tree that a value's count or first row changed. */
function changed(counter: usize, id: usize): void {
  const tree = <usize>load<u32>(counter, TREE);
  const counts = <usize>load<u32>(counter, COUNTS);
  const kind = load<u32>(counter, KIND);
  let node = <usize>load<u32>(counter, CAPACITY) + id;
  const isThere = word(counts, id) > 0;
  if (kind == PRESENT) {
    if (word(tree, node) == <u32>isThere) return;
    const step: u32 = isThere ? 1 : <u32>-1;
    for (; node > 0; node >>= 1) store<u32>(tree + (node << 2), word(tree, node) + step);
    return;
  }
  if (kind == TERMS_OF) {
    store<f64>(tree + (node << 3), load<f64>(<usize>load<u32>(counter, TERMS) + (<usize>word(counts, id) << 3)));
    for (node >>= 1; node > 0; node >>= 1)
      store<f64>(tree + (node << 3), load<f64>(tree + (node << 4)) + load<f64>(tree + (node << 4) + 8));
    return;
  }
  const firsts = <usize>load<u32>(counter, FIRSTS);
  const weights = kind == BEST ? <usize>load<u32>(counter, TERMS) : counts;
  store<u32>(tree + (node << 2), isThere ? <u32>id : NONE);
  for (; node > 1; node >>= 1) {
    const a = word(tree, node & ~1);
    const b = word(tree, node | 1);
    let best = a;
    if (a == NONE) best = b;
    else if (b != NONE) {
      const x = kind == FIRST ? 0 : word(weights, a);
      const y = kind == FIRST ? 0 : word(weights, b);
      if (y > x || (y == x && word(firsts, b) < word(firsts, a))) best = b;
    }
    store<u32>(tree + ((node >> 1) << 2), best);
  }
}

/** Counts the rows low…high in, but for the row `kept`. */
function enter(counter: usize, low: usize, high: usize, kept: usize): void {
  const ids = <usize>load<u32>(counter, IDS);
  const counts = <usize>load<u32>(counter, COUNTS);
  const firsts = <usize>load<u32>(counter, FIRSTS);
  for (let row = low; row < high; row++) {
    const id = <usize>word(ids, row);
    if (<u32>id == NONE || row == kept) continue;
    store<u32>(counts + (id << 2), word(counts, id) + 1);
    if (<u32>row < word(firsts, id)) store<u32>(firsts + (id << 2), <u32>row);
    store<u32>(counter, load<u32>(counter, ROWS) + 1, ROWS);
    changed(counter, id);
  }
}

/** Counts the rows low…high out, but for the row `kept`; those that stay counted end at `end`. */
function leave(counter: usize, low: usize, high: usize, end: usize, kept: usize): void {
  const ids = <usize>load<u32>(counter, IDS);
  const counts = <usize>load<u32>(counter, COUNTS);
  const next = <usize>load<u32>(counter, NEXT);
  const firsts = <usize>load<u32>(counter, FIRSTS);
  for (let row = low; row < high; row++) {
    const id = <usize>word(ids, row);
    if (<u32>id == NONE || row == kept) continue;
    store<u32>(counts + (id << 2), word(counts, id) - 1);
    if (word(firsts, id) == <u32>row) {
      const after = word(next, row);
      store<u32>(firsts + (id << 2), after < <u32>end ? after : NONE);
    }
    store<u32>(counter, load<u32>(counter, ROWS) - 1, ROWS);
    changed(counter, id);
  }
}

/** Moves to the rows low…high. */
function moveTo(counter: usize, low: usize, high: usize): void {
  let a = <usize>load<u32>(counter, START);
  let b = <usize>load<u32>(counter, END);
  if (low >= high) high = low;
  const none = <usize>NONE;
  if (low >= b || high <= a) {
    leave(counter, a, b, b, none);
    a = low;
    b = low;
  }
  if (low < a) enter(counter, low, a, none);
  if (high > b) enter(counter, b, high, none);
  b = max<usize>(b, high);
  if (low > a) leave(counter, a, low, b, none);
  if (high < b) leave(counter, high, b, high, none);
  store<u32>(counter, <u32>low, START);
  store<u32>(counter, <u32>high, END);
}

/** What is asked of each frame. */
const MODE: u32 = 0;
const SIZE: u32 = 1;
const VALUE_AT: u32 = 2;
const ENTROPY: u32 = 3;
const VALUES: u32 = 4;
const TOP: u32 = 5;
const BELOW: u32 = 6;

function valueAt(counter: usize, rank: u32, samples: usize): u32 {
  const tree = <usize>load<u32>(counter, TREE);
  const capacity = <usize>load<u32>(counter, CAPACITY);
  let node: usize = 1;
  while (node < capacity) {
    node <<= 1;
    const below = word(tree, node);
    if (rank < below) continue;
    rank -= below;
    node++;
  }
  return word(samples, node - capacity);
}

/** How many values are there whose numbers are below a bound. */
function valuesBelow(counter: usize, bound: u32): u32 {
  const tree = <usize>load<u32>(counter, TREE);
  const capacity = <usize>load<u32>(counter, CAPACITY);
  if (<usize>bound >= capacity) return word(tree, 1);
  let below: u32 = 0;
  for (let node = capacity + <usize>bound; node > 1; node >>= 1) if (node & 1) below += word(tree, node - 1);
  return below;
}

/** log2(n) − Σ c log2(c) / n of the counts c of n rows. */
function entropyOf(counter: usize): f64 {
  const rows = load<u32>(counter, ROWS);
  if (rows == 0) return 0;
  const tree = <usize>load<u32>(counter, TREE);
  const sum = load<f64>(tree, 8);
  const whole = load<f64>(<usize>load<u32>(counter, TERMS) + (<usize>rows << 3));
  const entropy = (whole - sum) / <f64>rows;
  // One value that differs has more than this; one value alone has none, but for the last digits.
  return entropy < 1e-10 ? 0 : entropy;
}

/** Writes the samples and counts (u64) of the values below a node, in order. Returns where the next go. */
function writeValues(counter: usize, node: usize, samples: usize, rows: usize, counts: usize, index: usize): usize {
  const tree = <usize>load<u32>(counter, TREE);
  if (word(tree, node) == 0) return index;
  const capacity = <usize>load<u32>(counter, CAPACITY);
  if (node < capacity) {
    index = writeValues(counter, 2 * node, samples, rows, counts, index);
    return writeValues(counter, 2 * node + 1, samples, rows, counts, index);
  }
  store<u32>(rows + (index << 2), word(samples, node - capacity));
  store<u64>(counts + (index << 3), <u64>word(<usize>load<u32>(counter, COUNTS), node - capacity));
  return index + 1;
}

/** Writes the first rows of the `most` most frequent values: each in turn is taken out of the tree. Returns how many there are. */
function writeTop(counter: usize, most: u32, rows: usize, taken: usize): u32 {
  const tree = <usize>load<u32>(counter, TREE);
  const counts = <usize>load<u32>(counter, COUNTS);
  const firsts = <usize>load<u32>(counter, FIRSTS);
  let found: u32 = 0;
  while (found < most) {
    const id = <usize>word(tree, 1);
    if (<u32>id == NONE) break;
    store<u32>(rows + (<usize>found << 2), word(firsts, id));
    store<u32>(taken + (<usize>found << 3), <u32>id);
    store<u32>(taken + (<usize>found << 3), word(counts, id), 4);
    store<u32>(counts + (id << 2), 0);
    changed(counter, id);
    found++;
  }
  for (let k: usize = 0; k < <usize>found; k++) {
    const id = <usize>word(taken, 2 * k);
    store<u32>(counts + (id << 2), word(taken, 2 * k + 1));
    changed(counter, id);
  }
  return found;
}

/**
 * Answers a question about each frame, at its position of `out`: the first row with the most frequent value, the first one's among
 * equals (0, u32); how many values there are (1, u32); the sample of the value with the rank `given` (u32 by position, from 0) among
 * these (2, u32), NONE for NONE; the entropy of the counts (3, f64). Or lists for each frame, {offset u32, length u32} in `out`: of
 * the values, their samples in `rows` and counts in `counts`, where `out` has the offsets (4); of the first rows of the
 * most frequent or best values in `rows`, `most` of them for each frame, with 8 × `most` bytes at `counts` to work in (5). Or `most`
 * u32 for each frame in `out`: how many values have numbers below each of the bounds `given` (u32) (6).
 * Frames are visited in `order` (u32 positions), or from the first to the last when it is 0.
 */
export function window_count_values(
  counter: usize, question: u32, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  order: usize, given: usize, samples: usize, rows: usize, counts: usize, most: u32, out: usize,
): void {
  check(counter, BYTES);
  check(start, count << 2);
  check(out, count << 2);
  for (let j: usize = 0; j < count; j++) {
    const k = order == 0 ? j : <usize>word(order, j);
    if (question == VALUE_AT && word(given, k) == NONE) {
      store<u32>(out + (k << 2), NONE);
      continue;
    }
    const s = <usize>word(start, k);
    const e = <usize>word(end, k);
    moveTo(counter, s, e);
    const row = from + k;
    const low = max<usize>(s, exclude == CURRENT_ROW ? row : <usize>word(peerStart, k));
    const high = min<usize>(e, exclude == CURRENT_ROW ? row + 1 : <usize>word(peerEnd, k));
    const kept = exclude == TIES ? row : <usize>NONE;
    if (exclude != 0) leave(counter, low, high, e, kept);
    answer(counter, question, k, given, samples, rows, counts, most, out);
    if (exclude != 0) enter(counter, low, high, kept);
  }
}

function answer(counter: usize, question: u32, k: usize, given: usize, samples: usize, rows: usize, counts: usize, most: u32, out: usize): void {
  const root = word(<usize>load<u32>(counter, TREE), 1);
  switch (question) {
    case MODE:
      store<u32>(out + (k << 2), root == NONE ? NONE : word(<usize>load<u32>(counter, FIRSTS), root));
      break;
    case SIZE:
      store<u32>(out + (k << 2), root);
      break;
    case VALUE_AT:
      store<u32>(out + (k << 2), valueAt(counter, word(given, k), samples));
      break;
    case ENTROPY:
      store<f64>(out + (k << 3), entropyOf(counter));
      break;
    case VALUES:
      writeValues(counter, 1, samples, rows, counts, <usize>word(out, 2 * k));
      break;
    case TOP: {
      const offset = k * <usize>most;
      store<u32>(out + (k << 3), <u32>offset);
      store<u32>(out + (k << 3), writeTop(counter, most, rows + (offset << 2), counts), 4);
      break;
    }
    case BELOW:
      for (let b: usize = 0; b < <usize>most; b++) {
        const at = (k * <usize>most + b) << 2;
        store<u32>(out + at, valuesBelow(counter, word(given, b)));
      }
      break;
  }
}
