import { RayexecError } from '../../src/common/errors.ts';
import type { NamedExpr, Query, SetQuery } from '../../src/query/query.ts';
import { checkCallback } from './check-callback.ts';
import { checkColumns } from './check-columns.ts';
import type { Any, Column, Dynamic, FieldsOf, List, NonNull, NullIn } from './column-types.ts';
import type { Executor } from './executor.ts';
import type { Expr, ExprOf } from './expr.ts';
import { wrap } from './expr-impl.ts';
import { call, conjunction, name, nodeOf } from './expr-node.ts';
import { FrameJoins } from './frame-joins.ts';
import { GroupBy } from './group-by.ts';
import { integer } from './literal.ts';
import { withoutLostConditions } from './lost-condition.ts';
import type { KindOf, SubQuery, TypeOf } from './operands.ts';
import type { Unify } from './promotion.ts';
import { type PivotOptions, pivotQuery, type UnpivotOptions, unpivotQuery } from './reshape.ts';
import { type Cols, rowColumns } from './row-columns.ts';
import { type SampleSize, sampleQuery } from './sample.ts';
import {
  type Aggregates,
  columnsOf,
  type MadeIn,
  type NamesIn,
  namedExprs,
  type PickOrMade,
  type Selection,
  selectItem,
} from './selection.ts';
import type { NamedOrder, Order } from './sort-key.ts';
import { sortKeys } from './sort-keys.ts';
import type { StandardSchema } from './standard-schema.ts';
import { ownQuery, SubQueryImpl } from './sub-query.ts';
import { ValidatedFrame } from './validated-frame.ts';
import { notePlace } from './verb-place.ts';

/** The new names of a renaming. */
type NewName<M> = M[keyof M] & string;
/** The column that gets the name N. */
type OldName<M, N> = { [K in keyof M]: M[K] extends N ? K : never }[keyof M];

type Predicate<S> = (t: Cols<S>) => Expr<'boolean' | null, 'row'>;

/**
 * A table that has not been computed yet, with columns S. Every verb gives a new frame; `collect`, `show` and the
 * other methods of FrameResults run it.
 */
export class DataFrame<in out S> extends FrameJoins<S> {
  /**
   * The rows for which every predicate is true (not false, not NULL).
   * @example df.filter(t => t.price.gt(5), t => t.country.eq('NZ'))
   */
  filter(...predicates: Predicate<S>[]): DataFrame<S> {
    if (predicates.length === 0) return this;
    for (const p of predicates) checkCallback('filter', p, 'filter(t => t.price.gt(5))');
    const conditions = predicates.map(p => withoutLostConditions('filter', () => p(rowColumns<S>()), nodeOf));
    return this.next({ kind: 'filter', input: this.query, predicate: this.checked(conjunction(conditions)) });
  }

  /**
   * The same as `filter`.
   * @example df.where(t => t.price.gt(5))
   */
  where(...predicates: Predicate<S>[]): DataFrame<S> {
    return this.filter(...predicates);
  }

  /**
   * Only these columns: names, and new columns from a callback, in any mix.
   * @example df.select('id', t => ({ total: t.price.mul(t.quantity) }))
   */
  select<const A extends readonly ((keyof S & string) | ((t: Cols<S>) => Selection<'row' | 'window'>))[]>(
    ...items: A
  ): DataFrame<{ [K in NamesIn<S, A> | keyof MadeIn<A>]: PickOrMade<S, MadeIn<A>, K> }> {
    const columns = this.checked(columnsOf('select', items));
    return this.next({ kind: 'select', from: this.query, items: columns.map(selectItem) });
  }

  /**
   * Adds columns, and replaces those that exist. The new ones do not see each other.
   * @example df.withColumns(t => ({ year: t.date.year() }))
   */
  withColumns<const R extends Selection<'row' | 'window'>>(
    callback: (t: Cols<S>) => R,
  ): DataFrame<{ [K in keyof S | keyof R]: PickOrMade<S, R, K> }> {
    const columns = this.checked(namedExprs('withColumns', callback));
    return this.next({ kind: 'extend', input: this.query, columns });
  }

