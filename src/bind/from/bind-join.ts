import { idsOf, outputOf } from '../../plan/columns.ts';
import { filtered } from '../../plan/conjuncts.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../../plan/expr.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query } from '../../query/query.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { unify } from '../coerce.ts';
import { isCorrelated, reads } from '../decorrelate/correlation.ts';
import { dependentJoin } from '../decorrelate/dependent-join.ts';
import { fullJoinOverDomains, type PairJoin } from '../decorrelate/full-join-over-domains.ts';
import { applyJoins, type SubqueryJoin } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { condition, conjunction, makeCall } from '../exprs/bind-call.ts';
import { candidates } from '../exprs/bind-name.ts';
import { nullable } from '../nullability.ts';
import { type Bound, joinScopes, type Scope, type ScopeColumn, sameName } from '../scope.ts';
import { asofJoin } from './asof-join.ts';
import { bindFromItem } from './bind-table.ts';
import { positionalJoin } from './positional-join.ts';

type Join = Extract<Query, { kind: 'join' }>;

/** A join's type as plans have it. */
type Type = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

/** The types of ASOF joins. */
const ASOF: Readonly<Partial<Record<Join['type'], Type>>> = {
  asof: 'inner',
  'asof-left': 'left',
  'asof-right': 'right',
  'asof-full': 'full',
  'asof-semi': 'semi',
  'asof-anti': 'anti',
};

/** Binds a join. Its right side sees the left side's columns (LATERAL, also where the word is left out). */
export function bindJoin(b: Binder, query: Join, env: QueryEnv): Bound {
  const left = bindFromItem(b, query.left, env);
  const rightQuery = query.right.kind === 'lateral' ? query.right.input : query.right;
  const lateral: ExprEnv = { scope: left.scope, outer: env.outer, ctes: env.ctes, clause: 'LATERAL join', joins: [] };
  const right = bindFromItem(b, rightQuery, { outer: lateral, ctes: env.ctes });
  const plans = { left: applyJoins(b, left.plan, lateral.joins), right: right.plan };
  if (query.type === 'positional') {
    if (isCorrelated(plans.right, idsOf(plans.left)))
      throw bindError('The right side of a POSITIONAL JOIN cannot refer to the left side', query.right.span);
    const plan = positionalJoin(b, plans.left, plans.right);
    return mergeColumns(b, query, 'inner', plan, left.scope, right.scope, []);
  }
  const asof = ASOF[query.type];
  const type = asof ?? (query.type === 'cross' ? 'inner' : (query.type as Type));
  const joined = joinCondition(b, query, type, left.scope, right.scope, env);
  const { plan, rest, ...sides }: Placed =
    joined.place === undefined
      ? { ...plans, rest: [] }
      : placed(b, asof === undefined ? type : 'asof', plans, joined.place, query);
  const predicates = [...joined.predicates, ...rest];
  const base =
    plan ??
    (asof === undefined
      ? combine(b, type, sides.left, sides.right, conjunction(b, predicates), query)
      : asofJoin(b, asof, sides, predicates, query));
  if (type === 'semi' || type === 'anti') return { plan: base, scope: left.scope };
  return mergeColumns(b, query, type, base, left.scope, right.scope, joined.merged);
}

/** A pair of columns that come out as one. */
type Merged = { readonly left: ScopeColumn; readonly right: ScopeColumn };

type Condition = {
  readonly predicates: readonly BoundExpr[];
  readonly merged: readonly Merged[];
  /** Predicates and subqueries of ON, not yet put anywhere. */
  readonly place?: { readonly predicate: BoundExpr; readonly joins: SubqueryJoin[] } | undefined;
};

