import { RayexecError } from '../../src/common/errors.ts';
import type { NamedExpr, SelectItem } from '../../src/query/query.ts';
import type { Any } from './column-types.ts';
import { checkCallback } from './check-callback.ts';
import type { Expr } from './expr.ts';
import { isExpr, name, nodeOf } from './expr-node.ts';
import { withoutLostConditions } from './lost-condition.ts';
import type { Kind, TypeOf } from './operands.ts';
import { rowColumns } from './row-columns.ts';

/** A JavaScript value as a column of its own: the same in each row. */
type Constant = string | number | boolean | bigint | Date | null;
/** Named expressions that depend on K, or constants. */
export type Selection<K extends Kind> = { readonly [name: string]: Expr<Any, K> | Constant };
/** Named aggregates. */
export type Aggregates = {
  readonly [name: string]: Expr<Any, 'aggregate' | 'aggregate (null if empty)'>;
};

/** The names among the arguments of `select` and `groupBy`. */
export type NamesIn<S, A extends readonly unknown[]> = Extract<A[number], keyof S>;
/** What the callback among the arguments of `select` and `groupBy` makes. */
export type MadeIn<A extends readonly unknown[]> =
  Extract<A[number], (...args: Any) => Any> extends (...args: Any) => infer R ? R : unknown;
/** The type of column K: made by the callback, or passed on. */
export type PickOrMade<S, M, K> = K extends keyof M ? TypeOf<M[K]> : K extends keyof S ? S[K] : never;

/** The named expressions that a callback returns. */
export function namedExprs(verb: string, callback: (t: Any) => unknown): NamedExpr[] {
  checkCallback(verb, callback, `${verb}(t => ({ name: t.a.add(1) }))`);
  return withoutLostConditions(
    verb,
    () => callback(rowColumns()),
    made => {
      if (typeof made !== 'object' || made === null || isExpr(made)) {
        throw new RayexecError('invalid-argument', `${verb}: the callback must return an object of named expressions`, {
          hint: `${verb}(t => ({ name: t.a.add(1) }))`,
        });
      }
      return Object.entries(made).map(([key, value]) => ({ name: key, expr: nodeOf(value) }));
    },
  );
}

/** Names and callbacks, in any mix, as named expressions. */
export function columnsOf(verb: string, items: readonly (string | ((t: Any) => unknown))[]): NamedExpr[] {
  return items.flatMap(item =>
    typeof item === 'function' ? namedExprs(verb, item) : [{ name: item, expr: name(item) }],
  );
}

/** A named expression as SELECT has it: a column under its own name needs no alias. */
export function selectItem({ name: alias, expr }: NamedExpr): SelectItem {
  const keepsName = expr.kind === 'name' && expr.path.length === 1 && expr.path[0] === alias;
  return keepsName ? { expr } : { expr, alias };
}
