import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { combineValidity, flatten } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { keyColumn } from '../groups/group-keys.ts';
import { bitsOf } from '../rows/integer-key.ts';
import { packRows } from '../rows/pack-rows.ts';
import { directKey, JOIN_SHARED, type JoinIndex, joinIndexOf } from './join-index.ts';
import type { HashJoinNode, JoinShape } from './join-shape.ts';

/** How `join_probe` goes on, and what it says: u32 words. */
const PROGRESS_BYTES = 20;
const AT = 0;
const REPEATS = 4;

/** What `join_probe` emits: each match; also what has none; the first match only. */
const ALL = 0;
const OUTER = 1;
const FIRST = 2;

/**
 * (position, build row) pairs that have equal keys: u16 and u32, in the batch arena. Row 0: there is none (outer joins).
 * `repeats`: a position occurs more than once.
 */
export type Pairs = {
  readonly positions: number;
  readonly rows: number;
  readonly count: number;
  readonly repeats: boolean;
};

/** Finds the build rows that have a probe row's keys. One partition's. */
export class JoinLookup {
  readonly #node: HashJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #heap: Arena;
  readonly #progress: number;
  readonly #index: JoinIndex;
  /** Chains of a direct index have one row at most. */
  readonly #isUnique: boolean;
  readonly #mode: number;
  #rows: Rows = { count: 0, selection: 0, selected: 0 };
  #packed = 0;
  /** How many of the key's texts are compared as such: see `row_hash`. */
  #texts = 0;
  #heads = 0;

  /** @param isPart the build rows are a part of all: no match here does not mean that there is none */
  constructor(node: HashJoinNode, ctx: OpenContext, shape: JoinShape, isPart: boolean) {
    const { memory, owner, shared } = ctx;
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = shape;
    this.#heap = new Arena(memory, owner);
    this.#progress = this.#heap.alloc(PROGRESS_BYTES);
    this.#index = joinIndexOf(ctx);
    this.#isUnique = this.#index === 'direct' && memory.u32[(shared + JOIN_SHARED.repeats) >>> 2] === 0;
    this.#mode = modeOf(node, isPart);
  }

  /** Whether there is no build row to be found. */
  get isEmpty(): boolean {
    return this.#index === 'empty';
  }

  /** Goes on to the rows of another batch. @param keys their keys, in any form */
  start(keys: readonly Vector[], rows: Rows): void {
    const { memory, arena } = this.#ctx;
    memory.u8.fill(0, this.#progress, this.#progress + PROGRESS_BYTES);
    this.#rows = this.#index === 'sparse' && this.#mode !== OUTER ? this.#selectNoted(keys[0]!, rows) : rows;
    this.#heads = arena.alloc(this.#rows.selected * 4);
    if (this.#index === 'empty') memory.u8.fill(0, this.#heads, this.#heads + rows.selected * 4);
    else if (this.#index === 'direct') this.#findDirect(keys[0]!);
    else this.#findHashed(keys);
  }

  /** Whether `next` has given all pairs of the batch. */
  get isDone(): boolean {
    return this.#ctx.memory.u32[(this.#progress + AT) >>> 2]! >= this.#rows.selected;
  }

  /** The next pairs; their positions are increasing. */
  next(): Pairs {
    return this.#isUnique ? this.#allPairs() : this.#nextPairs();
  }

  close(): void {
    this.#heap.release();
  }

  /** Leaves out rows whose key is not in the bitmap. NULLs may stay: they find nothing. */
  #selectNoted(key: Vector, rows: Rows): Rows {
    const { kernels, arena, shared } = this.#ctx;
    const { data, form } = this.#plain(key, rows);
    const selection = arena.alloc((rows.selected + 1) * 2);
    const select = kernels[`sparse_select_${this.#bits}`];
    const mask = form === 'constant' ? 0 : -1;
    const selected = select(shared + JOIN_SHARED.direct, data, mask, rows.selection, rows.selected, selection);
    return { count: rows.count, selection, selected };
  }

  #findDirect(key: Vector): void {
    const { kernels, shared } = this.#ctx;
    const rows = this.#rows;
    const vector = this.#plain(key, rows);
    const validity = combineValidity(this.#ctx, [vector], rows);
    const mask = vector.form === 'constant' ? 0 : -1;
    const find = kernels[`direct_heads_${this.#bits}`];
    find(shared + JOIN_SHARED.direct, vector.data, mask, validity, rows.selection, rows.selected, this.#heads);
  }

  #plain(vector: Vector, rows: Rows): Vector {
    return vector.form === 'dictionary' ? flatten(this.#ctx, vector, rows) : vector;
  }

  get #bits(): 8 | 16 | 32 | 64 {
    return bitsOf(directKey(this.#node, this.#shape)!);
  }

  /** Packs the keys and finds the chain of each. */
  #findHashed(values: readonly Vector[]): void {
    const { kernels, arena, memory, shared } = this.#ctx;
    const { probeKey } = this.#shape;
    const rows = this.#rows;
    const n = rows.selected;
    const stride = 8 + probeKey.bytes;
    const directory = memory.u32[(shared + JOIN_SHARED.directory) >>> 2]!;
    const shift = memory.u32[(shared + JOIN_SHARED.shift) >>> 2]!;
    this.#packed = arena.alloc(n * stride);
    const keys = values.map(v => keyColumn(this.#ctx, v, rows));
    const strict = values.filter((_, i) => !this.#node.nullsEqual[i]);
    const validity = combineValidity(this.#ctx, strict, rows);
    kernels.row_clear(this.#packed, n * stride);
    packRows(this.#ctx, probeKey, keys, rows, { address: this.#packed, rowBytes: stride });
    this.#texts = kernels.row_hash(this.#packed, stride, this.#packed + 8, probeKey.texts, probeKey.bytes >>> 3, n);
    kernels.join_heads(this.#packed, stride, rows.selection, n, validity, directory, shift, this.#heads);
  }

  #allPairs(): Pairs {
    const { kernels, arena, memory } = this.#ctx;
    const { selection, selected } = this.#rows;
    const positions = arena.alloc(selected * 2);
    const rows = arena.alloc(selected * 4);
    const outer = this.#mode === OUTER ? 1 : 0;
    const count = kernels.direct_pairs(selection, selected, this.#heads, outer, positions, rows);
    memory.u32[(this.#progress + AT) >>> 2] = selected;
    return { positions, rows, count, repeats: false };
  }

  #nextPairs(): Pairs {
    const { kernels, arena, memory, batchRows } = this.#ctx;
    const { probeKey } = this.#shape;
    const { selection, selected } = this.#rows;
    const positions = arena.alloc(batchRows * 2);
    const rows = arena.alloc(batchRows * 4);
    const where = [selection, selected, this.#heads, this.#mode, this.#progress, batchRows, positions, rows] as const;
    // In a chain of the direct index every row has the key; of the empty one there are no chains.
    const count =
      this.#index === 'direct' || this.#index === 'empty'
        ? kernels.join_probe_chains(...where)
        : kernels.join_probe(this.#packed, this.#texts, probeKey.bytes >>> 3, ...where);
    const repeats = memory.u32[(this.#progress >>> 2) + REPEATS]! !== 0;
    return { positions, rows, count, repeats };
  }
}

function modeOf({ joinType, residual, buildSideKept }: HashJoinNode, isPart: boolean): number {
  if (residual !== undefined || buildSideKept === true) return ALL;
  if (!isPart && (joinType === 'left' || joinType === 'full' || joinType === 'single')) return OUTER;
  return joinType === 'semi' || joinType === 'anti' || joinType === 'mark' ? FIRST : ALL;
}
