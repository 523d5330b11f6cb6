import type { BoundExpr } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import type { SortKey } from '../../query/expr.ts';
import { type Binder, bindError } from '../binder.ts';
import type { ExprEnv } from '../env.ts';
import { expandColumns } from '../exprs/bind-columns.ts';
import { collated } from '../exprs/collation.ts';
import { sortDirection } from '../exprs/sort-direction.ts';
import { sameName } from '../scope.ts';
import { ordinalOf } from './bind-group-by.ts';

/** A sort key: an output column by its place, which is compared by its collation, or an expression that the output lacks. */
export type OrderKey = { readonly descending: boolean; readonly nullsFirst: boolean } & (
  | ByItem
  | { readonly expr: BoundExpr; readonly item?: undefined }
);

/** An output column, compared by another collation than its own if one is given. */
export type ByItem = {
  readonly item: number;
  readonly collation?: readonly string[] | undefined;
  readonly expr?: undefined;
};

/** An output column as ORDER BY and DISTINCT ON see it. */
export type Orderable = { readonly name: string; readonly expr: BoundExpr };

/** Binds ORDER BY: ordinals, names of the output, ALL, and expressions over the input. */
export function bindOrderBy(
  b: Binder,
  env: ExprEnv,
  keys: readonly SortKey[],
  items: readonly Orderable[],
): readonly OrderKey[] {
  return keys.flatMap((key): readonly OrderKey[] => {
    const direction = sortDirection(b, key);
    const { expr } = key;
    if (expr.kind === 'star' && expr.qualifier === undefined) return items.map((_, item) => ({ item, ...direction }));
    const expanded = expandColumns(b, expr, env.scope)?.map(c => c.expr) ?? [expr];
    return expanded.map(e => ({ ...outputOrExpr(b, env, e, items, 'ORDER'), ...direction }));
  });
}

/** An expression of ORDER BY or DISTINCT ON: the output column that it is, or itself. */
export function outputOrExpr(
  b: Binder,
  env: ExprEnv,
  expr: SortKey['expr'],
  items: readonly Orderable[],
  clause: string,
): ByItem | { readonly expr: BoundExpr; readonly item?: undefined } {
  const ordinal = ordinalOf(expr);
  if (ordinal !== undefined) {
    if (ordinal < 1 || ordinal > items.length) {
      throw bindError(`${clause} term out of range - should be between 1 and ${items.length}`, expr.span);
    }
    return { item: ordinal - 1 };
  }
  if (expr.kind === 'name' && expr.path.length === 1) {
    const item = items.findIndex(i => sameName(i.name, expr.path[0]!));
    if (item >= 0) return { item };
  }
  const bound = b.expr(b, env, expr);
  const text = exprKey(bound);
  const item = items.findIndex(i => exprKey(i.expr) === text);
  return item >= 0 ? { item, collation: b.collationOf(bound) } : { expr: collated(b, bound) };
}

/** What an output column is compared by. */
export const keyOfItem = (b: Binder, column: BoundExpr, { collation }: ByItem): BoundExpr =>
  collated(b, collation === undefined ? column : b.collate(column, collation));
