import { RayexecError } from '../../src/common/errors.ts';
import type { JoinQuery, Query } from '../../src/query/query.ts';
import { type AsofOptions, asofJoinQuery, plainAsofJoin } from './asof-join.ts';
import type { Any } from './column-types.ts';
import type { DataFrame } from './data-frame.ts';
import { FrameResults } from './frame-results.ts';
import { crossJoinQuery, joinCondition, joinQuery } from './join.ts';
import type { JoinOptions, On, Once, RightNames, Shared } from './join-types.ts';
import type { Unify } from './promotion.ts';
import { refuseForeign } from './sub-query.ts';

/** The joins of a DataFrame. Output types are spelled out, not aliases, so that hovers show the columns. */
export abstract class FrameJoins<in out S> extends FrameResults<S> {
  /**
   * Pairs of rows that meet on shared names, pairs of names, or a condition.
   * @example orders.join(customers, { customer_id: 'id' })
   * @example a.join(b, 'id')
   * @example a.join(b, (l, r) => l.id.eq(r.id).and(l.day.lt(r.day)))
   */
  join<R, const O extends On<S, R>, X extends string = '_right'>(
    right: DataFrame<R>,
    on: O,
    options?: JoinOptions<X>,
  ): DataFrame<{
    [K in keyof S | RightNames<S, R, X, Once<O>>]: K extends keyof S
      ? S[K]
      : K extends keyof R
        ? R[K]
        : K extends `${infer N extends keyof R & string}${X}`
          ? R[N]
          : never;
  }> {
    return this.#join('inner', right, on, options);
  }

  /**
   * As `join`; left rows without a match stay, with NULLs on the right.
   * @example customers.leftJoin(orders, { id: 'customer_id' })
   */
  leftJoin<R, const O extends On<S, R>, X extends string = '_right'>(
    right: DataFrame<R>,
    on: O,
    options?: JoinOptions<X>,
  ): DataFrame<{
    [K in keyof S | RightNames<S, R, X, Once<O>>]: K extends keyof S
      ? S[K]
      : K extends keyof R
        ? R[K] | null
        : K extends `${infer N extends keyof R & string}${X}`
          ? R[N] | null
          : never;
  }> {
    return this.#join('left', right, on, options);
  }

  /**
   * As `join`; right rows without a match stay, with NULLs on the left. Shared names hold whichever side has one.
   * @example orders.rightJoin(customers, { customer_id: 'id' })
   */
  rightJoin<R, const O extends On<S, R>, X extends string = '_right'>(
    right: DataFrame<R>,
    on: O,
    options?: JoinOptions<X>,
  ): DataFrame<{
    [K in keyof S | RightNames<S, R, X, Once<O>>]: K extends keyof S
      ? K extends Once<O>
        ? R[K & keyof R]
        : S[K] | null
      : K extends keyof R
        ? R[K]
        : K extends `${infer N extends keyof R & string}${X}`
          ? R[N]
          : never;
  }> {
    return this.#join('right', right, on, options);
  }

  /**
   * As `join`; rows of both sides without a match stay. Shared names hold whichever side has one.
   * @example planned.fullJoin(actual, 'month')
   */
  fullJoin<R, const O extends On<S, R>, X extends string = '_right'>(
    right: DataFrame<R>,
    on: O,
    options?: JoinOptions<X>,
  ): DataFrame<{
    [K in keyof S | RightNames<S, R, X, Once<O>>]: K extends keyof S
      ? K extends Once<O>
        ? Unify<S[K], R[K & keyof R]>
        : S[K] | null
      : K extends keyof R
        ? R[K] | null
        : K extends `${infer N extends keyof R & string}${X}`
          ? R[N] | null
          : never;
  }> {
    return this.#join('full', right, on, options);
  }

  /**
   * The rows that have a match on the right, each once.
   * @example customers.semiJoin(orders, { id: 'customer_id' })
   */
  semiJoin<R>(right: DataFrame<R>, on: On<S, R>, options?: JoinOptions<never>): DataFrame<S> {
    return this.#join('semi', right, on, options);
  }

  /**
   * The rows that have no match on the right.
   * @example customers.antiJoin(orders, { id: 'customer_id' })
   */
  antiJoin<R>(right: DataFrame<R>, on: On<S, R>, options?: JoinOptions<never>): DataFrame<S> {
    return this.#join('anti', right, on, options);
  }

  /**
   * Every row with every row of the right side.
   * @example shops.crossJoin(months)
   */
  crossJoin<R, X extends string = '_right'>(
    right: DataFrame<R>,
    options?: { readonly suffix?: X },
  ): DataFrame<{
    [K in keyof S | RightNames<S, R, X, never>]: K extends keyof S
      ? S[K]
      : K extends keyof R
        ? R[K]
        : K extends `${infer N extends keyof R & string}${X}`
          ? R[N]
          : never;
  }> {
    this.refuseStranger(right, 'crossJoin');
    return this.next(crossJoinQuery(this.query, right.query, options));
  }

  /**
   * Each row with the one nearest right row, at or before it (`direction: 'forward'`: at or after; 'nearest': whichever is
   * nearer), or NULLs where there is none within the `tolerance`.
   * @example trades.asofJoin(quotes, { on: 'time', by: 'symbol', tolerance: { seconds: 10 } })
   */
  asofJoin<R, const O extends AsofOptions<S, R>, X extends string = '_right'>(
    right: DataFrame<R>,
    options: O & { readonly suffix?: X },
  ): DataFrame<{
    [K in keyof S | RightNames<S, R, X, Shared<O['by']>>]: K extends keyof S
      ? S[K]
      : K extends keyof R
        ? R[K] | null
        : K extends `${infer N extends keyof R & string}${X}`
          ? R[N] | null
          : never;
  }> {
    this.refuseStranger(right, 'asofJoin');
    const joined = asofJoinQuery(this.query, right.query, options);
    this.next(plainAsofJoin(this.query, right.query, options));
    return this.next(joined);
  }

  /** The frame of another query over the same database. */
  protected abstract next<T>(query: Query): DataFrame<T>;

  /** Throws if the other frame is of another database. */
  protected refuseStranger(other: DataFrame<Any>, verb: string): void {
    if (other.executor.id !== this.executor.id) refuse(verb);
  }

  /** The expressions themselves; throws if a sub-query in them is of another database. */
  protected checked<T>(expressions: T): T {
    refuseForeign(expressions, this.executor.id, () => refuse('this sub-query'));
    return expressions;
  }

  #join<T>(type: JoinQuery['type'], right: DataFrame<Any>, on: unknown, options?: JoinOptions<string>): DataFrame<T> {
    this.refuseStranger(right, 'join');
    return this.next(
      joinQuery(type, this.query, right.query, this.checked(joinCondition(`${type} join`, on, options)), options),
    );
  }
}

function refuse(verb: string): never {
  throw new RayexecError('invalid-argument', `${verb}: the frames belong to different databases`, {
    hint: 'collect the rows of one, and give them to the other with from()',
  });
}
