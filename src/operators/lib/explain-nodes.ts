import type { PhysicalAggregate, PhysicalSortKey } from '../../plan/expr.ts';
import { explainExpr } from '../../plan/physical-expr.ts';
import type { AggregateMode } from './groups/partial-states.ts';

/** A sort key as in SQL; what is the default is left out. */
export function explainSortKey({ expr, descending, nullsFirst }: PhysicalSortKey): string {
  return `${explainExpr(expr)}${descending ? ' desc' : ''}${nullsFirst ? ' nulls first' : ''}`;
}

/** The mode of an aggregation, where it is not the default. */
export const explainMode = (mode: AggregateMode | undefined): [string, string][] =>
  mode === undefined || mode === 'single' ? [] : [['mode', mode]];

/** An aggregate call as in SQL. */
export function explainAggregate({ fn, args, distinct, filter, orderBy }: PhysicalAggregate): string {
  const inner = args.length === 0 && fn === 'count' ? '*' : args.map(a => explainExpr(a)).join(', ');
  const order =
    orderBy === undefined || orderBy.length === 0 ? '' : ` order by ${orderBy.map(explainSortKey).join(', ')}`;
  const condition = filter === undefined ? '' : ` filter (where ${explainExpr(filter)})`;
  return `${fn}(${distinct ? 'distinct ' : ''}${inner}${order})${condition}`;
}
