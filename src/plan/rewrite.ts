import { assertNever } from '../common/errors.ts';
import type {
  BoundAggregate,
  BoundExpr,
  BoundSortKey,
  BoundWindowCall,
  ColumnId,
  ColumnRef,
  FrameBoundOf,
} from './expr.ts';
import type { LogicalPlan } from './logical-plan.ts';

/** Maps a list; the same list back when no item changed, so that `===` tells whether anything happened. */
function mapList<T>(items: readonly T[], f: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const before = items[i]!;
    const after = f(before);
    if (after !== before && changed === undefined) changed = items.slice(0, i);
    changed?.push(after);
  }
  return changed ?? items;
}

/** The inputs of a plan node, in order. */
export function inputsOf(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'empty':
    case 'shared-ref':
      return [];
    case 'join':
    case 'asof-join':
    case 'set-op':
      return [plan.left, plan.right];
    case 'recursive':
      return [plan.anchor, plan.step];
    case 'shared':
      return [plan.definition, plan.input];
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'sort':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'unnest':
    case 'window':
    case 'insert':
    case 'copy':
      return [plan.input];
    default:
      return assertNever(plan);
  }
}

/** Replaces a node's inputs by what `f` makes of them; the same node back when nothing changed. */
export function mapInputs(plan: LogicalPlan, f: (input: LogicalPlan) => LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'empty':
    case 'shared-ref':
      return plan;
    case 'join':
    case 'asof-join':
    case 'set-op': {
      const left = f(plan.left);
      const right = f(plan.right);
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case 'recursive': {
      const anchor = f(plan.anchor);
      const step = f(plan.step);
      return anchor === plan.anchor && step === plan.step ? plan : { ...plan, anchor, step };
    }
    case 'shared': {
      const definition = f(plan.definition);
      const input = f(plan.input);
      return definition === plan.definition && input === plan.input ? plan : { ...plan, definition, input };
    }
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'sort':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'unnest':
    case 'window':
    case 'insert':
    case 'copy': {
      const input = f(plan.input);
      return input === plan.input ? plan : { ...plan, input };
    }
    default:
      return assertNever(plan);
  }
}

/** Rewrites inputs first, then the node itself. */
export function bottomUp(plan: LogicalPlan, f: (node: LogicalPlan) => LogicalPlan): LogicalPlan {
  return f(mapInputs(plan, input => bottomUp(input, f)));
}

/** Rewrites the node first, then the inputs of what came out. */
export function topDown(plan: LogicalPlan, f: (node: LogicalPlan) => LogicalPlan): LogicalPlan {
  return mapInputs(f(plan), input => topDown(input, f));
}

/** Replaces an expression's direct sub-expressions; the same object back when nothing changed. */
export function mapExprInputs(expr: BoundExpr, f: (e: BoundExpr) => BoundExpr): BoundExpr {
  switch (expr.kind) {
    case 'column':
    case 'literal':
      return expr;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce': {
      const args = mapList(expr.args, f);
      return args === expr.args ? expr : { ...expr, args };
    }
    case 'cast':
    case 'in': {
      const input = f(expr.input);
      return input === expr.input ? expr : { ...expr, input };
    }
    case 'case': {
      const branches = mapList(expr.branches, b => {
        const when = f(b.when);
        const result = f(b.result);
        return when === b.when && result === b.result ? b : { when, result };
      });
      const otherwise = f(expr.otherwise);
      return branches === expr.branches && otherwise === expr.otherwise ? expr : { ...expr, branches, otherwise };
    }
    default:
      return assertNever(expr);
  }
}

/** Rewrites an expression from the leaves up. */
export function rewriteExpr(expr: BoundExpr, f: (e: BoundExpr) => BoundExpr): BoundExpr {
  return f(mapExprInputs(expr, e => rewriteExpr(e, f)));
}

/** Replaces columns by expressions (or other columns); columns that `map` lacks stay. */
export function substitute(expr: BoundExpr, map: ReadonlyMap<ColumnId, BoundExpr>): BoundExpr {
  if (expr.kind === 'column') return map.get(expr.id) ?? expr;
  return mapExprInputs(expr, e => substitute(e, map));
}

export function mapSortKeys(keys: readonly BoundSortKey[], f: (e: BoundExpr) => BoundExpr): readonly BoundSortKey[] {
  return mapList(keys, k => {
    const expr = f(k.expr);
    return expr === k.expr ? k : { ...k, expr };
  });
}

