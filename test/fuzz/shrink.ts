import type { Expr } from '../../src/query/expr.ts';
import type { Query, SelectQuery } from '../../src/query/query.ts';
import { exprChildren, queryChildren, rewriteExprChildren, rewriteQueryChildren } from '../../src/query/walk.ts';
import { limitsAreOrdered } from './case-order.ts';
import type { RandomTable } from './random-table.ts';

/** A query and its tables. */
export type Case = { readonly query: Query; readonly tables: readonly RandomTable[] };

/**
 * Delta debugging over the tree: takes the first smaller case that still fails, until none does.
 * @param fails whether a case still shows the same failure
 * @param tries how often `fails` may be asked
 */
export async function shrink(start: Case, fails: (c: Case) => Promise<boolean>, tries = 1500): Promise<Case> {
  let best = start;
  let left = tries;
  for (let found = true; found && left > 0; ) {
    found = false;
    for (const smaller of smallerCases(best)) {
      if (left-- <= 0) break;
      if (!(await fails(smaller))) continue;
      best = smaller;
      found = true;
      break;
    }
  }
  return best;
}

function* smallerCases({ query, tables }: Case): Generator<Case> {
  for (const smaller of smallerQueries(query)) yield { query: smaller, tables };
  for (const [at, table] of tables.entries()) {
    const others = (rows: RandomTable['rows']): Case => ({ query, tables: tables.with(at, { ...table, rows }) });
    if ((table.copies ?? 1) > 1) {
      yield { query, tables: tables.with(at, { ...table, copies: 1 }) };
      yield { query, tables: tables.with(at, { ...table, copies: Math.ceil(table.copies! / 2) }) };
    }
    const half = table.rows.length >> 1;
    if (half > 1) {
      yield others(table.rows.slice(0, half));
      yield others(table.rows.slice(half));
    }
    for (const i of table.rows.keys()) yield others(table.rows.toSpliced(i, 1));
    for (const [i, column] of table.columns.entries()) {
      // Copies of rows are told apart by it.
      const isNeeded = column.name === 'id' && table.copies !== undefined;
      if (table.columns.length === 1 || isNeeded) continue;
      const columns = table.columns.filter(c => c !== column);
      yield { query, tables: tables.with(at, { ...table, columns, rows: table.rows.map(r => r.toSpliced(i, 1)) }) };
    }
  }
}

function* smallerQueries(q: Query): Generator<Query> {
  for (const child of queryChildren(q)) if (isQuery(child) && child.kind !== 'lateral') yield child;
  if (q.kind === 'select') yield* smallerSelects(q);
  if (q.kind === 'with' && q.ctes.length > 1)
    for (const i of q.ctes.keys()) yield { ...q, ctes: q.ctes.toSpliced(i, 1) };
  yield* insideOf(q);
}

function* smallerSelects(q: SelectQuery): Generator<Query> {
  for (const smaller of withoutParts(q)) if (limitsAreOrdered(smaller)) yield smaller;
}

function* withoutParts(q: SelectQuery): Generator<SelectQuery> {
  for (const clause of ['limit', 'orderBy', 'distinct', 'qualify', 'having', 'where', 'groupBy', 'from'] as const)
    if (q[clause] !== undefined) yield { ...q, [clause]: undefined };
  if (q.items.length > 1) for (const i of q.items.keys()) yield { ...q, items: q.items.toSpliced(i, 1) };
  if (q.groupBy?.kind !== 'elements') return;
  const { elements } = q.groupBy;
  if (elements.length > 1)
    for (const i of elements.keys()) yield { ...q, groupBy: { kind: 'elements', elements: elements.toSpliced(i, 1) } };
  for (const [i, e] of elements.entries()) {
    if (e.kind === 'expr') continue;
    const plain = e.kind === 'set' ? e.exprs : e.kind === 'grouping-sets' ? [] : e.sets.flat();
    const replaced = elements.toSpliced(i, 1, ...plain.map(expr => ({ kind: 'expr' as const, expr })));
    if (replaced.length > 0) yield { ...q, groupBy: { kind: 'elements', elements: replaced } };
  }
}

/** The query with one of its children made smaller. */
function* insideOf(q: Query): Generator<Query> {
  const children = queryChildren(q);
  for (const [at, child] of children.entries()) {
    for (const smaller of isQuery(child) ? smallerQueries(child) : smallerExprs(child)) {
      let i = 0;
      const put = <T extends Expr | Query>(c: T): T => (i++ === at ? (smaller as T) : c);
      yield rewriteQueryChildren(q, { expr: put, query: put });
    }
  }
}

const NULL: Expr = { kind: 'literal', value: { type: { kind: 'null' }, value: null } };
const ONE: Expr = { kind: 'literal', value: { type: { kind: 'int', bits: 32, signed: true }, value: 1 } };

function* smallerExprs(e: Expr): Generator<Expr> {
  if (e.kind === 'literal' || e.kind === 'name' || e.kind === 'star') return;
  const children = exprChildren(e);
  yield* [NULL, ONE];
  for (const child of children) if (!isQuery(child)) yield child;
  if (e.kind === 'call' && e.filter !== undefined) yield { ...e, filter: undefined };
  if (e.kind === 'call' && e.distinct === true) yield { ...e, distinct: undefined };
  if (e.kind === 'call' && (e.fn === 'and' || e.fn === 'or') && e.args.length > 2)
    for (const i of e.args.keys()) yield { ...e, args: e.args.toSpliced(i, 1) };
  if (e.kind === 'case' && e.branches.length > 1)
    for (const i of e.branches.keys()) yield { ...e, branches: e.branches.toSpliced(i, 1) };
  for (const [at, child] of children.entries()) {
    for (const smaller of isQuery(child) ? smallerQueries(child) : smallerExprs(child)) {
      let i = 0;
      const put = <T extends Expr | Query>(c: T): T => (i++ === at ? (smaller as T) : c);
      yield rewriteExprChildren(e, { expr: put, query: put });
    }
  }
}

const QUERY_KINDS: ReadonlySet<string> = new Set<Query['kind']>([
  'table',
  'relation',
  'table-function',
  'values',
  'alias',
  'select',
  'join',
  'lateral',
  'sort',
  'limit',
  'distinct',
  'set-op',
  'with',
  'pivot',
  'unpivot',
  'unnest',
]);
const isQuery = (node: Expr | Query): node is Query => QUERY_KINDS.has(node.kind);
