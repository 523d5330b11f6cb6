import { aggregateExprs, collectColumns } from '../plan/columns.ts';
import type {
  AggregateOf,
  BoundAggregate,
  BoundExpr,
  BoundSortKey,
  BoundWindowCall,
  ColumnId,
  ColumnRef,
  FrameBoundOf,
  InputRef,
  PhysicalSortKey,
  PhysicalWindowCall,
} from '../plan/expr.ts';
import { type Positions, toPhysical } from '../plan/to-physical.ts';

export function positionsOf(columns: readonly ColumnId[], from = 0): Map<ColumnId, number> {
  return new Map(columns.map((id, i) => [id, from + i]));
}

export function toPhysicalKeys(keys: readonly BoundSortKey[], at: Positions): PhysicalSortKey[] {
  return keys.map(k => ({ ...k, expr: toPhysical(k.expr, at) }));
}

export function toPhysicalAggregate(a: BoundAggregate, at: Positions): AggregateOf<InputRef> {
  return {
    ...a,
    args: a.args.map(e => toPhysical(e, at)),
    filter: a.filter && toPhysical(a.filter, at),
    orderBy: a.orderBy && toPhysicalKeys(a.orderBy, at),
  };
}

export function toPhysicalWindowCall(call: BoundWindowCall, at: Positions): PhysicalWindowCall {
  const bound = (b: FrameBoundOf<ColumnRef>): FrameBoundOf<InputRef> =>
    'offset' in b ? { ...b, offset: toPhysical(b.offset, at), negative: b.negative && toPhysical(b.negative, at) } : b;
  const { start, end } = call.frame;
  const frame = { ...call.frame, start: bound(start), end: bound(end) };
  return { ...toPhysicalAggregate(call, at), ignoreNulls: call.ignoreNulls, frame };
}

/** The columns that expressions read. */
export function columnsOf(exprs: readonly BoundExpr[]): Set<ColumnId> {
  const ids = new Set<ColumnId>();
  for (const e of exprs) collectColumns(e, ids);
  return ids;
}

/** The columns that aggregates read. */
export function columnsOfAggregates(aggregates: readonly BoundAggregate[]): Set<ColumnId> {
  return columnsOf(aggregates.flatMap(aggregateExprs));
}
