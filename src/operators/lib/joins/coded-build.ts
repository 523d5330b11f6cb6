import { Vector } from '../../../batch/vector.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { denseRows, gatherField, type RowAddresses } from '../rows/gather-rows.ts';
import type { RowField } from '../rows/row-layout.ts';
import { buildSpans } from './join-index.ts';
import { type HashJoinNode, type JoinShape, MATCHED_OFFSET } from './join-shape.ts';

/** Dictionaries of more rows are seldom worth their making. */
const MOST_ROWS = 2 ** 17;

/** A row's number stands where other joins note that it was matched, and is never NULL. */
const NUMBER: RowField = { type: UINT32, form: 'copy', width: 4, offset: MATCHED_OFFSET, nullOffset: 0, nullBit: 0 };

/**
 * Build columns as dictionaries with a value per build row, once as many rows were joined as there are: then texts are
 * not gathered row by row, expressions over them are computed once per build row, and all columns of the build side have
 * the same codes, so that grouping by several takes one lookup. One probe clone's.
 */
export class CodedBuild {
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #rows: number;
  readonly #dictionaries = new Map<RowField, Vector>();
  #joined = 0;
  /** Addresses of the rows by number, in `#arena`. */
  #addresses = 0;
  #arena: Arena | undefined;

  private constructor(ctx: OpenContext, shape: JoinShape, rows: number) {
    this.#ctx = ctx;
    this.#shape = shape;
    this.#rows = rows;
  }

  /** Undefined where dictionaries can't pay: without texts, or with too many rows. @param wanted columns of the output */
  static of(
    { joinType, buildSideKept }: HashJoinNode,
    ctx: OpenContext,
    shape: JoinShape,
    wanted: readonly (number | RowField)[],
  ): CodedBuild | undefined {
    const rows = buildSpans(ctx, 'rows').reduce((sum, s) => sum + s.count, 0);
    // Others note matches in the build rows.
    const isFree = joinType === 'inner' || joinType === 'left' || joinType === 'single';
    if (!isFree || buildSideKept === true || rows === 0 || rows > MOST_ROWS) return undefined;
    if (!wanted.some(w => typeof w !== 'number' && w.form === 'text')) return undefined;
    return new CodedBuild(ctx, shape, rows);
  }

  /** The numbers of the rows at these addresses, aligned with their positions; undefined as long as few were asked for. */
  codes(rows: RowAddresses): Vector | undefined {
    if (this.#joined < this.#rows) {
      this.#joined += rows.count;
      return undefined;
    }
    if (this.#arena === undefined) this.#number();
    return gatherField(this.#ctx, NUMBER, rows);
  }

  /** A field's column under the codes. */
  column(field: RowField, codes: Vector): Vector {
    let dictionary = this.#dictionaries.get(field);
    if (dictionary === undefined) {
      const ctx = { ...this.#ctx, arena: this.#arena! };
      dictionary = gatherField(ctx, field, denseRows(this.#addresses, this.#rows));
      this.#dictionaries.set(field, dictionary);
    }
    return Vector.coded(dictionary, codes.length, codes.data, codes.validity);
  }

  close(): void {
    this.#arena?.release();
  }

  /** Numbers the rows. Each clone does, and gives them the same numbers. */
  #number(): void {
    const { memory, kernels, owner } = this.#ctx;
    const { rowBytes } = this.#shape;
    this.#arena = new Arena(memory, owner);
    this.#addresses = this.#arena.alloc(this.#rows * 4);
    let first = 0;
    for (const { address, count } of buildSpans(this.#ctx, 'rows')) {
      kernels.row_addresses(address, rowBytes, count, this.#addresses + 4 * first);
      const { u32 } = memory;
      for (let i = 0; i < count; i++) u32[(address + i * rowBytes + MATCHED_OFFSET) >>> 2] = first + i;
      first += count;
    }
  }
}
