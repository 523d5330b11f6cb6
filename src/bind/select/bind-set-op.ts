import { outputOf } from '../../plan/columns.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Query } from '../../query/query.ts';
import { commonType } from '../../types/coercion.ts';
import { NULL, sameType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import { castTo } from '../coerce.ts';
import { nullOf } from '../constant.ts';
import type { QueryEnv } from '../env.ts';
import { logic, makeCall } from '../exprs/bind-call.ts';
import { collated } from '../exprs/collation.ts';
import { nullable } from '../nullability.ts';
import { type Bound, type ScopeColumn, sameName, unnamedScope } from '../scope.ts';

type SetOp = Extract<Query, { kind: 'set-op' }>;

/** UNION, INTERSECT, EXCEPT: columns by position, or by name with NULL where a side has none. */
export function bindSetOp(b: Binder, query: SetOp, env: QueryEnv): Bound {
  const left = b.query(b, query.left, env);
  const right = b.query(b, query.right, env);
  const slots = query.byName ? slotsByName(left, right, query) : slotsByPosition(left, right, query);
  const unified = slots.map(({ name, left: l, right: r }) => {
    const types = [l, r].map(c => c?.column.type ?? NULL) as [typeof NULL, typeof NULL];
    // Text takes in everything, as in DuckDB.
    const text = types.find(t => t.kind === 'utf8');
    const type = commonType(...types) ?? text;
    if (type === undefined) {
      throw bindError(
        `Cannot combine types of ${typeName(types[0])} and ${typeName(types[1])} in column "${name}" of ${query.op.toUpperCase()}`,
        query.span,
        'an explicit cast is required',
      );
    }
    return { name, type, left: l, right: r };
  });
  const side = (bound: Bound, pick: 'left' | 'right'): LogicalPlan => {
    const exprs = unified.map(u => {
      const column = u[pick]?.column;
      return { name: u.name, expr: column === undefined ? nullOf(u.type) : castTo(b, b.ref(column), u.type) };
    });
    return aligned(b, bound.plan, exprs);
  };
  const columns = unified.map(u => {
    const canBeNull = [u.left, u.right].map(c => c === undefined || b.isNullable(c.column.id));
    return b.newColumn(
      u.name,
      u.type,
      query.op === 'union' ? canBeNull.some(Boolean) : query.op === 'except' ? canBeNull[0]! : canBeNull.every(Boolean),
    );
  });
  const calls = unified.map(u => [
    ...new Set([u.left, u.right].flatMap(c => (c?.column ? b.collationOf(b.ref(c.column)) : []))),
  ]);
  columns.forEach((column, i) => {
    b.collateColumn(column, calls[i]!);
  });
  const sides = { left: side(left, 'left'), right: side(right, 'right') };
  const plan: LogicalPlan =
    !query.all && calls.some(c => c.length > 0)
      ? collatedSetOp(b, query, sides, columns)
      : { kind: 'set-op', op: query.op, all: query.all, ...sides, columns };
  return { plan, scope: unnamedScope(columns.map((column, i) => ({ name: unified[i]!.name, column }))) };
}

/** UNION, INTERSECT and EXCEPT where texts are equal by a collation: the first of equals stays. */
function collatedSetOp(
  b: Binder,
  { op }: SetOp,
  { left, right }: { readonly left: LogicalPlan; readonly right: LogicalPlan },
  columns: readonly Column[],
): LogicalPlan {
  const values = columns.map(c => b.ref(c));
  const one = (input: LogicalPlan): LogicalPlan => ({
    kind: 'distinct-on',
    input,
    on: values.map(v => collated(b, v)),
    orderBy: [],
  });
  if (op === 'union') return one({ kind: 'set-op', op, all: true, left, right, columns });
  const input: LogicalPlan = {
    kind: 'project',
    input: left,
    columns: outputOf(left).map((c, i) => ({ column: columns[i]!, expr: b.ref(c) })),
  };
  const equal = outputOf(right).map((c, i) => {
    const pair = [values[i]!, b.collate(b.ref(c), b.collationOf(values[i]!))];
    return makeCall(b, 'is not distinct from', pair);
  });
  const type = op === 'intersect' ? 'semi' : 'anti';
  return one({ kind: 'join', type, left: input, right, condition: logic(b, 'and', equal) });
}

type Slot = { readonly name: string; readonly left: ScopeColumn | undefined; readonly right: ScopeColumn | undefined };

function slotsByPosition(left: Bound, right: Bound, query: SetOp): readonly Slot[] {
  const [l, r] = [left.scope.columns, right.scope.columns];
  if (l.length !== r.length) {
    throw bindError(
      `Set operations can only apply to expressions with the same number of result columns: ${l.length} on the left of ${query.op.toUpperCase()}, ${r.length} on the right`,
      query.right.span ?? query.span,
      `select as many on both sides, or go by names: ${query.op.toUpperCase()} BY NAME`,
    );
  }
  return l.map((column, i) => ({ name: column.name, left: column, right: r[i] }));
}

function slotsByName(left: Bound, right: Bound, query: SetOp): readonly Slot[] {
  for (const [side, { scope }] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const twice = scope.columns.find((c, i) => scope.columns.findIndex(o => sameName(o.name, c.name)) < i);
    if (twice !== undefined)
      throw bindError(
        `${query.op.toUpperCase()} BY NAME needs distinct names: "${twice.name}" comes twice on the ${side} side`,
        query.span,
      );
  }
  const rights = right.scope.columns;
  const shared = left.scope.columns.map(l => ({
    name: l.name,
    left: l,
    right: rights.find(r => sameName(l.name, r.name)),
  }));
  const added = rights.filter(r => !left.scope.columns.some(l => sameName(l.name, r.name)));
  return [...shared, ...added.map(r => ({ name: r.name, left: undefined, right: r }))];
}

/** A plan that hands up just these expressions, in order: itself where it does already. */
function aligned(
  b: Binder,
  input: LogicalPlan,
  items: readonly { readonly name: string; readonly expr: BoundExpr }[],
): LogicalPlan {
  const output = outputOf(input);
  const same =
    output.length === items.length &&
    items.every(
      ({ expr }, i) => expr.kind === 'column' && expr.id === output[i]!.id && sameType(expr.type, output[i]!.type),
    );
  if (same) return input;
  return {
    kind: 'project',
    input,
    columns: items.map(({ name, expr }) => b.project(name, expr, typeOf(expr), nullable(b, expr))),
  };
}
