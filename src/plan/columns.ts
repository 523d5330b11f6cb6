import { assertNever } from '../common/errors.ts';
import type { BoundAggregate, BoundExpr, BoundWindowCall, ColumnId } from './expr.ts';
import type { AsofJoinPlan, Column, LogicalPlan } from './logical-plan.ts';

/** Plans never change, and optimizing asks for the columns of the same ones over and over. */
const outputs = new WeakMap<LogicalPlan, readonly Column[]>();

/** The columns that a plan hands up, in order. */
export function outputOf(plan: LogicalPlan): readonly Column[] {
  let output = outputs.get(plan);
  if (output === undefined) {
    output = computeOutput(plan);
    outputs.set(plan, output);
  }
  return output;
}

const outputIds = new WeakMap<LogicalPlan, ReadonlySet<ColumnId>>();

/** The ids of the columns that a plan hands up. */
export function idsOf(plan: LogicalPlan): ReadonlySet<ColumnId> {
  let ids = outputIds.get(plan);
  if (ids === undefined) {
    ids = new Set(outputOf(plan).map(c => c.id));
    outputIds.set(plan, ids);
  }
  return ids;
}

function computeOutput(plan: LogicalPlan): readonly Column[] {
  switch (plan.kind) {
    case 'scan':
      return plan.columns.map(c => c.column);
    case 'values':
    case 'empty':
    case 'set-op':
    case 'recursive':
    case 'shared-ref':
    case 'insert':
    case 'copy':
      return plan.columns;
    case 'project':
      return plan.columns.map(c => c.column);
    case 'aggregate': {
      const columns = [...plan.keys.map(k => k.column), ...plan.aggregates.map(a => a.column)];
      if (plan.groupingId !== undefined) columns.push(plan.groupingId);
      // A key that some grouping set lacks is NULL there.
      const sets = plan.groupingSets;
      if (sets === undefined) return columns;
      return columns.map((c, i) =>
        i < plan.keys.length && sets.some(s => !s.includes(i)) ? { ...c, nullable: true } : c,
      );
    }
    case 'window':
      return [...outputOf(plan.input), ...plan.functions.map(w => w.column)];
    case 'join':
      return joinOutput(plan);
    case 'asof-join':
      return asofOutput(plan);
    case 'unnest': {
      const columns = [...outputOf(plan.input), ...plan.lists.map(l => l.column)];
      if (plan.ordinality !== undefined) columns.push(plan.keepsEmpty ? asNullable(plan.ordinality) : plan.ordinality);
      return columns;
    }
    case 'filter':
    case 'sort':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'shared':
      return outputOf(plan.input);
    default:
      return assertNever(plan);
  }
}

function joinOutput(plan: Extract<LogicalPlan, { kind: 'join' }>): readonly Column[] {
  const left = outputOf(plan.left);
  switch (plan.type) {
    case 'semi':
    case 'anti':
      return left;
    case 'mark':
      return plan.mark === undefined ? left : [...left, plan.mark];
    case 'inner':
      return [...left, ...outputOf(plan.right)];
    case 'left':
    case 'single':
      return [...left, ...outputOf(plan.right).map(asNullable)];
    case 'right':
      return [...left.map(asNullable), ...outputOf(plan.right)];
    case 'full':
      return [...left.map(asNullable), ...outputOf(plan.right).map(asNullable)];
    default:
      return assertNever(plan.type);
  }
}

function asofOutput({ type, left, right }: AsofJoinPlan): readonly Column[] {
  if (type === 'semi' || type === 'anti') return outputOf(left);
  return [...outputOf(left), ...(type === 'left' ? outputOf(right).map(asNullable) : outputOf(right))];
}

const asNullable = (c: Column): Column => (c.nullable ? c : { ...c, nullable: true });

/** The sub-expressions of an expression, in order. */
export function exprInputs(expr: BoundExpr): readonly BoundExpr[] {
  switch (expr.kind) {
    case 'column':
    case 'literal':
      return [];
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
      return expr.args;
    case 'cast':
    case 'in':
      return [expr.input];
    case 'case':
      return [...expr.branches.flatMap(b => [b.when, b.result]), expr.otherwise];
    default:
      return assertNever(expr);
  }
}

/** Adds the ids of all columns that an expression reads to `into`. */
export function collectColumns(expr: BoundExpr, into: Set<ColumnId> = new Set()): Set<ColumnId> {
  if (expr.kind === 'column') into.add(expr.id);
  else for (const e of exprInputs(expr)) collectColumns(e, into);
  return into;
}

/** Whether all columns that an expression reads are among these. */
export function readsAmong(expr: BoundExpr, columns: ReadonlySet<ColumnId>): boolean {
  return expr.kind === 'column' ? columns.has(expr.id) : exprInputs(expr).every(e => readsAmong(e, columns));
}

/** The expressions inside an aggregate call. */
export function aggregateExprs(a: BoundAggregate): readonly BoundExpr[] {
  const exprs = [...a.args];
  if (a.filter !== undefined) exprs.push(a.filter);
  for (const k of a.orderBy ?? []) exprs.push(k.expr);
  return exprs;
}

/** The expressions inside a window function's call. */
export function windowCallExprs(call: BoundWindowCall): readonly BoundExpr[] {
  const exprs = [...aggregateExprs(call)];
  for (const bound of [call.frame.start, call.frame.end]) {
    if (!('offset' in bound)) continue;
    exprs.push(bound.offset);
    if (bound.negative !== undefined) exprs.push(bound.negative);
  }
  return exprs;
}

/** The expressions that a node itself holds (not those of its inputs). */
export function exprsOf(plan: LogicalPlan): readonly BoundExpr[] {
  switch (plan.kind) {
    case 'scan':
      return plan.filters;
    case 'values':
      return plan.rows.flat();
    case 'filter':
      return [plan.predicate];
    case 'project':
      return plan.columns.map(c => c.expr);
    case 'aggregate':
      return [...plan.keys.map(k => k.expr), ...plan.aggregates.flatMap(a => aggregateExprs(a.aggregate))];
    case 'join':
      return plan.condition === undefined ? [] : [plan.condition];
    case 'asof-join':
      return [...plan.keys, plan.match].flatMap(k => [k.left, k.right]);
    case 'sort':
    case 'top-k':
      return plan.keys.map(k => k.expr);
    case 'distinct-on':
      return [...plan.on, ...plan.orderBy.map(k => k.expr)];
    case 'unnest':
      return plan.lists.map(l => l.expr);
    case 'window':
      return [
        ...plan.partitionBy,
        ...plan.orderBy.map(k => k.expr),
        ...plan.functions.flatMap(w => windowCallExprs(w.call)),
      ];
    case 'limit-by':
      return [plan.count, plan.offset].filter(e => e !== undefined);
    case 'empty':
    case 'limit':
    case 'set-op':
    case 'recursive':
    case 'shared':
    case 'shared-ref':
    case 'insert':
    case 'copy':
      return [];
    default:
      return assertNever(plan);
  }
}
