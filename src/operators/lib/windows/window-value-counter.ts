import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { PlacedRows } from './window-placing.ts';
import { type RowsAmong, sortRows } from './window-row-order.ts';
import type { WindowUnit } from './window-unit.ts';

/** What the counter is asked for: see kernels/assembly/window-counts.ts. */
const KINDS = { 'most-frequent': 0, first: 1, present: 2, entropy: 3, best: 4 } as const;

/** Questions to it. */
const MODE = 0;
const SIZE = 1;
const VALUE_AT = 2;
const ENTROPY = 3;
const VALUES = 4;
const TOP = 5;
const BELOW = 6;

/**
 * Counts the values of frames as these move: one step for each row that enters or leaves a frame. While no frame starts or
 * ends before the one before it, these are as many as there are rows; else the square root of a batch's rows times fewer
 * than frames have. EXCLUDE GROUP and TIES take as many steps as a row has peers.
 */
export class ValueCounter {
  readonly #ctx: OpenContext;
  readonly #keys: readonly PhysicalSortKey[];
  readonly #kind: keyof typeof KINDS;
  readonly #best: readonly PhysicalSortKey[];
  #counter = 0;
  #samples = 0;
  #values = 0;

  /**
   * @param keys what makes values differ
   * @param kind which questions it answers: `modesOf` and `topOf` for the first two (`first`: as if each value came once),
   * `entropiesOf` for `entropy`, the others for `present`; `best`: `topOf`, of the values that an order puts last
   * @param best that order
   */
  constructor(
    ctx: OpenContext,
    keys: readonly PhysicalSortKey[],
    kind: keyof typeof KINDS,
    best: readonly PhysicalSortKey[] = [],
  ) {
    this.#ctx = ctx;
    this.#best = best;
    this.#keys = keys;
    this.#kind = kind;
  }