export function mapAggregate(a: BoundAggregate, f: (e: BoundExpr) => BoundExpr): BoundAggregate {
  const args = mapList(a.args, f);
  const filter = a.filter && f(a.filter);
  const orderBy = a.orderBy && mapSortKeys(a.orderBy, f);
  return args === a.args && filter === a.filter && orderBy === a.orderBy ? a : { ...a, args, filter, orderBy };
}

export function mapWindowCall(call: BoundWindowCall, f: (e: BoundExpr) => BoundExpr): BoundWindowCall {
  const aggregate = mapAggregate(call, f) as BoundWindowCall;
  const start = mapBound(call.frame.start, f);
  const end = mapBound(call.frame.end, f);
  if (start === call.frame.start && end === call.frame.end) return aggregate;
  return { ...aggregate, frame: { ...call.frame, start, end } };
}

function mapBound(bound: FrameBoundOf<ColumnRef>, f: (e: BoundExpr) => BoundExpr): FrameBoundOf<ColumnRef> {
  if (!('offset' in bound)) return bound;
  const offset = f(bound.offset);
  const negative = bound.negative && f(bound.negative);
  return offset === bound.offset && negative === bound.negative ? bound : { ...bound, offset, negative };
}

/** Rewrites the expressions that a node itself holds; the same node back when nothing changed. */
export function mapExprs(plan: LogicalPlan, f: (e: BoundExpr) => BoundExpr): LogicalPlan {
  switch (plan.kind) {
    case 'scan': {
      const filters = mapList(plan.filters, f);
      return filters === plan.filters ? plan : { ...plan, filters };
    }
    case 'values': {
      const rows = mapList(plan.rows, row => mapList(row, f));
      return rows === plan.rows ? plan : { ...plan, rows };
    }
    case 'filter': {
      const predicate = f(plan.predicate);
      return predicate === plan.predicate ? plan : { ...plan, predicate };
    }
    case 'project': {
      const columns = mapProjected(plan.columns, f);
      return columns === plan.columns ? plan : { ...plan, columns };
    }
    case 'aggregate': {
      const keys = mapProjected(plan.keys, f);
      const aggregates = mapList(plan.aggregates, a => {
        const aggregate = mapAggregate(a.aggregate, f);
        return aggregate === a.aggregate ? a : { ...a, aggregate };
      });
      return keys === plan.keys && aggregates === plan.aggregates ? plan : { ...plan, keys, aggregates };
    }
    case 'join': {
      const condition = plan.condition && f(plan.condition);
      return condition === plan.condition ? plan : { ...plan, condition };
    }
    case 'asof-join': {
      const both = <T extends { readonly left: BoundExpr; readonly right: BoundExpr }>(k: T): T => {
        const [left, right] = [f(k.left), f(k.right)];
        return left === k.left && right === k.right ? k : { ...k, left, right };
      };
      const keys = mapList(plan.keys, both);
      const match = both(plan.match);
      return keys === plan.keys && match === plan.match ? plan : { ...plan, keys, match };
    }
    case 'sort':
    case 'top-k': {
      const keys = mapSortKeys(plan.keys, f);
      return keys === plan.keys ? plan : { ...plan, keys };
    }
    case 'distinct-on': {
      const on = mapList(plan.on, f);
      const orderBy = mapSortKeys(plan.orderBy, f);
      return on === plan.on && orderBy === plan.orderBy ? plan : { ...plan, on, orderBy };
    }
    case 'unnest': {
      const lists = mapProjected(plan.lists, f);
      return lists === plan.lists ? plan : { ...plan, lists };
    }
    case 'window': {
      const partitionBy = mapList(plan.partitionBy, f);
      const orderBy = mapSortKeys(plan.orderBy, f);
      const functions = mapList(plan.functions, w => {
        const call = mapWindowCall(w.call, f);
        return call === w.call ? w : { ...w, call };
      });
      const unchanged = partitionBy === plan.partitionBy && orderBy === plan.orderBy && functions === plan.functions;
      return unchanged ? plan : { ...plan, partitionBy, orderBy, functions };
    }
    case 'limit-by': {
      const [count, offset] = [plan.count && f(plan.count), plan.offset && f(plan.offset)];
      return count === plan.count && offset === plan.offset ? plan : { ...plan, count, offset };
    }
    case 'empty':
    case 'limit':
    case 'set-op':
    case 'recursive':
    case 'shared':
    case 'shared-ref':
    case 'insert':
    case 'copy':
      return plan;
    default:
      return assertNever(plan);
  }
}

function mapProjected<T extends { readonly expr: BoundExpr }>(
  columns: readonly T[],
  f: (e: BoundExpr) => BoundExpr,
): readonly T[] {
  return mapList(columns, c => {
    const expr = f(c.expr);
    return expr === c.expr ? c : { ...c, expr };
  });
}
