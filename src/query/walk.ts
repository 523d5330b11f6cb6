import { assertNever } from '../common/errors.ts';
import type { CallExpr, Expr, FrameBound, SortKey, WindowSpec } from './expr.ts';
import type { GroupBy, GroupingElement, JoinCondition, LimitClause, PivotQuery, Query } from './query.ts';

/** What to do with the direct children of a node; what it returns takes the child's place. */
export type Rewrite = { readonly expr: (e: Expr) => Expr; readonly query: (q: Query) => Query };

/** The expressions and queries directly below an expression, in the order of its text. */
export function exprChildren(e: Expr): (Expr | Query)[] {
  return collect(rewrite => rewriteExprChildren(e, rewrite));
}

/** The expressions directly below an expression, without those in its subqueries. */
export function exprsBelow(e: Expr): Expr[] {
  const found: Expr[] = [];
  const keep = (child: Expr): Expr => {
    found.push(child);
    return child;
  };
  rewriteExprChildren(e, { expr: keep, query: q => q });
  return found;
}

/** The expressions and queries directly below a query, in the order of its text. */
export function queryChildren(q: Query): (Expr | Query)[] {
  return collect(rewrite => rewriteQueryChildren(q, rewrite));
}

function collect(run: (rewrite: Rewrite) => unknown): (Expr | Query)[] {
  const found: (Expr | Query)[] = [];
  const keep = <T extends Expr | Query>(child: T): T => {
    found.push(child);
    return child;
  };
  run({ expr: keep, query: keep });
  return found;
}

/** The expression with its direct children replaced; the same object when every child stays the same object. */
export function rewriteExprChildren(e: Expr, { expr, query }: Rewrite): Expr {
  switch (e.kind) {
    case 'name':
    case 'literal':
    case 'parameter':
      return e;
    case 'star':
      return changed(e, { replace: each(e.replace, r => changed(r, { value: expr(r.value) })) });
    case 'columns':
      return changed(e, { pattern: expr(e.pattern) });
    case 'call':
      return rewriteCall(e, expr);
    case 'cast':
    case 'field':
    case 'collate':
      return changed(e, { input: expr(e.input) });
    case 'case':
      return changed(e, {
        operand: optional(e.operand, expr),
        branches: each(e.branches, b => changed(b, { when: expr(b.when), result: expr(b.result) })),
        otherwise: optional(e.otherwise, expr),
      });
    case 'between':
      return changed(e, { input: expr(e.input), low: expr(e.low), high: expr(e.high) });
    case 'in-list':
      return changed(e, { input: expr(e.input), items: each(e.items, expr) });
    case 'in-query':
    case 'quantified':
      return changed(e, { input: expr(e.input), query: query(e.query) });
    case 'exists':
    case 'scalar-query':
      return changed(e, { query: query(e.query) });
    case 'row':
      return changed(e, { items: each(e.items, expr) });
    case 'struct':
      return changed(e, { fields: each(e.fields, f => changed(f, { value: expr(f.value) })) });
    case 'lambda':
      return changed(e, { body: expr(e.body) });
    default:
      return assertNever(e);
  }
}

function rewriteCall(e: Expr & CallExpr, expr: Rewrite['expr']): Expr {
  return changed(e, {
    args: each(e.args, expr),
    named: record(e.named, expr),
    orderBy: each(e.orderBy, key => rewriteKey(key, expr)),
    filter: optional(e.filter, expr),
    over: typeof e.over === 'object' ? rewriteWindow(e.over, expr) : e.over,
  });
}

const rewriteKey = (key: SortKey, expr: Rewrite['expr']): SortKey => changed(key, { expr: expr(key.expr) });

function rewriteWindow(w: WindowSpec, expr: Rewrite['expr']): WindowSpec {
  const bound = (b: FrameBound): FrameBound => ('offset' in b ? changed(b, { offset: expr(b.offset) }) : b);
  return changed(w, {
    partitionBy: each(w.partitionBy, expr),
    orderBy: each(w.orderBy, key => rewriteKey(key, expr)),
    frame: optional(w.frame, f => changed(f, { start: bound(f.start), end: bound(f.end) })),
  });
}

