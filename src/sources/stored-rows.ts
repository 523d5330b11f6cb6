import { allRows, batchOf } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import type { BoundSource, Split } from '../plan/logical-plan.ts';
import type { OpenContext } from '../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../protocol/table-function.ts';
import { scalarToRaw } from '../types/raw-value.ts';
import type { ScalarValue } from '../types/scalar.ts';

/** Rows in a split: the plan has them, so they are made when the query is bound. */
const ROWS_PER_SPLIT = 2048;

/** A row's values, in the order of the source's schema. */
export type StoredRow = readonly ScalarValue[];

/** A source whose rows stand in the plan itself, for table functions that tell of files instead of reading them. */
export function storedRows(
  about: Pick<BoundSource, 'fn' | 'label' | 'schema'>,
  rows: readonly StoredRow[],
): BoundSource {
  const splits: Split[] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_SPLIT) {
    const some = rows.slice(at, at + ROWS_PER_SPLIT);
    splits.push({ rows: some.length, state: some as Split['state'] });
  }
  return { ...about, statistics: { rows: rows.length, exactRows: true }, splits, state: null };
}

/** Reads the rows of `storedRows`. */
export class StoredRowsReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #rows: readonly StoredRow[] = [];
  #at = 0;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    this.#rows = split.state as readonly StoredRow[];
    this.#at = 0;
    this.#split = index;
  }

  pull(): Step {
    const rows = this.#rows.slice(this.#at, this.#at + this.#ctx.batchRows);
    if (rows.length === 0) return EXHAUSTED;
    this.#at += rows.length;
    const { types, columns: wanted, select } = this.#scan;
    const columns = types.map((type, i) =>
      buildVector(
        this.#ctx,
        type,
        rows.map(row => scalarToRaw({ type, value: row[wanted[i]!]! })),
      ),
    );
    return ready(batchOf(select(columns, allRows(rows.length)), columns, this.#split));
  }

  close(): void {}
}