  /** @param among the rows that take part; all when undefined */
  *prepare(unit: WindowUnit, among: RowsAmong | undefined): Pieces {
    const { kernels, memory } = this.#ctx;
    const { arena } = unit.ctx;
    const none = (n: number): number => {
      const address = arena.alloc(n * 4);
      memory.u8.fill(0xff, address, address + n * 4);
      return address;
    };
    const numbered = function* (ctx: OpenContext, keys: readonly PhysicalSortKey[]): Generator<undefined, Numbered> {
      const order = yield* sortRows(ctx, unit, keys, among);
      const [ids, next, samples] = [none(unit.count), none(unit.count), arena.alloc(order.count * 4)];
      const values = kernels.window_value_ids(order.rows, order.first, order.count, ids, next, samples);
      return { ids, next, samples, values };
    };
    const { ids, next, samples, values } = yield* numbered(this.#ctx, this.#keys);
    this.#samples = samples;
    const counts = arena.allocZeroed(values * 4);
    const firsts = none(values);
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(1, values)));
    this.#values = values;
    const isEntropy = this.#kind === 'entropy';
    const tree =
      this.#kind === 'present' || isEntropy ? arena.allocZeroed((isEntropy ? 16 : 8) * capacity) : none(2 * capacity);
    let terms = isEntropy ? this.#terms(unit) : 0;
    if (this.#kind === 'best') {
      const ranks = (yield* numbered(this.#ctx, this.#best)).ids;
      terms = arena.alloc(values * 4);
      for (let id = 0; id < values; id++)
        memory.u32[(terms >>> 2) + id] = memory.u32[(ranks >>> 2) + memory.u32[(samples >>> 2) + id]!]!;
    }
    const words = [ids, next, counts, firsts, tree, capacity, KINDS[this.#kind], 0, 0, terms, 0];
    this.#counter = arena.alloc(4 * words.length);
    memory.u32.set(words, this.#counter >>> 2);
  }

  /** The first row (u32) of each frame that has the frame's most frequent value, or NO_ROW. */
  modesOf(placed: PlacedRows, frame: WindowFrameRows): number {
    return this.#ask(MODE, placed, frame);
  }

  /** How many values the frames have (u32). */
  countsOf(placed: PlacedRows, frame: WindowFrameRows): number {
    return this.#ask(SIZE, placed, frame);
  }

  /** Rows (u32) with the values that have some ranks (u32 from 0, or NO_ROW) among those of their frames. */
  rowsOf(placed: PlacedRows, frame: WindowFrameRows, ranks: number): number {
    return this.#ask(VALUE_AT, placed, frame, { ranks });
  }

  /** The entropy of each frame's counts (f64). */
  entropiesOf(placed: PlacedRows, frame: WindowFrameRows): number {
    const out = this.#ctx.arena.alloc(placed.count * 8);
    return this.#ask(ENTROPY, placed, frame, { out });
  }

  /** The values of each frame in order: lists {offset u32, length u32} of rows (u32) with the values and of their counts (u64). */
  valuesOf(placed: PlacedRows, frame: WindowFrameRows): ListedRows & { readonly counts: number } {
    const { arena, memory } = this.#ctx;
    const sizes = this.countsOf(placed, frame);
    const lists = arena.alloc(placed.count * 8);
    let total = 0;
    for (let k = 0; k < placed.count; k++) {
      const size = memory.u32[(sizes >>> 2) + k]!;
      memory.u32.set([total, size], (lists >>> 2) + 2 * k);
      total += size;
    }
    const [rows, counts] = [arena.alloc(total * 4), arena.alloc(total * 8)];
    this.#ask(VALUES, placed, frame, { rows, counts, out: lists });
    return { lists, rows, counts, total };
  }

  /** How many values there are in all, and rows (u32) that have them, in their order. */
  get known(): { readonly rows: number; readonly count: number } {
    return { rows: this.#samples, count: this.#values };
  }

  /** How many values of each frame come before each of some bounds, by their numbers among `known`: u32 by frame and bound. */
  countsBelow(placed: PlacedRows, frame: WindowFrameRows, bounds: readonly number[]): number {
    const { arena, memory } = this.#ctx;
    const ranks = arena.alloc(bounds.length * 4);
    memory.u32.set(bounds, ranks >>> 2);
    const out = arena.alloc(placed.count * bounds.length * 4);
    return this.#ask(BELOW, placed, frame, { ranks, most: bounds.length, out });
  }

  /** The first rows of the most frequent or best values of each frame, `most` of them at most: lists of rows (u32), NO_ROW between them. */
  topOf(placed: PlacedRows, frame: WindowFrameRows, most: number): ListedRows {
    const { arena, memory } = this.#ctx;
    const few = Math.min(most, this.#values, longestFrame(this.#ctx, placed, frame));
    const total = placed.count * few;
    const rows = arena.alloc(total * 4);
    memory.u8.fill(0xff, rows, rows + total * 4);
    const lists = arena.alloc(placed.count * 8);
    this.#ask(TOP, placed, frame, { rows, counts: arena.alloc(few * 8), most: few, out: lists });
    return { lists, rows, total };
  }

  /** c log2(c) of all counts. */
  #terms({ ctx: { arena, memory }, count }: WindowUnit): number {
    const terms = arena.allocZeroed((count + 1) * 8);
    for (let c = 2; c <= count; c++) memory.f64[(terms >>> 3) + c] = c * Math.log2(c);
    return terms;
  }

  #ask(
    question: number,
    { from, count, places }: PlacedRows,
    { start, end, exclude }: WindowFrameRows,
    { ranks = 0, rows = 0, counts = 0, most = 0, out = this.#ctx.arena.alloc(count * 4) }: Partial<Room> = {},
  ): number {
    const order = visitingOrder(this.#ctx, start, end, count);
    const rowsPlaced = [from, count, places.peerStart, places.peerEnd] as const;
    const room = [ranks, this.#samples, rows, counts, most, out] as const;
    this.#ctx.kernels.window_count_values(this.#counter, question, start, end, exclude, ...rowsPlaced, order, ...room);
    return out;
  }
}

/** The values of a unit's rows: see kernels/assembly/window-order.ts. */
type Numbered = Readonly<Record<'ids' | 'next' | 'samples' | 'values', number>>;

/** Lists of rows: {offset u32, length u32} for each frame, of `total` u32. */
export type ListedRows = { readonly lists: number; readonly rows: number; readonly total: number };

/** What a question brings along, and where its answers go. */
type Room = Readonly<Record<'ranks' | 'rows' | 'counts' | 'most' | 'out', number>>;

/** How many rows the frames have at most. */
export function longestFrame({ memory }: OpenContext, { count }: PlacedRows, { start, end }: WindowFrameRows): number {
  let most = 0;
  for (let k = 0; k < count; k++) most = Math.max(most, memory.u32[(end >>> 2) + k]! - memory.u32[(start >>> 2) + k]!);
  return most;
}

/**
 * The order to visit frames in (u32 positions); 0 when it is theirs, as none goes back. Else they are visited by the square
 * root of their number of ranges that they start in, so that starts move little and ends seldom turn (Mo's algorithm).
 */
function visitingOrder({ arena, memory }: OpenContext, start: number, end: number, count: number): number {
  const starts = memory.u32.subarray(start >>> 2, (start >>> 2) + count);
  const ends = memory.u32.subarray(end >>> 2, (end >>> 2) + count);
  let goesBack = false;
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (let k = 0; k < count; k++) {
    goesBack ||= k > 0 && (starts[k]! < starts[k - 1]! || ends[k]! < ends[k - 1]!);
    first = Math.min(first, starts[k]!);
    last = Math.max(last, starts[k]!);
  }
  if (!goesBack) return 0;
  const width = Math.ceil((last - first + 1) / Math.sqrt(count));
  const range = (k: number): number => Math.floor((starts[k]! - first) / width);
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  order.sort((a, b) => {
    const r = range(a) - range(b);
    return r !== 0 ? r : range(a) % 2 === 0 ? ends[a]! - ends[b]! : ends[b]! - ends[a]!;
  });
  const address = arena.alloc(count * 4);
  memory.u32.set(order, address >>> 2);
  return address;
}
