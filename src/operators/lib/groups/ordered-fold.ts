import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { RayexecError } from '../../../common/errors.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { PhysicalExpr, PhysicalSortKey } from '../../../plan/expr.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { SortKeyEncoder } from '../sorts/sort-keys.ts';
import { gatherPayload, SortRows, sortRowLayout } from '../sorts/sort-rows.ts';
import { keyBits, newKeyBits, prefixPlan, sortRun } from '../sorts/sorted-run.ts';
import { type AggregateCall, updateCollected } from './aggregate-calls.ts';

/** Rows {group, arguments} of one aggregate, sorted by its ORDER BY before they are folded. */
export class OrderedFold {
  readonly #ctx: AggregateContext & { readonly owner: Owner };
  readonly #call: AggregateCall;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  readonly #rows: SortRows;

  /** @param keys over the columns: group's row address, arguments, then whatever else `add` is given */
  constructor(
    ctx: AggregateContext & { readonly owner: Owner },
    call: AggregateCall,
    keys: readonly PhysicalSortKey[],
  ) {
    this.#ctx = ctx;
    this.#call = call;
    const layout = sortRowLayout(keys, [UINT32, ...call.argTypes]);
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, layout.key);
    this.#rows = new SortRows(ctx, layout);
  }

  /** For rows whose arguments were made distinct: they must be all that the order looks at. */
  static ofDistinct(ctx: AggregateContext & { readonly owner: Owner }, call: AggregateCall): OrderedFold {
    const text = (e: PhysicalExpr) => JSON.stringify(e, (key, value) => (key === 'span' ? undefined : value));
    const args = call.aggregate.args.map(text);
    const keys = call.aggregate.orderBy!.map(key => {
      const index = args.indexOf(text(key.expr));
      if (index < 0) {
        throw new RayexecError(
          'unsupported',
          `in ${call.aggregate.fn}(DISTINCT …), ORDER BY can only name the arguments`,
        );
      }
      return { ...key, expr: { kind: 'input', index: index + 1, type: call.argTypes[index]! } as const };
    });
    return new OrderedFold(ctx, call, keys);
  }

  add(groups: Vector, args: readonly Vector[], rows: Rows): void {
    const columns = [groups, ...args];
    this.#exprs.start(columns);
    this.#rows.append(this.#encoder.encode(rows), columns, rows);
  }

  /** Folds all rows that were added, in order. */
  *fold(batchRows: number): Pieces {
    const { memory, owner } = this.#ctx;
    const { layout, blocks } = this.#rows;
    const work = new Arena(memory, owner);
    const masks = newKeyBits(work, layout.key);
    yield* keyBits(this.#ctx, layout.key, blocks.first, blocks.rowBytes, masks);
    const run = yield* sortRun(this.#ctx, layout.key, blocks, prefixPlan(memory, layout.key, [masks]), work);
    for (let from = 0; from < run.count; from += batchRows) {
      const n = Math.min(batchRows, run.count - from);
      this.#ctx.arena.reset();
      const [groups, ...args] = gatherPayload(this.#ctx, layout.payload, run.rows + 4 * from, n);
      updateCollected(this.#ctx, this.#call, args, groups!.data, n);
      yield;
    }
    work.release();
    this.#rows.release();
    this.#exprs.close();
  }
}
