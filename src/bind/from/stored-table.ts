import { storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import { schemaPath } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import { outputOf } from '../../plan/columns.ts';
import { type BoundSource, type Column, type LogicalPlan, ROW_ID } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import { rewriteExprChildren } from '../../query/walk.ts';
import { type Binder, bindError } from '../binder.ts';
import { castTo } from '../coerce.ts';
import type { ExprEnv } from '../env.ts';
import { nullable } from '../nullability.ts';
import { tableKey } from '../resolve-key.ts';
import { type Bound, namedScope, type ScopeColumn, sameName, scopeColumn } from '../scope.ts';
import { sourceScan } from './source-scan.ts';

/** A table's rows as queries see them, and what only statements that change it see. */
export type StoredTable = {
  readonly bound: Bound;
  /** The columns that storage has, in its order; the plan hands them up, too. */
  readonly stored: readonly Column[];
  readonly rowId: Column | undefined;
};

/** The rows of a table of the catalog; with their ids where the query asks for them, or the caller does by `wanted`. */
export function storedTable(b: Binder, table: TableEntry, wanted = b.names): StoredTable {
  const source = b.sources.get(tableKey(table.schema, table.name));
  if (source === undefined) throw new RayexecError('internal', `table ${table.name} was not resolved`);
  return tableRows(b, table, source, wanted);
}

/** Rows that are stored as a table's are, from any source: generated columns are computed. */
export function tableRows(
  b: Binder,
  table: TableEntry,
  source: BoundSource,
  wanted: ReadonlySet<string> = new Set(),
): StoredTable {
  const scan = sourceScan(b, source, wanted);
  storedColumns(table.columns).forEach((column, i) => {
    b.setOrigin(scan.columns[i]!, { table, column });
  });
  const { plan, hidden } = scan;
  const rowId = hidden.find(c => c.name === ROW_ID)?.column;
  const named = (columns: readonly ScopeColumn[]) => namedScope(table.name, columns, schemaPath(table), hidden);
  const generated = table.columns.filter(c => c.generated !== undefined);
  if (generated.length === 0) {
    return { bound: { plan, scope: named(scan.columns.map(scopeColumn)) }, stored: scan.columns, rowId };
  }
  const scope = named(scan.columns.map(scopeColumn));
  const place: ExprEnv = { scope, outer: undefined, ctes: undefined, clause: 'generated column', joins: [] };
  const values = generated.map(c => {
    const expr = castTo(b, b.expr(b, place, generatedValue(table.columns, c)), c.type);
    return b.project(c.name, expr, c.type, nullable(b, expr));
  });
  const kept = outputOf(plan).map(column => ({ column, expr: b.ref(column) }));
  const all = [...scan.columns, ...values.map(v => v.column)].map(scopeColumn);
  const columns = table.columns.map(c => all.find(o => sameName(o.name, c.name))!);
  const computed: LogicalPlan = { kind: 'project', input: plan, columns: [...kept, ...values] };
  return { bound: { plan: computed, scope: named(columns) }, stored: scan.columns, rowId };
}

/** A generated column's expression over stored columns alone. @throws RayexecError `bind` when it reads itself */
export function generatedValue(
  columns: readonly TableColumn[],
  column: TableColumn,
  within: readonly TableColumn[] = [],
): Expr {
  if (within.includes(column))
    throw bindError(
      'Circular dependency encountered when resolving generated column expressions',
      undefined,
      `column ${column.name} is computed from itself`,
    );
  const expand = (e: Expr): Expr => {
    const name = e.kind === 'name' ? e.path.at(-1)! : undefined;
    const read = name === undefined ? undefined : columns.find(c => sameName(c.name, name));
    if (read?.generated !== undefined) return generatedValue(columns, read, [...within, column]);
    return rewriteExprChildren(e, { expr: expand, query: q => q });
  };
  return expand(column.generated!);
}