  /**
   * Without these columns.
   * @example df.drop('comment', 'clerk')
   */
  drop<N extends keyof S & string>(...columns: N[]): DataFrame<{ [K in Exclude<keyof S, N>]: S[K] }> {
    return this.next(columns.length === 0 ? this.query : { kind: 'drop', input: this.query, columns });
  }

  /**
   * The same columns, some under other names.
   * @example df.rename({ old: 'new' })
   */
  rename<const M extends { readonly [K in keyof S]?: string }>(
    names: M,
  ): DataFrame<{
    [K in Exclude<keyof S, keyof M> | NewName<M>]: K extends NewName<M>
      ? S[OldName<M, K> & keyof S]
      : K extends keyof S
        ? S[K]
        : never;
  }> {
    const columns = Object.entries(names).map(([from, to]) => ({ from, to: to as string }));
    return this.next({ kind: 'rename', input: this.query, columns });
  }

  /**
   * The rows without NULL in any of these columns, which are then known to have none.
   * @example df.dropNulls('email')
   */
  dropNulls<N extends keyof S & string>(
    ...columns: N[]
  ): DataFrame<{ [K in keyof S]: K extends N ? NonNull<S[K]> : S[K] }> {
    if (columns.length === 0) {
      throw new RayexecError('invalid-argument', 'dropNulls wants the names of columns');
    }
    const predicate = conjunction(columns.map(c => call('is not null', name(c))));
    return this.next({ kind: 'filter', input: this.query, predicate });
  }

