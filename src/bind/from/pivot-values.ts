import type { Expr } from '../../query/expr.ts';
import type { CommonTable, PivotQuery, Query } from '../../query/query.ts';

type On = PivotQuery['on'][number];

/** The WITH entries that a query sees, innermost first. */
export type VisibleTables =
  | { readonly table: CommonTable; readonly recursive: boolean; readonly next: VisibleTables }
  | undefined;

/** The query for the values of a PIVOT's ON that no list names, in order; undefined where a list does. */
export function valuesQuery(pivot: PivotQuery, on: On, tables: VisibleTables): Query | undefined {
  if (on.in !== undefined && (!('kind' in on.in) || on.in.kind === 'named')) return undefined;
  const distinct: Query = {
    kind: 'select',
    distinct: true,
    ...(on.in === undefined
      ? { from: pivot.input, items: on.exprs.map(expr => ({ expr })), where: allPresent(on.exprs) }
      : { from: on.in, items: [{ expr: { kind: 'star' } }] }),
    orderBy: [{ expr: { kind: 'star' } }],
  };
  return within(distinct, tables);
}

const allPresent = (exprs: readonly Expr[]): Expr => {
  const present = exprs.map((e): Expr => ({ kind: 'call', fn: 'is not null', args: [e] }));
  return present.length === 1 ? present[0]! : { kind: 'call', fn: 'and', args: present };
};

/** The query with the WITH entries that it sees. */
function within(query: Query, tables: VisibleTables): Query {
  if (tables === undefined) return query;
  const { table, recursive, next } = tables;
  return within({ kind: 'with', recursive, ctes: [table], input: query }, next);
}
