import type { NamedExpr } from '../../src/query/query.ts';
import type { DataFrame } from './data-frame.ts';
import { call } from './expr-node.ts';
import type { KindOf, TypeOf } from './operands.ts';
import type { Cols } from './row-columns.ts';
import { type Aggregates, namedExprs } from './selection.ts';

/** Without keys the one group is there without rows too. */
type NullOfEmpty<A> = 'aggregate (null if empty)' extends KindOf<A> ? null : never;

/** A frame cut into groups with keys K, waiting for what to compute of each. */
export class GroupBy<in out S, in out K> {
  declare protected readonly columns: S;
  declare protected readonly keyColumns: K;
  readonly #aggregate: (aggregates: readonly NamedExpr[]) => unknown;

  /** `aggregate` makes the frame of the groups. */
  constructor(aggregate: (aggregates: readonly NamedExpr[]) => unknown) {
    this.#aggregate = aggregate;
  }

  /**
   * One row a group: its keys, then the aggregates.
   * @example df.groupBy('country').agg(t => ({ n: count(), total: t.amount.sum() }))
   */
  agg<R extends Aggregates>(
    callback: (t: Cols<S>) => R,
  ): DataFrame<{
    [N in keyof K | keyof R]: N extends keyof R
      ? TypeOf<R[N]> | ([keyof K] extends [never] ? NullOfEmpty<R[N]> : never)
      : N extends keyof K
        ? K[N]
        : never;
  }> {
    return this.#aggregate(namedExprs('agg', callback)) as never;
  }

  /**
   * One row a group: its keys and how many rows it has.
   * @example df.groupBy('country').count('n')
   */
  count<const N extends string = 'count'>(
    name?: N,
  ): DataFrame<{ [P in keyof K | N]: P extends keyof K ? K[P] : 'int64' }> {
    return this.#aggregate([{ name: name ?? 'count', expr: call('count') }]) as never;
  }

  /**
   * The keys alone: the distinct combinations.
   * @example df.groupBy('country', 'city').keys()
   */
  keys(): DataFrame<K> {
    return this.#aggregate([]) as never;
  }
}