  /**
   * Groups of rows that agree in keys: names, and new columns from a callback, in any mix.
   * @example df.groupBy('country', t => ({ year: t.date.year() })).agg(t => ({ total: t.amount.sum() }))
   */
  groupBy<const A extends readonly ((keyof S & string) | ((t: Cols<S>) => Selection<'row'>))[]>(
    ...keys: A
  ): GroupBy<S, { [K in NamesIn<S, A> | keyof MadeIn<A>]: PickOrMade<S, MadeIn<A>, K> }> {
    const named = this.checked(columnsOf('groupBy', keys));
    return new GroupBy(aggregates => this.#aggregate(named, aggregates));
  }

  /**
   * One row: aggregates over all rows. Of no rows `sum`, `min` and so on are NULL, which their types say.
   * @example df.agg(t => ({ n: count(), total: t.amount.sum() }))
   */
  agg<R extends Aggregates>(
    callback: (t: Cols<S>) => R,
  ): DataFrame<{
    -readonly [K in keyof R]: TypeOf<R[K]> | ('aggregate (null if empty)' extends KindOf<R[K]> ? null : never);
  }> {
    return this.#aggregate([], namedExprs('agg', callback));
  }

  /**
   * In the order of the first key, equal ones by the second, and so on: names, `desc('name')`, or callbacks.
   * @example df.sort(desc('total'), t => t.name.lower())
   */
  sort(
    ...keys: (
      | (keyof S & string)
      | NamedOrder<keyof S & string>
      | ((t: Cols<S>) => Expr<Any, 'row' | 'window'> | Order<'row' | 'window'>)
    )[]
  ): DataFrame<S> {
    const sorted: Query = { kind: 'sort', input: this.query, keys: this.checked(sortKeys(keys)) };
    return this.next(keys.length === 0 ? this.query : sorted);
  }

  /**
   * The same as `sort`.
   * @example df.orderBy(desc('total'), 'name')
   */
  orderBy(
    ...keys: (
      | (keyof S & string)
      | NamedOrder<keyof S & string>
      | ((t: Cols<S>) => Expr<Any, 'row' | 'window'> | Order<'row' | 'window'>)
    )[]
  ): DataFrame<S> {
    return this.sort(...keys);
  }

  /**
   * At most `count` rows, after skipping `offset` rows.
   * @example df.sort(desc('total')).limit(10)
   */
  limit(count: number, offset = 0): DataFrame<S> {
    rowNumber('limit', count);
    const skip = rowNumber('limit', offset) === 0 ? {} : { offset: integer(offset) };
    return this.next({ kind: 'limit', input: this.query, count: integer(count), ...skip });
  }

  /**
   * The first rows.
   * @example await df.head(3).show()
   */
  head(count = 5): DataFrame<S> {
    return this.limit(count);
  }

  /**
   * Each row once; with names, one row (the first that comes) for each combination of their values.
   * @example df.select('country', 'city').distinct()
   */
  distinct(...columns: (keyof S & string)[]): DataFrame<S> {
    const on = columns.length === 0 ? {} : { on: columns.map(c => name(c)) };
    return this.next({ kind: 'distinct', input: this.query, ...on });
  }

  /**
   * Some rows at random: `{ n: 100 }`, or about a `{ fraction: 0.1 }` of them; with `seed` the same each time.
   * @example df.sample({ fraction: 0.01, seed: 42 })
   */
  sample(size: SampleSize): DataFrame<S> {
    return this.next(sampleQuery(this.query, size));
  }

  /**
   * The rows of both frames, each once. Columns meet by name.
   * @example january.union(february)
   */
  union<R extends { [K in keyof S]: Column }>(
    other: DataFrame<R>,
  ): DataFrame<{ [K in keyof S]: K extends keyof R ? Unify<S[K], R[K]> : never }> {
    return this.#setOperation('union', false, other);
  }

  /**
   * The rows of both frames. Columns meet by name.
   * @example january.unionAll(february)
   */
  unionAll<R extends { [K in keyof S]: Column }>(
    other: DataFrame<R>,
  ): DataFrame<{ [K in keyof S]: K extends keyof R ? Unify<S[K], R[K]> : never }> {
    return this.#setOperation('union', true, other);
  }

  /**
   * The rows that both frames have, each once. Columns meet by name.
   * @example lastYear.select('customer').intersect(thisYear.select('customer'))
   */
  intersect<R extends { [K in keyof S]: Column }>(
    other: DataFrame<R>,
  ): DataFrame<{ [K in keyof S]: K extends keyof R ? Unify<S[K], R[K]> : never }> {
    return this.#setOperation('intersect', false, other);
  }

  /**
   * The rows that the other frame does not have, each once. Columns meet by name.
   * @example lastYear.select('customer').except(thisYear.select('customer'))
   */
  except<R extends { [K in keyof S]: Column }>(
    other: DataFrame<R>,
  ): DataFrame<{ [K in keyof S]: K extends keyof R ? Unify<S[K], R[K]> : never }> {
    return this.#setOperation('except', false, other);
  }

  /**
   * One row for each combination of `rows`, and for each value `in` the column `on` a column with its `values`.
   * @example sales.pivot({ rows: ['shop'], on: 'year', in: ['1995', '1996'], values: t => t.amount.sum() })
   */
  pivot<
    B extends keyof S & string,
    N extends keyof S & string,
    const V extends string | number,
    R extends Expr<Any, 'aggregate' | 'aggregate (null if empty)'>,
  >(options: PivotOptions<S, B, N, V, R>): DataFrame<{ [K in B | `${V}`]: K extends B ? S[K] : TypeOf<R> | null }> {
    return this.next(this.checked(pivotQuery(this.query, options)));
  }

  /**
   * For each row one row for each column `on`: the column's name, and its value.
   * @example df.unpivot({ on: ['q1', 'q2'], name: 'quarter', value: 'sales' })
   */
  unpivot<N extends keyof S & string, const A extends string = 'name', const V extends string = 'value'>(
    options: UnpivotOptions<N, A, V>,
  ): DataFrame<{
    [K in Exclude<keyof S, N> | A | V]: K extends A ? 'string' : K extends V ? S[N] : K extends keyof S ? S[K] : never;
  }> {
    return this.next(unpivotQuery(this.query, options));
  }

  /**
   * For each row one row for each element of a list column; none for an empty list or NULL.
   * @example posts.explode('tags').groupBy('tags').count()
   */
  explode<N extends keyof S & string>(
    column: N,
  ): DataFrame<{ [K in keyof S]: K extends N ? (NonNull<S[K]> extends List<infer I> ? I : S[K]) : S[K] }> {
    return this.next({ kind: 'unnest', input: this.query, column });
  }

  /**
   * The fields of a struct column as columns in its place, their names after `prefix`.
   * @example df.unnest('address', { prefix: 'address_' })
   */
  unnest<N extends keyof S & string, const P extends string = ''>(
    column: N,
    options: { readonly prefix?: P } = {},
  ): DataFrame<{
    [K in
      | Exclude<keyof S, N>
      | `${P}${keyof FieldsOf<S[N]> & string}`]: K extends `${P}${infer F extends keyof FieldsOf<S[N]> & string}`
      ? FieldsOf<S[N]>[F] | NullIn<S[N]>
      : K extends keyof S
        ? S[K]
        : never;
  }> {
    return this.next({ kind: 'unnest', input: this.query, column, prefix: options.prefix ?? '' });
  }

  /**
   * A reusable step: `df.pipe(f)` is `f(df)`.
   * @example df.pipe(withoutTestAccounts).pipe(perMonth('date'))
   */
  pipe<R>(step: (df: DataFrame<S>) => R): R {
    return step(this);
  }

  /**
   * One column, as the right side of `in`.
   * @example df.filter(t => t.order_id.in(large.column('id')))
   */
  column<N extends keyof S & string>(column: N): SubQuery<S[N]> {
    return new SubQueryImpl(this.#only(column)) as never;
  }

  /**
   * The value of a column in the frame's only row, for use in other frames; NULL if there is no row.
   * @example df.filter(t => t.price.gt(df.agg(t => ({ mean: t.price.avg() })).scalar('mean')))
   */
  scalar<N extends keyof S & string>(column: N): ExprOf<S[N] | null, never> {
    return wrap({ kind: 'scalar-query', query: this.#only(column) });
  }

  /**
   * For each column its type, range, number of distinct values and of NULLs, and so on.
   * @example await df.describe().show()
   */
  describe(): DataFrame<Dynamic> {
    return this.next({ kind: 'summarize', input: this.query });
  }

  /**
   * This frame with another schema, which the compiler takes on trust.
   * @example db.csv('a.csv').as<{ id: 'int64'; name: 'string' }>()
   */
  as<Other>(): DataFrame<Other> {
    return this.next(this.query);
  }

  /**
   * The rows as a schema of zod, valibot, arktype or another library of standardschema.dev lets them through, checked when
   * they are read.
   * @example const users = await df.withSchema(z.object({ id: z.number(), email: z.email() })).collect()
   */
  withSchema<Output>(schema: StandardSchema<Any, Output>): ValidatedFrame<Output> {
    return new ValidatedFrame(this as Any, schema);
  }

  protected override next<T>(query: Query): DataFrame<T> {
    checkColumns(query, this.executor);
    notePlace(query);
    return new DataFrame<T>(query, this.executor);
  }

  #aggregate<T>(keys: readonly NamedExpr[], aggregates: readonly NamedExpr[]): DataFrame<T> {
    return this.next({ kind: 'aggregate', input: this.query, keys, aggregates: this.checked(aggregates) });
  }

  #setOperation<T>(op: SetQuery['op'], all: boolean, other: DataFrame<Any>): DataFrame<T> {
    this.refuseStranger(other, op);
    return this.next({ kind: 'set-op', op, all, byName: true, left: this.query, right: other.query });
  }

  #only(column: string): Query {
    const query: Query = { kind: 'select', from: this.query, items: [{ expr: name(column) }] };
    checkColumns(query, this.executor);
    return ownQuery(query, this.executor.id);
  }
}

/** The frame of a query over tables of the executor's database. */
export function frameOf<S = Dynamic>(query: Query, executor: Executor): DataFrame<S> {
  return new DataFrame<S>(query, executor);
}

function rowNumber(verb: string, n: number): number {
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new RayexecError('invalid-argument', `${verb}: ${n} is not a number of rows`);
}