function joinCondition(b: Binder, query: Join, type: Type, left: Scope, right: Scope, env: QueryEnv): Condition {
  const { on } = query;
  const isAsof = ASOF[query.type] !== undefined;
  if (on === undefined) return { predicates: [], merged: [] };
  const pairs = (list: readonly Merged[], equal: string): Condition => ({
    predicates: list.map((p, i) => {
      // The last column of an ASOF join is the one that is to be near.
      const fn = isAsof && on.kind !== 'natural' && i === list.length - 1 ? '>=' : equal;
      return makeCall(b, fn, [b.ref(p.left.column, query.span), b.ref(p.right.column, query.span)], query.span);
    }),
    merged: list,
  });
  switch (on.kind) {
    case 'on':
      return onCondition(b, on.predicate, joinScopes(left, right), env);
    case 'predicate': {
      // A DataFrame names its two sides, whatever they were called before.
      const named = {
        columns: joinScopes(left, right).columns,
        relations: [
          { name: on.left, path: [], columns: left.columns },
          { name: on.right, path: [], columns: right.columns },
        ],
      };
      return onCondition(b, on.predicate, named, env);
    }
    case 'using':
      return pairs(
        on.columns.map(name => ({
          left: columnOf(withHidden(left, name), name, 'left', query),
          right: columnOf(withHidden(right, name), name, 'right', query),
        })),
        '=',
      );
    case 'natural': {
      const common = left.columns.filter(l => right.columns.some(r => sameName(l.name, r.name)));
      if (common.length === 0)
        throw bindError(
          'No columns found to join on in NATURAL JOIN',
          query.span,
          'use CROSS JOIN where every pair of rows is meant',
        );
      return pairs(
        common.map(l => ({
          left: columnOf(left, l.name, 'left', query),
          right: columnOf(right, l.name, 'right', query),
        })),
        '=',
      );
    }
    case 'pairs': {
      const all = on.pairs.map(([l, r]) => ({
        left: columnOf(left, l, 'left', query),
        right: columnOf(right, r, 'right', query),
      }));
      const { predicates } = pairs(all, on.nullsEqual === true ? 'is not distinct from' : '=');
      return {
        predicates,
        merged: type === 'semi' || type === 'anti' ? [] : all.filter(p => sameName(p.left.name, p.right.name)),
      };
    }
  }
}

/** The scope with its hidden columns of a name, where it has no other: USING finds them. */
function withHidden(scope: Scope, name: string): Scope {
  if (scope.columns.some(c => sameName(c.name, name))) return scope;
  const hidden = scope.relations.flatMap(r => (r.hidden ?? []).filter(c => sameName(c.name, name)));
  return hidden.length === 0 ? scope : { ...scope, columns: [...scope.columns, ...hidden] };
}

function columnOf(scope: Scope, name: string, side: string, query: Join): ScopeColumn {
  const found = scope.columns.filter(c => sameName(c.name, name));
  if (found.length > 1)
    throw bindError(`Column name "${name}" is ambiguous: it exists more than once on ${side} side of join`, query.span);
  if (found.length === 0) {
    throw bindError(
      `Column "${name}" does not exist on ${side} side of join!`,
      query.span,
      candidates(
        name,
        scope.columns.map(c => c.name),
      ),
    );
  }
  return found[0]!;
}

function onCondition(b: Binder, predicate: Expr, scope: Scope, env: QueryEnv): Condition {
  const joins: SubqueryJoin[] = [];
  const place: ExprEnv = { scope, outer: env.outer, ctes: env.ctes, clause: 'JOIN condition', joins };
  const bound = condition(b, b.expr(b, place, predicate), 'ON');
  return joins.length === 0
    ? { predicates: [bound], merged: [] }
    : { predicates: [], merged: [], place: { predicate: bound, joins } };
}

type Sides = { readonly left: LogicalPlan; readonly right: LogicalPlan };
type Placed = Sides & { readonly plan?: LogicalPlan | undefined; readonly rest: readonly BoundExpr[] };

/** Puts the subqueries of ON where their outer columns are: on one side, or on pairs of both. */
function placed(
  b: Binder,
  type: Type | 'asof',
  sides: Sides,
  { predicate, joins }: NonNullable<Condition['place']>,
  query: Join,
): Placed {
  if (type === 'inner') {
    const crossed = combine(b, type, sides.left, sides.right, undefined, query);
    return { ...sides, plan: filtered(applyJoins(b, crossed, joins), [predicate]), rest: [] };
  }
  let { left, right } = sides;
  const [ofLeft, ofRight] = [idsOf(left), idsOf(right)];
  if (joins.some(j => joinReads(j, ofLeft) && joinReads(j, ofRight))) {
    if (type === 'asof') throw notYet('a subquery over both sides in the condition of an ASOF join is', query.span);
    return { left, right, plan: joinOfPairs(b, { type, left, right, joins, predicate }, query), rest: [] };
  }
  for (const join of joins.splice(0)) {
    if (joinReads(join, ofLeft)) left = applyJoins(b, left, [join]);
    else right = applyJoins(b, right, [join]);
  }
  return { left, right, rest: [predicate] };
}

