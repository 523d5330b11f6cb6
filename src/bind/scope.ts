import type { Column, LogicalPlan } from '../plan/logical-plan.ts';

/** A column under the name that the query sees it by. */
export type ScopeColumn = {
  readonly name: string;
  readonly column: Column;
  /** What finds the column where no other is called so: its name before the table's alias became it. */
  readonly formerName?: string | undefined;
};

/** A table in FROM: what `t.a` and `t.*` look into. */
export type ScopeRelation = {
  readonly name: string;
  /** Schema (and catalog) that a longer name may spell out. */
  readonly path: readonly string[];
  readonly columns: readonly ScopeColumn[];
  /** Columns that a name finds but `*` leaves out. */
  readonly hidden?: readonly ScopeColumn[] | undefined;
};

/**
 * The names that a query's FROM makes visible. `columns` are what a bare name finds and `*` gives, in order: columns
 * merged by USING stand there once.
 */
export type Scope = { readonly columns: readonly ScopeColumn[]; readonly relations: readonly ScopeRelation[] };

/** A bound relation: its plan, and the names by which the columns of its output are known. */
export type Bound = { readonly plan: LogicalPlan; readonly scope: Scope };

export const EMPTY_SCOPE: Scope = { columns: [], relations: [] };

/** The scope of a relation without a name. */
export const unnamedScope = (columns: readonly ScopeColumn[]): Scope => ({ columns, relations: [] });

export const scopeColumn = (column: Column): ScopeColumn => ({ name: column.name, column });

/** The scope of a named relation. */
export const namedScope = (
  name: string,
  columns: readonly ScopeColumn[],
  path: readonly string[] = [],
  hidden?: readonly ScopeColumn[],
): Scope => ({ columns, relations: [{ name, path, columns, ...(hidden === undefined ? {} : { hidden }) }] });

/** The two sides of a join side by side. */
export const joinScopes = (left: Scope, right: Scope): Scope => ({
  columns: [...left.columns, ...right.columns],
  relations: [...left.relations, ...right.relations],
});

export const sameName = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();

/** Names that repeat get a number, as in DuckDB: a, a_1. */
export function numbered(names: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return names.map(name => {
    let unique = name;
    for (let n = 1; used.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    used.add(unique.toLowerCase());
    return unique;
  });
}

/** The columns of a subquery as its surroundings see them: each under a name of its own. */
export function distinctlyNamed(columns: readonly ScopeColumn[]): readonly ScopeColumn[] {
  const names = numbered(columns.map(c => c.name));
  return names.every((name, i) => name === columns[i]!.name)
    ? columns
    : columns.map(({ column }, i) => ({ name: names[i]!, column }));
}