/** The query with its direct children replaced; the same object when every child stays the same object. */
export function rewriteQueryChildren(q: Query, rewrite: Rewrite): Query {
  const { expr, query } = rewrite;
  switch (q.kind) {
    case 'table':
    case 'relation':
    case 'show':
      return q;
    case 'table-function':
      return changed(q, { args: each(q.args, expr), named: record(q.named, expr) });
    case 'values':
      return changed(q, { rows: each(q.rows, row => each(row, expr)) });
    case 'alias':
    case 'drop':
    case 'rename':
    case 'lateral':
    case 'unnest':
    case 'describe':
    case 'summarize':
      return changed(q, { input: query(q.input) });
    case 'select':
      return changed(q, {
        items: each(q.items, item => changed(item, { expr: expr(item.expr) as typeof item.expr })),
        from: optional(q.from, query),
        distinct: q.distinct === true ? true : each(q.distinct, expr),
        where: optional(q.where, expr),
        groupBy: optional(q.groupBy, g => rewriteGroupBy(g, expr)),
        having: optional(q.having, expr),
        windows: each(q.windows, w => changed(w, { spec: rewriteWindow(w.spec, expr) })),
        qualify: optional(q.qualify, expr),
        orderBy: each(q.orderBy, key => rewriteKey(key, expr)),
        limit: optional(q.limit, limit => rewriteLimit(limit, expr)),
      });
    case 'filter':
      return changed(q, { input: query(q.input), predicate: expr(q.predicate) });
    case 'extend':
      return changed(q, { input: query(q.input), columns: each(q.columns, c => changed(c, { expr: expr(c.expr) })) });
    case 'aggregate':
      return changed(q, {
        input: query(q.input),
        keys: each(q.keys, k => changed(k, { expr: expr(k.expr) })),
        aggregates: each(q.aggregates, a => changed(a, { expr: expr(a.expr) })),
      });
    case 'join':
      return changed(q, {
        left: query(q.left),
        right: query(q.right),
        on: optional(q.on, on => rewriteCondition(on, expr)),
      });
    case 'sort':
      return changed(q, { input: query(q.input), keys: each(q.keys, key => rewriteKey(key, expr)) });
    case 'limit':
      return changed(q, { input: query(q.input), count: optional(q.count, expr), offset: optional(q.offset, expr) });
    case 'distinct':
      return changed(q, { input: query(q.input), on: each(q.on, expr) });
    case 'set-op':
      return changed(q, { left: query(q.left), right: query(q.right) });
    case 'with':
      return changed(q, {
        ctes: each(q.ctes, cte => changed(cte, { query: query(cte.query) })),
        input: query(q.input),
      });
    case 'sample':
      return changed(q, { input: query(q.input), size: expr(q.size) });
    case 'pivot':
      return changed(q, {
        input: query(q.input),
        on: each(q.on, on => rewritePivotOn(on, rewrite)),
        using: each(q.using, u => changed(u, { expr: expr(u.expr) })),
        groupBy: each(q.groupBy, expr),
      });
    case 'unpivot':
      return changed(q, { input: query(q.input), on: each(q.on, on => changed(on, { exprs: each(on.exprs, expr) })) });
    default:
      return assertNever(q);
  }
}

function rewriteGroupBy(g: GroupBy, expr: Rewrite['expr']): GroupBy {
  return g.kind === 'all' ? g : changed(g, { elements: each(g.elements, e => rewriteElement(e, expr)) });
}

function rewriteElement(e: GroupingElement, expr: Rewrite['expr']): GroupingElement {
  switch (e.kind) {
    case 'expr':
      return changed(e, { expr: expr(e.expr) });
    case 'set':
      return changed(e, { exprs: each(e.exprs, expr) });
    case 'rollup':
    case 'cube':
      return changed(e, { sets: each(e.sets, set => each(set, expr)) });
    case 'grouping-sets':
      return changed(e, { elements: each(e.elements, inner => rewriteElement(inner, expr)) });
    default:
      return assertNever(e);
  }
}

function rewriteLimit(limit: LimitClause, expr: Rewrite['expr']): LimitClause {
  return changed(limit, { count: optional(limit.count, expr), offset: optional(limit.offset, expr) });
}

function rewriteCondition(on: JoinCondition, expr: Rewrite['expr']): JoinCondition {
  return on.kind === 'on' || on.kind === 'predicate' ? changed(on, { predicate: expr(on.predicate) }) : on;
}

function rewritePivotOn(on: PivotQuery['on'][number], { expr, query }: Rewrite): PivotQuery['on'][number] {
  const values = on.in;
  const rewritten =
    values === undefined
      ? undefined
      : 'kind' in values
        ? values.kind === 'named'
          ? values
          : query(values)
        : each(values, v => changed(v, { expr: expr(v.expr) }));
  return changed(on, { exprs: each(on.exprs, expr), in: rewritten });
}

/** The object with these fields, or itself when all of them are what they were. */
function changed<T extends object>(node: T, fields: Partial<T>): T {
  for (const key in fields) {
    if (fields[key] !== node[key]) return { ...node, ...fields };
  }
  return node;
}

/** The array with each item replaced, or itself when all stay. */
function each<A extends readonly unknown[] | undefined>(
  items: A,
  item: (value: NonNullable<A>[number]) => NonNullable<A>[number],
): A {
  if (items === undefined) return items;
  let copy: unknown[] | undefined;
  items.forEach((value, i) => {
    const next = item(value);
    if (next !== value) {
      copy ??= [...items];
      copy[i] = next;
    }
  });
  return (copy ?? items) as A;
}

function optional<T>(value: T | undefined, replace: (value: T) => T): T | undefined {
  return value === undefined ? undefined : replace(value);
}

function record(
  named: Readonly<Record<string, Expr>> | undefined,
  expr: Rewrite['expr'],
): Readonly<Record<string, Expr>> | undefined {
  if (named === undefined) return undefined;
  const entries = Object.entries(named).map(([name, value]) => [name, expr(value)] as const);
  return entries.every(([name, value]) => value === named[name]) ? named : Object.fromEntries(entries);
}