function joinReads({ plan, condition }: SubqueryJoin, ids: ReadonlySet<ColumnId>): boolean {
  return isCorrelated(plan, ids) || (condition !== undefined && reads(condition, ids));
}

/** A join other than an inner one whose condition needs subqueries over both sides. */
function joinOfPairs(b: Binder, pairs: PairJoin & { readonly type: Type }, query: Join): LogicalPlan {
  const { type, left, right, joins, predicate } = pairs;
  if (type === 'full') {
    b.makeNullable([...outputOf(left), ...outputOf(right)]);
    return fullJoinOverDomains(b, pairs);
  }
  // The rows that one row of the kept side matches are a query that depends on it.
  const [kept, other] = type === 'right' ? [right, left] : [left, right];
  const matches = filtered(applyJoins(b, other, joins), [predicate]);
  const span = query.span;
  return dependentJoin(b, { type: type === 'right' ? 'left' : type, left: kept, right: matches, span });
}

function combine(
  b: Binder,
  type: Type,
  left: LogicalPlan,
  right: LogicalPlan,
  predicate: BoundExpr | undefined,
  query: Join,
): LogicalPlan {
  if (isCorrelated(right, idsOf(left))) {
    if (type === 'right' || type === 'full')
      throw bindError(`The right side of a ${type.toUpperCase()} JOIN cannot refer to the left side`, query.right.span);
    return dependentJoin(b, { type, left, right, condition: predicate, span: query.right.span });
  }
  if (type === 'left' || type === 'full') b.makeNullable(outputOf(right));
  if (type === 'right' || type === 'full') b.makeNullable(outputOf(left));
  return { kind: 'join', type, left, right, ...(predicate === undefined ? {} : { condition: predicate }) };
}

/** The scope of a join: merged columns once, in the left side's place; with a suffix, clashing names of the right renamed. */
function mergeColumns(
  b: Binder,
  query: Join,
  type: Type,
  plan: LogicalPlan,
  left: Scope,
  right: Scope,
  merged: readonly Merged[],
): Bound {
  const computed = type === 'full' ? merged.map(m => fullColumn(b, m)) : [];
  const visible = (c: ScopeColumn): ScopeColumn => {
    const i = merged.findIndex(m => m.left.column.id === c.column.id);
    if (i < 0 || type === 'inner' || type === 'left') return c;
    return type === 'full'
      ? { name: c.name, column: computed[i]!.column }
      : { name: c.name, column: merged[i]!.right.column };
  };
  const rest = right.columns.filter(c => !merged.some(m => m.right.column.id === c.column.id));
  // A hidden column that joins is seen, before the others.
  const shown = merged.map(m => m.left).filter(c => !left.columns.some(l => l.column.id === c.column.id));
  const columns = [...[...shown, ...left.columns].map(visible), ...suffixed(query, left, rest)];
  // What joins by suffix give is one flat relation; SQL's keep their tables' names.
  const relations = query.suffix === undefined ? [...left.relations, ...right.relations] : [];
  const project = computed.length === 0 ? plan : withColumns(b, plan, computed);
  return { plan: project, scope: { columns, relations } };
}

function suffixed(query: Join, left: Scope, right: readonly ScopeColumn[]): readonly ScopeColumn[] {
  const { suffix } = query;
  if (suffix === undefined) return right;
  return right.map(c => {
    if (!left.columns.some(l => sameName(l.name, c.name))) return c;
    const name = `${c.name}${suffix}`;
    if (left.columns.some(l => sameName(l.name, name)) || right.some(r => r !== c && sameName(r.name, name))) {
      throw bindError(
        `The join's output would have two columns "${name}"`,
        query.span,
        'choose another suffix, or rename or drop columns before the join',
      );
    }
    return { name, column: c.column };
  });
}

/** A row of a full join has its key on either side. */
function fullColumn(b: Binder, { left, right }: Merged) {
  const { exprs, type } = unify(b, [b.ref(left.column), b.ref(right.column)], 'USING');
  const expr: BoundExpr = { kind: 'coalesce', args: exprs, type };
  return b.project(left.name, expr, typeOf(expr), nullable(b, expr));
}

function withColumns(b: Binder, input: LogicalPlan, columns: ReturnType<typeof fullColumn>[]): LogicalPlan {
  return {
    kind: 'project',
    input,
    columns: [...outputOf(input).map(column => ({ column, expr: b.ref(column) })), ...columns],
  };
}
