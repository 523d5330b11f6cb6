// Counts of the values in a frame that moves: rows that enter and leave it are counted one by one, and a tree over the
// values knows the most frequent one, or how many values of a range are there. What EXCLUDE takes out of a frame leaves for
// as long as the frame is looked at. Conventions of windows.ts.
//
// A counter is {ids, next, counts, firsts, tree, capacity, kind, start, end} as u32. `ids` are the numbers of values by row,
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
const BYTES: usize = 36;

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
  const firsts = <usize>load<u32>(counter, FIRSTS);
  store<u32>(tree + (node << 2), isThere ? <u32>id : NONE);
  for (; node > 1; node >>= 1) {
    const a = word(tree, node & ~1);
    const b = word(tree, node | 1);
    let best = a;
    if (a == NONE) best = b;
    else if (b != NONE) {
      const x = kind == FIRST ? 0 : word(counts, a);
      const y = kind == FIRST ? 0 : word(counts, b);
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

function answer(counter: usize, question: u32, rank: u32, samples: usize): u32 {
  const tree = <usize>load<u32>(counter, TREE);
  const root = word(tree, 1);
  if (question == SIZE) return root;
  if (question == MODE) return root == NONE ? NONE : word(<usize>load<u32>(counter, FIRSTS), root);
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

/**
 * Answers a question about each frame, by position: the first row with the most frequent value, the first one's among
 * equals (0); how many values there are (1); the sample of the value with the rank `ranks` (u32 from 0) among these (2),
 * NONE for NONE. Frames are visited in `order` (u32 positions), or from the first to the last when it is 0.
 */
export function window_count_values(
  counter: usize, question: u32, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  order: usize, ranks: usize, samples: usize, out: usize,
): void {
  check(counter, BYTES);
  check(start, count << 2);
  check(out, count << 2);
  for (let j: usize = 0; j < count; j++) {
    const k = order == 0 ? j : <usize>word(order, j);
    const rank = question == VALUE_AT ? word(ranks, k) : 0;
    if (rank == NONE) {
      store<u32>(out + (k << 2), NONE);
      continue;
    }
    const s = <usize>word(start, k);
    const e = <usize>word(end, k);
    moveTo(counter, s, e);
    if (exclude == 0) {
      store<u32>(out + (k << 2), answer(counter, question, rank, samples));
      continue;
    }
    const row = from + k;
    const low = max<usize>(s, exclude == CURRENT_ROW ? row : <usize>word(peerStart, k));
    const high = min<usize>(e, exclude == CURRENT_ROW ? row + 1 : <usize>word(peerEnd, k));
    const kept = exclude == TIES ? row : <usize>NONE;
    leave(counter, low, high, e, kept);
    store<u32>(out + (k << 2), answer(counter, question, rank, samples));
    enter(counter, low, high, kept);
  }
}
