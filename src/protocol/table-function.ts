import type { Rows } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import type { FunctionDoc } from '../functions/function.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import type { BoundSource, ColumnRange, Split } from '../plan/logical-plan.ts';
import type { Platform } from '../platform/platform.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import type { OpenContext } from './context.ts';
import type { Step } from './step.ts';

/** A function in FROM: binds its arguments to a source of rows, as data, and reads that source split by split. */
export type TableFunction = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly doc: FunctionDoc;
  /** File name endings that this function reads when a path stands in FROM: ['.parquet']. */
  readonly extensions?: readonly string[];
  /** Looks at the arguments, and at files. @throws RayexecError `bind`, `io`, `format` */
  readonly bind: (args: TableArguments, ctx: BindTableContext) => Promise<BoundSource>;
  /** Splits name places in the memory of the database: only its own process can read them. */
  readonly readsMemory?: boolean | undefined;
  /** Loads the code of `open` on this thread, where it is not there from the start; `bind` does as well. */
  readonly load?: (() => Promise<unknown>) | undefined;
  /** Opens a scan of the bound source for one partition. */
  readonly open: (scan: ScanRequest, ctx: OpenContext) => SplitReader;
};

export type TableArguments = {
  readonly positional: readonly Scalar[];
  readonly named: Readonly<Record<string, Scalar>>;
};

export type BindTableContext = {
  readonly platform: Platform;
  /** Rows of a split that a source without natural splits should aim at. */
  readonly splitRows: number;
};

/** What a scan wants of a source. */
export type ScanRequest = {
  readonly source: BoundSource;
  /** Wanted columns, as indexes into the source's schema; batches have exactly these, in this order. */
  readonly columns: readonly number[];
  readonly types: readonly DataType[];
  /** Conjuncts over the wanted columns (input index = position in `columns`): for pruning by statistics. */
  readonly filters: readonly PhysicalExpr[];
  /** What other operators tell while the query runs, for pruning as well. */
  readonly runtime?: RuntimePruning | undefined;
  /** Whether `select` may leave rows out: there are filters, of these or of kinds that nothing can be pruned by. */
  readonly narrows: boolean;
  /** Positions in `columns` that `select` reads: decode these first. */
  readonly filterColumns: readonly number[];
  /**
   * Applies all filters to some rows. Only the vectors at `filterColumns` need be given. The reader calls it once per
   * batch and hands on a batch with the rows it got (none at all when no row is left).
   */
  readonly select: Select;
  /** At most this many rows are wanted from each split. */
  readonly limit?: number | undefined;
};

export type RuntimePruning = {
  /** Positions in `columns` of those that something is known of. */
  readonly columns: readonly number[];
  /** Whether no row is wanted, by what is known of the values at those positions. */
  readonly excludes: (rangeOf: (position: number) => ColumnRange | undefined, rows: number) => boolean;
};

/**
 * Leaves some of the rows. Columns that are not there are asked of `read`, by their positions, for the rows left by then,
 * and put in their places: filters go in the order that turns out to be quickest.
 */
export type Select = (
  columns: (Vector | undefined)[],
  among: Rows,
  read?: (column: number, rows: Rows) => Vector,
) => Rows;

/** Reads one split after another; belongs to one partition. */
export type SplitReader = {
  /** Begins a split; the one before is done. */
  readonly start: (split: Split, index: number) => void;
  /** The next batch of the split: `ready`, `pending`, or `exhausted` at its end. */
  readonly pull: () => Step;
  /** For EXPLAIN ANALYZE. */
  readonly counts?: (() => Readonly<Record<string, number>>) | undefined;
  readonly close: () => void;
};
