import type { Span } from '../../common/errors.ts';
import type { BoundAggregate, BoundExpr, ColumnId, ColumnRef } from '../../plan/expr.ts';
import type { Column } from '../../plan/logical-plan.ts';
import { INT64 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import type { SubqueryJoin } from '../decorrelate/subquery-join.ts';

export type CollectedAggregate = { readonly column: Column; readonly aggregate: BoundAggregate };
export type GroupingCall = {
  readonly column: Column;
  readonly args: readonly BoundExpr[];
  readonly span: Span | undefined;
};

/** Gathers the aggregates of one SELECT while its expressions are bound: each becomes a column of the aggregate node. */
export class AggregateCollector {
  readonly aggregates: CollectedAggregate[] = [];
  readonly groupings: GroupingCall[] = [];
  /** Joins of subqueries inside arguments: they go below the aggregate node. */
  readonly joins: SubqueryJoin[] = [];
  readonly #byText = new Map<string, Column>();
  readonly #ids = new Set<ColumnId>();

  /** The column of an aggregate; the same one for equal aggregates. */
  add(b: Binder, name: string, aggregate: BoundAggregate, span: Span | undefined): ColumnRef {
    const key = JSON.stringify(aggregate, (k, v) => (k === 'span' ? undefined : v));
    let column = this.#byText.get(key);
    if (column === undefined) {
      column = b.newColumn(name, aggregate.type, aggregate.nullable);
      this.#byText.set(key, column);
      this.#ids.add(column.id);
      this.aggregates.push({ column, aggregate });
    }
    return b.ref(column, span);
  }

  /** A column that stands for `grouping(args)` until the grouping sets are known. */
  addGrouping(b: Binder, args: readonly BoundExpr[], span: Span | undefined): ColumnRef {
    const column = b.newColumn('grouping', INT64, false);
    this.groupings.push({ column, args, span });
    return b.ref(column, span);
  }

  /** Whether the column is an aggregate's. */
  has(id: ColumnId): boolean {
    return this.#ids.has(id);
  }

  get used(): boolean {
    return this.aggregates.length > 0 || this.groupings.length > 0;
  }
}
