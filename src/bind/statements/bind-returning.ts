import type { TableEntry } from '../../catalog/entry.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query, WithClause } from '../../query/query.ts';
import type { Returning } from '../../query/statement.ts';
import { exprsBelow } from '../../query/walk.ts';
import { type Binder, bindError } from '../binder.ts';
import { refuseUnnest } from '../select/bind-unnest.ts';
import { within } from '../within.ts';
import { type PendingQuery, pendingQuery, pendingRows } from './pending-rows.ts';

type Returns = {
  readonly returning?: readonly Returning[] | undefined;
  readonly alias?: string | undefined;
  readonly with?: WithClause | undefined;
};

/** RETURNING: a SELECT list over the rows that a statement wrote or took away. */
export function bindReturning(
  b: Binder,
  table: TableEntry,
  { returning, alias, with: clause }: Returns,
  from: Query = pendingRows(b, table, [], alias),
): PendingQuery | undefined {
  if (returning === undefined) return undefined;
  for (const { expr } of returning) {
    refuseUnnest(expr, 'RETURNING');
    refuseAggregates(b, expr);
  }
  return pendingQuery(b, within(clause, { kind: 'select', from, items: returning }));
}

function refuseAggregates(b: Binder, expr: Expr): void {
  if (expr.kind === 'call' && b.catalog.functions.aggregate(expr.fn) !== undefined)
    throw bindError('Aggregate functions are not supported in RETURNING', expr.span);
  for (const child of exprsBelow(expr)) refuseAggregates(b, child);
}
