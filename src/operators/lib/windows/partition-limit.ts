import type { Rows } from '../../../batch/batch.ts';
import { Arena } from '../../../memory/arena.ts';
import type { PhysicalExpr, PhysicalSortKey } from '../../../plan/expr.ts';
import { typeOf } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { BatchExprs } from '../batch-exprs.ts';
import { keyColumn, keyLayout, originalColumns } from '../groups/group-keys.ts';
import { GroupTable } from '../groups/group-table.ts';
import { SortKeyEncoder, type SortKeyLayout, sortKeyLayout } from '../sorts/sort-keys.ts';

/** Words of a key that are looked at, at most. */
const MOST_WORDS = 3;
/** Rows looked at before it is asked whether that leaves enough of them out. */
const TRIAL_ROWS = 32_768;
/** Of a trial's rows, those that may stay. */
const WORTHWHILE = 0.75;
/** Before so many rows per partition and row of the limit have come, it can't be told what will be left out. */
const ROWS_PER_LIMIT = 2;
/** There seem to be as many partitions as rows when so many of a trial's rows begin one. */
const COUNTLESS = 0.9;
/** Bytes of the table that may be spent while that can't be told. */
const MOST_TRIAL_BYTES = 1 << 25;

/**
 * Leaves out rows that can't be among the first `limit` rows of their partition, as one clone sees it: a hash table holds
 * the first keys of each partition. Gives up when that leaves few rows out, as with small partitions.
 */
export class PartitionLimit {
  readonly #ctx: OpenContext;
  readonly #exprs: BatchExprs;
  readonly #limit: number;
  readonly #partitionBy: readonly PhysicalExpr[];
  readonly #indexes: readonly number[];
  readonly #key: SortKeyLayout;
  readonly #encoder: SortKeyEncoder;
  readonly #words: number;
  readonly #heldBytes: number;
  /** Undefined without PARTITION BY: then `#held` is the one partition's. */
  readonly #table: GroupTable | undefined;
  readonly #tableOffset: number;
  readonly #arena: Arena;
  readonly #held: number = 0;
  /** Rows, and partitions by then, before the trial. */
  #seenBefore = 0;
  #partitionsBefore = 0;
  #seen = 0;
  #kept = 0;
  #isOpen = true;

  constructor(
    ctx: OpenContext,
    exprs: BatchExprs,
    limit: number,
    partitionBy: readonly PhysicalExpr[],
    orderBy: readonly PhysicalSortKey[],
  ) {
    this.#ctx = ctx;
    this.#exprs = exprs;
    this.#limit = limit;
    this.#partitionBy = partitionBy;
    this.#indexes = partitionBy.map(e => exprs.add(e));
    this.#key = sortKeyLayout(orderBy);
    this.#encoder = new SortKeyEncoder(ctx, exprs, this.#key);
    this.#words = this.#key.fixedBytes === 0 ? MOST_WORDS : Math.min(MOST_WORDS, this.#key.fixedBytes / 8);
    this.#heldBytes = 8 + 8 * this.#words * limit;
    this.#arena = new Arena(ctx.memory, ctx.owner);
    if (partitionBy.length === 0) {
      this.#held = this.#arena.allocZeroed(this.#heldBytes);
      this.#tableOffset = 0;
    } else {
      const layout = keyLayout(partitionBy.map(typeOf), () => this.#heldBytes);
      this.#table = new GroupTable(ctx, layout);
      this.#tableOffset = layout.rowBytes - this.#heldBytes;
    }
  }

  /** The rows, of the batch that the expressions were started with, that may be among the first. */
  select(rows: Rows): Rows {
    if (!this.#isOpen) return rows;
    const { arena, kernels } = this.#ctx;
    const { address, count: n } = this.#encoder.encode(rows);
    const selection = arena.alloc((n + 1) * 2);
    const selected = kernels.window_limit(
      address,
      this.#key.fixedBytes,
      this.#words,
      rows.selection,
      n,
      this.#partitions(rows),
      this.#tableOffset,
      this.#limit,
      selection,
    );
    this.#seen += n;
    this.#kept += selected;
    if (this.#seen >= TRIAL_ROWS) this.#judge();
    return selected === n ? rows : { count: rows.count, selection, selected };
  }

  /** Ends a trial, and all of it if it keeps too many rows and more of them won't change that. */
  #judge(): void {
    const partitions = this.#table?.rows.count ?? 1;
    const total = this.#seenBefore + this.#seen;
    const mayImprove =
      total < ROWS_PER_LIMIT * this.#limit * partitions &&
      partitions - this.#partitionsBefore < COUNTLESS * this.#seen &&
      (this.#table?.bytes ?? 0) < MOST_TRIAL_BYTES;
    if (this.#kept > this.#seen * WORTHWHILE && !mayImprove) this.close();
    this.#seenBefore = total;
    this.#partitionsBefore = partitions;
    this.#seen = 0;
    this.#kept = 0;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#table?.seal();
    this.#table?.rows.release();
    this.#arena.release();
  }

  /** The addresses (u32 by position) of what is held for the rows' partitions. */
  #partitions(rows: Rows): number {
    const { arena, memory } = this.#ctx;
    if (this.#table === undefined) {
      const found = arena.alloc(rows.count * 4);
      memory.u32.fill(this.#held, found >>> 2, (found >>> 2) + rows.count);
      return found;
    }
    const columns = this.#indexes.map(i => this.#exprs.vector(i, rows));
    const keys = columns.map(c => keyColumn(this.#ctx, c, rows));
    return this.#table.find(keys, originalColumns(this.#partitionBy.map(typeOf), columns), rows);
  }
}
